// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Holds the withdrawal credentials of every validator. Ether leaves it to the token only.
interface IWithdrawalVault {
    event WithdrawalsSwept(uint256 amount);
    /// @notice An EIP-7002 request was made. `amountGwei` 0 means a full exit.
    event WithdrawalTriggered(bytes pubkey, uint64 amountGwei, uint256 fee);

    error VaultCallerNotAllowed(address caller);
    error WithdrawalFeeUnavailable();
    error WithdrawalFeeWrong(uint256 paid, uint256 needed);
    error WithdrawalLengthsDiffer(uint256 pubkeys, uint256 amounts);
    error WithdrawalRequestRefused(bytes pubkey, uint64 amountGwei);
    error VaultConfigZero();

    /// @return Wei that the EIP-7002 contract asks for one request now.
    function requestFee() external view returns (uint256);

    /// @notice Asks the consensus layer to pay from validators, or with an amount of 0 to exit them whole (EIP-7002).
    /// Withdrawals only.
    /// @dev Pays the fees out of `msg.value`, which must cover them exactly.
    /// @param pubkeys 48-byte keys.
    /// @param amountsGwei One for each key.
    function triggerWithdrawals(bytes[] calldata pubkeys, uint64[] calldata amountsGwei) external payable;

    /// @notice Sends all ether to the token. Checkpoints only.
    /// @return amount Wei sent.
    function sweep() external returns (uint256 amount);
}
