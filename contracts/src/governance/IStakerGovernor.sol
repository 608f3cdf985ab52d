// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Stakers govern: what OpenZeppelin's Governor does not have. Votes are units of wcaETH locked in LockedVotes;
/// threshold and quorum are shares of the whole pool, not of what is locked.
///
/// Life of a proposal: propose → (voting delay) → vote → queue → (the timelock's delay) → mark → execute. Whoever starts to
/// leave while it is queued is out before it acts: it waits until the withdrawal queue is finalized up to the mark, at
/// most {MAX_WAIT} from the queueing. Exempt are fork entries and the release of a brake, if a proposal does nothing else.
interface IStakerGovernor {
    /// @notice What a queued proposal waits for.
    /// @param queuedAt Unix seconds; 0 if it was never queued.
    /// @param endsAt Unix seconds from which it can be marked: not before its eta and NOTICE_SECONDS after the queueing.
    /// @param isExempt Whether it waits for its eta only.
    /// @param isMarked Whether the end of the line is marked.
    /// @param markShares The mark: cumulative shares of the queue's line.
    struct Notice {
        uint48 queuedAt;
        uint48 endsAt;
        bool isExempt;
        bool isMarked;
        uint128 markShares;
    }

    /// @notice A proposal was queued; `endsAt` as in {Notice}.
    event NoticeGiven(uint256 indexed proposalId, uint48 queuedAt, uint48 endsAt, bool isExempt);
    /// @notice Those up to `markShares` on the queue's line are awaited; `finalizedShares` of it are finalized.
    event QueueMarked(uint256 indexed proposalId, uint256 markShares, uint256 finalizedShares);
    /// @notice A guardian stopped a queued proposal. `contentHash` cannot be vetoed again.
    event ProposalVetoed(
        uint256 indexed proposalId, address indexed guardian, bytes32 indexed contentHash, string reason
    );
    event QuorumBpsSet(uint256 oldQuorumBps, uint256 newQuorumBps);
    /// @notice Proposals whose votes count at `snapshot` need `votes`.
    event QuorumNoted(uint256 indexed snapshot, uint256 votes);

    error GovernorConfigZero();
    error VotingTermOutOfBounds(string term, uint256 value, uint256 least, uint256 most);
    error NoticeUnknown(uint256 proposalId);
    error NoticeNotNeeded(uint256 proposalId);
    error NoticeRunning(uint256 proposalId, uint256 endsAt);
    error QueueMarkedBefore(uint256 proposalId);
    error QueueNotMarked(uint256 proposalId, uint256 unfinalizedShares);
    error StakersStillLeaving(uint256 proposalId, uint256 sharesAhead, uint256 latest);
    error VetoNotAllowed(address caller);
    error VetoMandateEnded(uint256 endedAt);
    error VetoTooLate(uint256 proposalId, uint256 endedAt);
    error VetoUsed(bytes32 contentHash);
    error VetoReasonInvalid(uint256 length, uint256 mostBytes);
    /// @dev OpenZeppelin has it; here nobody may use it.
    error GovernorFunctionClosed();

    /// @return Shortest voting period that a vote can set.
    function MIN_VOTING_PERIOD() external view returns (uint32);

    /// @return Seconds between queueing and mark at least, whatever the timelock's delay has become.
    function NOTICE_SECONDS() external view returns (uint32);

    /// @return Seconds after the queueing from which a proposal waits for nobody any more.
    function MAX_WAIT() external view returns (uint256);

    /// @notice Marks the end of the queue's line as it is now: who stands before it is awaited. Anybody, once a proposal,
    /// from the end of the notice on; after a brake of the deposit zone, in which nobody could start to leave,
    /// NOTICE_SECONDS after it. Not needed by exempt proposals, nor while the queue is empty.
    function markQueue(uint256 proposalId) external;

    /// @notice Stops a queued proposal, up to the end of its notice. Callers the manager lets (role GUARDIAN), within the
    /// mandate of the brake; the same content once only: passed again, it stands.
    /// @param reason Why, for everybody to read: 1 to 500 bytes.
    function veto(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash,
        string calldata reason
    ) external returns (uint256 proposalId);

    /// @notice Sets the quorum of proposals made from now on, in bps of the pool: 100 to 2,000. The timelock, by a proposal.
    function setQuorumBps(uint256 newQuorumBps) external;

    /// @return What `proposalId` waits for, all 0 if it was not queued.
    function notice(uint256 proposalId) external view returns (Notice memory);

    /// @return Unix seconds from which `proposalId` can be marked, a brake of the deposit zone counted.
    function marksFrom(uint256 proposalId) external view returns (uint256);

    /// @return Shares that must still be finalized before `proposalId` can be executed, as far as it is marked.
    function sharesAhead(uint256 proposalId) external view returns (uint256);

    /// @return Basis points of the pool that a proposer's votes must have.
    function thresholdBps() external view returns (uint256);

    /// @return Basis points of the pool that must vote for a proposal or abstain.
    function quorumBps() external view returns (uint256);

    /// @return Whether actions of this hash (keccak256 of targets, values, calldatas, ABI-encoded) were vetoed.
    function isVetoed(bytes32 contentHash) external view returns (bool);
}
