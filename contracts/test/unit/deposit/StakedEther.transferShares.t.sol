// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract StakedEtherTransferSharesTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 100 ether);
    }

    function test_TransferShares_MovesExactlyTheShares() public {
        rebase(int256(0.1 ether)); // rate 1.00099…
        uint256 value = token.getPooledEthByShares(7e27 + 3);
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(alice, bob, value);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(alice, bob, 7e27 + 3);
        vm.prank(alice);
        assertEq(token.transferShares(bob, 7e27 + 3), value, "value rounded down");
        assertEq(token.sharesOf(bob), 7e27 + 3, "shares");
        assertEq(token.sharesOf(alice), 93e27 - 3, "left");
    }

    function test_RevertWhen_SharesExceedTheBalance() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IShareLedger.BalanceTooLow.selector, alice, uint256(100e27), uint256(100e27 + 1)
            )
        );
        token.transferShares(bob, 100e27 + 1);
    }

    function test_RevertWhen_ReceiverIsZeroOrToken() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.AddressZero.selector));
        token.transferShares(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.ReceiverIsToken.selector));
        token.transferShares(address(token), 1);
    }

    function test_TransferSharesFrom_SpendsTheValueRoundedUp() public {
        vm.prank(alice);
        token.approve(keeper, 10);
        vm.prank(keeper);
        assertEq(token.transferSharesFrom(alice, bob, 1), 0, "less than a wei");
        assertEq(token.allowance(alice, keeper), 9, "yet a wei of allowance is spent");
        vm.prank(keeper);
        assertEq(token.transferSharesFrom(alice, bob, 1e9), 1, "a wei exactly");
        assertEq(token.allowance(alice, keeper), 8, "exactly one more");
    }

    function test_TransferSharesFrom_UnlimitedAllowanceStays() public {
        vm.prank(alice);
        token.approve(keeper, type(uint256).max);
        vm.prank(keeper);
        token.transferSharesFrom(alice, bob, 5e27);
        assertEq(token.allowance(alice, keeper), type(uint256).max, "unlimited");
        assertEq(token.sharesOf(bob), 5e27, "moved");
    }

    function test_RevertWhen_AllowanceIsTooLow() public {
        vm.prank(alice);
        token.approve(keeper, 4);
        vm.prank(keeper);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.AllowanceTooLow.selector, alice, keeper, uint256(4), uint256(5)
            )
        );
        token.transferSharesFrom(alice, bob, 4e9 + 1);
    }

    /// A spender moves no more value than it was allowed, in whatever pieces.
    function testFuzz_TransferSharesFrom_NeverPassesTheAllowance(uint256 seed, uint96[8] memory pieces)
        public
    {
        moveRate(seed);
        uint256 allowed = token.balanceOf(alice) / 3;
        vm.prank(alice);
        token.approve(keeper, allowed);
        uint256 shares = token.sharesOf(alice);
        for (uint256 i; i < 8; ++i) {
            uint256 piece = bound(pieces[i], 0, shares / 4);
            uint256 left = token.allowance(alice, keeper);
            (uint256 s, uint256 e) = token.ledger();
            uint256 cost = (piece * e + s - 1) / s;
            vm.prank(keeper);
            if (cost > left) {
                vm.expectRevert(
                    abi.encodeWithSelector(IAllowances.AllowanceTooLow.selector, alice, keeper, left, cost)
                );
                token.transferSharesFrom(alice, bob, piece);
            } else {
                token.transferSharesFrom(alice, bob, piece);
                assertEq(token.allowance(alice, keeper), left - cost, "rounded up");
            }
        }
        assertLe(token.balanceOf(bob), allowed, "never more value than allowed");
    }

    function testFuzz_Previews_AreInverseWithinRounding(uint256 seed, uint256 amount) public {
        moveRate(seed);
        amount = bound(amount, 0, 1e27);
        uint256 shares = token.getSharesByPooledEth(amount);
        uint256 back = token.getPooledEthByShares(shares);
        assertLe(back, amount, "never more");
        assertGe(back + 1, amount, "at most 1 wei less: a share is finer than a wei");
    }
}
