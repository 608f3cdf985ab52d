// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Zone } from "./IBraked.sol";

/// @notice Stops a zone for a while, once, with a reason. It ends by itself. Claims of finalized ether, transfers and
/// unwrapping go on whatever is stopped.
interface IEmergencyBrake {
    /// @notice `guardian` stopped `zone` (the manager, where the guardian called through it).
    event BrakePulled(Zone indexed zone, address indexed guardian, uint40 until, string reason);
    /// @notice `zone` goes on before its time.
    event BrakeReleased(Zone indexed zone, address indexed by);
    /// @notice `zone` can be stopped once more.
    event BrakeRearmed(Zone indexed zone);
    /// @notice The guardians may pull and veto until `endsAt`.
    event MandateRenewed(uint40 endsAt);

    error BrakeUsed(Zone zone);
    error BrakeNotPulled(Zone zone, uint256 endedAt);
    error BrakeDurationInvalid(uint256 durationSeconds, uint256 leastSeconds, uint256 mostSeconds);
    error BrakeReasonInvalid(uint256 length, uint256 mostBytes);
    error MandateEnded(uint256 endedAt);
    error MandateTooLong(uint256 endsAt, uint256 latest);
    error BrakeRearmTooEarly(Zone zone, uint256 earliest);
    error BrakeConfigZero();

    /// @notice Stops `zone` for `durationSeconds`, a day at least and 14 at most. Role GUARDIAN, within the mandate; once a
    /// zone, until governance rearms it.
    /// @param reason Why, for everybody to read: 1 to 500 bytes.
    function pull(Zone zone, uint40 durationSeconds, string calldata reason) external;

    /// @notice Lets `zone` go on before its time. Role RELEASER. Does not rearm.
    function release(Zone zone) external;

    /// @notice Makes the brake of `zone` ready to be pulled once more, 60 days after it was pulled at the earliest. Role PARAMETERS.
    function rearm(Zone zone) external;

    /// @notice Sets when the guardians' mandate ends (Unix seconds), at most a year ahead; a time that has passed ends it.
    /// Role PARAMETERS.
    function renewMandate(uint40 endsAt) external;

    /// @return Whether the brake of `zone` can be pulled.
    function isArmed(Zone zone) external view returns (bool);

    /// @return Unix seconds at which the guardians' mandate ends.
    function mandateEndsAt() external view returns (uint40);
}
