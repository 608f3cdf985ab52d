// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { CloseMath } from "../../../src/accounting/CloseMath.sol";
import { RebaseBounds } from "../../../src/deposit/RebaseBounds.sol";
import { CloseMathHarness } from "../../support/AccountingHarness.sol";
import { RebaseBoundsHarness } from "../../support/DepositHarness.sol";
import { Test } from "forge-std/Test.sol";

/// The whole arithmetic of a close against what it promises, in numbers worked out apart from it.
contract CloseMathComputeTest is Test {
    CloseMathHarness private math = new CloseMathHarness();
    RebaseBoundsHarness private bounds = new RebaseBoundsHarness();

    /// 10,000 ETH at a rate of 1 (1e9 shares a wei), a day since the last snapshot, 3 bps a day, 10 % fee.
    function _input(int256 diff) private pure returns (CloseMath.Input memory i) {
        i.poolEtherAtOpen = 10_000 ether;
        i.total = uint256(int256(10_000 ether) + diff);
        i.elapsed = 1 days;
        i.maxBpsPerDay = 3;
        i.feeBps = 1000;
        (i.shares, i.poolEther) = (10_000e27, 10_000 ether);
        (i.markShares, i.markEther) = (10_000e27, 10_000 ether);
    }

    // ------------------------------------------------------------ gain

    function test_Compute_GainWithinTheCap() public view {
        CloseMath.Outcome memory o = math.compute(_input(1 ether));
        assertEq(o.recognized, 1 ether);
        assertEq(o.reserve, 0);
        assertEq(o.poolEther, 10_001 ether);
        // the fee shares are worth 0.1 ETH at the new rate
        assertApproxEqAbs(o.feeShares * o.poolEther / o.shares, 0.1 ether, 1, "A3");
        assertEq(o.shares, 10_000e27 + o.feeShares);
    }

    function test_Compute_GainAboveTheCapStaysReserve() public view {
        CloseMath.Outcome memory o = math.compute(_input(5 ether));
        assertEq(o.recognized, 3 ether);
        assertEq(o.reserve, 2 ether);
    }

    function test_Compute_NoFeeBelowTheMark() public view {
        CloseMath.Input memory i = _input(1 ether);
        i.markEther = 10_002 ether;
        assertEq(math.compute(i).feeShares, 0, "still below");
        i.markEther = 10_000.5 ether;
        CloseMath.Outcome memory o = math.compute(i);
        assertApproxEqAbs(o.feeShares * o.poolEther / o.shares, 0.05 ether, 1, "on what is above");
    }

    // ------------------------------------------------------------ loss

    function test_Compute_LossFallsOnInsuranceFirst() public view {
        CloseMath.Input memory i = _input(-4 ether);
        i.insurance = 10e27;
        CloseMath.Outcome memory o = math.compute(i);
        assertEq(o.recognized, -4 ether);
        assertEq(o.insuranceBurnt, 4e27);
        assertEq(o.penaltiesCovered, 4 ether);
        assertEq(o.poolEther * 10_000e27, 10_000 ether * o.shares, "the rate is what it was");
        assertEq(o.feeShares, 0, "A3: never on a loss");
    }

    function test_Compute_LossBeyondInsuranceFallsOnAll() public view {
        CloseMath.Input memory i = _input(-4 ether);
        i.insurance = 1e27;
        CloseMath.Outcome memory o = math.compute(i);
        assertEq(o.insuranceBurnt, 1e27);
        assertEq(o.poolEther, 9996 ether);
        assertEq(o.shares, 9999e27);
    }

    function test_Compute_PotIsNotBurntOnALoss() public view {
        CloseMath.Input memory i = _input(-4 ether);
        i.pot = 10e27;
        CloseMath.Outcome memory o = math.compute(i);
        assertEq(o.potBurnt, 0);
        assertEq(o.shares, 10_000e27);
    }

    function test_Compute_LossOfEverything() public view {
        CloseMath.Input memory i = _input(-10_000 ether);
        i.insurance = 10e27;
        CloseMath.Outcome memory o = math.compute(i);
        assertEq(o.poolEther, 0);
        assertEq(o.insuranceBurnt, 10e27);
        i.poolEther = 0;
        i.shares = 1e27;
        o = math.compute(i);
        assertEq(o.poolEther, 0, "an empty pool loses nothing more");
        assertEq(o.insuranceBurnt + o.penaltiesCovered, 0);
    }

    function test_Compute_GainOfAnEmptyPool() public view {
        CloseMath.Input memory i = _input(0);
        (i.poolEtherAtOpen, i.poolEther, i.total) = (0, 0, 5 ether);
        i.pot = 1e27;
        CloseMath.Outcome memory o = math.compute(i);
        assertEq(o.recognized, 0, "the cap is a share of nothing");
        assertEq(o.reserve, 5 ether);
        assertEq(o.potBurnt, 0);
    }

    // ------------------------------------------------------------ cover

    function test_Compute_PotRefillsInsuranceFirst() public view {
        CloseMath.Input memory i = _input(0);
        (i.pot, i.spent) = (1e27, 0.4e27);
        CloseMath.Outcome memory o = math.compute(i);
        assertEq(o.refilled, 0.4e27);
        assertEq(o.potBurnt, 0.6e27, "the rest is burnt");
        assertEq(o.penaltiesCovered, 0.6 ether);
    }

    function test_Compute_WhatRefilledCoversTheNextLossAtOnce() public view {
        CloseMath.Input memory i = _input(-1 ether);
        (i.pot, i.spent) = (2e27, 2e27);
        assertEq(math.compute(i).insuranceBurnt, 1e27);
    }

    function test_Compute_PotPaysNoFee() public view {
        CloseMath.Input memory i = _input(0);
        i.pot = 2e27;
        CloseMath.Outcome memory o = math.compute(i);
        assertEq(o.potBurnt, 2e27);
        assertEq(o.feeShares, 0);
        // with a gain the fee is on the gain alone
        i = _input(0.5 ether);
        i.pot = 2e27;
        o = math.compute(i);
        assertApproxEqAbs(o.feeShares * o.poolEther / o.shares, 0.05 ether, 1);
    }

    /// A6: gain and pot together raise the rate no more than the cap; nor less, if there is enough of both.
    function testFuzz_Compute_PotAndGainStayUnderTheCap(
        uint256 gain,
        uint256 pot,
        uint256 shares,
        uint256 rate
    ) public view {
        CloseMath.Input memory i = _input(0);
        i.feeBps = 0;
        i.shares = bound(shares, 1e27, 1e34);
        i.poolEther = bound(rate, i.shares / 1e9 / 1000, i.shares / 1e9 * 1000);
        i.poolEtherAtOpen = i.poolEther;
        i.total = i.poolEther + bound(gain, 0, i.poolEther / 1000);
        i.pot = bound(pot, 0, i.shares / 100);
        (i.markShares, i.markEther) = (i.shares, i.poolEther);
        CloseMath.Outcome memory o = math.compute(i);
        uint256 limit = math.cap(i.poolEther, i.elapsed, i.maxBpsPerDay);
        // (E1 / S1) ≤ (E0 + limit) / S0
        assertLe(o.poolEther * i.shares, (i.poolEther + limit) * o.shares, "A6");
        if (i.total - i.poolEther < limit && i.pot > i.shares / 1000) {
            // a share less burnt would leave room, but for two wei
            assertGe((o.poolEther + 2) * i.shares, (i.poolEther + limit) * (o.shares - 1) - i.shares);
        }
    }

    /// The token takes whatever an honest close books, at the largest parameters too, where its bound is the same.
    function testFuzz_Compute_TheTokenTakesIt(uint256 shares, uint256 rate, uint256 gain, uint256 elapsed)
        public
        view
    {
        CloseMath.Input memory i = _input(0);
        i.shares = bound(shares, 1e27, 1e35);
        i.poolEther = bound(rate, i.shares / 1e9 / 100, i.shares / 1e9 * 100);
        _mustTake(i, bound(gain, 0, i.poolEther / 100), bound(elapsed, 4 hours, 4 days));
        _mustTakeFoundCase();
    }

    function _mustTakeFoundCase() private view {
        CloseMath.Input memory i = _input(0);
        i.poolEther = 66_569_845_039_499_057_813_667;
        i.shares = 69_185_039_533_878_721_097_364_326_058_809;
        _mustTake(i, 4_105_414_489_761_783_051, 3 days);
    }

    function _mustTake(CloseMath.Input memory i, uint256 gain, uint256 elapsed) private view {
        i.poolEtherAtOpen = i.poolEther;
        i.total = i.poolEther + gain;
        (i.elapsed, i.maxBpsPerDay) = (elapsed, 10);
        (i.markEther, i.markShares) = (i.poolEther * 2, i.shares); // no fee: nothing but the cap holds it down
        i.pot = i.shares / 50;
        CloseMath.Outcome memory o = math.compute(i);
        bounds.apply_(
            RebaseBounds.Input(
                i.shares,
                i.poolEther,
                i.markShares,
                i.markEther,
                o.recognized,
                o.insuranceBurnt + o.potBurnt,
                o.feeShares,
                i.elapsed
            )
        );
    }

    /// A3: the fee's shares are worth the fee at the rate after it, whatever came before.
    function testFuzz_Compute_FeeIsExact(uint256 gain, uint256 mark, uint256 feeBps, uint256 pot)
        public
        view
    {
        CloseMath.Input memory i = _input(0);
        i.total += bound(gain, 0, 3 ether);
        i.feeBps = bound(feeBps, 0, 1500);
        i.markEther = bound(mark, 9990 ether, 10_004 ether);
        i.pot = bound(pot, 0, 5e27);
        CloseMath.Outcome memory o = math.compute(i);
        // rate before the gain and mark, in wei for the shares that are left
        uint256 left = i.shares - o.potBurnt;
        uint256 above = i.markEther * left / i.markShares;
        if (i.poolEther > above) above = i.poolEther;
        uint256 base = o.poolEther > above ? o.poolEther - above : 0;
        if (base > uint256(o.recognized)) base = uint256(o.recognized);
        uint256 worth = o.feeShares * o.poolEther / o.shares;
        assertApproxEqAbs(worth, base * i.feeBps / 10_000, 2, "A3");
    }

    /// A recorded gain is never more, a loss never less, than what the totals say.
    function testFuzz_Compute_RecognizedAndReserveAreTheDifference(uint256 total, uint256 p, uint256 elapsed)
        public
        view
    {
        CloseMath.Input memory i = _input(0);
        i.total = bound(total, 0, 1e27);
        i.poolEtherAtOpen = bound(p, 0, 1e27);
        i.poolEther = i.poolEtherAtOpen;
        i.elapsed = bound(elapsed, 0, 30 days);
        CloseMath.Outcome memory o = math.compute(i);
        int256 diff = int256(i.total) - int256(i.poolEtherAtOpen);
        assertEq(o.recognized + int256(o.reserve), diff, "A1");
        if (diff > 0) {
            uint256 days3 = i.elapsed < 3 days ? i.elapsed : 3 days;
            assertLe(uint256(o.recognized), i.poolEtherAtOpen * 3 * days3 / (10_000 * 1 days), "A6");
        }
    }
}
