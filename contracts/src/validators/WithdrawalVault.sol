// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { IWithdrawalVault } from "./IWithdrawalVault.sol";

/// Owns: the withdrawal credentials (0x02 ‖ 0 ‖ this address) and what the consensus layer pays to them.
/// Does not own: when to withdraw, when to sweep.
/// Trusts: nobody. It pays only into the token and calls only the EIP-7002 contract, never EIP-7251, so nothing can
/// be consolidated away.
contract WithdrawalVault is IWithdrawalVault {
    /// @dev EIP-7002.
    address public constant WITHDRAWAL_REQUESTS = 0x00000961Ef480Eb55e80D19ad83579A64c007002;

    IStakedEther public immutable TOKEN;
    address public immutable WITHDRAWALS;
    address public immutable CHECKPOINTS;

    constructor(IStakedEther token, address withdrawals, address checkpoints) {
        if (address(token) == address(0) || withdrawals == address(0) || checkpoints == address(0)) {
            revert VaultConfigZero();
        }
        TOKEN = token;
        WITHDRAWALS = withdrawals;
        CHECKPOINTS = checkpoints;
    }

    /// @dev Consensus withdrawals run no code; this is for everybody else.
    receive() external payable { }

    /// @inheritdoc IWithdrawalVault
    function requestFee() public view returns (uint256) {
        // an empty call to the EIP-7002 contract returns the fee
        (bool ok, bytes memory data) = WITHDRAWAL_REQUESTS.staticcall("");
        if (!ok || data.length != 32) revert WithdrawalFeeUnavailable();
        return abi.decode(data, (uint256));
    }

    /// @inheritdoc IWithdrawalVault
    function triggerWithdrawals(bytes[] calldata pubkeys, uint64[] calldata amountsGwei) external payable {
        if (msg.sender != WITHDRAWALS) revert VaultCallerNotAllowed(msg.sender);
        if (pubkeys.length != amountsGwei.length) {
            revert WithdrawalLengthsDiffer(pubkeys.length, amountsGwei.length);
        }
        // the fee changes from block to block only
        uint256 fee = requestFee();
        if (msg.value != fee * pubkeys.length) revert WithdrawalFeeWrong(msg.value, fee * pubkeys.length);
        for (uint256 i; i < pubkeys.length; ++i) {
            // 48-byte key and 8-byte big-endian amount (EIP-7002); the caller has hashed the key, so its length is right
            (bool ok,) = WITHDRAWAL_REQUESTS.call{ value: fee }(abi.encodePacked(pubkeys[i], amountsGwei[i]));
            if (!ok) revert WithdrawalRequestRefused(pubkeys[i], amountsGwei[i]);
            emit WithdrawalTriggered(pubkeys[i], amountsGwei[i], fee);
        }
    }

    /// @inheritdoc IWithdrawalVault
    function sweep() external returns (uint256 amount) {
        if (msg.sender != CHECKPOINTS) revert VaultCallerNotAllowed(msg.sender);
        amount = address(this).balance;
        emit WithdrawalsSwept(amount);
        TOKEN.payIn{ value: amount }();
    }
}
