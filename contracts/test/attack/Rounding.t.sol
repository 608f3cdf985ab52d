// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../src/deposit/IAllowances.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// Rounding over many operations, and the allowance through shares.
/// forge-config: default.fuzz.runs = 48
/// forge-config: nightly.fuzz.runs = 10000
contract RoundingAttackTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(bob, 900 ether);
        stake(alice, 100 ether);
    }

    /// L3: whatever alice does among her own accounts, in however many steps, she ends with no more.
    function testFuzz_Attack_ManySmallMovesGainNothing(uint256 seed) public {
        moveRate(seed);
        address other = makeAddr("alice's other account");
        uint256 before = token.balanceOf(alice);
        uint256 victim = token.balanceOf(bob);
        (uint256 s0, uint256 e0) = token.ledger();
        for (uint256 i; i < 60; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (address from, address to) = seed % 2 == 0 ? (alice, other) : (other, alice);
            uint256 amount = (seed >> 8) % 4 == 0 ? (seed >> 16) % 50 : (seed >> 16) % (before + 1);
            uint256 balance = token.balanceOf(from);
            if (amount > balance) amount = balance;
            uint256 shares = token.getSharesByPooledEth(amount);
            vm.prank(from);
            if ((seed >> 4) % 2 == 0) token.transfer(to, amount);
            else token.transferShares(to, shares);
        }
        assertLe(token.balanceOf(alice) + token.balanceOf(other), before, "no wei more");
        assertEq(token.balanceOf(bob), victim, "L4: nobody else");
        (uint256 s1, uint256 e1) = token.ledger();
        assertEq(s0, s1, "shares");
        assertEq(e0, e1, "ether");
    }

    /// L3: staking and leaving in many small pieces pays out no more than staking once.
    function testFuzz_Attack_ManySmallStakesAndRequestsGainNothing(uint256 seed) public {
        moveRate(seed);
        address thief = makeAddr("thief");
        uint256 in_;
        for (uint256 i; i < 20; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 amount = 1 + seed % 5000;
            vm.deal(thief, amount);
            stake(thief, amount);
            in_ += amount;
        }
        assertLe(token.balanceOf(thief), in_, "no wei more");
        uint256 victim = token.balanceOf(bob);
        vm.startPrank(thief);
        token.approve(address(queue), type(uint256).max);
        while (token.balanceOf(thief) >= 200) queue.requestWithdrawals(ones(100 + seed % 100), thief);
        vm.stopPrank();
        vm.startPrank(address(checkpoints));
        token.finalizeShares(0);
        vm.deal(address(token), token.getTotalPooledEther());
        token.finalizeShares(queue.finalizableShares());
        vm.stopPrank();
        uint256 out;
        uint256 last = queue.getLastRequestId();
        for (uint256 id = 1; id <= last; ++id) {
            out += claim(thief, id);
        }
        assertLe(out + token.balanceOf(thief), in_, "L3");
        assertGe(token.balanceOf(bob), victim, "L2: not at the others' cost");
    }

    /// Moving one share at a time costs a wei of allowance each: no free ride below a wei.
    function test_Attack_AllowanceCannotBeBypassedThroughShares() public {
        vm.prank(alice);
        token.approve(keeper, 10);
        vm.startPrank(keeper);
        for (uint256 i; i < 10; ++i) {
            token.transferSharesFrom(alice, keeper, 1);
        }
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.AllowanceTooLow.selector, alice, keeper, uint256(0), uint256(1)
            )
        );
        token.transferSharesFrom(alice, keeper, 1);
        assertEq(token.sharesOf(keeper), 10, "ten shares for ten wei of allowance");
    }

    /// With an allowance of A in wei, no mix of both ways moves more than A.
    function testFuzz_Attack_AllowanceIsNeverExceededByMixingBothWays(uint256 seed, uint256 allowed) public {
        moveRate(seed);
        allowed = bound(allowed, 0, 1000);
        vm.prank(alice);
        token.approve(keeper, allowed);
        uint256 before = token.sharesOf(alice);
        (uint256 s, uint256 e) = token.ledger();
        for (uint256 i; i < 30; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 left = token.allowance(alice, keeper);
            if (left == 0) break;
            vm.prank(keeper);
            if (seed % 2 == 0) token.transferFrom(alice, keeper, 1 + (seed >> 8) % left);
            else token.transferSharesFrom(alice, keeper, left * s / e * ((seed >> 8) % 100) / 100);
        }
        // a transfer of x wei moves ⌈x·S/E⌉ shares: at most one share more than x is worth, for each of 30
        uint256 moved = before - token.sharesOf(alice);
        assertLe((moved > 30 ? moved - 30 : 0) * e / s, allowed, "no more value than allowed");
    }
}
