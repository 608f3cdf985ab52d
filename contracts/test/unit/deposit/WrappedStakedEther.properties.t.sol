// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { IWrappedStakedEther } from "../../../src/deposit/IWrappedStakedEther.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// What ERC-4626 and ERC-20 promise, with no tolerance, at whatever rate. Alice acts; she holds both tokens. Bob and
/// carol hold both too and must never notice.
abstract contract WrapperProperties is StackFixture {
    uint256 private constant UNIT = 1e9;
    address private carol = makeAddr("carol");
    address private dave = makeAddr("dave"); // has nothing

    uint256 private wealth;
    bytes private othersBefore;

    function setUp() public virtual override {
        super.setUp();
        vm.deal(carol, 5000 ether);
        stake(alice, 9000 ether);
        stake(bob, 5000 ether);
        stake(carol, 5000 ether);
    }

    function rate(uint256 seed) internal virtual;

    function enter(address who, uint256 seed) private {
        uint256 amount = bound(seed, 1e6, token.balanceOf(who) / 2);
        vm.startPrank(who);
        token.approve(address(wrapped), type(uint256).max);
        wrapped.deposit(amount, who);
        vm.stopPrank();
    }

    /// All hold both tokens, bought at different rates. Half of alice's is enough for either step of a round trip.
    modifier fair(uint256 seed) {
        enter(bob, seed);
        rate(seed);
        enter(alice, type(uint256).max);
        enter(carol, seed >> 8);
        rate(uint256(keccak256(abi.encode(seed))));
        wealth = wealthOf(alice);
        othersBefore = others();
        vm.startPrank(alice);
        _;
        vm.stopPrank();
        assertLe(wealthOf(alice), wealth, "L3: nobody gains by acting");
        assertEq(others(), othersBefore, "nobody else notices");
        assertLe(wrapped.totalSupply() * UNIT, token.sharesOf(address(wrapped)), "L5");
    }

    /// In shares of caETH, the unit without rounding.
    function wealthOf(address who) private view returns (uint256) {
        return token.sharesOf(who) + wrapped.balanceOf(who) * UNIT;
    }

    function others() private view returns (bytes memory) {
        (uint256 bobs, uint256 carols) = (wrapped.maxWithdraw(bob), wrapped.maxWithdraw(carol));
        (uint256 poolShares, uint256 poolEther) = token.ledger();
        return abi.encode(wealthOf(bob), wealthOf(carol), bobs, carols, poolShares, poolEther);
    }

    function someUnits(uint256 n) private view returns (uint256) {
        return bound(n, 0, wrapped.balanceOf(alice) / 2);
    }

    function someWei(uint256 n) private view returns (uint256) {
        return bound(n, 0, wrapped.maxWithdraw(alice) / 2);
    }

    function testFuzz_Convert_RoundsDownForEverybody(uint256 seed, uint256 n) public fair(seed) {
        n = bound(n, 0, 1e28);
        (uint256 units, uint256 value) = (wrapped.convertToShares(n), wrapped.convertToAssets(n));
        assertLe(wrapped.convertToAssets(units), n, "there and back");
        assertLe(wrapped.convertToShares(value), n, "back and there");
        assertEq(wrapped.asset(), address(token), "asset");
        assertEq(wrapped.totalAssets(), wrapped.convertToAssets(wrapped.totalSupply()), "totalAssets");
        assertLe(wrapped.totalAssets(), token.balanceOf(address(wrapped)), "no more than is there");
        vm.startPrank(address(0xabc));
        assertEq(wrapped.convertToShares(n), units, "the same for a stranger");
        assertEq(wrapped.convertToAssets(n), value, "the same for a stranger");
    }

    function testFuzz_Preview_RoundsAgainstTheCaller(uint256 seed, uint256 n) public fair(seed) {
        n = bound(n, 0, 1e28);
        (uint256 units, uint256 value) = (wrapped.convertToShares(n), wrapped.convertToAssets(n));
        assertEq(wrapped.previewDeposit(n), units, "deposit gives the conversion, down");
        assertEq(wrapped.previewRedeem(n), value, "redeem too");
        assertLe(wrapped.previewMint(n) - value, 1, "mint takes the conversion, up");
        assertLe(wrapped.previewWithdraw(n) - units, 1, "withdraw too");
        assertGe(wrapped.convertToAssets(wrapped.previewWithdraw(n)), n, "burnt units cover what is paid");
        assertGe(wrapped.convertToShares(wrapped.previewMint(n)), n, "what is paid covers minted units");
    }

    function testFuzz_Nothing_IsNothing(uint256 seed) public fair(seed) {
        uint256 up = wrapped.previewMint(0) + wrapped.previewWithdraw(0);
        assertEq(up + wrapped.previewDeposit(0) + wrapped.previewRedeem(0), 0, "previews");
        assertEq(wrapped.convertToShares(0) + wrapped.convertToAssets(0), 0, "conversions");
        assertEq(wrapped.deposit(0, alice) + wrapped.mint(0, alice), 0, "entering");
        assertEq(wrapped.withdraw(0, alice, alice) + wrapped.redeem(0, alice, alice), 0, "leaving");
        assertEq(wealthOf(alice), wealth, "to the share");
    }

    function testFuzz_One_IsNeverForNothing(uint256 seed) public fair(seed) {
        assertGe(wrapped.mint(1, alice), 1, "mint of one unit costs a wei at least");
        assertGe(wrapped.withdraw(1, alice, alice), 1, "a wei costs a unit at least");
        assertLe(wrapped.deposit(1, alice), wrapped.previewWithdraw(1), "and buys no more than that");
        assertLe(wrapped.redeem(1, alice, alice), wrapped.previewMint(1), "as a unit gives no more");
    }

    function testFuzz_Max_NeverRevertsAndIsReached(uint256 seed, address who) public fair(seed) {
        assertEq(wrapped.maxDeposit(who) & wrapped.maxMint(who), type(uint256).max, "no limit");
        assertLe(wrapped.maxWithdraw(who), wrapped.totalAssets(), "no more than there is");
        assertEq(wrapped.maxRedeem(who), wrapped.balanceOf(who), "all units");
        wrapped.withdraw(wrapped.maxWithdraw(alice), alice, alice);
        assertEq(wrapped.maxWithdraw(alice), 0, "all of it can be withdrawn");
        wrapped.redeem(wrapped.maxRedeem(alice), alice, alice);
        assertEq(wrapped.balanceOf(alice), 0, "and the dust redeemed");
    }

    /// A pool that has lost everything: units are worth nothing, and are shares all the same.
    function test_Max_NeverRevertsWhenAllIsLost() public {
        enter(alice, type(uint256).max);
        (uint256 before, uint256 units) = (wealthOf(alice), wrapped.balanceOf(alice));
        rebase(-int256(token.getTotalPooledEther()));
        assertEq(wrapped.maxDeposit(alice) | wrapped.maxMint(alice), 0, "entering");
        assertEq(wrapped.maxRedeem(alice), units, "redeem");
        assertEq(wrapped.maxWithdraw(alice) + wrapped.totalAssets(), 0, "nothing is left");
        vm.prank(alice);
        assertEq(wrapped.unwrap(units), 0, "the shares still come out");
        assertEq(token.sharesOf(alice), before, "all of them");
    }

    function testFuzz_RoundTrip_DepositRedeem(uint256 seed, uint256 n) public fair(seed) {
        n = someWei(n);
        assertLe(wrapped.redeem(wrapped.deposit(n, alice), alice, alice), n, "no wei more");
    }

    function testFuzz_RoundTrip_DepositWithdraw(uint256 seed, uint256 n) public fair(seed) {
        n = someWei(n);
        uint256 minted = wrapped.deposit(n, alice);
        assertGe(wrapped.withdraw(n, alice, alice), minted, "no unit is left over");
    }

    function testFuzz_RoundTrip_MintRedeem(uint256 seed, uint256 n) public fair(seed) {
        n = someUnits(n);
        uint256 paid = wrapped.mint(n, alice);
        assertLe(wrapped.redeem(n, alice, alice), paid, "no wei more");
    }

    function testFuzz_RoundTrip_MintWithdraw(uint256 seed, uint256 n) public fair(seed) {
        n = someUnits(n);
        assertGe(wrapped.withdraw(wrapped.mint(n, alice), alice, alice), n, "no unit is left over");
    }

    function testFuzz_RoundTrip_RedeemDeposit(uint256 seed, uint256 n) public fair(seed) {
        n = someUnits(n);
        assertLe(wrapped.deposit(wrapped.redeem(n, alice, alice), alice), n, "no unit more");
    }

    function testFuzz_RoundTrip_RedeemMint(uint256 seed, uint256 n) public fair(seed) {
        n = someUnits(n);
        uint256 got = wrapped.redeem(n, alice, alice);
        assertGe(wrapped.mint(n, alice), got, "no wei is left over");
    }

    function testFuzz_RoundTrip_WithdrawMint(uint256 seed, uint256 n) public fair(seed) {
        n = someWei(n);
        assertGe(wrapped.mint(wrapped.withdraw(n, alice, alice), alice), n, "no wei is left over");
    }

    function testFuzz_RoundTrip_WithdrawDeposit(uint256 seed, uint256 n) public fair(seed) {
        n = someWei(n);
        uint256 burnt = wrapped.withdraw(n, alice, alice);
        assertLe(wrapped.deposit(n, alice), burnt, "no unit more");
    }

    function testFuzz_RevertWhen_LeavingWithoutAllowance(uint256 seed, uint256 n) public fair(seed) {
        n = bound(n, 1, wrapped.maxWithdraw(bob));
        uint256 units = wrapped.previewWithdraw(n);
        uint256 allowed = bound(uint256(keccak256(abi.encode(n))), 0, units - 1);
        vm.startPrank(bob);
        wrapped.approve(alice, allowed);
        vm.startPrank(alice);
        bytes4 tooLow = IAllowances.AllowanceTooLow.selector;
        vm.expectRevert(abi.encodeWithSelector(tooLow, bob, alice, allowed, units));
        wrapped.withdraw(n, alice, bob);
        vm.expectRevert(abi.encodeWithSelector(tooLow, bob, alice, allowed, units));
        wrapped.redeem(units, alice, bob);
    }

    /// Either of the tokens: both have this part of the face.
    function either(uint256 n) private view returns (IShareLedger t, bool wcaEth, uint256 balance) {
        (t, wcaEth) = n % 2 == 0 ? (IShareLedger(address(wrapped)), true) : (IShareLedger(token), false);
        balance = t.balanceOf(alice);
    }

    function testFuzz_Transfer_MovesBetweenTheTwo(uint256 seed, uint256 n) public fair(seed) {
        (IShareLedger t, bool wcaEth, uint256 had) = either(n);
        n = bound(n, 0, had);
        vm.expectEmit(address(t));
        emit IShareLedger.Transfer(alice, dave, n);
        assertTrue(t.transfer(dave, n), "true");
        assertEq(t.balanceOf(dave), n, "the receiver has it all");
        uint256 left = t.balanceOf(alice);
        assertLe(left, had - n, "the sender has not");
        assertLe(had - n - left, wcaEth ? 0 : 1, "L4: but a wei of caETH may show");
        assertEq(wealthOf(alice) + wealthOf(dave), wealth, "not a share is lost");
        sums();
    }

    function sums() private view {
        address[5] memory holders = [alice, bob, carol, dave, address(0xdEaD)];
        uint256 shares = token.sharesOf(address(wrapped));
        uint256 wei_ = token.balanceOf(address(wrapped));
        uint256 units;
        for (uint256 i; i < 5; ++i) {
            shares += token.sharesOf(holders[i]);
            wei_ += token.balanceOf(holders[i]);
            units += wrapped.balanceOf(holders[i]);
        }
        assertEq(shares, token.getTotalShares(), "L1: shares");
        assertLe(wei_, token.totalSupply(), "balances are rounded down");
        assertEq(units, wrapped.totalSupply(), "units");
    }

    function testFuzz_Transfer_SelfAndZeroChangeNothing(uint256 seed, uint256 n) public fair(seed) {
        (IShareLedger t,, uint256 had) = either(n);
        n = bound(n, 0, had);
        t.approve(alice, n);
        assertTrue(t.transfer(alice, n), "to herself");
        assertTrue(t.transferFrom(alice, alice, n), "to herself, by her own allowance");
        assertEq(t.allowance(alice, alice), 0, "which is used up");
        assertTrue(t.transfer(bob, 0), "nothing to bob");
        vm.expectEmit(address(t));
        emit IShareLedger.Transfer(bob, carol, 0);
        assertTrue(t.transferFrom(bob, carol, 0), "nothing of bob's, without an allowance");
        assertEq(wealthOf(alice), wealth, "to the share");
        sums();
    }

    function testFuzz_RevertWhen_ToZeroOrTooMuch(uint256 seed, uint256 n) public fair(seed) {
        (IShareLedger t, bool wcaEth, uint256 had) = either(n);
        n = bound(n, 0, had);
        bytes memory zero = wcaEth
            ? abi.encodeWithSelector(IWrappedStakedEther.WrapperReceiverInvalid.selector, address(0))
            : abi.encodeWithSelector(IShareLedger.AddressZero.selector);
        vm.expectRevert(zero);
        t.transfer(address(0), n);
        t.approve(alice, n);
        vm.expectRevert(zero);
        t.transferFrom(alice, address(0), n);
        n = had + 1;
        (uint256 has, uint256 needs) = wcaEth ? (had, n) : (token.sharesOf(alice), token.previewTransfer(n));
        bytes4 tooLow =
            wcaEth ? IWrappedStakedEther.WrappedBalanceTooLow.selector : IShareLedger.BalanceTooLow.selector;
        vm.expectRevert(abi.encodeWithSelector(tooLow, alice, has, needs));
        t.transfer(bob, n);
    }

    function testFuzz_Allowance_FallsByWhatIsTaken(uint256 seed, uint256 n, uint256 more) public fair(seed) {
        (IShareLedger t,, uint256 had) = either(more);
        n = bound(n, 0, had);
        more = bound(more, 0, type(uint256).max - 1 - n);
        t.approve(keeper, n + more);
        vm.startPrank(keeper);
        assertTrue(t.transferFrom(alice, keeper, n), "true");
        assertEq(t.allowance(alice, keeper), more, "by the amount, whatever the shares");
        bytes4 tooLow = IAllowances.AllowanceTooLow.selector;
        vm.expectRevert(abi.encodeWithSelector(tooLow, alice, keeper, more, more + 1));
        t.transferFrom(alice, keeper, more + 1);
    }
}

/// From a rate of 1e-4, by orders of magnitude, to one a fifth above one.
/// forge-config: default.fuzz.runs = 128
/// forge-config: nightly.fuzz.runs = 10000
contract WrapperPropertiesTest is WrapperProperties {
    function rate(uint256 seed) internal override {
        if (seed % 3 == 1) moveRate(seed / 3);
        if (seed % 3 != 2) return;
        uint256 poolEther = token.getTotalPooledEther();
        uint256 left = poolEther >> (seed / 3 % 14);
        rebase(-int256(poolEther - (left < 1.0001 ether ? 1.0001 ether : left)));
    }
}

/// A unit is ten wei and more. Shares are still a hundred million times finer than a wei.
/// forge-config: default.fuzz.runs = 128
/// forge-config: nightly.fuzz.runs = 10000
contract WrapperPropertiesAtHighRateTest is WrapperProperties {
    function setUp() public override {
        super.setUp();
        while (token.getPooledEthByShares(1e27) < 10 ether) rate(type(uint256).max);
    }

    function rate(uint256 seed) internal override {
        rebase(int256(bound(seed, 0, token.getTotalPooledEther() * 30 / 10_000)));
    }
}
