// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { TierTerms } from "../../../src/validators/IOperatorRegistry.sol";
import { BondMathHarness } from "../../support/ValidatorsHarness.sol";
import { Test } from "forge-std/Test.sol";

contract BondCurveRequiredTest is Test {
    BondMathHarness private math = new BondMathHarness();
    uint256 private constant ALL_ETHER = 2 ** 57;

    function _curve(uint64 knee, uint16 below, uint16 above) private pure returns (TierTerms memory t) {
        (t.kneeGwei, t.bondBps, t.bondBpsAbove) = (knee, below, above);
    }

    /// protocol §7.
    function test_Required_FollowsTheTwoSlopes() public view {
        TierTerms memory open = _curve(1024e9, 400, 200);
        assertEq(math.required(open, 0), 0, "nothing for nothing");
        assertEq(math.required(open, 32e9), 1.28e9, "4 % of 32");
        assertEq(math.required(open, 1024e9), 40.96e9, "4 % of 1,024");
        assertEq(math.required(open, 1025e9), 40.98e9, "2 % from there on");
        assertEq(math.required(open, 2048e9), 61.44e9, "one full validator");
        TierTerms memory curated = _curve(0, 100, 100);
        assertEq(math.required(curated, 2048e9), 20.48e9, "1 % throughout");
    }

    function test_Covered_FollowsTheTwoSlopes() public view {
        TierTerms memory open = _curve(1024e9, 400, 200);
        assertEq(math.covered(open, 0), 0, "nothing for nothing");
        assertEq(math.covered(open, 1e9), 25e9, "1 ETH at 4 %");
        assertEq(math.covered(open, 40.96e9), 1024e9, "the knee");
        assertEq(math.covered(open, 40.96e9 - 1), 1024e9 - 25, "a gwei below it: 25 gwei less");
        assertEq(math.covered(open, 40.96e9 + 1), 1024e9 + 50, "a gwei above it: 50 gwei more");
        assertEq(math.covered(_curve(0, 100, 100), 20.48e9), 2048e9, "curated");
    }

    function test_Required_RoundsUpByTheGwei() public view {
        TierTerms memory t = _curve(1024e9, 400, 200);
        assertEq(math.required(t, 1), 1, "0.04 of a gwei is one");
        assertEq(math.required(t, 25), 1, "exactly one");
        assertEq(math.required(t, 26), 2, "a bit more is two");
        assertEq(math.required(t, 1024e9 + 1), 40.96e9 + 1, "0.02 above the knee");
        assertEq(math.covered(t, 1), 25, "the largest stake that one gwei covers");
    }

    function test_Covered_IsUnboundedWithoutASlope() public view {
        assertEq(math.covered(_curve(0, 0, 0), 0), type(uint64).max, "free");
        assertEq(math.covered(_curve(1024e9, 0, 0), 5), type(uint64).max, "free with a knee");
        assertEq(math.required(_curve(1024e9, 0, 0), ALL_ETHER), 0, "free");
        TierTerms memory cap = _curve(1024e9, 400, 0);
        assertEq(math.covered(cap, 40.96e9), type(uint64).max, "nothing more is asked above the knee");
        assertEq(math.covered(cap, 40.96e9 - 1), 1024e9 - 25, "but below it is");
        assertEq(math.required(cap, 5000e9), 40.96e9, "capped");
        TierTerms memory late = _curve(1024e9, 0, 200);
        assertEq(math.covered(late, 0), 1024e9, "free up to the knee");
        assertEq(math.covered(late, 1e9), 1074e9, "then 2 %");
        assertEq(math.required(late, 1024e9), 0, "free up to the knee");
    }

    /// `covered` is the largest stake whose requirement is met.
    function testFuzz_Covered_IsTheLargestStakeTheBondCovers(
        uint64 knee,
        uint16 below,
        uint16 above,
        uint256 bond
    ) public view {
        TierTerms memory t = _curve(
            uint64(bound(knee, 0, ALL_ETHER)), uint16(below % 5001), uint16(above % 5001)
        );
        bond = bound(bond, 0, ALL_ETHER);
        uint256 stake = math.covered(t, bond);
        if (stake == type(uint64).max) {
            assertLe(math.required(t, stake), bond, "whatever is run is covered");
            return;
        }
        assertLe(math.required(t, stake), bond, "covered");
        assertGt(math.required(t, stake + 1), bond, "and not a gwei more");
    }

    function testFuzz_Required_IsCoveredAndNoLessBondIs(
        uint64 knee,
        uint16 below,
        uint16 above,
        uint256 stake
    ) public view {
        TierTerms memory t = _curve(
            uint64(bound(knee, 0, ALL_ETHER)), uint16(below % 5001), uint16(above % 5001)
        );
        stake = bound(stake, 0, ALL_ETHER);
        uint256 bond = math.required(t, stake);
        assertGe(math.covered(t, bond), stake, "its own requirement covers it");
        if (bond != 0) assertLt(math.covered(t, bond - 1), stake, "a gwei less does not");
    }

    function testFuzz_Required_NeverFalls(uint16 below, uint16 above, uint256 a, uint256 b) public view {
        TierTerms memory t = _curve(1024e9, uint16(below % 5001), uint16(above % 5001));
        (a, b) = (bound(a, 0, ALL_ETHER), bound(b, 0, ALL_ETHER));
        if (a > b) (a, b) = (b, a);
        assertLe(math.required(t, a), math.required(t, b), "more stake, no less bond");
        uint256 steepest = below % 5001 > above % 5001 ? below % 5001 : above % 5001;
        uint256 most = (b - a) * steepest / 10_000 + 1;
        assertLe(math.required(t, b) - math.required(t, a), most, "by the steeper slope at most");
    }
}
