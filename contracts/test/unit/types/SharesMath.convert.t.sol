// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { SharesMath } from "../../../src/types/SharesMath.sol";
import { SharesMathHarness } from "../../support/TypesHarness.sol";
import { Test } from "forge-std/Test.sol";

contract SharesMathConvertTest is Test {
    SharesMathHarness private math = new SharesMathHarness();

    function test_Convert_FirstStakeIsOneWeiToABillionShares() public view {
        assertEq(SharesMath.SHARES_PER_WEI, 1e9, "unit");
        assertEq(math.toSharesDown(7, 1e27, 1e18), 7e9, "down");
        assertEq(math.toEtherDown(7e9, 1e27, 1e18), 7, "back");
    }

    function test_Convert_RoundsAsItsNameSays() public view {
        assertEq(math.toSharesDown(1, 10, 3), 3, "shares down");
        assertEq(math.toSharesUp(1, 10, 3), 4, "shares up");
        assertEq(math.toEtherDown(5, 10, 3), 1, "ether down");
        assertEq(math.toEtherUp(5, 10, 3), 2, "ether up");
        assertEq(math.toSharesUp(3, 10, 3), 10, "exact is not raised");
        assertEq(math.toEtherUp(10, 10, 3), 3, "exact is not raised");
    }

    function test_RevertWhen_ThePoolHasNoEther() public {
        bytes memory failed = abi.encodeWithSignature("FullMulDivFailed()");
        vm.expectRevert(failed);
        math.toSharesDown(1, 10, 0);
        vm.expectRevert(failed);
        math.toSharesUp(1, 10, 0);
    }

    function test_RevertWhen_ThePoolHasNoShares() public {
        bytes memory failed = abi.encodeWithSignature("FullMulDivFailed()");
        vm.expectRevert(failed);
        math.toEtherDown(1, 0, 10);
        vm.expectRevert(failed);
        math.toEtherUp(1, 0, 10);
    }

    function testFuzz_Convert_DownAndUpEncloseTheTrueQuotient(uint128 x, uint128 shares, uint128 ethers)
        public
        view
    {
        uint256 s = bound(shares, 1, type(uint128).max);
        uint256 e = bound(ethers, 1, type(uint128).max);
        uint256 product = uint256(x) * s; // below 2^256
        assertEq(math.toSharesDown(x, s, e), product / e, "shares down");
        assertEq(math.toSharesUp(x, s, e), product / e + (product % e == 0 ? 0 : 1), "shares up");
        product = uint256(x) * e;
        assertEq(math.toEtherDown(x, s, e), product / s, "ether down");
        assertEq(math.toEtherUp(x, s, e), product / s + (product % s == 0 ? 0 : 1), "ether up");
    }

    /// Nobody gains by a round trip, whichever way round.
    function testFuzz_Convert_RoundTripNeverGains(uint128 x, uint128 shares, uint128 ethers) public view {
        uint256 s = bound(shares, 1, type(uint128).max);
        uint256 e = bound(ethers, 1, type(uint128).max);
        assertLe(math.toEtherDown(math.toSharesDown(x, s, e), s, e), x, "ether to shares and back");
        uint256 part = bound(x, 0, s);
        assertLe(math.toSharesDown(math.toEtherDown(part, s, e), s, e), part, "shares to ether and back");
    }

    /// L4: a whole balance can always be moved, and at a fine rate the receiver gets exactly what was sent.
    function testFuzz_Convert_WholeBalanceCanBeMoved(uint128 held, uint128 shares, uint128 ethers)
        public
        view
    {
        uint256 e = bound(ethers, 1, 1e28);
        uint256 s = bound(shares, e, type(uint128).max);
        uint256 own = bound(held, 0, s);
        uint256 balance = math.toEtherDown(own, s, e);
        uint256 moved = math.toSharesUp(balance, s, e);
        assertLe(moved, own, "needs no more than is held");
        assertEq(math.toEtherDown(moved, s, e), balance, "the receiver sees the same amount");
    }
}
