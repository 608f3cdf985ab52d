// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BalanceChunks } from "../../src/types/BalanceChunks.sol";
import { BeaconDeposits } from "../../src/types/BeaconDeposits.sol";
import { IBeaconDeposit } from "../../src/types/IBeaconDeposit.sol";
import { Leaves } from "../../src/types/Leaves.sol";
import { ListMultiproof } from "../../src/types/ListMultiproof.sol";
import { Multiproof } from "../../src/types/Multiproof.sol";
import { SharesMath } from "../../src/types/SharesMath.sol";
import { SingleProof } from "../../src/types/SingleProof.sol";
import { Ssz, Validator } from "../../src/types/Ssz.sol";

/// The libraries of `types` as external functions, so that a revert has a call to end.
contract MultiproofHarness {
    function root(uint256[] memory indices, bytes32[] memory leaves, bytes32[] calldata nodes)
        external
        view
        returns (bytes32)
    {
        return Multiproof.root(indices, leaves, nodes);
    }
}

contract SharesMathHarness {
    function toSharesDown(uint256 a, uint256 s, uint256 e) external pure returns (uint256) {
        return SharesMath.toSharesDown(a, s, e);
    }

    function toSharesUp(uint256 a, uint256 s, uint256 e) external pure returns (uint256) {
        return SharesMath.toSharesUp(a, s, e);
    }

    function toEtherDown(uint256 a, uint256 s, uint256 e) external pure returns (uint256) {
        return SharesMath.toEtherDown(a, s, e);
    }

    function toEtherUp(uint256 a, uint256 s, uint256 e) external pure returns (uint256) {
        return SharesMath.toEtherUp(a, s, e);
    }
}

contract SszHarness {
    function leaf(uint64 value) external pure returns (bytes32) {
        return Ssz.leaf(value);
    }

    function balanceAt(bytes32 chunk, uint256 position) external pure returns (uint64) {
        return Ssz.balanceAt(chunk, position);
    }

    function hashPair(bytes32 a, bytes32 b) external view returns (bytes32) {
        return Ssz.hashPair(a, b);
    }

    function pubkeyRoot(bytes calldata pubkey) external pure returns (bytes32) {
        return Ssz.pubkeyRoot(pubkey);
    }

    function validatorRoot(Validator calldata v) external view returns (bytes32) {
        return Ssz.validatorRoot(v);
    }

    function depositDataRoot(bytes32 keyRoot, bytes32 credentials, uint64 amountGwei, bytes memory signature)
        external
        view
        returns (bytes32)
    {
        return Ssz.depositDataRoot(keyRoot, credentials, amountGwei, signature);
    }
}

contract BeaconDepositsHarness {
    function send(
        IBeaconDeposit to,
        bytes calldata pubkey,
        bytes32 credentials,
        uint64 amountGwei,
        bytes memory signature
    ) external payable {
        BeaconDeposits.send(to, pubkey, credentials, amountGwei, signature);
    }
}

contract SingleProofHarness {
    function root(uint256 index, bytes32 leaf, bytes32[] calldata branch) external view returns (bytes32) {
        return SingleProof.root(index, leaf, branch);
    }
}

contract ListMultiproofHarness {
    function root(
        uint256[] memory positions,
        bytes32[] memory chunks,
        uint256 depth,
        bytes32[] calldata nodes
    ) external view returns (bytes32) {
        return ListMultiproof.root(positions, chunks, depth, nodes);
    }
}

contract LeavesHarness {
    using Leaves for Leaves.List;

    function sorted(uint256[] calldata indices, bytes32[] calldata values)
        external
        pure
        returns (uint256[] memory, bytes32[] memory, uint256)
    {
        Leaves.List memory list = Leaves.withRoom(indices.length);
        for (uint256 i; i < indices.length; ++i) {
            list.add(indices[i], values[i]);
        }
        return (list.indices, list.values, list.count);
    }

    function addTo(uint256 room, uint256 count) external pure {
        Leaves.List memory list = Leaves.withRoom(room);
        for (uint256 i; i < count; ++i) {
            list.add(i, 0);
        }
    }
}

contract BalanceChunksHarness {
    using BalanceChunks for BalanceChunks.Reader;

    /// Reads one word and shows what it left in memory.
    function read(bytes32[] calldata chunks, uint256 members, uint256 word)
        external
        pure
        returns (uint256 sum, uint256 left, uint256[] memory positions, bytes32[] memory values)
    {
        positions = new uint256[](64);
        values = new bytes32[](64);
        BalanceChunks.Reader memory reader;
        uint256 first;
        assembly {
            first := chunks.offset
            mstore(reader, add(first, shl(5, chunks.length)))
            mstore(add(reader, 0x20), add(positions, 0x20))
            mstore(add(reader, 0x40), sub(values, positions))
        }
        reader.readWord(members, word);
        return (reader.total(), (reader.chunkAt - first) / 32, positions, values);
    }
}
