// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice How a beacon state and an execution block become one instant.
/// @dev ParentState (Deneb to Fulu): the state behind a block's parent root has seen exactly that block's parent
/// payload; its hash is `latest_execution_payload_header.block_hash`. CommittedBid (Gloas): the state only commits to a
/// payload that may be missing; not implemented, and refused.
enum SnapshotRule {
    ParentState,
    CommittedBid
}

/// @notice Where things stand in a beacon state of one fork, as generalized indices from the beacon BLOCK root.
/// @dev The first seven members fill one storage slot: all that the proofs of a checkpoint and of funding read.
/// @param version `fork.current_version` of the states it holds for.
/// @param firstSlot First slot it holds for; the next entry's first slot ends it.
/// @param pendingDeposits 0 where the fork has no such list (before Electra).
/// @param finalizedEpoch `finalized_checkpoint.epoch`.
struct ForkEntry {
    bytes4 version;
    uint64 firstSlot;
    uint32 currentVersion;
    uint32 executionBlockHash;
    uint32 validators;
    uint32 balances;
    uint32 pendingDeposits;
    uint32 genesisValidatorsRoot;
    uint32 previousParticipation;
    uint32 finalizedEpoch;
    SnapshotRule rule;
}

/// @notice The forks a contract can read, by first slot. An entry is usable from deployment on or once probed; then it
/// never changes. Slots of an unprobed entry fail closed.
library ForkTable {
    struct Table {
        uint16 count;
        uint240 usable; // bit i for entry i
        mapping(uint256 entry => ForkEntry) entries;
    }

    /// @dev One bit an entry.
    uint256 private constant MOST = 240;
    /// @dev BeaconBlockHeader.state_root, from the block root.
    uint256 private constant STATE_ROOT = 11;
    /// @dev A state has 28 fields in Deneb, 37 in Electra, 38 in Fulu: depth 5 or 6, and room for one more doubling.
    uint256 private constant LEAST_STATE_DEPTH = 5;
    uint256 private constant MOST_STATE_DEPTH = 7;
    /// @dev Fork.current_version: field 1 of 3.
    uint256 private constant FORK_DEPTH = 2;
    uint256 private constant CURRENT_VERSION = 1;
    /// @dev ExecutionPayloadHeader.block_hash: field 12 of 17 since Deneb.
    uint256 private constant PAYLOAD_HEADER_DEPTH = 5;
    uint256 private constant BLOCK_HASH = 12;
    /// @dev Checkpoint.epoch: field 0 of 2.
    uint256 private constant CHECKPOINT_DEPTH = 1;

    error ForkTableInvalid(uint256 entry);
    error ForkUnknown(uint256 slot);
    error ForkNotProbed(uint256 slot, uint256 firstSlot);
    error ForkIndexInvalid(string name, uint256 index);
    error SnapshotRuleUnsupported(SnapshotRule rule);

    /// @return at Number of the new entry.
    function push(Table storage self, ForkEntry memory fork, bool isUsable) internal returns (uint256 at) {
        at = self.count;
        if (at == MOST || fork.version == 0) revert ForkTableInvalid(at);
        if (at != 0 && fork.firstSlot <= self.entries[at - 1].firstSlot) revert ForkTableInvalid(at);
        _requireShape(fork);
        self.entries[at] = fork;
        // at < 240
        self.count = uint16(at + 1);
        if (isUsable) markUsable(self, at);
    }

    /// @dev Takes the last entry away if it is unprobed and its first slot is yet to come. One that has begun stays and
    /// keeps its slots closed: they may be of a fork that no older entry can read.
    function dropUnbegun(Table storage self, uint64 slot) internal {
        uint256 last = self.count - 1;
        if (self.usable >> last & 1 != 0 || self.entries[last].firstSlot <= slot) return;
        delete self.entries[last];
        self.count = uint16(last); // below the count
    }

    function markUsable(Table storage self, uint256 entry) internal {
        // entries are numbered below 240
        self.usable |= uint240(1 << entry);
    }

    /// @return at Number of the entry for `slot`.
    /// @return isUsable Whether it may be read by.
    function find(Table storage self, uint64 slot) internal view returns (uint256 at, bool isUsable) {
        uint256 usable = self.usable;
        // newest first: proofs are about the present
        for (at = self.count; at != 0;) {
            --at;
            if (slot >= self.entries[at].firstSlot) return (at, usable >> at & 1 != 0);
        }
        revert ForkUnknown(slot);
    }

    /// @return The entry to read a state of `slot` by.
    function entryAt(Table storage self, uint64 slot) internal view returns (ForkEntry storage) {
        (uint256 entry, bool isUsable) = find(self, slot);
        if (!isUsable) revert ForkNotProbed(slot, self.entries[entry].firstSlot);
        return self.entries[entry];
    }

    /// @dev A state's fields stand side by side, right below its root, and the three values inside them at the places
    /// the consensus specs name. An index anywhere else, where a proposer, builder or depositor chooses what stands
    /// (graffiti, extra data, a deposit's credentials), would let them plant a tree of their own.
    function _requireShape(ForkEntry memory fork) private pure {
        if (fork.rule != SnapshotRule.ParentState) revert SnapshotRuleUnsupported(fork.rule);
        uint256 depth = LEAST_STATE_DEPTH;
        while (depth < MOST_STATE_DEPTH && fork.validators >> depth > STATE_ROOT) ++depth;
        _requireField("validators", fork.validators, depth);
        _requireField("balances", fork.balances, depth);
        _requireField("previousParticipation", fork.previousParticipation, depth);
        _requireField("genesisValidatorsRoot", fork.genesisValidatorsRoot, depth);
        if (fork.pendingDeposits != 0) _requireField("pendingDeposits", fork.pendingDeposits, depth);
        _requirePlace("currentVersion", fork.currentVersion, depth, FORK_DEPTH, CURRENT_VERSION);
        _requirePlace("executionBlockHash", fork.executionBlockHash, depth, PAYLOAD_HEADER_DEPTH, BLOCK_HASH);
        _requirePlace("finalizedEpoch", fork.finalizedEpoch, depth, CHECKPOINT_DEPTH, 0);
    }

    function _requirePlace(string memory name, uint256 index, uint256 depth, uint256 below, uint256 place)
        private
        pure
    {
        if (index & ((1 << below) - 1) != place) revert ForkIndexInvalid(name, index);
        if (index >> below >> depth != STATE_ROOT) revert ForkIndexInvalid(name, index);
    }

    function _requireField(string memory name, uint256 index, uint256 depth) private pure {
        if (index >> depth != STATE_ROOT) revert ForkIndexInvalid(name, index);
    }
}
