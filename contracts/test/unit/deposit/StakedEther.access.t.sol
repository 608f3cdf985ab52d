// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract StakedEtherAccessTest is StackFixture {
    function _notAllowed(address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IStakedEther.CallerNotAllowed.selector, caller);
    }

    function test_PayIn_TakesEtherFromVaultsAndQueueWithoutMinting() public {
        address[3] memory payers = [address(withdrawalVault), address(executionVault), address(queue)];
        for (uint256 i; i < 3; ++i) {
            vm.deal(payers[i], 1 ether);
            vm.expectEmit(address(token));
            emit IStakedEther.EtherReceived(payers[i], 1 ether);
            vm.prank(payers[i]);
            token.payIn{ value: 1 ether }();
        }
        assertEq(address(token).balance, SEED + 3 ether, "taken");
        assertEq(token.getTotalShares(), SEED * 1e9, "nothing minted");
        assertEq(token.getTotalPooledEther(), SEED, "nothing recognized");
    }

    function test_RevertWhen_AnybodyElsePaysIn() public {
        address[4] memory others = [alice, address(validators), address(checkpoints), address(registry)];
        for (uint256 i; i < 4; ++i) {
            vm.deal(others[i], 1 ether);
            vm.expectRevert(_notAllowed(others[i]));
            vm.prank(others[i]);
            token.payIn{ value: 1 ether }();
        }
    }

    function test_Lock_ValidatorsAndCheckpointsShareOne() public {
        vm.prank(address(validators));
        token.acquireLock();
        vm.prank(address(checkpoints));
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.ReentrantCall.selector));
        token.acquireLock();
        vm.prank(address(validators));
        token.releaseLock();
        vm.prank(address(checkpoints));
        token.acquireLock();
    }

    function test_RevertWhen_AnybodyElseTouchesTheLock() public {
        vm.startPrank(alice);
        vm.expectRevert(_notAllowed(alice));
        token.acquireLock();
        vm.expectRevert(_notAllowed(alice));
        token.releaseLock();
    }

    function test_MarkCheckpoint_StoresAndTellsWhatItFreezes() public {
        vm.deal(address(withdrawalVault), 3 ether);
        vm.startPrank(address(checkpoints));
        (uint128 poolEther, uint256 own) = token.markCheckpoint(true);
        assertEq(poolEther, token.getTotalPooledEther());
        assertEq(own, address(token).balance + 3 ether);
        assertTrue(token.checkpointOpen(), "open");
        token.markCheckpoint(false);
        assertFalse(token.checkpointOpen(), "given up");
    }

    function test_RevertWhen_AnybodyElseMarks() public {
        vm.expectRevert(_notAllowed(address(validators)));
        vm.prank(address(validators));
        token.markCheckpoint(true);
    }

    function test_MarkCheckpoint_KeepsTheStakeLimit() public {
        stake(alice, 10_000 ether);
        uint256 limit = token.getCurrentStakeLimit();
        vm.prank(address(checkpoints));
        token.markCheckpoint(true);
        assertEq(token.getCurrentStakeLimit(), limit, "one slot, one field");
    }
}
