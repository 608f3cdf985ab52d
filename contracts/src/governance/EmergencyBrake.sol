// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBraked, Zone } from "./IBraked.sol";
import { IEmergencyBrake } from "./IEmergencyBrake.sol";
import { AccessManaged } from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// Owns: which zones' brakes were used, and when the guardians' mandate ends.
/// Does not own: the deadlines (they stand in the token), what a stopped zone refuses, who is a guardian.
/// Trusts: its authority, to say who may call what.
contract EmergencyBrake is AccessManaged, IEmergencyBrake {
    uint256 public constant MIN_DURATION = 1 days;
    uint256 public constant MAX_DURATION = 14 days;
    uint256 public constant MAX_MANDATE = 365 days;
    uint256 public constant MAX_REASON_BYTES = 500;
    /// @dev As long as a proposal waits at most: stops cannot be chained over that time, nor over a slashing's settlement.
    uint256 public constant REARM_DELAY = 60 days;

    IBraked public immutable TOKEN;

    /// @inheritdoc IEmergencyBrake
    uint40 public mandateEndsAt;
    mapping(Zone zone => uint40) private _pulledAt;

    constructor(address authority, IBraked token, uint40 mandateEndsAt_) AccessManaged(authority) {
        if (authority == address(0) || address(token) == address(0)) revert BrakeConfigZero();
        TOKEN = token;
        _setMandate(mandateEndsAt_);
    }

    /// @inheritdoc IEmergencyBrake
    function pull(Zone zone, uint40 durationSeconds, string calldata reason) external restricted {
        if (block.timestamp >= mandateEndsAt) revert MandateEnded(mandateEndsAt);
        if (_pulledAt[zone] != 0) revert BrakeUsed(zone);
        if (durationSeconds < MIN_DURATION || durationSeconds > MAX_DURATION) {
            revert BrakeDurationInvalid(durationSeconds, MIN_DURATION, MAX_DURATION);
        }
        uint256 length = bytes(reason).length;
        if (length == 0 || length > MAX_REASON_BYTES) revert BrakeReasonInvalid(length, MAX_REASON_BYTES);
        // Unix seconds plus 14 days fit 40 bits for ages
        _pulledAt[zone] = uint40(block.timestamp);
        uint40 until = uint40(block.timestamp) + durationSeconds;
        emit BrakePulled(zone, msg.sender, until, reason);
        // the token takes it from this contract only, and calls nobody
        TOKEN.brake(zone, until);
    }

    /// @inheritdoc IEmergencyBrake
    function release(Zone zone) external restricted {
        uint40 until = TOKEN.brakedUntil(zone);
        if (until <= block.timestamp) revert BrakeNotPulled(zone, until);
        emit BrakeReleased(zone, msg.sender);
        TOKEN.brake(zone, uint40(block.timestamp));
    }

    /// @inheritdoc IEmergencyBrake
    function rearm(Zone zone) external restricted {
        uint256 earliest = _pulledAt[zone] == 0 ? 0 : _pulledAt[zone] + REARM_DELAY;
        if (block.timestamp < earliest) revert BrakeRearmTooEarly(zone, earliest);
        _pulledAt[zone] = 0;
        emit BrakeRearmed(zone);
    }

    /// @inheritdoc IEmergencyBrake
    function renewMandate(uint40 endsAt) external restricted {
        _setMandate(endsAt);
    }

    /// @inheritdoc IEmergencyBrake
    function isArmed(Zone zone) external view returns (bool) {
        return _pulledAt[zone] == 0;
    }

    function _setMandate(uint40 endsAt) private {
        uint256 latest = block.timestamp + MAX_MANDATE;
        if (endsAt > latest) revert MandateTooLong(endsAt, latest);
        mandateEndsAt = endsAt;
        emit MandateRenewed(endsAt);
    }
}
