// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IShareLedger } from "../../src/deposit/IShareLedger.sol";
import { ExitRefusal, IStakedEther } from "../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { IWrappedStakedEther } from "../../src/deposit/IWrappedStakedEther.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// Everything is lost: shares are worth nothing, but they stay whose they are.
contract DeadPoolAttackTest is StackFixture {
    uint256 private units;

    function setUp() public override {
        super.setUp();
        stake(alice, 100 ether);
        stake(bob, 100 ether);
        units = wrap(bob, 50 ether);
        rebase(-int256(token.getTotalPooledEther()));
        vm.warp(block.timestamp + 3 days);
    }

    function test_Attack_NobodyMovesSharesWithoutAllowance() public {
        uint256 hers = token.sharesOf(alice);
        vm.startPrank(keeper);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.PoolEmpty.selector));
        token.transferSharesFrom(alice, keeper, hers);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.PoolEmpty.selector));
        token.transferSharesFrom(address(0xdEaD), keeper, 1);
        vm.stopPrank();
        assertEq(token.sharesOf(alice), hers, "G1: hers");
        uint256 his = token.sharesOf(bob);
        vm.prank(alice);
        token.transferShares(bob, hers);
        assertEq(token.sharesOf(bob), his + hers, "her own she may move");
    }

    function test_Attack_NobodyMintsUnitsForNothing() public {
        vm.startPrank(keeper);
        token.approve(address(wrapped), 1);
        vm.expectRevert(abi.encodeWithSelector(IWrappedStakedEther.WrapZero.selector));
        wrapped.mint(units, keeper);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.AmountAbovePool.selector, uint256(1), uint256(0)));
        wrapped.deposit(1, keeper);
        vm.stopPrank();
        assertLe(wrapped.totalSupply() * 1e9, token.sharesOf(address(wrapped)), "L5");
        vm.prank(bob);
        wrapped.unwrap(units);
        assertEq(token.sharesOf(bob), 100e27, "bob has all his shares back");
    }

    function test_Attack_ViewsSayThatNothingCanBeHad() public {
        assertEq(wrapped.maxDeposit(alice), 0, "nothing in");
        assertEq(wrapped.maxMint(alice), 0, "nothing in");
        assertEq(wrapped.convertToShares(1 ether), 0, "no units for ether that is not there");
        assertEq(wrapped.previewDeposit(1 ether), 0, "none");
        assertEq(wrapped.previewWithdraw(0), 0, "nothing for nothing");
        assertEq(wrapped.totalAssets(), 0, "worth nothing");
        assertEq(token.getCurrentStakeLimit(), 0, "nobody can stake");
        assertEq(token.previewTransfer(0), 0, "nothing for nothing");
        assertTrue(token.quoteInstantExit(0).refusal != ExitRefusal.None, "nobody leaves");
    }

    function test_Attack_EveryVerbRefusesByName() public {
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.PoolTooSmall.selector, uint256(0), uint256(1 ether))
        );
        token.submit{ value: 1 ether }(address(0));
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.AmountAbovePool.selector, uint256(1), uint256(0)));
        token.transfer(bob, 1);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.AmountAbovePool.selector, uint256(2), uint256(0)));
        token.instantExit(2, 0, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.RequestTooLarge.selector, uint256(100), uint256(0))
        );
        queue.requestWithdrawals(ones(100), alice);
        token.transfer(bob, 0);
        vm.stopPrank();
    }
}
