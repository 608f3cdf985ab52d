// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakerGovernor } from "./IStakerGovernor.sol";

/// @notice The bounds of everything about votes that a vote can change.
/// @dev A base of the governor, so that they stand before the first values are set.
abstract contract VotingBounds is IStakerGovernor {
    uint256 internal constant BPS = 10_000;
    uint256 internal constant MAX_VOTING_DELAY = 7 days;
    uint256 internal constant MIN_THRESHOLD_BPS = 1;
    uint256 internal constant MAX_THRESHOLD_BPS = 200;
    uint256 internal constant MIN_QUORUM_BPS = 100;
    uint256 internal constant MAX_QUORUM_BPS = 2000;
    /// @dev A brake of 14 days at its end makes it begin anew; 60 days leave time for the queue even so.
    uint256 internal constant MAX_NOTICE = 14 days;

    /// @inheritdoc IStakerGovernor
    uint32 public immutable MIN_VOTING_PERIOD;
    /// @inheritdoc IStakerGovernor
    uint32 public immutable NOTICE_SECONDS;
    /// @dev Of the locked votes: at most 30 days.
    uint48 internal immutable UNLOCK_SECONDS;

    constructor(uint32 minVotingPeriod, uint32 noticeSeconds, uint48 unlockSeconds) {
        _requireWithin("minVotingPeriod", minVotingPeriod, 1, unlockSeconds);
        // whoever has locked for a vote can leave before the notice ends
        _requireWithin("noticeSeconds", noticeSeconds, unlockSeconds - minVotingPeriod, MAX_NOTICE);
        _requireWithin("noticeSeconds", noticeSeconds, 1, MAX_NOTICE);
        MIN_VOTING_PERIOD = minVotingPeriod;
        NOTICE_SECONDS = noticeSeconds;
        UNLOCK_SECONDS = unlockSeconds;
    }

    function _requireWithin(string memory term, uint256 value, uint256 least, uint256 most) internal pure {
        if (value < least || value > most) revert VotingTermOutOfBounds(term, value, least, most);
    }
}
