// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Ssz, Validator } from "../../src/types/Ssz.sol";
import { ForkEntry } from "../../src/validators/ForkTable.sol";
import {
    BalancesProof,
    ForkProbe,
    ParticipationProof,
    StateProof,
    ValidatorsProof
} from "../../src/validators/IBeaconProofs.sol";
import { ContainersProof, PendingDeposit, PendingProof } from "../../src/validators/IDepositsInFlight.sol";
import { BeaconTrees } from "./BeaconTrees.sol";
import { Gindices } from "./Gindices.sol";
import { SystemContracts } from "./SystemContracts.sol";
import { Vm } from "forge-std/Vm.sol";

/// A consensus layer for tests: real SSZ trees of an Electra state and header, roots through the real EIP-4788
/// contract, proofs from those trees. Balances and flags are set by hand; pending deposits follow the real rules
/// (consensus-specs, electra/beacon-chain.md, `process_pending_deposits`), churn and finality aside.
contract BeaconMock is BeaconTrees {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint64 public constant GENESIS_TIME = 1_700_000_000;
    uint64 public constant SECONDS_PER_SLOT = 12;
    bytes4 public constant VERSION = 0x05000000;
    uint64 public slot;
    bytes4 public version = VERSION;
    bytes32 public executionBlockHash;
    Validator[] internal _validators;
    uint64[] internal _balances;
    uint8[] internal _participation;
    uint64 internal _finalizedEpoch;
    PendingDeposit[] internal _pending;

    constructor(uint64 startSlot) {
        slot = startSlot;
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

    /// At the head: what proofs show.
    function headBalanceOf(uint40 index) external view returns (uint64) {
        return _head.balances[index];
    }

    function isExiting(uint40 index) external view returns (bool) {
        return _validators[index].exitEpoch != Ssz.FAR_FUTURE_EPOCH;
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

    /// A deposit enters the list. The signature of a top-up is not checked, whoever makes it.
    function addPending(bytes32 pubkeyRoot, uint64 amountGwei, uint64 madeInSlot) external {
        _pending.push(
            PendingDeposit(pubkeyRoot, keccak256("any"), amountGwei, keccak256("any signature"), madeInSlot)
        );
    }

    /// Takes the one at `position` out of the list, as if it never had been there.
    function dropPending(uint256 position) public {
        for (; position + 1 < _pending.length; ++position) {
            _pending[position] = _pending[position + 1];
        }
        _pending.pop();
    }

    function pendingCount() external view returns (uint256) {
        return _pending.length;
    }

    function pendingAt(uint256 position) external view returns (PendingDeposit memory) {
        return _pending[position];
    }

    /// The first `most` of the list: those of an exiting validator go to its end, the others are applied.
    function processPending(uint256 most) external {
        for (uint256 left = _min(most, _pending.length); left != 0; --left) {
            PendingDeposit memory d = _pending[0];
            dropPending(0);
            uint256 index = indexOf(d.pubkeyRoot);
            Validator storage v = _validators[index];
            bool exits = v.exitEpoch != Ssz.FAR_FUTURE_EPOCH;
            if (exits && v.withdrawableEpoch > slot / 32) _pending.push(d);
            else _balances[index] += d.amountGwei;
        }
    }

    function indexOf(bytes32 pubkeyRoot) public view returns (uint256 index) {
        while (_validators[index].pubkeyRoot != pubkeyRoot) ++index;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
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

    // ------------------------------------------------------------ proofs

    function stateProof() external view returns (StateProof memory proof) {
        uint256[] memory g = new uint256[](6);
        (g[0], g[1], g[2]) = (G_BLOCK_HASH, G_VERSION, G_PENDING_DEPOSITS);
        (g[3], g[4], g[5]) = (G_BALANCES, G_VALIDATORS, G_SLOT);
        proof = StateProof({
            slot: _head.slot,
            executionBlockHash: _head.executionBlockHash,
            validatorsRoot: node(G_VALIDATORS),
            balancesRoot: node(G_BALANCES),
            pendingDepositsRoot: node(G_PENDING_DEPOSITS),
            nodes: _nodes(g)
        });
    }

    /// Elements of the head's list at `positions` (ascending); none shows its length.
    function pendingProof(uint32[] memory positions) external view returns (PendingProof memory proof) {
        uint256 n = positions.length;
        proof.length = uint64(_head.pending.length);
        proof.positions = positions;
        proof.elements = new PendingDeposit[](n);
        uint256[] memory g = new uint256[](n + 1);
        for (uint256 i; i < n; ++i) {
            proof.elements[i] = _head.pending[positions[i]];
            g[n - 1 - i] = (1 << 28) + positions[i];
        }
        g[n] = 3;
        proof.nodes = _nodesUnder(g, G_PENDING_DEPOSITS);
    }

    /// What the head's list holds.
    function headPending() external view returns (PendingDeposit[] memory) {
        return _head.pending;
    }

    /// The head's validators at `indices` (ascending).
    function containersProof(uint40[] memory indices) external view returns (ContainersProof memory proof) {
        uint256 n = indices.length;
        proof.length = uint64(_head.validators.length);
        proof.indices = indices;
        proof.validators = new Validator[](n);
        uint256[] memory g = new uint256[](n + 1);
        for (uint256 i; i < n; ++i) {
            proof.validators[i] = _head.validators[indices[i]];
            g[n - 1 - i] = (1 << 41) + indices[i];
        }
        g[n] = 3;
        proof.nodes = _nodesUnder(g, G_VALIDATORS);
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
        probe.pendingDeposits = uint64(_head.pending.length);
        if (probe.pendingDeposits != 0) probe.firstDepositSlot = _head.pending[0].slot;
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
        for (uint256 i; i < _pending.length; ++i) {
            _head.pending.push(_pending[i]);
        }
        _head.finalizedEpoch = _finalizedEpoch == 0 ? slot / 32 - 2 : _finalizedEpoch;
        _head.participation = _participation;
        for (uint256 i; i < _validators.length; ++i) {
            _head.validators.push(_validators[i]);
            _head.balances.push(_balances[i]);
        }
        _head.root = node(1);
    }
}
