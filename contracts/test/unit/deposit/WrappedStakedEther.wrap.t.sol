// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IWrappedStakedEther } from "../../../src/deposit/IWrappedStakedEther.sol";
import { WrappedStakedEther } from "../../../src/deposit/WrappedStakedEther.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { FixedPointMathLib } from "solady/utils/FixedPointMathLib.sol";

/// forge-config: default.fuzz.runs = 128
/// forge-config: nightly.fuzz.runs = 10000
contract WrappedStakedEtherWrapTest is StackFixture {
    uint256 private constant UNIT = 1e9;

    function setUp() public override {
        super.setUp();
        stake(alice, 900 ether);
        stake(bob, 99 ether);
        vm.prank(alice);
        token.approve(address(wrapped), type(uint256).max);
    }

    /// L5, and nothing but dust beside: each staking may leave less than a unit.
    function backed(uint256 stakings) private view {
        uint256 held = token.sharesOf(address(wrapped));
        uint256 owed = wrapped.totalSupply() * UNIT;
        assertLe(owed, held, "L5");
        assertLe(held - owed, stakings * (UNIT - 1), "only dust of stakings beside");
    }

    /// A third of the seeds: the rate stays one. A few: more than ten. The others: far below, or up to a fifth above.
    function anyRate(uint256 seed) private {
        if (seed % 3 != 0) moveRate(seed / 3);
        else if (seed % 24 == 0) highRate();
    }

    function highRate() private {
        while (token.getPooledEthByShares(1e27) < 10 ether) {
            rebase(int256(token.getTotalPooledEther() * 30 / 10_000));
        }
    }

    // ------------------------------------------------------------ wrap and unwrap

    function test_Wrap_TakesSharesAndMintsUnits() public {
        vm.expectEmit(address(wrapped));
        emit IWrappedStakedEther.Transfer(address(0), alice, 3 ether);
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(alice, address(wrapped), 3 ether);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(alice, address(wrapped), 3e27);
        vm.prank(alice);
        assertEq(wrapped.wrap(3 ether), 3 ether, "units");
        assertEq(wrapped.balanceOf(alice), 3 ether, "held");
        assertEq(wrapped.totalSupply(), 3 ether, "supply");
        assertEq(token.sharesOf(alice), 897e27, "shares left");
        backed(0);
    }

    function test_Unwrap_GivesTheSharesBack() public {
        wrap(alice, 3 ether);
        vm.expectEmit(address(wrapped));
        emit IWrappedStakedEther.Transfer(alice, address(0), 1 ether);
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(address(wrapped), alice, 1 ether);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(address(wrapped), alice, 1e27);
        vm.prank(alice);
        assertEq(wrapped.unwrap(1 ether), 1 ether, "wei");
        assertEq(wrapped.balanceOf(alice), 2 ether, "units left");
        assertEq(wrapped.totalSupply(), 2 ether, "supply");
        assertEq(token.sharesOf(alice), 898e27, "shares");
        backed(0);
    }

    /// What does not fill a unit is not taken: a third of a wei is no whole number of units at this rate.
    function test_Wrap_LeavesWhatDoesNotFillAUnit() public {
        rebase(int256(3 ether)); // 1003 / 1000: a unit is more than a wei
        uint256 before = token.sharesOf(alice);
        vm.startPrank(alice);
        assertEq(wrapped.wrap(1000), 997, "1000 * 1000 / 1003 = 997.008");
        assertEq(before - token.sharesOf(alice), 997e9, "whole units only");
        assertEq(wrapped.unwrap(997), 999, "997 * 1003 / 1000 = 999.991");
        assertEq(token.sharesOf(alice), before, "all back");
    }

    function test_Unwrap_WorksWhateverIsPausedOrLocked() public {
        vm.prank(alice);
        wrapped.wrap(5 ether);
        rebase(-int256(500 ether));
        vm.startPrank(address(checkpoints));
        token.markCheckpoint(true);
        token.pauseExits(uint40(block.timestamp + 40 days));
        token.acquireLock();
        vm.stopPrank();
        vm.startPrank(alice);
        assertEq(wrapped.unwrap(5 ether), 2.5 ether, "G2: half is lost, the shares are all there");
        assertEq(wrapped.wrap(1 ether), 2 ether, "nor does wrapping stop");
    }

    function test_RevertWhen_NothingIsWrapped() public {
        bytes memory zero = abi.encodeWithSelector(IWrappedStakedEther.WrapZero.selector);
        vm.startPrank(alice);
        vm.expectRevert(zero);
        wrapped.wrap(0);
        vm.expectRevert(zero);
        wrapped.unwrap(0);
        vm.stopPrank();
        rebase(int256(3 ether));
        vm.prank(alice);
        vm.expectRevert(zero);
        wrapped.wrap(1); // less than a unit now
    }

    function test_RevertWhen_AllowanceIsTooLow() public {
        vm.startPrank(alice);
        token.approve(address(wrapped), 3 ether - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.AllowanceTooLow.selector, alice, address(wrapped), 3 ether - 1, uint256(3 ether)
            )
        );
        wrapped.wrap(3 ether);
    }

    function test_RevertWhen_BalanceIsTooLow() public {
        vm.startPrank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IShareLedger.BalanceTooLow.selector, alice, uint256(900e27), uint256(900e27 + 1e9)
            )
        );
        wrapped.wrap(900 ether + 1);
        wrapped.wrap(2 ether);
        vm.expectRevert(
            abi.encodeWithSelector(
                IWrappedStakedEther.WrappedBalanceTooLow.selector, alice, uint256(2 ether), 2 ether + 1
            )
        );
        wrapped.unwrap(2 ether + 1);
    }

    function test_RevertWhen_AmountIsBeyondCounting() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(FixedPointMathLib.FullMulDivFailed.selector));
        wrapped.wrap(type(uint256).max);
    }

    function testFuzz_WrapThenUnwrap_GivesBackTheSameShares(uint256 seed, uint256 amount) public {
        anyRate(seed);
        (uint256 poolShares, uint256 poolEther) = token.ledger();
        amount = bound(amount, poolEther * UNIT / poolShares + 1, token.balanceOf(alice)); // a unit at least
        uint256 before = token.sharesOf(alice);
        vm.startPrank(alice);
        token.approve(address(wrapped), amount); // the amount is always enough
        uint256 preview = wrapped.getWstETHByStETH(amount);
        uint256 units = wrapped.wrap(amount);
        assertEq(units, amount * poolShares / poolEther / UNIT, "units");
        assertEq(units, preview, "preview");
        assertEq(token.sharesOf(alice), before - units * UNIT, "exactly the units' shares");
        uint256 spent = amount - token.allowance(alice, address(wrapped));
        assertEq(spent, (units * UNIT * poolEther + poolShares - 1) / poolShares, "their value, rounded up");
        backed(0);
        vm.stopPrank();
        moveRate(uint256(keccak256(abi.encode(seed))));
        uint256 worth = token.getPooledEthByShares(units * UNIT);
        assertEq(wrapped.balanceOf(alice), units, "the balance stays, the value moves");
        vm.prank(alice);
        assertEq(wrapped.unwrap(units), worth, "value of now");
        assertEq(token.sharesOf(alice), before, "the very same shares");
        assertEq(token.sharesOf(address(wrapped)), 0, "none left behind");
        assertEq(wrapped.totalSupply(), 0, "no units left");
    }

    // ------------------------------------------------------------ stakeAndWrap

    function test_StakeAndWrap_StakesForTheWrapperAndMintsToTheReceiver() public {
        vm.expectEmit(address(token));
        emit IStakedEther.Submitted(address(wrapped), 5 ether, address(0));
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(address(0), address(wrapped), 5e27);
        vm.expectEmit(address(wrapped));
        emit IWrappedStakedEther.Transfer(address(0), bob, 5 ether);
        vm.prank(alice);
        assertEq(wrapped.stakeAndWrap{ value: 5 ether }(bob, 5 ether), 5 ether, "units");
        assertEq(wrapped.balanceOf(bob), 5 ether, "to the receiver");
        assertEq(wrapped.balanceOf(alice), 0, "not to the payer");
        assertEq(token.getTotalPooledEther(), 1005 ether, "in the pool");
        assertEq(address(wrapped).balance, 0, "the wrapper keeps no ether");
        backed(0);
    }

    function testFuzz_StakeAndWrap_EqualsStakeThenWrap(uint256 seed, uint256 amount) public {
        anyRate(seed);
        (uint256 poolShares, uint256 poolEther) = token.ledger();
        amount = bound(amount, poolEther * UNIT / poolShares + 1, 40_000 ether);
        address carol = makeAddr("carol");
        vm.deal(carol, amount);
        uint256 state = vm.snapshotState();
        stake(carol, amount);
        uint256 twoSteps = wrap(carol, amount);
        vm.revertToState(state);
        uint256 preview = wrapped.previewStakeAndWrap(amount);
        vm.prank(carol);
        uint256 units = wrapped.stakeAndWrap{ value: amount }(carol, preview);
        assertEq(units, twoSteps, "to the unit");
        assertEq(units, preview, "preview");
        assertEq(units, amount * poolShares / poolEther / UNIT, "formula");
        assertEq(wrapped.balanceOf(carol), units, "held");
        backed(1);
        vm.prank(carol);
        assertLe(wrapped.unwrap(units), amount, "L3");
    }

    function test_RevertWhen_UnitsAreBelowMinimum() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IWrappedStakedEther.UnitsBelowMinimum.selector, uint256(5 ether), 5 ether + 1
            )
        );
        wrapped.stakeAndWrap{ value: 5 ether }(alice, 5 ether + 1);
    }

    /// Above a rate of one a wei can be less than a unit: it is not taken for nothing.
    function test_RevertWhen_TheStakeGivesNoUnit() public {
        rebase(0.003 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWrappedStakedEther.WrapZero.selector));
        wrapped.stakeAndWrap{ value: 1 }(alice, 0);
    }

    function test_RevertWhen_ReceiverIsZeroOrOneOfTheTokens() public {
        address[3] memory receivers = [address(0), address(wrapped), address(token)];
        for (uint256 i; i < 3; ++i) {
            vm.prank(alice);
            vm.expectRevert(
                abi.encodeWithSelector(IWrappedStakedEther.WrapperReceiverInvalid.selector, receivers[i])
            );
            wrapped.stakeAndWrap{ value: 5 ether }(receivers[i], 0);
        }
    }

    function stakeReverts(uint256 amount, bytes memory reason) private {
        vm.prank(bob);
        vm.expectRevert(reason);
        wrapped.stakeAndWrap{ value: amount }(bob, 0);
    }

    function test_RevertWhen_TheTokenRefusesTheStake() public {
        stakeReverts(0, abi.encodeWithSelector(IStakedEther.StakeZero.selector));
        uint256 limit = token.getCurrentStakeLimit();
        bytes4 exceeded = IStakedEther.StakeLimitExceeded.selector;
        stakeReverts(limit + 1, abi.encodeWithSelector(exceeded, limit + 1, limit));
        vm.prank(address(checkpoints));
        token.acquireLock();
        stakeReverts(1 ether, abi.encodeWithSelector(IStakedEther.ReentrantCall.selector));
        vm.prank(address(checkpoints));
        token.releaseLock();
        rebase(-int256(999 ether + 1));
        uint256 until = block.timestamp + 3 days;
        stakeReverts(1 ether, abi.encodeWithSelector(IStakedEther.StakingPaused.selector, until));
        vm.warp(until);
        bytes4 tooSmall = IStakedEther.PoolTooSmall.selector;
        stakeReverts(1 ether, abi.encodeWithSelector(tooSmall, 1 ether - 1, uint256(1 ether)));
        assertEq(wrapped.totalSupply(), 0, "nothing minted");
    }

    // ------------------------------------------------------------ readers

    function testFuzz_Readers_AllTellTheStoredRate(uint256 seed, uint256 amount) public {
        anyRate(seed);
        amount = bound(amount, 0, 1e27);
        (uint256 poolShares, uint256 poolEther) = token.ledger();
        uint256 perToken = 1e27 * poolEther / poolShares;
        assertEq(wrapped.stEthPerToken(), perToken, "stEthPerToken");
        assertEq(wrapped.getRate(), perToken, "getRate");
        assertEq(wrapped.tokensPerStEth(), 1e18 * poolShares / poolEther / UNIT, "tokensPerStEth");
        uint256 units = amount * poolShares / poolEther / UNIT;
        assertEq(wrapped.getWstETHByStETH(amount), units, "getWstETHByStETH");
        assertEq(wrapped.previewStakeAndWrap(amount), units, "previewStakeAndWrap");
        uint256 value = amount * UNIT * poolEther / poolShares;
        assertEq(wrapped.getStETHByWstETH(amount), value, "getStETHByWstETH");
        assertEq(value, token.getPooledEthByShares(amount * UNIT), "as the token says");
    }

    function test_Readers_NameTheTokens() public view {
        assertEq(wrapped.name(), "Wrapped Cairn Staked Ether", "name");
        assertEq(wrapped.symbol(), "wcaETH", "symbol");
        assertEq(wrapped.decimals(), 18, "decimals");
        assertEq(wrapped.stETH(), address(token), "stETH");
        assertEq(address(wrapped.TOKEN()), address(token), "TOKEN");
        assertEq(wrapped.UNIT(), UNIT, "shares in a unit");
        assertEq(wrapped.stEthPerToken(), 1 ether, "one to one at first");
    }

    function test_RevertWhen_ThereIsNoTokenOrPlainEtherIsSent() public {
        bytes4 invalid = IWrappedStakedEther.WrapperReceiverInvalid.selector;
        vm.expectRevert(abi.encodeWithSelector(invalid, address(0)));
        new WrappedStakedEther(IStakedEther(address(0)));
        vm.prank(alice);
        (bool ok,) = address(wrapped).call{ value: 1 ether }("");
        assertFalse(ok, "there is no receiver of plain ether");
    }
}
