// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract StakedEtherApplyRebaseTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 9999 ether); // the pool holds 10,000
        vm.warp(block.timestamp + 1 days);
    }

    function _apply(int256 recognized, uint256 burn, uint256 fee) private returns (uint256, uint256) {
        vm.prank(address(checkpoints));
        return token.applyRebase(uint40(block.timestamp), recognized, burn, fee);
    }

    function _expectRiseRefused(int256 recognized, uint256 etherAfter, uint256 allowed) private {
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.RebaseAboveCap.selector, etherAfter, allowed));
        _apply(recognized, 0, 0);
    }

    function test_ApplyRebase_BooksAGain() public {
        vm.prank(address(checkpoints));
        token.markCheckpoint(true);
        vm.expectEmit(address(token));
        emit IStakedEther.RebaseApplied(
            uint40(block.timestamp), 10_000e27, 10_000 ether, 10_000e27, 10_001 ether, 0, 0
        );
        (uint256 shares, uint256 ethers) = _apply(1 ether, 0, 0);
        assertEq(shares, 10_000e27, "shares");
        assertEq(ethers, 10_001 ether, "ether");
        assertEq(token.getTotalPooledEther(), 10_001 ether, "stored");
        assertEq(token.lastSnapshotTime(), block.timestamp, "snapshot time");
        assertFalse(token.checkpointOpen(), "closed by it");
        (uint128 markEther, uint128 markShares) = token.mark();
        assertEq(markEther, 10_001 ether, "mark rises");
        assertEq(markShares, 10_000e27, "with its shares");
    }

    function test_ApplyRebase_BooksALossWholeAndKeepsTheMark() public {
        _apply(-50 ether, 0, 0); // 50 bps
        assertEq(token.getTotalPooledEther(), 9950 ether, "loss");
        assertEq(token.balanceOf(alice), 9999 ether * 995 / 1000, "shared by everybody");
        assertEq(token.stakingPausedUntil(), 0, "not big");
        (uint128 markEther, uint128 markShares) = token.mark();
        assertEq(uint256(markEther) * 1e9, markShares, "mark stays at one");
    }

    function test_ApplyRebase_ABigLossStopsStaking() public {
        _apply(-100 ether, 0, 0); // 100 bps exactly: not above
        assertEq(token.stakingPausedUntil(), 0, "at the threshold it goes on");
        vm.warp(block.timestamp + 1 days);
        vm.expectEmit(address(token));
        emit IStakedEther.StakingPausedUntil(uint40(block.timestamp + 3 days));
        _apply(-int256(99 ether + 1), 0, 0); // 1 wei above 100 bps of 9,900
        assertEq(token.stakingPausedUntil(), block.timestamp + 3 days, "above it stops");
    }

    function test_ApplyRebase_ALossLargerThanThePoolLeavesNothing() public {
        _apply(type(int256).min, 0, 0);
        assertEq(token.getTotalPooledEther(), 0, "empty");
        assertEq(token.balanceOf(alice), 0, "worth nothing");
        assertEq(token.sharesOf(alice), 9999e27, "shares are still there");
    }

    function test_RevertWhen_CallerIsNotCheckpoints() public {
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.CallerNotAllowed.selector, alice));
        vm.prank(alice);
        token.applyRebase(uint40(block.timestamp), 0, 0, 0);
    }

    function test_RevertWhen_SnapshotIsTooEarlyOrInTheFuture() public {
        _apply(0, 0, 0);
        uint256 last = block.timestamp;
        vm.warp(last + 1 days);
        uint256 now_ = block.timestamp;
        vm.startPrank(address(checkpoints));
        uint256[3] memory wrong = [last + 4 hours - 1, last, now_ + 1];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IStakedEther.SnapshotTimeInvalid.selector, wrong[i], last + 4 hours, now_
                )
            );
            token.applyRebase(uint40(wrong[i]), 0, 0, 0);
        }
        token.applyRebase(uint40(last + 4 hours), 0, 0, 0);
        assertEq(token.lastSnapshotTime(), last + 4 hours, "the earliest is taken");
    }

    function test_RevertWhen_RiseIsAboveTenBpsADay() public {
        // one day: 10 bps of 10,000 are 10; and a wei of rounding
        _expectRiseRefused(int256(10 ether + 2), 10_010 ether + 2, 10_010 ether);
        _apply(10 ether, 0, 0);
    }

    function test_RevertWhen_RiseIsAboveThreeDaysWorthHoweverLate() public {
        vm.warp(block.timestamp + 30 days);
        _expectRiseRefused(int256(30 ether + 2), 10_030 ether + 2, 10_030 ether);
        _apply(30 ether, 0, 0);
    }

    function test_RevertWhen_BurnExceedsTheCallersShares() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IShareLedger.BalanceTooLow.selector, address(checkpoints), uint256(0), uint256(1)
            )
        );
        _apply(0, 1, 0);
    }

    function test_ApplyRebase_BurningCountsAsRise() public {
        vm.prank(alice);
        token.transferShares(address(checkpoints), 20e27);
        // burning 20 of 10,000 shares lifts the rate by 20.04 bps
        uint256 flat = uint256(10_000 ether) * 9980 / 10_000;
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakedEther.RebaseAboveCap.selector, 10_000 ether, flat + flat * 10 / 10_000
            )
        );
        _apply(0, 20e27, 0);
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(address(checkpoints), address(0), uint256(9e27) * 10_000 ether / 9991e27);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(address(checkpoints), address(0), 9e27);
        (uint256 shares,) = _apply(0, 9e27, 0);
        assertEq(shares, 9991e27, "burnt");
        assertEq(token.sharesOf(address(checkpoints)), 11e27, "from the caller");
    }

    function test_ApplyRebase_BurnOnALossBringsBackThePartOfTheRest() public {
        vm.prank(alice);
        token.transferShares(address(checkpoints), 50e27);
        _apply(-50 ether, 50e27, 0);
        assertEq(token.getPooledEthByShares(1e27), 1 ether, "the rate is whole again");
        assertEq(token.balanceOf(address(checkpoints)), 0, "paid by the caller's shares");
    }

    function test_ApplyRebase_FeeIsBoundedByFifteenPercentOfTheGain() public {
        // 15 % of 8 ETH, taken out of the new total
        uint256 fee = 1.2 ether;
        uint256 allowed = fee * 10_000e27 / (10_008 ether - fee);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.FeeAboveCap.selector, allowed + 1, allowed));
        _apply(8 ether, 0, allowed + 1);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(address(0), address(checkpoints), allowed);
        _apply(8 ether, 0, allowed);
        assertApproxEqAbs(token.balanceOf(address(checkpoints)), fee, 1, "worth the fee");
    }

    function test_RevertWhen_AFeeIsTakenWithoutAGainOrBelowTheMark() public {
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.FeeAboveCap.selector, uint256(1), uint256(0)));
        _apply(0, 0, 1);
        _apply(-20 ether, 0, 0);
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.FeeAboveCap.selector, uint256(1), uint256(0)));
        _apply(9 ether, 0, 1);
        _apply(9 ether, 0, 0); // back towards the mark, without a fee
        vm.warp(block.timestamp + 3 days);
        // 11 of these 15 only fill up to the mark: 15 % of 4
        uint256 allowed = 0.6 ether * uint256(10_000e27) / (10_004 ether - 0.6 ether);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.FeeAboveCap.selector, allowed + 1, allowed));
        _apply(15 ether, 0, allowed + 1);
    }

    /// A6, A3: whatever the caller says, what is stored stays within the bounds.
    function testFuzz_ApplyRebase_StaysWithinItsBoundsOrReverts(
        int256 recognized,
        uint256 burn,
        uint256 fee,
        uint256 elapsed
    ) public {
        vm.prank(alice);
        token.transferShares(address(checkpoints), 500e27);
        recognized = bound(recognized, -12_000 ether, 40 ether);
        burn = bound(burn, 0, 600e27);
        fee = bound(fee, 0, 8e27);
        elapsed = bound(elapsed, 1, 5 days);
        vm.warp(uint256(token.lastSnapshotTime()) + elapsed);
        (uint256 s0, uint256 e0) = token.ledger();
        vm.prank(address(checkpoints));
        (bool ok,) = address(token)
            .call(abi.encodeCall(token.applyRebase, (uint40(block.timestamp), recognized, burn, fee)));
        (uint256 s1, uint256 e1) = token.ledger();
        if (!ok) {
            assertEq(s1, s0, "nothing moved");
            assertEq(e1, e0, "nothing moved");
            return;
        }
        assertGe(elapsed, 4 hours, "MIN_INTERVAL");
        uint256 time = elapsed < 3 days ? elapsed : 3 days;
        // e1 / s1 ≤ e0 / s0 × (1 + 10 bps × days), and two wei of rounding
        assertLe((e1 - (e1 > 2 ? 2 : e1)) * s0 / s1, e0 + e0 * 10 * time / (10_000 * 1 days), "A6: rise");
        assertEq(s1 + burn, s0 + fee, "shares");
        uint256 gain = recognized > 0 ? uint256(recognized) : 0;
        if (fee != 0) assertLe(fee * e1 / s1, gain * 15 / 100, "A3: fee");
        assertEq(
            e1,
            recognized > 0 ? e0 + gain : (uint256(-recognized) < e0 ? e0 - uint256(-recognized) : 0),
            "ether"
        );
    }

    function testFuzz_ApplyRebase_ALossIsNeverRefused(uint256 loss, uint256 elapsed) public {
        vm.warp(uint256(token.lastSnapshotTime()) + bound(elapsed, 4 hours, 400 days));
        loss = bound(loss, 0, uint256(type(int256).max));
        _apply(-int256(loss), 0, 0);
        assertEq(token.getTotalPooledEther(), loss < 10_000 ether ? 10_000 ether - loss : 0, "booked");
    }
}
