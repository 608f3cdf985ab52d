// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { ExecutionRewardsVault } from "../../../src/validators/ExecutionRewardsVault.sol";
import { IExecutionRewardsVault } from "../../../src/validators/IExecutionRewardsVault.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract ExecutionRewardsVaultSweepTest is StackFixture {
    function test_Sweep_PaysExactlyTheAmountIntoTheToken() public {
        vm.prank(alice);
        (bool ok,) = address(executionVault).call{ value: 3 ether }("");
        assertTrue(ok, "builders pay by plain transfer");
        vm.expectEmit(address(executionVault));
        emit IExecutionRewardsVault.ExecutionRewardsSwept(2 ether);
        vm.prank(address(checkpoints));
        executionVault.sweep(2 ether);
        assertEq(address(executionVault).balance, 1 ether, "what came later stays");
        assertEq(address(token).balance, SEED + 2 ether, "in the token");
        assertEq(token.getTotalShares(), SEED * 1e9, "no shares");
    }

    function test_RevertWhen_AnybodyElseSweeps() public {
        vm.deal(address(executionVault), 1 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IExecutionRewardsVault.RewardsCallerNotAllowed.selector, alice)
        );
        vm.prank(alice);
        executionVault.sweep(1);
    }

    function test_RevertWhen_ConfigIsZero() public {
        bytes memory zero = abi.encodeWithSelector(IExecutionRewardsVault.RewardsConfigZero.selector);
        vm.expectRevert(zero);
        new ExecutionRewardsVault(IStakedEther(address(0)), alice);
        vm.expectRevert(zero);
        new ExecutionRewardsVault(IStakedEther(alice), address(0));
    }
}
