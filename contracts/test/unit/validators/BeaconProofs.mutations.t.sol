// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Validator } from "../../../src/types/Ssz.sol";
import { BeaconProofs } from "../../../src/validators/BeaconProofs.sol";
import {
    BalancesProof,
    ParticipationProof,
    StateProof,
    ValidatorsProof
} from "../../../src/validators/IBeaconProofs.sol";
import { ProofVectors } from "../../support/ProofVectors.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";

/// Valid proofs with one thing changed: a bit, node, chunk, index, length, order, fork, root or slot. None is accepted.
/// A change that leaves the same proof (two equal nodes swapped, a bit of padding) is found by comparing what is decoded,
/// and left out.
contract BeaconProofsMutationsTest is ProofVectors {
    uint256 private constant KINDS = 4;

    /// Calls with their arguments as the verifier takes them, and what a wrong table would be.
    struct Target {
        BeaconProofs right;
        BeaconProofs wrongVersion;
        BeaconProofs wrongPlace;
        bytes32 blockRoot;
        bytes32 balancesRoot;
        uint256[] bitmaps;
        bytes[KINDS] proofs;
    }

    Target[] private _targets;

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < CASES; ++i) {
            if (i % 3 != 2) _add(_read(i)); // the largest of each fork add time and nothing else
        }
    }

    function _add(Case memory c) private {
        Target storage t = _targets.push();
        t.right = _deploy(c, c.entry.version);
        t.wrongVersion = _deploy(c, bytes4(0x07000000));
        // as if the lists stood one field further, or as deep as in an older fork
        (c.entry.validators, c.entry.balances) = (c.entry.balances, c.entry.validators);
        c.entry.executionBlockHash += 32;
        c.entry.previousParticipation += 1;
        c.entry.pendingDeposits += 1;
        t.wrongPlace = _deploy(c, c.entry.version);
        t.blockRoot = c.blockRoot;
        t.balancesRoot = c.state.balancesRoot;
        t.bitmaps = this.readUints(string.concat(c.at, ".balancesProof.bitmaps"));
        t.proofs[0] = abi.encode(c.state);
        t.proofs[1] = abi.encode(c.balances);
        t.proofs[2] = abi.encode(c.validators);
        t.proofs[3] = abi.encode(c.participation);
    }

    // ------------------------------------------------------------ verifier

    /// The call that would verify these encoded bytes, whatever they are.
    function _call(Target storage t, uint256 kind, bytes memory proof, bool otherRoot)
        private
        view
        returns (bytes memory)
    {
        bytes32 flip = otherRoot ? bytes32(uint256(1)) : bytes32(0);
        BeaconProofs p = t.right;
        // the proof is the only dynamic argument, or comes before another: its encoding is put in as it is
        if (kind == 0) {
            return bytes.concat(
                abi.encodeWithSelector(p.verifyState.selector, t.blockRoot ^ flip, 0x40), _body(proof)
            );
        }
        if (kind == 1) {
            bytes memory body = _body(proof);
            bytes memory head = abi.encodeWithSelector(
                p.verifyBalances.selector, t.balancesRoot ^ flip, 0x60, 0x60 + body.length
            );
            return bytes.concat(head, body, abi.encodePacked(t.bitmaps.length, t.bitmaps));
        }
        bytes4 selector = kind == 2 ? p.verifyValidators.selector : p.verifyParticipation.selector;
        return bytes.concat(abi.encodeWithSelector(selector, 0x40, uint256(64)), _body(proof));
    }

    /// Without the offset of the one tuple.
    function _body(bytes memory encoded) private pure returns (bytes memory body) {
        body = new bytes(encoded.length < 32 ? 0 : encoded.length - 32);
        for (uint256 i; i < body.length; i += 32) {
            assembly {
                mstore(add(add(body, 0x20), i), mload(add(add(encoded, 0x40), i)))
            }
        }
    }

    /// What the contract would decode, encoded in the one usual way; reverts where it would not decode.
    function normal(uint256 kind, bytes calldata proof) external pure returns (bytes32) {
        if (kind == 0) return keccak256(abi.encode(abi.decode(proof, (StateProof))));
        if (kind == 1) return keccak256(abi.encode(abi.decode(proof, (BalancesProof))));
        if (kind == 2) return keccak256(abi.encode(abi.decode(proof, (ValidatorsProof))));
        return keccak256(abi.encode(abi.decode(proof, (ParticipationProof))));
    }

    function _isUnchanged(uint256 kind, bytes memory mutated, bytes memory original)
        private
        view
        returns (bool)
    {
        (bool ok, bytes memory result) =
            address(this).staticcall(abi.encodeCall(this.normal, (kind, mutated)));
        return ok && abi.decode(result, (bytes32)) == keccak256(original);
    }

    // ------------------------------------------------------------ mutations

    /// forge-config: default.fuzz.runs = 8000
    /// forge-config: nightly.fuzz.runs = 100000
    function testFuzz_RevertWhen_AProofIsMutated(uint256 seed) public {
        Target storage t = _targets[seed % _targets.length];
        SystemContracts.setParentRoot(t.blockRoot); // all proofs are of the same second
        uint256 kind = (seed >> 8) % KINDS;
        bytes memory original = t.proofs[kind];
        uint256 how = (seed >> 16) % 8;
        if (how == 7) return _mutateSurroundings(t, kind, original, seed >> 24);
        bytes memory mutated =
            how < 3 ? _mutateBytes(original, seed >> 24) : _mutateParts(kind, original, seed >> 24);
        if (_isUnchanged(kind, mutated, original)) return;
        (bool ok,) = address(t.right).staticcall(_call(t, kind, mutated, false));
        assertFalse(ok, "a mutated proof was accepted");
    }

    /// The unchanged proof at another root, under another version or at other places.
    function _mutateSurroundings(Target storage t, uint256 kind, bytes memory original, uint256 dice)
        private
        view
    {
        (bool ok,) = address(t.right).staticcall(_call(t, kind, original, false));
        assertTrue(ok, "the proof itself is accepted");
        if (dice % 3 == 0 && kind < 2) {
            (ok,) = address(t.right).staticcall(_call(t, kind, original, true));
            assertFalse(ok, "another root");
        } else if (kind != 1) {
            // balances are proven against a root that was itself proven under the right fork
            BeaconProofs other = dice % 3 == 1 ? t.wrongVersion : t.wrongPlace;
            (ok,) = address(other).staticcall(_call(t, kind, original, false));
            assertFalse(ok, "another fork");
        }
    }

    /// Anywhere in the encoding, offsets and lengths included: a bit, two words swapped, a number moved.
    function _mutateBytes(bytes memory original, uint256 dice) private pure returns (bytes memory m) {
        m = bytes.concat(original);
        // the first word is the offset of the one tuple, and no part of the call
        uint256 words = m.length / 32 - 1;
        (uint256 a, uint256 b) = ((dice >> 8) % words + 1, (dice >> 40) % words + 1);
        if (dice % 4 < 2) {
            m[(dice >> 8) % (m.length - 32) + 32] ^= bytes1(uint8(1 << (dice >> 40) % 8));
            return m;
        }
        (uint256 x, uint256 y) = (_get(m, a), _get(m, b));
        if (dice % 4 == 2) {
            _set(m, a, y);
            _set(m, b, x);
        } else {
            unchecked {
                _set(m, a, dice >> 7 & 1 == 0 ? x + 1 + (dice >> 40) % 3 : x - 1 - (dice >> 40) % 3);
            }
        }
    }

    function _get(bytes memory m, uint256 word) private pure returns (uint256 x) {
        assembly {
            x := mload(add(add(m, 0x20), shl(5, word)))
        }
    }

    function _set(bytes memory m, uint256 word, uint256 x) private pure {
        assembly {
            mstore(add(add(m, 0x20), shl(5, word)), x)
        }
    }

    /// A part of the proof as such: lists of nodes and chunks, indices, containers, numbers.
    function _mutateParts(uint256 kind, bytes memory original, uint256 dice)
        private
        pure
        returns (bytes memory)
    {
        uint256 part = dice % 4;
        dice >>= 8;
        if (kind == 0) {
            StateProof memory p = abi.decode(original, (StateProof));
            if (part < 2) p.nodes = _mutateList(p.nodes, dice);
            else if (part == 2) p.slot = _mutateNumber(p.slot, dice);
            else _mutateRoots(p, dice);
            return abi.encode(p);
        }
        if (kind == 1) {
            BalancesProof memory p = abi.decode(original, (BalancesProof));
            if (part == 0) p.nodes = _mutateList(p.nodes, dice);
            else if (part == 1) p.chunks = _mutateList(p.chunks, dice);
            else if (part == 2) p.length = _mutateNumber(p.length, dice);
            else (p.chunks, p.nodes) = _moveOne(p.chunks, p.nodes, dice);
            return abi.encode(p);
        }
        if (kind == 2) {
            ValidatorsProof memory p = abi.decode(original, (ValidatorsProof));
            if (part == 0) p.nodes = _mutateList(p.nodes, dice);
            else if (part == 1) p.balanceChunks = _mutateList(p.balanceChunks, dice);
            else if (part == 2) _mutateRegistry(p.indices, p.validators, dice);
            else if (dice & 1 == 0) p.slot = _mutateNumber(p.slot, dice >> 1);
            else p.validatorCount = _mutateNumber(p.validatorCount, dice >> 1);
            return abi.encode(p);
        }
        ParticipationProof memory q = abi.decode(original, (ParticipationProof));
        if (part == 0) q.nodes = _mutateList(q.nodes, dice);
        else if (part == 1) q.participationChunks = _mutateList(q.participationChunks, dice);
        else if (part == 2) _mutateRegistry(q.indices, q.validators, dice);
        else if (dice % 3 == 0) q.slot = _mutateNumber(q.slot, dice >> 2);
        else if (dice % 3 == 1) q.finalizedEpoch = _mutateNumber(q.finalizedEpoch, dice >> 2);
        else q.validatorCount = _mutateNumber(q.validatorCount, dice >> 2);
        return abi.encode(q);
    }

    /// Any two of its roots swapped.
    function _mutateRoots(StateProof memory p, uint256 dice) private pure {
        bytes32[4] memory roots =
            [p.executionBlockHash, p.validatorsRoot, p.balancesRoot, p.pendingDepositsRoot];
        (uint256 a, uint256 b) = (dice % 4, (dice >> 8) % 4);
        (roots[a], roots[b]) = (roots[b], roots[a]);
        (p.executionBlockHash, p.validatorsRoot) = (roots[0], roots[1]);
        (p.balancesRoot, p.pendingDepositsRoot) = (roots[2], roots[3]);
    }

    function _mutateNumber(uint64 x, uint256 dice) private pure returns (uint64) {
        unchecked {
            if (dice & 1 == 0) return x ^ uint64(1 << (dice >> 1) % 64);
            return dice & 2 == 0 ? x + uint64((dice >> 2) % 33 + 1) : x - uint64((dice >> 2) % 33 + 1);
        }
    }

    /// A bit flipped, one dropped, one doubled, two swapped, one put in anywhere.
    function _mutateList(bytes32[] memory list, uint256 dice) private pure returns (bytes32[] memory m) {
        uint256 n = list.length;
        uint256 how = dice % 4;
        (uint256 a, uint256 b) = ((dice >> 8) % (n + 1), (dice >> 40) % n);
        if (how == 0) {
            list[b] ^= bytes32(uint256(1) << ((dice >> 8) % 256));
            return list;
        }
        if (how == 1) {
            a %= n;
            (list[a], list[b]) = (list[b], list[a]);
            return list;
        }
        if (how == 2) {
            m = new bytes32[](n - 1);
            for (uint256 i; i < n - 1; ++i) {
                m[i] = list[i < b ? i : i + 1];
            }
            return m;
        }
        m = new bytes32[](n + 1);
        for (uint256 i; i <= n; ++i) {
            m[i] = i < a ? list[i] : i == a ? list[b] : list[i - 1];
        }
    }

    /// One from the end of a list to the front of the other: all hashes are still there.
    function _moveOne(bytes32[] memory chunks, bytes32[] memory nodes, uint256 dice)
        private
        pure
        returns (bytes32[] memory c, bytes32[] memory n)
    {
        bool up = dice & 1 == 0;
        uint256 by = up ? 1 : 0;
        c = new bytes32[](chunks.length + 1 - 2 * by);
        n = new bytes32[](nodes.length + 2 * by - 1);
        for (uint256 i; i < c.length; ++i) {
            c[i] = i < chunks.length ? chunks[i] : nodes[0];
        }
        for (uint256 i; i < n.length; ++i) {
            n[i] = up ? (i == 0 ? chunks[chunks.length - 1] : nodes[i - 1]) : nodes[i + 1];
        }
    }

    /// An index moved, two swapped, with or without their containers, or a field of a container changed.
    function _mutateRegistry(uint40[] memory indices, Validator[] memory validators, uint256 dice)
        private
        pure
    {
        uint256 n = indices.length;
        (uint256 a, uint256 b) = ((dice >> 8) % n, (dice >> 40) % n);
        uint256 how = dice % 5;
        unchecked {
            if (how == 0) indices[a] = dice >> 72 & 1 == 0 ? indices[a] + 1 : indices[a] - 1;
            else if (how == 1) (indices[a], indices[b]) = (indices[b], indices[a]);
            else if (how == 2) (validators[a], validators[b]) = (validators[b], validators[a]);
            else if (how == 3) indices[a] ^= uint40(1 << (dice >> 72) % 40);
            else _mutateContainer(validators[a], dice >> 72);
        }
    }

    function _mutateContainer(Validator memory v, uint256 dice) private pure {
        uint256 field = dice % 8;
        dice >>= 8;
        if (field == 0) v.pubkeyRoot ^= bytes32(uint256(1) << dice % 256);
        else if (field == 1) v.withdrawalCredentials ^= bytes32(uint256(1) << dice % 256);
        else if (field == 2) v.effectiveBalance = _mutateNumber(v.effectiveBalance, dice);
        else if (field == 3) v.slashed = !v.slashed;
        else if (field == 4) v.activationEligibilityEpoch = _mutateNumber(v.activationEligibilityEpoch, dice);
        else if (field == 5) v.activationEpoch = _mutateNumber(v.activationEpoch, dice);
        else if (field == 6) v.exitEpoch = _mutateNumber(v.exitEpoch, dice);
        else v.withdrawableEpoch = _mutateNumber(v.withdrawableEpoch, dice);
    }
}
