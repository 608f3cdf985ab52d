// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IOperatorRegistry } from "../../../src/validators/IOperatorRegistry.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { BondFixture } from "../../support/BondFixture.sol";

/// topUpBond, topUpBondWithEther, requestBondExit, cancelBondExit, claimBondExit.
contract OperatorRegistryBondTest is BondFixture {
    uint32 private id;

    function setUp() public override {
        super.setUp();
        id = bonded(100 ether);
    }

    function _ask(uint256 shares) private {
        vm.prank(manager);
        registry.requestBondExit(id, uint128(shares));
    }

    /// One full validator: 61.44 ETH of bond are locked.
    function _run(uint64 principalGwei) private {
        asValidators();
        registry.noteFunded(id, 0, principalGwei, 0);
    }

    // ------------------------------------------------------------ top up

    function test_TopUpWithEther_StakesForTheOperator() public {
        vm.deal(bob, 5 ether);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondCredited(id, 5e27, 105e27);
        vm.prank(bob); // anybody
        assertEq(registry.topUpBondWithEther{ value: 5 ether }(id), 5e27, "shares");
        assertEq(bondShares(id), 105e27, "credited");
        assertEq(token.sharesOf(address(registry)), 105e27, "held");
        assertEq(registry.bondEther(id), 105 ether, "worth");
        assertEq(token.getTotalPooledEther(), 40_105 ether, "a stake like any other");
    }

    function test_TopUp_MovesSharesThatWereAllowed() public {
        vm.startPrank(alice);
        token.approve(address(registry), 3 ether);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondCredited(id, 3e27, 103e27);
        registry.topUpBond(id, 3e27);
        vm.stopPrank();
        assertEq(bondShares(id), 103e27, "credited");
        assertEq(token.sharesOf(address(registry)), 103e27, "held");
        assertEq(token.balanceOf(alice), 39_996 ether, "hers before");
        assertEq(token.allowance(alice, address(registry)), 0, "allowance spent");
    }

    function test_RevertWhen_SharesWereNotAllowed() public {
        address to = address(registry);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.AllowanceTooLow.selector, alice, to, uint256(0), uint256(1 ether)
            )
        );
        vm.prank(alice);
        registry.topUpBond(id, 1e27);
        assertEq(bondShares(id), 100e27, "nothing credited");
    }

    /// Shares beyond 128 bits don't exist: they are refused, not cut.
    function test_RevertWhen_TheSharesAreNotThere() public {
        uint256 many = 2 ** 128 + 5;
        vm.startPrank(bob);
        token.approve(address(registry), type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.BalanceTooLow.selector, bob, uint256(0), many));
        registry.topUpBond(id, many);
    }

    function test_RevertWhen_NothingIsPaid() public {
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondPaymentZero.selector));
        registry.topUpBond(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.StakeZero.selector));
        registry.topUpBondWithEther(id);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondPaymentZero.selector));
        _ask(0);
    }

    /// Shares sent by a plain transfer are nobody's bond.
    function test_TopUp_IgnoresPlainTransfers() public {
        vm.prank(alice);
        token.transfer(address(registry), 7 ether);
        assertEq(bondShares(id), 100e27, "not credited");
        assertEq(registry.bondEther(id), 100 ether, "nor counted");
    }

    // ------------------------------------------------------------ ask

    function test_RequestBondExit_StartsTheClock() public {
        _run(FULL);
        assertEq(registry.requiredBond(id), 61.44 ether, "required");
        assertEq(registry.freeBondShares(id), 38.56e27, "free");
        uint40 releaseAt = uint40(block.timestamp + 7 days);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondExitRequested(id, 38.56e27, releaseAt);
        _ask(38.56e27);
        IOperatorRegistry.BondExit memory exit = registry.bondExit(id);
        assertEq(exit.shares, 38.56e27, "asked");
        assertEq(exit.releaseAt, releaseAt, "in seven days");
        assertEq(registry.bondEther(id), 61.44 ether, "counts no more");
        assertEq(bondShares(id), 100e27, "but is still here");
        assertEq(registry.freeBondShares(id), 0, "nothing more is free");
    }

    function test_RevertWhen_ASingleShareTooManyIsAsked() public {
        _run(FULL);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOperatorRegistry.BondNotFree.selector, id, uint256(38.56e27 + 1), uint256(38.56e27)
            )
        );
        _ask(38.56e27 + 1);
    }

    function test_RequestBondExit_ReplacesTheOneBefore() public {
        _ask(90e27);
        skip(6 days);
        _ask(95e27); // the 90 are free for the new request
        IOperatorRegistry.BondExit memory exit = registry.bondExit(id);
        assertEq(exit.shares, 95e27, "replaced");
        assertEq(exit.releaseAt, block.timestamp + 7 days, "and its clock");
        skip(7 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorRegistry.BondExitTooEarly.selector, id, block.timestamp + 1)
        );
        registry.claimBondExit(id);
    }

    function test_RevertWhen_AskedDuringASlashing() public {
        asPenalties();
        registry.noteSlashing(id, true);
        assertEq(registry.freeBondShares(id), 0, "the whole bond is locked");
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondLocked.selector, id, uint256(1)));
        _ask(1);
    }

    function test_CancelBondExit_CountsAgain() public {
        _ask(40e27);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondExitCancelled(id, 40e27);
        vm.prank(manager);
        registry.cancelBondExit(id);
        assertEq(registry.bondExit(id).shares, 0, "gone");
        assertEq(registry.bondExit(id).releaseAt, 0, "with its clock");
        assertEq(registry.bondEther(id), 100 ether, "counts again");
    }

    function test_RevertWhen_NoExitWasAsked() public {
        bytes memory missing = abi.encodeWithSelector(IOperatorRegistry.BondExitMissing.selector, id);
        vm.expectRevert(missing);
        vm.prank(manager);
        registry.cancelBondExit(id);
        vm.expectRevert(missing);
        registry.claimBondExit(id);
        _ask(1e27);
        skip(7 days);
        registry.claimBondExit(id);
        vm.expectRevert(missing);
        registry.claimBondExit(id);
    }

    // ------------------------------------------------------------ claim

    function test_ClaimBondExit_PaysTheRewardAddress() public {
        _ask(40e27);
        vm.prank(manager);
        registry.setRewardAddress(id, bob);
        skip(7 days);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondExitClaimed(id, bob, 40e27, 60e27);
        vm.prank(keeper); // anybody
        assertEq(registry.claimBondExit(id), 40e27, "paid");
        assertEq(token.sharesOf(bob), 40e27, "received");
        assertEq(token.sharesOf(address(registry)), 60e27, "left");
        assertEq(bondShares(id), 60e27, "credited");
        assertEq(registry.bondExit(id).shares, 0, "done");
    }

    function test_RevertWhen_ClaimedBeforeTheDelay() public {
        _ask(40e27);
        uint256 releaseAt = block.timestamp + 7 days;
        skip(7 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondExitTooEarly.selector, id, releaseAt));
        registry.claimBondExit(id);
        skip(1);
        registry.claimBondExit(id);
    }

    function test_RevertWhen_ClaimedDuringASlashing() public {
        _ask(40e27);
        asPenalties();
        registry.noteSlashing(id, true);
        skip(7 days);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondLocked.selector, id, uint256(1)));
        registry.claimBondExit(id);
        asPenalties();
        registry.noteSlashing(id, false);
        assertEq(registry.claimBondExit(id), 40e27, "once it is settled");
    }

    /// Stake grew, or demands rose, since it was asked for: what is required stays.
    function test_RevertWhen_WhatWasAskedIsNeededNow() public {
        _ask(40e27);
        _run(FULL);
        skip(7 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IOperatorRegistry.BondNotFree.selector, id, uint256(40e27), uint256(38.56e27)
            )
        );
        registry.claimBondExit(id);
        asValidators();
        registry.noteMoved(id, IValidatorManager.Status.Member, IValidatorManager.Status.Left, FULL);
        assertEq(registry.claimBondExit(id), 40e27, "free once the validator has left");
    }

    /// A charge takes what stays first, then what was to leave.
    function test_ClaimBondExit_PaysWhatAChargeHasLeft() public {
        _ask(90e27);
        asPenalties();
        registry.takeBond(id, 30e27, address(checkpoints));
        assertEq(registry.bondEther(id), 0, "nothing stays");
        skip(7 days);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondExitClaimed(id, manager, 70e27, 0);
        assertEq(registry.claimBondExit(id), 70e27, "the rest");
        assertEq(token.sharesOf(manager), 70e27, "received");
    }

    function test_ClaimBondExit_OfABondTakenWholeEndsTheRequest() public {
        _ask(90e27);
        asPenalties();
        registry.takeBond(id, type(uint256).max, address(checkpoints));
        skip(7 days);
        assertEq(registry.claimBondExit(id), 0, "nothing is left");
        assertEq(registry.bondExit(id).shares, 0, "and it is done");
    }

    // ------------------------------------------------------------ rate

    /// Required is ether, bond is shares: at a lower rate more of them stay.
    function test_FreeBond_FollowsTheRate() public {
        _run(FULL);
        rebase(-int256(token.getTotalPooledEther() / 10));
        uint256 shares = token.getTotalShares();
        uint256 poolEther = token.getTotalPooledEther();
        uint256 locked = (61.44 ether * shares + poolEther - 1) / poolEther;
        assertEq(registry.freeBondShares(id), 100e27 - locked, "the rest of it");
        assertApproxEqAbs(registry.bondEther(id), 90 ether, 1, "a tenth less");
        _ask(100e27 - locked);
        assertGe(registry.bondEther(id), 61.44 ether, "what stays is enough");
        assertLt(registry.bondEther(id), 61.44 ether + 2, "and no more");
        skip(7 days);
        registry.claimBondExit(id);
    }

    function test_FreeBond_IsNoneWhenTheRateMakesItShort() public {
        _run(FULL);
        _ask(38.56e27);
        rebase(-int256(token.getTotalPooledEther() / 10));
        assertEq(registry.freeBondShares(id), 0, "short");
        skip(7 days);
        uint256 poolEther = token.getTotalPooledEther();
        uint256 free = 100e27 - (61.44 ether * token.getTotalShares() + poolEther - 1) / poolEther;
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorRegistry.BondNotFree.selector, id, uint256(38.56e27), free)
        );
        registry.claimBondExit(id);
    }

    /// Whatever happens in between, a claim leaves what is required.
    function testFuzz_Claim_LeavesWhatIsRequired(uint256 bond, uint64 stake_, uint256 rate, uint256 asked)
        public
    {
        topUp(id, bound(bond, 1, 2000 ether));
        _run(uint64(bound(stake_, 32e9, 20_000e9)));
        uint256 free = registry.freeBondShares(id);
        if (free == 0) {
            assertLe(registry.bondEther(id), registry.requiredBond(id), "none is free: none is spare");
            return;
        }
        asked = bound(asked, 1, free);
        _ask(asked);
        rebase(int256(bound(rate, 0, 10_400 ether)) - 10_300 ether);
        skip(7 days);
        (bool ok,) = address(registry).call(abi.encodeCall(registry.claimBondExit, (id)));
        if (ok) assertGe(registry.bondEther(id), registry.requiredBond(id), "required stays");
        else assertLt(registry.bondEther(id), registry.requiredBond(id), "refused only when it would not");
        assertEq(token.sharesOf(address(registry)), bondShares(id), "held = credited");
    }
}
