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
    address public immutable VALIDATORS;
    address public immutable CHECKPOINTS;

    constructor(IStakedEther token, address validators, address checkpoints) {
        if (address(token) == address(0) || validators == address(0) || checkpoints == address(0)) {
            revert VaultConfigZero();
        }
        TOKEN = token;
        VALIDATORS = validators;
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
    function triggerWithdrawal(bytes calldata pubkey, uint64 amountGwei) external payable {
        if (msg.sender != VALIDATORS) revert VaultCallerNotAllowed(msg.sender);
        uint256 fee = requestFee();
        if (msg.value != fee) revert WithdrawalFeeAbove(fee, msg.value);
        // 48-byte key and 8-byte big-endian amount (EIP-7002); the caller has hashed the key, so its length is right
        (bool ok,) = WITHDRAWAL_REQUESTS.call{ value: fee }(abi.encodePacked(pubkey, amountGwei));
        if (!ok) revert WithdrawalRequestRefused(pubkey, amountGwei);
        emit WithdrawalTriggered(pubkey, amountGwei, fee);
    }

    /// @inheritdoc IWithdrawalVault
    function sweep() external returns (uint256 amount) {
        if (msg.sender != CHECKPOINTS) revert VaultCallerNotAllowed(msg.sender);
        amount = address(this).balance;
        emit WithdrawalsSwept(amount);
        TOKEN.payIn{ value: amount }();
    }
}
