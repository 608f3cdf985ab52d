// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice The beacon deposit contract (consensus-specs, solidity_deposit_contract), as far as it is called.
interface IBeaconDeposit {
    function deposit(
        bytes calldata pubkey,
        bytes calldata withdrawal_credentials,
        bytes calldata signature,
        bytes32 deposit_data_root
    ) external payable;
}
