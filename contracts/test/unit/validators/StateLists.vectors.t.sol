// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBeaconProofs } from "../../../src/validators/IBeaconProofs.sol";
import { ContainersProof, PendingProof } from "../../../src/validators/IDepositsInFlight.sol";
import { ProofVectors } from "../../support/ProofVectors.sol";
import { StateListsHarness } from "../../support/ValidatorsHarness.sol";

/// Elements of real lists (0, 1 and 1,100 pending deposits; up to 1,000 validators) against the roots of Lodestar's trees.
contract StateListsVectorsTest is ProofVectors {
    StateListsHarness private lists = new StateListsHarness();

    function test_Vectors_ElementsAreAccepted() public view {
        for (uint256 i; i < CASES; ++i) {
            Case memory c = _read(i);
            lists.requireContainers(c.containers, c.state.validatorsRoot);
            lists.requirePending(c.pending, c.state.pendingDepositsRoot);
            lists.requirePending(c.pendingLength, c.state.pendingDepositsRoot);
            for (uint256 k; k < c.containers.indices.length; ++k) {
                assertEq(lists.find(c.containers, c.containers.indices[k]), k, c.at);
            }
            assertEq(lists.find(c.containers, type(uint40).max), c.containers.indices.length, c.at);
        }
    }

    /// Any other value in any place, and any other length, is refused.
    function test_RevertWhen_AnElementIsAnother() public {
        Case memory c = _read(2);
        bytes32 root = c.state.pendingDepositsRoot;
        for (uint256 field; field < 6; ++field) {
            PendingProof memory p = abi.decode(abi.encode(c.pending), (PendingProof));
            uint256 last = p.elements.length - 1;
            if (field == 0) p.elements[last].pubkeyRoot ^= bytes32(uint256(1));
            if (field == 1) p.elements[0].withdrawalCredentials ^= bytes32(uint256(1));
            if (field == 2) p.elements[last].amountGwei ^= 1;
            if (field == 3) p.elements[0].signatureRoot ^= bytes32(uint256(1));
            if (field == 4) p.elements[last].slot ^= 1;
            if (field == 5) p.length += 1;
            vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
            lists.requirePending(p, root);
        }
        c.pendingLength.length -= 1;
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        lists.requirePending(c.pendingLength, root);
        c.containers.validators[0].exitEpoch ^= 1;
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        lists.requireContainers(c.containers, c.state.validatorsRoot);
    }

    function test_RevertWhen_APlaceIsOutsideTheList() public {
        Case memory c = _read(2);
        PendingProof memory p = c.pending;
        p.length = p.positions[p.positions.length - 1];
        vm.expectRevert(
            abi.encodeWithSelector(IBeaconProofs.ValidatorIndexInvalid.selector, p.length, p.length)
        );
        lists.requirePending(p, c.state.pendingDepositsRoot);
        ContainersProof memory v = c.containers;
        v.length = v.indices[v.indices.length - 1];
        vm.expectRevert(
            abi.encodeWithSelector(IBeaconProofs.ValidatorIndexInvalid.selector, v.length, v.length)
        );
        lists.requireContainers(v, c.state.validatorsRoot);
        v.indices = new uint40[](0);
        vm.expectRevert(IBeaconProofs.ProofEmpty.selector);
        lists.requireContainers(v, c.state.validatorsRoot);
    }
}
