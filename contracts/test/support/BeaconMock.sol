// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Ssz, Validator } from "../../src/types/Ssz.sol";
import { ForkEntry } from "../../src/validators/ForkTable.sol";
import {
    BalancesProof,
    ForkProbe,
    ParticipationProof,
    PendingDepositsProof,
    StateProof,
    ValidatorsProof
} from "../../src/validators/IBeaconProofs.sol";
import { Gindices } from "./Gindices.sol";
import { SystemContracts } from "./SystemContracts.sol";
import { Vm } from "forge-std/Vm.sol";

/// A consensus layer for tests: real SSZ trees of an Electra state and header, roots through the real EIP-4788
/// contract, proofs from those trees. Its rules are as simple as a test needs: balances and flags are set by hand.
contract BeaconMock {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint64 public constant GENESIS_TIME = 1_700_000_000;
    uint64 public constant SECONDS_PER_SLOT = 12;
    bytes4 public constant VERSION = 0x05000000;
    bytes32 public constant GENESIS_VALIDATORS_ROOT = keccak256("genesis validators");
    // generalized indices from the block root, Electra
    uint256 internal constant G_SLOT = 8;
    uint256 internal constant G_VERSION = 2829;
    uint256 internal constant G_VALIDATORS = 715;
    uint256 internal constant G_BALANCES = 716;
    uint256 internal constant G_PENDING_DEPOSITS = 738;
    uint256 internal constant G_GENESIS_VALIDATORS = 705;
    uint256 internal constant G_PARTICIPATION = 719;
    uint256 internal constant G_FINALIZED_EPOCH = 1448;
    uint256 internal constant G_BLOCK_HASH = 23_308;

    uint64 public slot;
    bytes4 public version = VERSION;
    bytes32 public executionBlockHash;
    bytes32 public pendingDepositsRoot;
    /// Root of a balances list too long to be held here, 0 for the list that is.
    bytes32 public balancesRoot;
    Validator[] internal _validators;
    uint64[] internal _balances;
    uint8[] internal _participation;
    uint64 internal _finalizedEpoch;
    uint64 internal _depositSlot;
    /// Roots of zero subtrees by height, kept because every proof needs dozens of them.
    bytes32[41] private _zeroHashes;

    /// Frozen at the end of each slot: what proofs are made of.
    struct Frozen {
        uint64 slot;
        bytes4 version;
        bytes32 executionBlockHash;
        bytes32 pendingDepositsRoot;
        Validator[] validators;
        uint64[] balances;
        uint8[] participation;
        uint64 finalizedEpoch;
        uint64 depositSlot;
        bytes32 root;
    }

    Frozen internal _head;

    constructor(uint64 startSlot) {
        slot = startSlot;
        for (uint256 i; i < 40; ++i) {
            _zeroHashes[i + 1] = Ssz.hashPair(_zeroHashes[i], _zeroHashes[i]);
        }
        pendingDepositsRoot = emptyPendingDeposits();
        vm.warp(timeOf(slot));
        vm.roll(slot);
        tick(1);
    }

    // ------------------------------------------------------------ rules

    function timeOf(uint64 s) public pure returns (uint256) {
        return GENESIS_TIME + uint256(s) * SECONDS_PER_SLOT;
    }

    /// Passes `slots` slots, with a block in the last two of them only: the block of the new slot sees the root of
    /// the state as it is now.
    function tick(uint64 slots) public {
        if (slots > 1) _nextBlock(slots - 1);
        _nextBlock(1);
    }

    function _nextBlock(uint64 slots) private {
        SystemContracts.endBlock();
        _freeze();
        slot += slots;
        vm.warp(timeOf(slot));
        vm.roll(block.number + 1);
        SystemContracts.setParentRoot(_head.root);
    }

    function addValidator(bytes memory pubkey, bytes32 credentials, uint64 balanceGwei)
        external
        returns (uint40 index)
    {
        _validators.push(
            Validator({
                pubkeyRoot: sha256(abi.encodePacked(pubkey, bytes16(0))),
                withdrawalCredentials: credentials,
                effectiveBalance: balanceGwei,
                slashed: false,
                activationEligibilityEpoch: Ssz.FAR_FUTURE_EPOCH,
                activationEpoch: Ssz.FAR_FUTURE_EPOCH,
                exitEpoch: Ssz.FAR_FUTURE_EPOCH,
                withdrawableEpoch: Ssz.FAR_FUTURE_EPOCH
            })
        );
        _balances.push(balanceGwei);
        _participation.push(7);
        return uint40(_validators.length - 1);
    }

    function activate(uint40 index, uint64 epoch) external {
        _validators[index].activationEpoch = epoch;
        _validators[index].effectiveBalance = _balances[index] / 1e9 * 1e9;
    }

    function setBalance(uint40 index, uint64 balanceGwei) external {
        _balances[index] = balanceGwei;
    }

    function balanceOf(uint40 index) external view returns (uint64) {
        return _balances[index];
    }

    function setSlashed(uint40 index) external {
        _validators[index].slashed = true;
        _validators[index].exitEpoch = slot / 32 + 5;
        _validators[index].withdrawableEpoch = slot / 32 + 8192;
    }

    function setExiting(uint40 index, uint64 epoch) external {
        _validators[index].exitEpoch = epoch;
        _validators[index].withdrawableEpoch = epoch + 256;
    }

    function setWithdrawableEpoch(uint40 index, uint64 epoch) external {
        _validators[index].withdrawableEpoch = epoch;
    }

    function setVersion(bytes4 v) external {
        version = v;
    }

    function setPendingDepositsRoot(bytes32 root) external {
        pendingDepositsRoot = root;
    }

    /// Instead of an empty list one deposit made in this slot; 0 for the empty list again.
    function setPendingDeposit(uint64 madeInSlot) external {
        _depositSlot = madeInSlot;
    }

    /// Flags of the epoch before the state's; every validator begins with all three.
    function setParticipation(uint40 index, uint8 flags) external {
        _participation[index] = flags;
    }

    /// 0: two epochs before the state's.
    function setFinalizedEpoch(uint64 epoch) external {
        _finalizedEpoch = epoch;
    }

    function setBalancesRoot(bytes32 root) external {
        balancesRoot = root;
    }

    /// The parent's execution payload is another block than the one before this one (Gloas' empty payload).
    function setForeignExecutionBlock(bytes32 hash) external {
        executionBlockHash = hash;
    }

    function headRoot() external view returns (bytes32) {
        return _head.root;
    }

    function headSlot() external view returns (uint64) {
        return _head.slot;
    }

    function emptyPendingDeposits() public view returns (bytes32) {
        return Ssz.emptyListRoot(27);
    }

    // ------------------------------------------------------------ proofs

    function stateProof() external view returns (StateProof memory proof) {
        uint256[] memory g = new uint256[](4);
        (g[0], g[1], g[2], g[3]) = (G_BLOCK_HASH, G_VERSION, G_BALANCES, G_SLOT);
        proof = StateProof({
            slot: _head.slot,
            executionBlockHash: _head.executionBlockHash,
            balancesRoot: node(G_BALANCES),
            nodes: _nodes(g)
        });
    }

    /// `members` ascending. All words they lie in become one batch.
    function balancesProof(uint40[] memory members) external view returns (BalancesProof memory proof) {
        uint256[] memory g = new uint256[](members.length + 1);
        bytes32[] memory chunks = new bytes32[](members.length);
        uint256 n;
        uint256 lastWord = type(uint256).max;
        for (uint256 i; i < members.length; ++i) {
            uint256 word = members[i] / 256;
            if (word != lastWord) {
                proof.words = abi.encodePacked(proof.words, uint32(word));
                lastWord = word;
            }
            if (i != 0 && members[i] / 4 == members[i - 1] / 4) continue;
            chunks[n] = _chunk(members[i] / 4);
            g[n++] = (1 << 39) + members[i] / 4;
        }
        uint256[] memory descending = new uint256[](n + 1);
        for (uint256 i; i < n; ++i) {
            descending[i] = g[n - 1 - i];
        }
        descending[n] = 3;
        assembly {
            mstore(chunks, n)
        }
        proof.length = uint64(_head.balances.length);
        proof.chunks = chunks;
        proof.nodes = _nodesUnder(descending, G_BALANCES);
    }

    function validatorsProof(uint40[] memory indices, bool withBalances)
        external
        view
        returns (ValidatorsProof memory proof)
    {
        uint256 chunks;
        for (uint256 i; withBalances && i < indices.length; ++i) {
            if (i == 0 || indices[i] / 4 != indices[i - 1] / 4) ++chunks;
        }
        uint256 n = indices.length;
        uint256[] memory g = new uint256[](n + chunks + 3);
        proof.timestamp = uint64(timeOf(slot));
        proof.slot = _head.slot;
        proof.validatorCount = uint64(_head.validators.length);
        proof.indices = indices;
        proof.validators = new Validator[](n);
        proof.balanceChunks = new bytes32[](chunks);
        uint256 used;
        for (uint256 i; i < n; ++i) {
            proof.validators[i] = _head.validators[indices[i]];
            g[n - 1 - i] = ((G_VALIDATORS * 2) << 40) + indices[i];
            if (!withBalances || (i != 0 && indices[i] / 4 == indices[i - 1] / 4)) continue;
            proof.balanceChunks[used] = _chunk(indices[i] / 4);
            g[n + chunks - 1 - used++] = ((G_BALANCES * 2) << 38) + indices[i] / 4;
        }
        (g[n + chunks], g[n + chunks + 1], g[n + chunks + 2]) = (G_VERSION, G_VALIDATORS * 2 + 1, G_SLOT);
        proof.nodes = _nodes(g);
    }

    function pendingDepositsProof() external view returns (PendingDepositsProof memory proof) {
        uint256[] memory g = new uint256[](3);
        (g[0], g[1], g[2]) = (G_VERSION, G_PENDING_DEPOSITS, G_SLOT);
        proof = PendingDepositsProof(uint64(timeOf(slot)), _head.slot, _nodes(g));
    }

    function participationProof(uint40[] memory indices)
        external
        view
        returns (ParticipationProof memory proof)
    {
        uint256 n = indices.length;
        uint256 chunks;
        uint256[] memory g = new uint256[](n * 2 + 5);
        proof.validators = new Validator[](n);
        proof.participationChunks = new bytes32[](n);
        for (uint256 i; i < n; ++i) {
            proof.validators[i] = _head.validators[indices[i]];
            g[5 + chunks + i] = ((G_VALIDATORS * 2) << 40) + indices[i];
            if (i != 0 && indices[i] / 32 == indices[i - 1] / 32) continue;
            proof.participationChunks[chunks] = _flags(indices[i] / 32);
            g[5 + ++chunks + i] = ((G_PARTICIPATION * 2) << 35) + indices[i] / 32;
            (g[5 + chunks + i], g[5 + chunks + i - 1]) = (g[5 + chunks + i - 1], g[5 + chunks + i]);
        }
        (g[0], g[1], g[2]) = (G_VERSION, G_FINALIZED_EPOCH, G_VALIDATORS * 2 + 1);
        (g[3], g[4]) = (G_PARTICIPATION * 2 + 1, G_SLOT);
        bytes32[] memory flags = proof.participationChunks;
        assembly {
            mstore(flags, chunks)
            mstore(g, add(add(n, chunks), 5))
        }
        proof.timestamp = uint64(timeOf(slot));
        proof.slot = _head.slot;
        proof.finalizedEpoch = _head.finalizedEpoch;
        proof.validatorCount = uint64(_head.validators.length);
        proof.indices = indices;
        proof.nodes = _nodes(Gindices.descending(g));
    }

    /// A probe with what honest lists hold, and the siblings that stand where `e` points.
    function forkProbe(ForkEntry memory e, uint40[] memory indices)
        external
        view
        returns (ForkProbe memory probe)
    {
        uint256 n = indices.length;
        uint256[] memory g = new uint256[](n * 2 + 11);
        (g[0], g[1], g[2]) = (e.currentVersion, e.finalizedEpoch, e.genesisValidatorsRoot);
        (g[3], g[4]) = (e.executionBlockHash, G_SLOT);
        (g[5], g[6], g[7]) =
        (uint256(e.validators) * 2 + 1, uint256(e.balances) * 2 + 1, uint256(e.previousParticipation) * 2 + 1);
        (g[8], g[9]) = (uint256(e.pendingDeposits) * 2 + 1, (uint256(e.pendingDeposits) << 31) + 4);
        g[10] = (uint256(e.previousParticipation) << 36) + indices[n - 1] / 32;
        uint256 chunks;
        probe.validators = new Validator[](n);
        probe.balanceChunks = new bytes32[](n);
        for (uint256 i; i < n; ++i) {
            probe.validators[i] = _head.validators[indices[i]];
            g[11 + i] = (uint256(e.validators) << 41) + indices[i];
            if (i != 0 && indices[i] / 4 == indices[i - 1] / 4) continue;
            probe.balanceChunks[chunks] = _chunk(indices[i] / 4);
            g[11 + n + chunks++] = (uint256(e.balances) << 39) + indices[i] / 4;
        }
        bytes32[] memory balances = probe.balanceChunks;
        assembly {
            mstore(balances, chunks)
            mstore(g, add(add(n, chunks), 11))
        }
        (probe.slot, probe.finalizedEpoch) = (_head.slot, _head.finalizedEpoch);
        probe.validatorCount = uint64(_head.validators.length);
        (probe.pendingDeposits, probe.firstDepositSlot) = (_head.depositSlot == 0 ? 0 : 1, _head.depositSlot);
        probe.indices = indices;
        probe.participationChunk = _flags(indices[n - 1] / 32);
        probe.nodes = _nodes(Gindices.descending(g));
    }

    // ------------------------------------------------------------ trees

    function _freeze() private {
        delete _head;
        _head.slot = slot;
        _head.version = version;
        // a child of this block sees blockhash(number − 1) = the block that is ending now; forge knows its hash
        // only from the next block on, so it is fixed here
        bytes32 hash = executionBlockHash;
        if (hash == 0) {
            hash = keccak256(abi.encode("execution block", block.number));
            vm.roll(block.number + 1);
            vm.setBlockhash(block.number - 1, hash);
            vm.roll(block.number - 1);
        } else {
            executionBlockHash = 0;
        }
        _head.executionBlockHash = hash;
        _head.pendingDepositsRoot = pendingDepositsRoot;
        _head.depositSlot = _depositSlot;
        _head.finalizedEpoch = _finalizedEpoch == 0 ? slot / 32 - 2 : _finalizedEpoch;
        _head.participation = _participation;
        for (uint256 i; i < _validators.length; ++i) {
            _head.validators.push(_validators[i]);
            _head.balances.push(_balances[i]);
        }
        _head.root = node(1);
    }

    /// Value at generalized index `g` of the tree whose root is the head's block root.
    function node(uint256 g) public view returns (bytes32) {
        if (g == G_SLOT) return Ssz.leaf(_head.slot);
        if (g > 8 && g < 16 && g != 11) return g < 13 ? keccak256(abi.encode("header", g)) : bytes32(0);
        if (g == G_VERSION) return bytes32(_head.version);
        if (g == G_BLOCK_HASH) return _head.executionBlockHash;
        if (g == G_GENESIS_VALIDATORS) return GENESIS_VALIDATORS_ROOT;
        if (g == G_FINALIZED_EPOCH) return Ssz.leaf(_head.finalizedEpoch);
        if (g == G_FINALIZED_EPOCH + 1) return keccak256("finalized root");
        if (g == G_PENDING_DEPOSITS && _head.depositSlot == 0) return _head.pendingDepositsRoot;
        if (Gindices.under(g, G_PENDING_DEPOSITS)) return _depositNode(g);
        if (Gindices.under(g, G_VALIDATORS)) return _listNode(g, G_VALIDATORS, 40, _head.validators.length);
        if (Gindices.under(g, G_PARTICIPATION)) {
            return _listNode(g, G_PARTICIPATION, 35, (_head.validators.length + 31) / 32);
        }
        if (g == G_BALANCES && balancesRoot != 0) return balancesRoot;
        if (Gindices.under(g, G_BALANCES)) {
            return _listNode(g, G_BALANCES, 38, (_head.balances.length + 3) / 4);
        }
        // other fields of the state, of the fork, and of the execution payload header: fixed leaves
        if (g >= 704 && g < 768 && !_inner(g)) {
            return g < 741 ? keccak256(abi.encode("state", g)) : bytes32(0);
        }
        if (g >= 2828 && g < 2832) return g == 2831 ? bytes32(0) : keccak256(abi.encode("fork", g));
        if (g >= 23_296 && g < 23_328) return g < 23_313 ? keccak256(abi.encode("payload", g)) : bytes32(0);
        // below a leaf there is nothing: whatever a proof says
        if (g >= 23_328 || (g >= 768 && !_inner(g))) return keccak256(abi.encode("nothing", g));
        return Ssz.hashPair(node(g * 2), node(g * 2 + 1));
    }

    /// The fork (707), the finalized checkpoint (724) and the execution payload header (728) are opened further.
    function _inner(uint256 g) private pure returns (bool) {
        while (g > 2831) {
            g >>= 1;
        }
        return g == 707 || g == 724 || g == 728 || g >> 1 == 707 || g >> 1 == 728 || g >> 2 == 728;
    }

    /// pending_deposits with one element, of which only the slot is anybody's business.
    function _depositNode(uint256 g) private view returns (bytes32) {
        uint256 below = Gindices.log2(g) - Gindices.log2(G_PENDING_DEPOSITS);
        if (g == G_PENDING_DEPOSITS * 2 + 1) return Ssz.leaf(1);
        if (below == 31) {
            if (g & 7 == 4) return Ssz.leaf(_head.depositSlot);
            return g & 7 > 4 ? bytes32(0) : keccak256(abi.encode("deposit", g & 7));
        }
        if (below > 31) return keccak256(abi.encode("nothing", g));
        if (below != 0 && below <= 28 && g != G_PENDING_DEPOSITS << below) return _zeroHashes[28 - below];
        return Ssz.hashPair(node(g * 2), node(g * 2 + 1));
    }

    function _listNode(uint256 g, uint256 top, uint256 depth, uint256 count) private view returns (bytes32) {
        uint256 below = Gindices.log2(g) - Gindices.log2(top);
        if (below == 0) return Ssz.hashPair(node(top * 2), node(top * 2 + 1));
        if (g == top * 2 + 1) return Ssz.leaf(uint64(_head.validators.length));
        if (below > depth + 1) return keccak256(abi.encode("nothing", g));
        uint256 height = depth + 1 - below;
        uint256 first = (g - ((top * 2) << (below - 1))) << height;
        return _subtree(first, height, count, top);
    }

    function _subtree(uint256 first, uint256 height, uint256 count, uint256 top)
        private
        view
        returns (bytes32 result)
    {
        if (first >= count) return _zeroHashes[height];
        if (height == 0) {
            if (top == G_VALIDATORS) return _validatorRoot(_head.validators[first]);
            return top == G_BALANCES ? _chunk(first) : _flags(first);
        }
        return Ssz.hashPair(
            _subtree(first, height - 1, count, top),
            _subtree(first + (1 << (height - 1)), height - 1, count, top)
        );
    }

    function _validatorRoot(Validator memory v) private view returns (bytes32) {
        return this.validatorRoot(v);
    }

    function validatorRoot(Validator calldata v) external view returns (bytes32) {
        return Ssz.validatorRoot(v);
    }

    function _chunk(uint256 c) private view returns (bytes32 chunk) {
        for (uint256 k; k < 4; ++k) {
            uint256 i = c * 4 + k;
            if (i < _head.balances.length) chunk |= Ssz.leaf(_head.balances[i]) >> (k * 64);
        }
    }

    function _flags(uint256 c) private view returns (bytes32 chunk) {
        for (uint256 k; k < 32 && c * 32 + k < _head.participation.length; ++k) {
            chunk |= bytes32(bytes1(_head.participation[c * 32 + k])) >> (k * 8);
        }
    }

    /// The missing siblings for `leaves` (descending), in descending order.
    function _nodes(uint256[] memory leaves) private view returns (bytes32[] memory) {
        return _values(Gindices.helpers(leaves));
    }

    /// The same for leaves given relative to the subtree at `top`.
    function _nodesUnder(uint256[] memory leaves, uint256 top) private view returns (bytes32[] memory) {
        uint256[] memory helpers = Gindices.helpers(leaves);
        for (uint256 i; i < helpers.length; ++i) {
            uint256 depth = Gindices.log2(helpers[i]);
            helpers[i] = (top << depth) | (helpers[i] - (1 << depth));
        }
        return _values(helpers);
    }

    function _values(uint256[] memory g) private view returns (bytes32[] memory values) {
        values = new bytes32[](g.length);
        for (uint256 i; i < g.length; ++i) {
            values[i] = node(g[i]);
        }
    }
}
