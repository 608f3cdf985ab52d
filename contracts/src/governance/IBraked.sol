// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What the brake can stop, each for itself. `Accounting` takes in the proofs of what is in flight.
enum Zone {
    Deposit,
    Validators,
    Accounting
}

/// @notice Where the deadlines of the brake stand: in the token, which no upgrade can replace, so that no module can
/// forget them.
interface IBraked {
    /// @notice A zone is stopped until `until`; a time that has passed lets it go on.
    event ZoneBrakedUntil(Zone indexed zone, uint40 until);

    error ZoneBraked(Zone zone, uint256 until);
    error BrakeTooLong(uint256 until, uint256 latest);

    /// @notice Stops `zone` until `until` (Unix seconds, at most 14 days ahead), in place of what held before; a time that
    /// has passed lets it go on. The brake only.
    function brake(Zone zone, uint40 until) external;

    /// @notice Reverts with {ZoneBraked} while `zone` is stopped.
    function requireReleased(Zone zone) external view;

    /// @return Unix seconds until which `zone` is stopped; in the past when it is not.
    function brakedUntil(Zone zone) external view returns (uint40);
}
