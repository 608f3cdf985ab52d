// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ExemptActions } from "./ExemptActions.sol";
import { ExitNotice } from "./ExitNotice.sol";
import { Zone } from "./IBraked.sol";
import { IEmergencyBrake } from "./IEmergencyBrake.sol";
import { IExitLine } from "./IExitLine.sol";
import { ILockedVotes } from "./ILockedVotes.sol";
import { IStakedPool } from "./IStakedPool.sol";
import { IStakerGovernor } from "./IStakerGovernor.sol";
import { VotingBounds } from "./VotingBounds.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import { Governor, IGovernor } from "@openzeppelin/contracts/governance/Governor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import {
    GovernorCountingSimple
} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {
    GovernorPreventLateQuorum
} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import { GovernorSettings } from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {
    GovernorTimelockControl
} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import { GovernorVotes } from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import { IERC6372 } from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";

/// Owns: proposals, votes, notices and vetoes; the terms of voting, within their bounds.
/// Does not own: any power over the stack (the timelock has the roles), who has which votes (LockedVotes).
/// Trusts: the pool for its size, the queue for its line, the manager for who is a guardian, the brake for their mandate.
contract StakerGovernor is
    VotingBounds,
    GovernorVotes,
    GovernorSettings,
    GovernorPreventLateQuorum,
    GovernorCountingSimple,
    GovernorTimelockControl
{
    using ExitNotice for IStakerGovernor.Notice;

    /// @param pool caETH.
    /// @param minVotingPeriod See {MIN_VOTING_PERIOD}.
    /// @param noticeSeconds See {NOTICE_SECONDS}: the timelock's delay at deployment.
    /// @param votingDelay Seconds from proposing to the votes that count, at most 7 days.
    /// @param votingPeriod Seconds of voting, at least `minVotingPeriod`; with the extension at most the unlocking time.
    /// @param voteExtension Seconds of voting that are left at least once the quorum is reached.
    /// @param thresholdBps Of the pool, 1 to 200.
    /// @param quorumBps Of the pool, 100 to 2,000.
    struct Config {
        IStakedPool pool;
        IExitLine queue;
        ILockedVotes votes;
        TimelockController timelock;
        IAccessManager manager;
        IEmergencyBrake brake;
        address beaconProofs;
        uint32 minVotingPeriod;
        uint32 noticeSeconds;
        uint48 votingDelay;
        uint32 votingPeriod;
        uint48 voteExtension;
        uint16 thresholdBps;
        uint16 quorumBps;
    }

    /// @inheritdoc IStakerGovernor
    uint256 public constant MAX_WAIT = ExitNotice.MAX_WAIT;
    /// @notice Seconds after its vote, or after it could be executed at the latest, in which a proposal must go on.
    uint256 public constant GRACE_SECONDS = 30 days;
    uint256 private constant MAX_REASON_BYTES = 500;
    /// @dev A vote is a unit of wcaETH.
    uint256 private constant SHARES_PER_VOTE = 1e9;

    IStakedPool public immutable POOL;
    IExitLine public immutable QUEUE;
    IAccessManager public immutable MANAGER;
    IEmergencyBrake public immutable BRAKE;
    address public immutable BEACON_PROOFS;

    /// @inheritdoc IStakerGovernor
    uint256 public quorumBps;
    /// @dev By the time at which votes count.
    mapping(uint256 snapshot => uint256 votes) private _quorums;
    mapping(uint256 proposalId => Notice) private _notices;
    /// @inheritdoc IStakerGovernor
    mapping(bytes32 contentHash => bool) public isVetoed;

    constructor(Config memory c)
        Governor("Cairn Staker Governor")
        VotingBounds(c.minVotingPeriod, c.noticeSeconds, c.votes.UNLOCK_SECONDS())
        GovernorVotes(c.votes)
        GovernorSettings(c.votingDelay, c.votingPeriod, c.thresholdBps)
        GovernorPreventLateQuorum(c.voteExtension)
        GovernorTimelockControl(c.timelock)
    {
        if (
            address(c.pool) == address(0) || address(c.queue) == address(0)
                || address(c.timelock) == address(0) || address(c.manager) == address(0)
                || address(c.brake) == address(0) || c.beaconProofs == address(0)
        ) revert GovernorConfigZero();
        POOL = c.pool;
        QUEUE = c.queue;
        MANAGER = c.manager;
        BRAKE = c.brake;
        BEACON_PROOFS = c.beaconProofs;
        _setQuorumBps(c.quorumBps);
    }

    // ---------------------------------------------------------------- propose

    /// @dev Notes the quorum: the pool as it is now, whatever is locked or staked later.
    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256) {
        uint256 snapshot = clock() + votingDelay();
        // after a change of the delay two proposals may share a time: the larger one holds for both
        uint256 votes = Math.max(_quorums[snapshot], _votesFor(quorumBps));
        _quorums[snapshot] = votes;
        emit QuorumNoted(snapshot, votes);
        return super._propose(targets, values, calldatas, description, proposer);
    }

    /// @return Votes that are `bps` of the pool now, rounded up.
    function _votesFor(uint256 bps) private view returns (uint256) {
        return Math.ceilDiv(POOL.getTotalShares() * bps, BPS * SHARES_PER_VOTE);
    }

    // ---------------------------------------------------------------- queue, mark, execute

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48 etaSeconds) {
        bool isExempt = ExemptActions.areAll(
            targets, values, calldatas, address(MANAGER), BEACON_PROOFS, address(BRAKE)
        );
        etaSeconds = super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
        _notices[proposalId].give(proposalId, etaSeconds, NOTICE_SECONDS, isExempt);
    }

    /// @inheritdoc IStakerGovernor
    function markQueue(uint256 proposalId) external {
        _notices[proposalId].mark(proposalId, marksFrom(proposalId), QUEUE);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        _notices[proposalId].requireAllOut(proposalId, marksFrom(proposalId), QUEUE);
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    // ---------------------------------------------------------------- veto

    /// @inheritdoc IStakerGovernor
    function veto(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash,
        string calldata reason
    ) external returns (uint256 proposalId) {
        (bool isAllowed,) = MANAGER.canCall(msg.sender, address(this), IStakerGovernor.veto.selector);
        if (!isAllowed) revert VetoNotAllowed(msg.sender);
        uint256 mandateEndsAt = BRAKE.mandateEndsAt();
        if (block.timestamp >= mandateEndsAt) revert VetoMandateEnded(mandateEndsAt);
        if (bytes(reason).length == 0 || bytes(reason).length > MAX_REASON_BYTES) {
            revert VetoReasonInvalid(bytes(reason).length, MAX_REASON_BYTES);
        }
        proposalId = hashProposal(targets, values, calldatas, descriptionHash);
        _validateStateBitmap(proposalId, _encodeStateBitmap(ProposalState.Queued));
        uint256 endsAt = _notices[proposalId].endsAt;
        if (block.timestamp > endsAt) revert VetoTooLate(proposalId, endsAt);
        bytes32 contentHash = keccak256(abi.encode(targets, values, calldatas));
        if (isVetoed[contentHash]) revert VetoUsed(contentHash);
        isVetoed[contentHash] = true;
        emit ProposalVetoed(proposalId, msg.sender, contentHash, reason);
        _cancel(targets, values, calldatas, descriptionHash);
    }

    // ---------------------------------------------------------------- terms, by proposals only

    /// @inheritdoc IStakerGovernor
    function setQuorumBps(uint256 newQuorumBps) external onlyGovernance {
        _setQuorumBps(newQuorumBps);
    }

    function _setQuorumBps(uint256 newQuorumBps) private {
        _requireWithin("quorumBps", newQuorumBps, MIN_QUORUM_BPS, MAX_QUORUM_BPS);
        emit QuorumBpsSet(quorumBps, newQuorumBps);
        quorumBps = newQuorumBps;
    }

    function _setVotingDelay(uint48 newDelay) internal override {
        _requireWithin("votingDelay", newDelay, 0, MAX_VOTING_DELAY);
        super._setVotingDelay(newDelay);
    }

    function _setVotingPeriod(uint32 newPeriod) internal override {
        _requireWithin(
            "votingPeriod", newPeriod, MIN_VOTING_PERIOD, UNLOCK_SECONDS - lateQuorumVoteExtension()
        );
        super._setVotingPeriod(newPeriod);
    }

    function _setProposalThreshold(uint256 newThresholdBps) internal override {
        _requireWithin("thresholdBps", newThresholdBps, MIN_THRESHOLD_BPS, MAX_THRESHOLD_BPS);
        super._setProposalThreshold(newThresholdBps);
    }

    /// @dev Votes stay locked until the extended end of a vote.
    function _maxLateQuorumVoteExtension() internal view override returns (uint256) {
        return UNLOCK_SECONDS - votingPeriod();
    }

    /// @dev Another timelock comes with another governor: what is queued here would be lost.
    function updateTimelock(TimelockController) public pure override {
        revert GovernorFunctionClosed();
    }

    /// @dev The governor holds nothing to recover, and its place at the timelock is for proposals only.
    function relay(address, uint256, bytes calldata) public payable override {
        revert GovernorFunctionClosed();
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc IStakerGovernor
    function notice(uint256 proposalId) external view returns (Notice memory) {
        return _notices[proposalId];
    }

    /// @inheritdoc IStakerGovernor
    function marksFrom(uint256 proposalId) public view returns (uint256) {
        // while the deposit zone is stopped nobody can start to leave: afterwards people have the whole time again
        return Math.max(_notices[proposalId].endsAt, POOL.brakedUntil(Zone.Deposit) + NOTICE_SECONDS);
    }

    /// @inheritdoc IStakerGovernor
    function sharesAhead(uint256 proposalId) external view returns (uint256) {
        return _notices[proposalId].sharesAhead(QUEUE);
    }

    /// @inheritdoc IStakerGovernor
    function thresholdBps() public view returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc IGovernor
    function quorum(uint256 timepoint) public view override returns (uint256) {
        return _quorums[timepoint];
    }

    /// @dev Votes, by the pool as it is now. What can be set are {thresholdBps}.
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return _votesFor(thresholdBps());
    }

    /// @dev A passed proposal must be queued within {GRACE_SECONDS} of its vote, a queued one executed within as many of
    /// the time at which it waits for nobody any more: nobody is surprised by what was passed long ago.
    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (ProposalState current)
    {
        current = super.state(proposalId);
        uint256 until;
        if (current == ProposalState.Succeeded) until = proposalDeadline(proposalId);
        else if (current == ProposalState.Queued) until = _notices[proposalId].waitsUntil();
        else return current;
        if (block.timestamp > until + GRACE_SECONDS) current = ProposalState.Expired;
    }

    function proposalDeadline(uint256 proposalId)
        public
        view
        override(Governor, GovernorPreventLateQuorum)
        returns (uint256)
    {
        return super.proposalDeadline(proposalId);
    }

    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    /// @inheritdoc IERC6372
    function clock() public view override(Governor, GovernorVotes) returns (uint48) {
        // as in LockedVotes, without asking it
        return uint48(block.timestamp);
    }

    /// @inheritdoc IERC6372
    function CLOCK_MODE() public pure override(Governor, GovernorVotes) returns (string memory) {
        return "mode=timestamp";
    }

    // ---------------------------------------------------------------- inside

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
