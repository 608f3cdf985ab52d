// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { IWrappedStakedEther } from "../../../src/deposit/IWrappedStakedEther.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// forge-config: default.fuzz.runs = 128
/// forge-config: nightly.fuzz.runs = 10000
contract WrappedStakedEtherVaultTest is StackFixture {
    uint256 private constant UNIT = 1e9;
    address private carol = makeAddr("carol");

    function setUp() public override {
        super.setUp();
        stake(alice, 999 ether);
        vm.prank(alice);
        token.approve(address(wrapped), type(uint256).max);
    }

    function backed() private view {
        assertLe(wrapped.totalSupply() * UNIT, token.sharesOf(address(wrapped)), "L5");
    }

    /// A third of the seeds: the rate stays one. The others: far below, or up to a fifth above.
    function anyRate(uint256 seed) private {
        if (seed % 3 != 0) moveRate(seed / 3);
    }

    /// Units of alice, and a rate moved before and after she got them.
    function invested(uint256 seed, uint256 amount) private returns (uint256 units) {
        anyRate(seed);
        amount = bound(amount, token.getPooledEthByShares(UNIT) + 1, token.balanceOf(alice));
        vm.prank(alice);
        units = wrapped.deposit(amount, alice);
        anyRate(uint256(keccak256(abi.encode(seed))));
    }

    // ------------------------------------------------------------ deposit and mint

    function testFuzz_Deposit_DoesWhatItsPreviewSays(uint256 seed, uint256 amount) public {
        anyRate(seed);
        uint256 balance = token.balanceOf(alice);
        amount = bound(amount, 0, balance);
        (uint256 poolShares, uint256 poolEther) = token.ledger();
        uint256 shares = token.sharesOf(alice);
        uint256 units = wrapped.previewDeposit(amount);
        assertEq(units, amount * poolShares / poolEther / UNIT, "formula");
        expectEntering(amount, units);
        assertEq(wrapped.deposit(amount, bob), units, "preview");
        took(shares, balance, amount, units);
    }

    function testFuzz_Mint_DoesWhatItsPreviewSays(uint256 seed, uint256 units) public {
        anyRate(seed);
        uint256 balance = token.balanceOf(alice);
        uint256 shares = token.sharesOf(alice);
        units = bound(units, 0, wrapped.convertToShares(balance));
        (uint256 poolShares, uint256 poolEther) = token.ledger();
        uint256 amount = wrapped.previewMint(units);
        assertEq(amount, (units * UNIT * poolEther + poolShares - 1) / poolShares, "formula, rounded up");
        expectEntering(amount, units);
        assertEq(wrapped.mint(units, bob), amount, "preview");
        took(shares, balance, amount, units);
    }

    function expectEntering(uint256 amount, uint256 units) private {
        vm.expectEmit(address(wrapped));
        emit IWrappedStakedEther.Transfer(address(0), bob, units);
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(alice, address(wrapped), amount);
        vm.expectEmit(address(wrapped));
        emit IWrappedStakedEther.Deposit(alice, bob, amount, units);
        vm.prank(alice);
    }

    function took(uint256 shares, uint256 balance, uint256 amount, uint256 units) private view {
        uint256 moved = token.previewTransfer(amount);
        assertEq(token.sharesOf(alice), shares - moved, "the payer pays the amount, in shares");
        assertEq(token.sharesOf(address(wrapped)), moved, "which the wrapper has");
        // L4: a balance that was a whole number of wei shows the billionth that the rounding up takes
        assertApproxEqAbs(token.balanceOf(alice), balance - amount, 1, "in wei");
        assertLe(token.balanceOf(alice), balance - amount, "the payer does not pay less");
        assertEq(wrapped.balanceOf(bob), units, "the receiver has the units");
        assertEq(wrapped.totalSupply(), units, "and nobody else");
        backed();
    }

    function test_RevertWhen_TheTokenDoesNotGiveTheAmount() public {
        vm.startPrank(alice);
        bytes4 tooLow = IShareLedger.BalanceTooLow.selector;
        bytes memory reason = abi.encodeWithSelector(tooLow, alice, uint256(999e27), 999e27 + UNIT);
        vm.expectRevert(reason);
        wrapped.deposit(999 ether + 1, alice);
        vm.expectRevert(reason);
        wrapped.mint(999 ether + 1, alice);
        bytes4 above = IShareLedger.AmountAbovePool.selector;
        reason = abi.encodeWithSelector(above, uint256(1000 ether + 1), uint256(1000 ether));
        vm.expectRevert(reason);
        wrapped.deposit(1000 ether + 1, alice);
        token.approve(address(wrapped), 5);
        reason = abi.encodeWithSelector(
            IAllowances.AllowanceTooLow.selector, alice, address(wrapped), uint256(5), uint256(6)
        );
        vm.expectRevert(reason);
        wrapped.deposit(6, alice);
        vm.expectRevert(reason);
        wrapped.mint(6, alice);
        assertEq(wrapped.totalSupply(), 0, "nothing minted");
    }

    // ------------------------------------------------------------ withdraw and redeem

    function testFuzz_Withdraw_DoesWhatItsPreviewSays(uint256 seed, uint256 amount, bool byOther) public {
        uint256 held = invested(seed, amount);
        amount = bound(uint256(keccak256(abi.encode(amount))), 0, wrapped.maxWithdraw(alice));
        (uint256 poolShares, uint256 poolEther) = token.ledger();
        uint256 units = wrapped.previewWithdraw(amount);
        uint256 shares = (amount * poolShares + poolEther - 1) / poolEther;
        assertEq(units, (shares + UNIT - 1) / UNIT, "formula, rounded up twice");
        uint256 pot = token.sharesOf(address(wrapped));
        expectLeaving(amount, units, byOther);
        assertEq(wrapped.withdraw(amount, carol, alice), units, "preview");
        gave(pot, held, amount, units);
    }

    function testFuzz_Redeem_DoesWhatItsPreviewSays(uint256 seed, uint256 units, bool byOther) public {
        uint256 held = invested(seed, units);
        units = bound(uint256(keccak256(abi.encode(units))), 0, held);
        (uint256 poolShares, uint256 poolEther) = token.ledger();
        uint256 amount = wrapped.previewRedeem(units);
        assertEq(amount, units * UNIT * poolEther / poolShares, "formula");
        uint256 pot = token.sharesOf(address(wrapped));
        expectLeaving(amount, units, byOther);
        assertEq(wrapped.redeem(units, carol, alice), amount, "preview");
        gave(pot, held, amount, units);
    }

    /// The caller is alice, or bob with an allowance of exactly the units.
    function expectLeaving(uint256 amount, uint256 units, bool byOther) private {
        address caller = byOther ? bob : alice;
        if (byOther) vm.prank(alice);
        if (byOther) wrapped.approve(bob, units);
        vm.expectEmit(address(wrapped));
        emit IWrappedStakedEther.Transfer(alice, address(0), units);
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(address(wrapped), carol, amount);
        vm.expectEmit(address(wrapped));
        emit IWrappedStakedEther.Withdraw(caller, carol, alice, amount, units);
        vm.prank(caller);
    }

    /// Carol had nothing, so she now has exactly the amount.
    function gave(uint256 pot, uint256 held, uint256 amount, uint256 units) private view {
        assertEq(token.balanceOf(carol), amount, "the receiver has the amount");
        assertEq(token.sharesOf(carol), token.previewTransfer(amount), "in shares");
        assertEq(token.sharesOf(address(wrapped)), pot - token.sharesOf(carol), "of the wrapper");
        assertLe(token.sharesOf(carol), units * UNIT, "no more than the units'");
        assertEq(wrapped.balanceOf(alice), held - units, "the owner's units are gone");
        assertEq(wrapped.totalSupply(), held - units, "supply");
        assertEq(wrapped.allowance(alice, bob), 0, "an allowance is used up");
        backed();
    }

    function test_RevertWhen_LeavingWithMoreThanAllowedOrHeld() public {
        vm.startPrank(alice);
        wrapped.deposit(10 ether, alice);
        wrapped.approve(bob, 3 ether);
        wrapped.approve(alice, 1); // of which leaving uses nothing
        bytes4 tooFew = IWrappedStakedEther.WrappedBalanceTooLow.selector;
        bytes memory reason = abi.encodeWithSelector(tooFew, alice, uint256(10 ether), 10 ether + 1);
        vm.expectRevert(reason);
        wrapped.withdraw(10 ether + 1, alice, alice);
        vm.expectRevert(reason);
        wrapped.redeem(10 ether + 1, alice, alice);
        wrapped.redeem(1, alice, alice);
        assertEq(wrapped.allowance(alice, alice), 1, "the owner needs no allowance of her own");
        vm.stopPrank();
        bytes4 tooLow = IAllowances.AllowanceTooLow.selector;
        reason = abi.encodeWithSelector(tooLow, alice, bob, uint256(3 ether), 3 ether + 1);
        vm.startPrank(bob);
        vm.expectRevert(reason);
        wrapped.withdraw(3 ether + 1, bob, alice);
        vm.expectRevert(reason);
        wrapped.redeem(3 ether + 1, bob, alice);
        wrapped.redeem(1 ether, bob, alice);
        wrapped.withdraw(2 ether, bob, alice);
        assertEq(wrapped.allowance(alice, bob), 0, "used up to the last unit");
        assertEq(wrapped.balanceOf(alice), 7 ether - 1, "what is left");
    }

    function test_RevertWhen_ReceiverIsZeroOrWrapper() public {
        vm.startPrank(alice);
        wrapped.deposit(10 ether, alice);
        wrapped.approve(alice, 1);
        for (uint256 i; i < 2; ++i) {
            address to = i == 0 ? address(0) : address(wrapped);
            bytes4 invalid = IWrappedStakedEther.WrapperReceiverInvalid.selector;
            bytes memory reason = abi.encodeWithSelector(invalid, to);
            vm.expectRevert(reason);
            wrapped.deposit(1, to);
            vm.expectRevert(reason);
            wrapped.mint(1, to);
            vm.expectRevert(reason);
            wrapped.withdraw(1, to, alice);
            vm.expectRevert(reason);
            wrapped.redeem(1, to, alice);
            vm.expectRevert(reason);
            wrapped.transfer(to, 1);
            vm.expectRevert(reason);
            wrapped.transferFrom(alice, to, 1);
        }
    }

    // ------------------------------------------------------------ nothing, everything, donations

    function testFuzz_ZeroAmounts_DoNothing(uint256 seed) public {
        uint256 units = invested(seed, seed);
        uint256 held = token.sharesOf(address(wrapped));
        vm.startPrank(bob); // who has nothing and is allowed nothing
        assertEq(wrapped.deposit(0, bob), 0, "deposit");
        assertEq(wrapped.mint(0, bob), 0, "mint");
        assertEq(wrapped.withdraw(0, bob, alice), 0, "withdraw");
        assertEq(wrapped.redeem(0, bob, alice), 0, "redeem");
        assertEq(wrapped.totalSupply(), units, "no unit minted or burnt");
        assertEq(wrapped.balanceOf(bob) + token.sharesOf(bob), 0, "nobody gets anything");
        assertEq(token.sharesOf(address(wrapped)), held, "no share moves");
    }

    function testFuzz_Max_IsAllOrNoLimitAndLeavesNothing(uint256 seed, uint256 amount, bool byUnits) public {
        uint256 units = invested(seed, amount);
        assertEq(wrapped.maxRedeem(alice), units, "all units");
        assertEq(wrapped.maxWithdraw(alice), token.getPooledEthByShares(units * UNIT), "all they are worth");
        assertEq(wrapped.maxWithdraw(bob) + wrapped.maxRedeem(bob), 0, "nothing of nothing");
        uint256 none = type(uint256).max;
        assertTrue(wrapped.maxDeposit(alice) == none && wrapped.maxMint(alice) == none, "no limit");
        uint256 most = wrapped.maxWithdraw(alice);
        vm.startPrank(alice);
        if (byUnits) wrapped.redeem(units, carol, alice);
        else wrapped.withdraw(most, carol, alice);
        assertEq(wrapped.maxWithdraw(alice), 0, "not a wei left");
        assertEq(token.balanceOf(carol), most, "all of it");
        backed();
    }

    function testFuzz_TotalAssets_IsTheWorthOfTheUnitsWhateverIsGiven(uint256 seed, uint256 gift) public {
        uint256 units = invested(seed, seed);
        assertEq(wrapped.totalAssets(), token.getPooledEthByShares(units * UNIT), "the worth of all units");
        bytes memory before = readings();
        gift = bound(gift, 0, token.sharesOf(alice));
        vm.prank(alice);
        token.transferShares(address(wrapped), gift);
        assertEq(readings(), before, "a gift moves nothing");
        backed();
    }

    function readings() private view returns (bytes memory) {
        (uint256 rate, uint256 inverse) = (wrapped.getRate(), wrapped.tokensPerStEth());
        return abi.encode(wrapped.totalAssets(), rate, inverse, wrapped.maxWithdraw(alice));
    }

    // ------------------------------------------------------------ ERC-20

    function testFuzz_Transfer_MovesUnitsAndOnlyUnits(uint256 seed, uint256 units, bool from) public {
        uint256 held = invested(seed, seed);
        units = bound(units, 0, held);
        uint256 shares = token.sharesOf(address(wrapped));
        vm.prank(alice);
        wrapped.approve(carol, units);
        vm.expectEmit(address(wrapped));
        emit IWrappedStakedEther.Transfer(alice, bob, units);
        vm.prank(from ? carol : alice);
        assertTrue(from ? wrapped.transferFrom(alice, bob, units) : wrapped.transfer(bob, units), "true");
        assertEq(wrapped.balanceOf(alice), held - units, "sender");
        assertEq(wrapped.balanceOf(bob), units, "receiver");
        assertEq(wrapped.allowance(alice, carol), from ? 0 : units, "allowance");
        assertEq(wrapped.totalSupply(), held, "supply");
        assertEq(token.sharesOf(address(wrapped)), shares, "no caETH moves");
        backed();
    }

    function test_RevertWhen_TransferringMoreThanHeldOrAllowed() public {
        vm.startPrank(alice);
        wrapped.deposit(10 ether, alice);
        wrapped.approve(bob, 20 ether);
        bytes4 tooFew = IWrappedStakedEther.WrappedBalanceTooLow.selector;
        bytes memory reason = abi.encodeWithSelector(tooFew, alice, uint256(10 ether), 10 ether + 1);
        vm.expectRevert(reason);
        wrapped.transfer(bob, 10 ether + 1);
        vm.stopPrank();
        vm.startPrank(bob);
        vm.expectRevert(reason);
        wrapped.transferFrom(alice, bob, 10 ether + 1);
        bytes4 tooLow = IAllowances.AllowanceTooLow.selector;
        vm.expectRevert(abi.encodeWithSelector(tooLow, alice, bob, uint256(20 ether), 20 ether + 1));
        wrapped.transferFrom(alice, bob, 20 ether + 1);
    }
}
