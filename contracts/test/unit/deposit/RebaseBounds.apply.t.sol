// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { RebaseBounds } from "../../../src/deposit/RebaseBounds.sol";
import { RebaseBoundsHarness } from "../../support/DepositHarness.sol";
import { Test } from "forge-std/Test.sol";

contract RebaseBoundsApplyTest is Test {
    RebaseBoundsHarness private bounds = new RebaseBoundsHarness();

    function _input(int256 recognized, uint256 burn, uint256 fee)
        private
        pure
        returns (RebaseBounds.Input memory)
    {
        return RebaseBounds.Input({
            poolShares: 10_000e27,
            poolEther: 10_000e18,
            markShares: 10_000e27,
            markEther: 10_000e18,
            recognized: recognized,
            burnShares: burn,
            feeShares: fee,
            elapsedSeconds: 1 days
        });
    }

    function test_RequireSnapshotTime_FromFourHoursAfterToNow() public {
        vm.warp(1_000_000);
        assertEq(bounds.requireSnapshotTime(1_000_000, 900_000), 100_000, "elapsed");
        assertEq(bounds.requireSnapshotTime(914_400, 900_000), 4 hours, "the earliest");
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.SnapshotTimeInvalid.selector, 914_399, 914_400, 1_000_000)
        );
        bounds.requireSnapshotTime(914_399, 900_000);
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.SnapshotTimeInvalid.selector, 1_000_001, 914_400, 1_000_000)
        );
        bounds.requireSnapshotTime(1_000_001, 900_000);
    }

    function test_Apply_MarkRisesWithTheRateAndNeverFalls() public view {
        RebaseBounds.Result memory r = bounds.apply_(_input(5e18, 0, 0));
        assertEq(r.markEther, 10_005e18, "rises");
        r = bounds.apply_(_input(-5e18, 0, 0));
        assertEq(r.markEther, 10_000e18, "stays");
        assertEq(r.markShares, 10_000e27, "stays");
    }

    function test_Apply_BurntPotRaisesTheMarkBeforeTheGainSoItPaysNoFee() public {
        RebaseBounds.Input memory i = _input(0, 5e27, 1);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.FeeAboveCap.selector, uint256(1), uint256(0)));
        bounds.apply_(i);
    }

    function test_Apply_BigLossIsAboveOneHundredBps() public view {
        assertFalse(bounds.apply_(_input(-100e18, 0, 0)).bigLoss, "at");
        assertTrue(bounds.apply_(_input(-100e18 - 1, 0, 0)).bigLoss, "above");
        assertTrue(bounds.apply_(_input(type(int256).min, 0, 0)).bigLoss, "everything");
    }

    function test_RevertWhen_FeeIsAboveFifteenPercent() public {
        uint256 allowed = 1.5e18 * uint256(10_000e27) / (10_010e18 - 1.5e18);
        assertEq(bounds.apply_(_input(10e18, 0, allowed)).poolShares, 10_000e27 + allowed, "at the cap");
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.FeeAboveCap.selector, allowed + 1, allowed));
        bounds.apply_(_input(10e18, 0, allowed + 1));
    }

    function test_RevertWhen_RiseIsAboveTheCap() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakedEther.RebaseAboveCap.selector, uint256(10_010e18 + 2), uint256(10_010e18)
            )
        );
        bounds.apply_(_input(10e18 + 2, 0, 0));
    }

    /// After any rebase that passes: rate and mark in order, rise within the bound.
    function testFuzz_Apply_HoldsItsBounds(
        uint128 shares,
        uint128 ethers,
        uint128 markEther,
        int128 recognized,
        uint128 burn,
        uint128 fee,
        uint32 elapsed
    ) public view {
        RebaseBounds.Input memory i = _input(recognized, 0, 0);
        i.poolShares = bound(shares, 1e9, 1e37);
        i.poolEther = bound(ethers, 1e18, 1e28);
        // a mark at or above the rate
        i.markShares = i.poolShares;
        i.markEther = bound(markEther, i.poolEther, 2e28);
        i.recognized = bound(recognized, -int256(i.poolEther) * 2, int256(i.poolEther) / 300);
        i.burnShares = bound(burn, 0, i.poolShares / 500);
        i.feeShares = bound(fee, 0, i.poolShares / 3000);
        i.elapsedSeconds = elapsed;
        try bounds.apply_(i) returns (RebaseBounds.Result memory r) {
            assertEq(r.poolShares, i.poolShares - i.burnShares + i.feeShares, "shares");
            assertGe(r.markEther * r.poolShares, r.poolEther * r.markShares, "mark at or above the rate");
            assertGe(r.markEther * i.markShares, i.markEther * r.markShares, "mark never falls");
            uint256 time = elapsed < 3 days ? elapsed : 3 days;
            uint256 flat = i.poolEther * r.poolShares / i.poolShares;
            assertLe(r.poolEther, flat + flat * 10 * time / (10_000 * 1 days) + 1, "A6: rise");
            if (i.recognized <= 0) assertEq(i.feeShares, 0, "A3: no fee without a gain");
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assertTrue(
                selector == IStakedEther.FeeAboveCap.selector
                    || selector == IStakedEther.RebaseAboveCap.selector,
                "refused for a bound"
            );
            assertTrue(i.recognized > 0 || i.burnShares != 0 || i.feeShares != 0, "a loss is not refused");
        }
    }
}
