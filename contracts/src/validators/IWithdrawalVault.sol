// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Holds the withdrawal credentials of every validator. Ether leaves it to the token only.
interface IWithdrawalVault {
    event WithdrawalsSwept(uint256 amount);
    /// @notice An EIP-7002 request was made. `amountGwei` 0 means a full exit.
    event WithdrawalTriggered(bytes pubkey, uint64 amountGwei, uint256 fee);

    error VaultCallerNotAllowed(address caller);
    error WithdrawalFeeUnavailable();
    error WithdrawalFeeAbove(uint256 fee, uint256 paid);
    error WithdrawalRequestRefused(bytes pubkey, uint64 amountGwei);
    error VaultConfigZero();

    /// @return Wei that the EIP-7002 contract asks for one request now.
    function requestFee() external view returns (uint256);

    /// @notice Asks the consensus layer to pay `amountGwei` from a validator (EIP-7002). ValidatorManager only.
    /// @dev Pays the fee out of `msg.value`, which must cover it exactly.
    function triggerWithdrawal(bytes calldata pubkey, uint64 amountGwei) external payable;

    /// @notice Sends all ether to the token. Checkpoints only.
    /// @return amount Wei sent.
    function sweep() external returns (uint256 amount);
}
