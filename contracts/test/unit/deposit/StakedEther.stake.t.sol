// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract StakedEtherStakeTest is StackFixture {
    function test_Stake_MintsAtCurrentRate() public {
        stake(alice, 99 ether);
        rebase(-50 ether); // rate one half
        vm.warp(block.timestamp + 3 days);
        uint256 shares = stake(bob, 1 ether);
        assertEq(shares, 2e27, "two shares where one was");
        assertEq(token.sharesOf(bob), 2e27, "credited");
        assertEq(token.balanceOf(bob), 1 ether, "worth what was paid");
        assertEq(token.getTotalShares(), 102e27, "total shares");
        assertEq(token.getTotalPooledEther(), 51 ether, "total ether");
    }

    function test_Stake_EmitsWhatWasMinted() public {
        vm.expectEmit(address(token));
        emit IStakedEther.Submitted(alice, 5 ether, bob);
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(address(0), alice, 5 ether);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(address(0), alice, 5e27);
        vm.prank(alice);
        token.submit{ value: 5 ether }(bob);
    }

    function test_Stake_PlainEtherStakesForTheSender() public {
        vm.expectEmit(address(token));
        emit IStakedEther.Submitted(alice, 2 ether, address(0));
        vm.prank(alice);
        (bool ok,) = address(token).call{ value: 2 ether }("");
        assertTrue(ok, "taken");
        assertEq(token.balanceOf(alice), 2 ether, "staked");
    }

    function test_Stake_ForAnotherReceiverWithMinimum() public {
        uint256 expected = token.getSharesByPooledEth(3 ether);
        vm.prank(alice);
        uint256 shares = token.stake{ value: 3 ether }(bob, expected);
        assertEq(shares, expected, "the preview is exact");
        assertEq(token.sharesOf(bob), shares, "receiver holds them");
        assertEq(token.sharesOf(alice), 0, "payer does not");
    }

    function test_RevertWhen_SharesAreBelowMinimum() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.SharesBelowMinimum.selector, uint256(3e27), uint256(3e27 + 1))
        );
        token.stake{ value: 3 ether }(bob, 3e27 + 1);
    }

    function test_RevertWhen_NothingIsSent() public {
        vm.startPrank(alice);
        bytes memory zero = abi.encodeWithSelector(IStakedEther.StakeZero.selector);
        vm.expectRevert(zero);
        token.submit(address(0));
        vm.expectRevert(zero);
        token.stake(alice, 0);
        (bool ok, bytes memory reason) = address(token).call("");
        assertFalse(ok, "plain call with nothing");
        assertEq(reason, zero, "same error");
    }

    function test_RevertWhen_ReceiverIsZeroOrToken() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.AddressZero.selector));
        token.stake{ value: 1 ether }(address(0), 0);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.ReceiverIsToken.selector));
        token.stake{ value: 1 ether }(address(token), 0);
    }

    function test_RevertWhen_VaultsOrQueuePayPlainly() public {
        address[3] memory payers = [address(withdrawalVault), address(executionVault), address(queue)];
        for (uint256 i; i < 3; ++i) {
            vm.deal(payers[i], 1 ether);
            vm.prank(payers[i]);
            (bool ok, bytes memory reason) = address(token).call{ value: 1 ether }("");
            assertFalse(ok, "refused");
            assertEq(
                reason,
                abi.encodeWithSelector(IStakedEther.PlainPaymentRefused.selector, payers[i]),
                "a sweep never mints"
            );
        }
    }

    function test_RevertWhen_LimitIsExceeded() public {
        uint256 limit = token.getCurrentStakeLimit();
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.StakeLimitExceeded.selector, limit + 1, limit));
        token.submit{ value: limit + 1 }(address(0));
    }

    function test_Stake_TheWholeLimitAndNoMoreUntilItGrows() public {
        stake(alice, token.getCurrentStakeLimit());
        assertEq(token.getCurrentStakeLimit(), 0, "used up");
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.StakeLimitExceeded.selector, uint256(1), uint256(0))
        );
        token.submit{ value: 1 }(address(0));
        vm.warp(block.timestamp + 12 hours);
        assertEq(token.getCurrentStakeLimit(), 25_000 ether, "half a day, half the limit");
        vm.warp(block.timestamp + 30 days);
        assertEq(token.getCurrentStakeLimit(), 50_000 ether, "never more than full");
    }

    function test_RevertWhen_StakingIsPausedByABigLoss() public {
        stake(alice, 99 ether);
        rebase(-int256(1.01 ether)); // 101 bps
        uint256 until = token.stakingPausedUntil();
        assertEq(until, block.timestamp + 3 days, "pause");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.StakingPaused.selector, until));
        token.submit{ value: 1 ether }(address(0));
        vm.warp(until - 1);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.StakingPaused.selector, until));
        token.submit{ value: 1 ether }(address(0));
        vm.warp(until);
        stake(bob, 1 ether);
    }

    function test_RevertWhen_PoolIsTooSmall() public {
        stake(alice, 99 ether);
        rebase(-int256(99 ether + 1)); // 1 wei less than 1 ETH is left
        vm.warp(block.timestamp + 3 days);
        vm.prank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.PoolTooSmall.selector, 1 ether - 1, uint256(1 ether))
        );
        token.submit{ value: 1 ether }(address(0));
    }

    function test_RevertWhen_MintWouldPassUint128() public {
        stake(alice, 49_000 ether);
        rebase(-int256(49_000 ether));
        vm.warp(block.timestamp + 3 days);
        stake(alice, 49_000 ether);
        rebase(-int256(49_000 ether));
        vm.warp(block.timestamp + 3 days);
        (uint256 shares, uint256 ethers) = token.ledger();
        uint256 minted = 40_000 ether * shares / ethers;
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.PoolTooLarge.selector, shares + minted));
        token.submit{ value: 40_000 ether }(address(0));
    }

    function test_RevertWhen_LockIsHeld() public {
        vm.prank(address(checkpoints));
        token.acquireLock();
        bytes memory reentrant = abi.encodeWithSelector(IStakedEther.ReentrantCall.selector);
        vm.startPrank(alice);
        vm.expectRevert(reentrant);
        token.submit{ value: 1 ether }(address(0));
        vm.expectRevert(reentrant);
        token.stake{ value: 1 ether }(alice, 0);
        (bool ok, bytes memory reason) = address(token).call{ value: 1 ether }("");
        assertFalse(ok, "plain ether too");
        assertEq(reason, reentrant, "same error");
        vm.stopPrank();
        vm.prank(address(checkpoints));
        token.releaseLock();
        stake(alice, 1 ether);
    }

    /// L1, L2: floor on mint, the rate does not fall, previews are exact.
    function testFuzz_Stake_NeverLowersTheRate(uint256 seed, uint256 first, uint256 amount) public {
        stake(alice, bound(first, 1 ether, 40_000 ether));
        moveRate(seed);
        (uint256 s0, uint256 e0) = token.ledger();
        amount = bound(amount, 1, 40_000 ether);
        uint256 preview = token.getSharesByPooledEth(amount);
        uint256 shares = stake(bob, amount);
        (uint256 s1, uint256 e1) = token.ledger();
        assertEq(shares, preview, "preview");
        assertEq(s1, s0 + shares, "shares");
        assertEq(e1, e0 + amount, "ether");
        assertGe(e1 * s0, e0 * s1, "L2: rate never falls");
        assertLe(token.balanceOf(bob), amount, "no more than was paid");
        assertGe(token.balanceOf(bob) + 1, amount, "and at most 1 wei less");
        assertEq(token.sharesOf(alice) + token.sharesOf(bob) + token.sharesOf(address(0xdEaD)), s1, "L1: sum");
    }

    function testFuzz_Stake_LimitFallsByTheStakeRoundedUpToGwei(uint256 amount) public {
        amount = bound(amount, 1, 50_000 ether);
        stake(alice, amount);
        uint256 left = (50_000 ether - amount) / 1 gwei * 1 gwei;
        uint256 full = token.getTotalPooledEther() * 500 / 10_000;
        if (full < 50_000 ether) full = 50_000 ether;
        assertEq(token.getCurrentStakeLimit(), left < full ? left : full, "left");
    }
}
