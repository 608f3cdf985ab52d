// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IExitLine } from "./IExitLine.sol";
import { ILockedVotes } from "./ILockedVotes.sol";
import { Votes } from "@openzeppelin/contracts/governance/utils/Votes.sol";
import { IERC6372 } from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { EIP712 } from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// Owns: who has locked how much wcaETH since when, and whose votes they are.
/// Does not own: what votes decide (StakerGovernor), the tokens' value.
/// Trusts: the wrapper and the queue, both immutable.
contract LockedVotes is Votes, ILockedVotes {
    struct Units {
        uint128 units;
        uint48 time;
    }

    uint256 private constant MAX_UNLOCK = 30 days;

    IERC20 public immutable WRAPPED;
    IExitLine public immutable QUEUE;
    /// @inheritdoc ILockedVotes
    uint48 public immutable UNLOCK_SECONDS;

    /// @dev Time: of the account's last lock.
    mapping(address owner => Units) private _locks;
    /// @dev Time: when they can be withdrawn.
    mapping(address owner => Units) private _unlocks;

    constructor(IERC20 wrapped, IExitLine queue, uint48 unlockSeconds) EIP712("Cairn Locked Votes", "1") {
        if (address(wrapped) == address(0)) revert LockedVotesConfigInvalid("wrapped", 0);
        if (address(queue) == address(0)) revert LockedVotesConfigInvalid("queue", 0);
        if (unlockSeconds == 0 || unlockSeconds > MAX_UNLOCK) {
            revert LockedVotesConfigInvalid("unlockSeconds", unlockSeconds);
        }
        WRAPPED = wrapped;
        QUEUE = queue;
        UNLOCK_SECONDS = unlockSeconds;
    }

    // ---------------------------------------------------------------- lock

    /// @inheritdoc ILockedVotes
    function lock(uint256 units) external {
        _lock(units);
    }

    /// @inheritdoc ILockedVotes
    function lockWithPermit(uint256 units, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        try IERC20Permit(address(WRAPPED)).permit(msg.sender, address(this), units, deadline, v, r, s) { }
        catch (bytes memory reason) {
            // somebody else may have sent it, straight to the wrapper: then the allowance is there already
            if (WRAPPED.allowance(msg.sender, address(this)) < units) {
                // the reason of the wrapper, as it is
                assembly ("memory-safe") {
                    revert(add(reason, 0x20), mload(reason))
                }
            }
        }
        _lock(units);
    }

    function _lock(uint256 units) private {
        if (units == 0) revert LockedUnitsZero();
        Units storage account = _locks[msg.sender];
        // below 2^96, as all units of the wrapper: it takes no more than there are
        uint128 held = account.units + uint128(units);
        (account.units, account.time) = (held, clock());
        emit VotesLocked(msg.sender, units, held, clock() + UNLOCK_SECONDS);
        _transferVotingUnits(address(0), msg.sender, units);
        if (delegates(msg.sender) == address(0)) _delegate(msg.sender, msg.sender);
        // the wrapper reverts or returns true, and calls nobody
        WRAPPED.transferFrom(msg.sender, address(this), units);
    }

    // ---------------------------------------------------------------- back to the owner

    /// @inheritdoc ILockedVotes
    function startUnlock(uint256 units) external {
        if (units == 0) revert LockedUnitsZero();
        Units storage unlocking = _unlocks[msg.sender];
        uint256 due = unlocking.time <= block.timestamp ? unlocking.units : 0;
        uint128 held = _reduceLock(units);
        // as many as were locked
        uint128 total = unlocking.units - uint128(due) + uint128(units);
        uint48 endsAt = clock() + UNLOCK_SECONDS;
        (unlocking.units, unlocking.time) = (total, endsAt);
        emit UnlockStarted(msg.sender, units, held, total, endsAt);
        if (due != 0) _giveBack(due);
    }

    /// @inheritdoc ILockedVotes
    function withdraw() external {
        Units memory unlocking = _unlocks[msg.sender];
        if (unlocking.units == 0) revert NothingUnlocking(msg.sender);
        if (block.timestamp < unlocking.time) revert UnlockRunning(msg.sender, unlocking.time);
        delete _unlocks[msg.sender];
        _giveBack(unlocking.units);
    }

    function _giveBack(uint256 units) private {
        emit VotesWithdrawn(msg.sender, units);
        WRAPPED.transfer(msg.sender, units);
    }

    // ---------------------------------------------------------------- into the queue

    /// @inheritdoc ILockedVotes
    function leave(uint256 units) external returns (uint256 requestId) {
        if (units == 0) revert LockedUnitsZero();
        // else borrowed tokens could vote and be gone at once
        uint48 leavesFrom = _locks[msg.sender].time + UNLOCK_SECONDS;
        if (block.timestamp < leavesFrom) revert LockTooYoung(msg.sender, leavesFrom);
        Units storage unlocking = _unlocks[msg.sender];
        uint256 unlocked = units < unlocking.units ? units : unlocking.units;
        uint128 rest = unlocking.units - uint128(unlocked);
        unlocking.units = rest;
        uint128 held = _reduceLock(units - unlocked);
        // both immutable and trusted; the queue mints without a hook and takes exactly what it is allowed
        WRAPPED.approve(address(QUEUE), units);
        uint256[] memory amounts = new uint256[](1);
        amounts[0] = units;
        requestId = QUEUE.requestWithdrawalsWstETH(amounts, msg.sender)[0];
        // with the number that the queue gave it
        emit VotesLeft(msg.sender, requestId, units, held, rest);
    }

    /// @return held What the caller still has locked.
    function _reduceLock(uint256 units) private returns (uint128 held) {
        held = _locks[msg.sender].units;
        if (units > held) revert LockedUnitsTooFew(msg.sender, units, held);
        // units ≤ held, 128 bits
        held -= uint128(units);
        _locks[msg.sender].units = held;
        _transferVotingUnits(msg.sender, address(0), units);
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc ILockedVotes
    function lockOf(address owner) external view returns (uint256 units, uint48 leavesFrom) {
        return (_locks[owner].units, _locks[owner].time + UNLOCK_SECONDS);
    }

    /// @inheritdoc ILockedVotes
    function unlockOf(address owner) external view returns (uint256 units, uint48 endsAt) {
        return (_unlocks[owner].units, _unlocks[owner].time);
    }

    /// @inheritdoc ILockedVotes
    function totalLocked() external view returns (uint256) {
        return _getTotalSupply();
    }

    /// @inheritdoc IERC6372
    function clock() public view override(Votes, IERC6372) returns (uint48) {
        // Unix seconds fit 48 bits for ages
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    function CLOCK_MODE() public pure override(Votes, IERC6372) returns (string memory) {
        return "mode=timestamp";
    }

    function _getVotingUnits(address owner) internal view override returns (uint256) {
        return _locks[owner].units;
    }
}
