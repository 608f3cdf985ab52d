// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract StakedEtherTransferTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 100 ether);
    }

    function test_Transfer_MovesExactlyTheAmount() public {
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(alice, bob, 40 ether);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(alice, bob, 40e27);
        vm.prank(alice);
        assertTrue(token.transfer(bob, 40 ether), "true");
        assertEq(token.balanceOf(alice), 60 ether, "sender");
        assertEq(token.balanceOf(bob), 40 ether, "receiver");
    }

    function test_Transfer_ToOneselfChangesNothing() public {
        vm.prank(alice);
        token.transfer(alice, 40 ether);
        assertEq(token.sharesOf(alice), 100e27, "same shares");
        assertEq(token.getTotalShares(), 101e27, "same total");
    }

    function test_Transfer_WorksWhileTheLockIsHeld() public {
        vm.prank(address(checkpoints));
        token.acquireLock();
        vm.prank(alice);
        token.transfer(bob, 1 ether);
        assertEq(token.balanceOf(bob), 1 ether, "transfers need no lock");
    }

    function test_RevertWhen_BalanceIsTooLow() public {
        uint256 needed = 100e27 + 1e9;
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IShareLedger.BalanceTooLow.selector, alice, uint256(100e27), needed)
        );
        token.transfer(bob, 100 ether + 1);
    }

    function test_RevertWhen_ReceiverIsZeroOrToken() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.AddressZero.selector));
        token.transfer(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.ReceiverIsToken.selector));
        token.transfer(address(token), 1);
        token.approve(alice, 2);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.AddressZero.selector));
        token.transferFrom(alice, address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.ReceiverIsToken.selector));
        token.transferFrom(alice, address(token), 1);
    }

    function test_Approve_SetsAndEmits() public {
        vm.expectEmit(address(token));
        emit IAllowances.Approval(alice, bob, 7);
        vm.prank(alice);
        assertTrue(token.approve(bob, 7), "true");
        assertEq(token.allowance(alice, bob), 7, "set");
        vm.prank(alice);
        token.approve(bob, 3);
        assertEq(token.allowance(alice, bob), 3, "replaced, not added");
    }

    function test_TransferFrom_SpendsTheAllowance() public {
        vm.prank(alice);
        token.approve(keeper, 50 ether);
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(alice, bob, 20 ether);
        vm.prank(keeper);
        assertTrue(token.transferFrom(alice, bob, 20 ether), "true");
        assertEq(token.allowance(alice, keeper), 30 ether, "spent");
        assertEq(token.balanceOf(bob), 20 ether, "moved");
    }

    function test_TransferFrom_UnlimitedAllowanceStays() public {
        vm.prank(alice);
        token.approve(keeper, type(uint256).max);
        vm.prank(keeper);
        token.transferFrom(alice, bob, 20 ether);
        assertEq(token.allowance(alice, keeper), type(uint256).max, "unlimited");
    }

    function test_RevertWhen_AllowanceIsTooLow() public {
        vm.prank(alice);
        token.approve(keeper, 5 ether);
        vm.prank(keeper);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.AllowanceTooLow.selector, alice, keeper, uint256(5 ether), uint256(5 ether + 1)
            )
        );
        token.transferFrom(alice, bob, 5 ether + 1);
    }

    /// L4, at any rate: both sides move by the amount, nobody else by anything.
    function testFuzz_Transfer_MovesXForBothSides(uint256 seed, uint256 amount, uint256 bobs) public {
        stake(bob, bound(bobs, 1 gwei, 1000 ether));
        stake(keeper, 10 ether);
        moveRate(seed);
        uint256 a = token.balanceOf(alice);
        uint256 b = token.balanceOf(bob);
        uint256 third = token.balanceOf(keeper);
        (uint256 s, uint256 e) = token.ledger();
        amount = bound(amount, 0, a);
        vm.prank(alice);
        token.transfer(bob, amount);
        assertApproxEqAbs(token.balanceOf(alice), a - amount, 1, "L4: sender");
        assertApproxEqAbs(token.balanceOf(bob), b + amount, 1, "L4: receiver");
        assertGe(token.balanceOf(bob), b + amount, "L4: never less than was sent");
        assertEq(token.balanceOf(keeper), third, "L4: nobody else");
        (uint256 s1, uint256 e1) = token.ledger();
        assertEq(s1, s, "L2: shares");
        assertEq(e1, e, "L2: ether");
    }

    function testFuzz_Transfer_TheWholeBalanceCanBeMoved(uint256 seed, uint256 amount) public {
        stake(bob, bound(amount, 1, 1000 ether));
        moveRate(seed);
        uint256 balance = token.balanceOf(bob);
        vm.prank(bob);
        token.transfer(keeper, balance);
        assertEq(token.balanceOf(keeper), balance, "all of it");
        assertEq(token.balanceOf(bob), 0, "nothing is left");
    }
}
