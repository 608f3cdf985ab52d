// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { BalancesProof, StateProof } from "../../src/validators/IBeaconProofs.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// A stranger takes part in a checkpoint to keep others from closing it: skipped words, overtaken batches.
contract WalkAttackTest is StackFixture {
    address internal mallory = makeAddr("mallory");

    /// Members in two words of the bitmap.
    function _two() private returns (uint40 low, uint40 high) {
        uint32 operator = joinOperator();
        stake(alice, 1000 ether);
        low = member(operator, 1, 32e9);
        for (uint256 i; i < 255; ++i) {
            beacon.addValidator(abi.encode(i), bytes32(i + 1), 1);
        }
        high = member(operator, 2, 32e9);
        assertEq(low >> 8, 0, "first word");
        assertEq(high >> 8, 1, "second word");
        waitForCheckpoint();
    }

    function test_Attack_ASkippedWordStopsNobodyElse() public {
        (, uint40 high) = _two();
        StateProof memory state = beacon.stateProof();
        BalancesProof memory last = beacon.balancesProof(one(high));
        BalancesProof memory all = beacon.balancesProof(members);
        vm.startPrank(mallory);
        Snapshot memory s = checkpoints.open();
        checkpoints.proveState(s, state);
        checkpoints.proveBalances(s, last);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointIncomplete.selector, 1, 2));
        checkpoints.close(s, mallory);
        vm.stopPrank();
        checkpoints.proveBalances(s, all);
        checkpoints.close(s, address(this));
        assertEq(checkpoints.openSnapshotHash(), bytes32(0), "closed");
    }

    function test_Attack_AnOvertakenBatchStillCounts() public {
        (uint40 low,) = _two();
        Snapshot memory s = openCheckpoint();
        checkpoints.proveState(s, beacon.stateProof());
        BalancesProof memory all = beacon.balancesProof(members);
        BalancesProof memory first = beacon.balancesProof(one(low));
        vm.prank(mallory);
        checkpoints.proveBalances(s, first);
        checkpoints.proveBalances(s, all);
        vm.prank(mallory);
        checkpoints.close(s, address(this));
        assertEq(checkpoints.openSnapshotHash(), bytes32(0), "closed by somebody else");
    }

    function test_Attack_WalksDoNotAddUp() public {
        (uint40 low, uint40 high) = _two();
        Snapshot memory s = openCheckpoint();
        checkpoints.proveState(s, beacon.stateProof());
        BalancesProof memory first = beacon.balancesProof(one(low));
        BalancesProof memory last = beacon.balancesProof(one(high));
        checkpoints.proveBalances(s, first);
        vm.prank(mallory);
        checkpoints.proveBalances(s, last);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointIncomplete.selector, 1, 2));
        checkpoints.close(s, address(this));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointIncomplete.selector, 1, 2));
        checkpoints.close(s, mallory);
    }

    function test_Attack_AnOldWalkIsNoProgress() public {
        _two();
        checkpoint();
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        checkpoints.proveState(s, beacon.stateProof());
        assertEq(checkpoints.progress(address(this)).provenCount, 0, "begins anew");
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointIncomplete.selector, 0, 2));
        checkpoints.close(s, address(this));
    }
}
