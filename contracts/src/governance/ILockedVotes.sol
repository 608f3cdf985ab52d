// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IERC5805 } from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @notice wcaETH locked for votes, one to one. Votes are delegated as in ERC-5805 and count at past times (ERC-6372 by
/// timestamp). Nothing here can be transferred. Two ways out: {startUnlock} and, UNLOCK_SECONDS later, {withdraw}; or
/// {leave}, at once into the withdrawal queue.
interface ILockedVotes is IERC5805 {
    /// @notice `units` were locked; `lockedUnits` are now, and can {leave} from `leavesFrom` on.
    event VotesLocked(address indexed owner, uint256 units, uint256 lockedUnits, uint48 leavesFrom);
    /// @notice `units` vote no more. All `unlockingUnits` can be withdrawn from `endsAt` on.
    event UnlockStarted(
        address indexed owner, uint256 units, uint256 lockedUnits, uint256 unlockingUnits, uint48 endsAt
    );
    /// @notice `units` went back to their owner.
    event VotesWithdrawn(address indexed owner, uint256 units);
    /// @notice `units` went into the withdrawal queue, as position `requestId` of their owner.
    event VotesLeft(
        address indexed owner,
        uint256 indexed requestId,
        uint256 units,
        uint256 lockedUnits,
        uint256 unlockingUnits
    );

    error LockedVotesConfigInvalid(string field, uint256 value);
    error LockedUnitsZero();
    error LockedUnitsTooFew(address owner, uint256 units, uint256 available);
    error UnlockRunning(address owner, uint256 endsAt);
    error NothingUnlocking(address owner);
    error LockTooYoung(address owner, uint256 leavesFrom);

    /// @return Seconds between the end of votes and the return of the tokens, and the age of a lock that can {leave}.
    function UNLOCK_SECONDS() external view returns (uint48);

    /// @notice Locks `units` of the caller's wcaETH, allowed before. Who has no delegate votes itself from then on.
    function lock(uint256 units) external;

    /// @notice The same after a `permit` of the caller for exactly `units`. A permit that somebody sent before does no harm.
    function lockWithPermit(uint256 units, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Ends the votes of `units` at once. The time of all that the caller unlocks begins anew; what was due is paid
    /// before.
    function startUnlock(uint256 units) external;

    /// @notice Pays the caller what it has unlocked.
    function withdraw() external;

    /// @notice Puts `units` of the caller into the withdrawal queue: first what is unlocking, then what votes. Needs the
    /// caller's last lock to be UNLOCK_SECONDS old.
    /// @return requestId The caller's new position in the queue.
    function leave(uint256 units) external returns (uint256 requestId);

    /// @return units Locked by `owner`, whoever votes with them.
    /// @return leavesFrom Unix seconds from which {leave} is open to it.
    function lockOf(address owner) external view returns (uint256 units, uint48 leavesFrom);

    /// @return units On their way back to `owner`.
    /// @return endsAt Unix seconds from which it can withdraw them.
    function unlockOf(address owner) external view returns (uint256 units, uint48 endsAt);

    /// @return Units that are locked by all.
    function totalLocked() external view returns (uint256);
}
