// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconDeposits } from "../../src/types/BeaconDeposits.sol";
import { IBeaconDeposit } from "../../src/types/IBeaconDeposit.sol";
import { Multiproof } from "../../src/types/Multiproof.sol";
import { SharesMath } from "../../src/types/SharesMath.sol";
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

    function emptyListRoot(uint256 depth) external view returns (bytes32) {
        return Ssz.emptyListRoot(depth);
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
