// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBraked } from "../../../src/governance/IBraked.sol";
import { DepositLine } from "../../../src/validators/DepositLine.sol";
import { DepositsInFlight } from "../../../src/validators/DepositsInFlight.sol";
import { IBeaconProofs } from "../../../src/validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../../../src/validators/ICheckpointGate.sol";
import { IDepositsInFlight } from "../../../src/validators/IDepositsInFlight.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// push, readers.
contract DepositsInFlightPushTest is StackFixture {
    bytes32 private constant ROOT = keccak256("a key");

    function _push(uint32 previous, uint40 index, uint32 operatorId, uint64 amountGwei)
        private
        returns (uint32)
    {
        vm.prank(address(validators));
        return inFlight.push(ROOT, previous, index, operatorId, amountGwei);
    }

    function _assertInFlight(uint32 count, uint32 landed, uint64 sum) private view {
        (uint32 c, uint32 l, uint64 g) = inFlight.inFlight();
        assertEq(c, count, "deposits");
        assertEq(l, landed, "landed");
        assertEq(g, sum, "in flight");
    }

    // ------------------------------------------------------------ deployment

    function test_RevertWhen_ConfigIsZero() public {
        bytes memory zero = abi.encodeWithSelector(IDepositsInFlight.InFlightConfigZero.selector);
        vm.expectRevert(zero);
        new DepositsInFlight(IBraked(address(0)), proofs, validators, checkpoints);
        vm.expectRevert(zero);
        new DepositsInFlight(token, IBeaconProofs(address(0)), validators, checkpoints);
        vm.expectRevert(zero);
        new DepositsInFlight(token, proofs, IValidatorManager(address(0)), checkpoints);
        vm.expectRevert(zero);
        new DepositsInFlight(token, proofs, validators, ICheckpointGate(address(0)));
    }

    function test_Deploy_StartsEmpty() public view {
        assertEq(address(inFlight.TOKEN()), address(token), "token");
        assertEq(address(inFlight.PROOFS()), address(proofs), "proofs");
        assertEq(address(inFlight.VALIDATORS()), address(validators), "validators");
        assertEq(address(inFlight.GATE()), address(checkpoints), "gate");
        _assertInFlight(0, 0, 0);
        assertEq(inFlight.landedSlot(), 0, "at no slot");
        assertFalse(inFlight.flying(0, 0), "nothing flies");
    }

    // ------------------------------------------------------------ push

    function test_Push_NotesTheSlotOfNow() public {
        uint64 slot = beacon.slot();
        vm.expectEmit(address(inFlight));
        emit IDepositsInFlight.DepositInFlight(1, ROOT, 31e9, slot, 31e9);
        assertEq(_push(0, 70, 3, 31e9), 1, "first");
        beacon.tick(5);
        vm.expectEmit(address(inFlight));
        emit IDepositsInFlight.DepositInFlight(2, ROOT, 64e9, slot + 5, 95e9);
        assertEq(_push(1, 70, 3, 64e9), 2, "second");
        DepositLine.Deposit memory d = inFlight.deposit(2);
        assertEq(d.validatorIndex, 70, "validator");
        assertEq(d.operatorId, 3, "operator");
        assertEq(d.slot, slot + 5, "slot");
        assertEq(d.amountGwei, 64e9, "amount");
        assertEq(d.cumulativeGwei, 95e9, "sum");
        assertEq(inFlight.deposit(1).amountGwei, 31e9, "numbers begin with 1");
        assertEq(inFlight.deposit(0).amountGwei, 0, "there is no 0");
        _assertInFlight(2, 0, 95e9);
        assertTrue(inFlight.flying(2, 70), "flies");
        assertFalse(inFlight.flying(0, 71), "nothing was deposited to this one");
    }

    /// Two deposits of one amount in one slot to one key could not be told apart in pending_deposits.
    function test_RevertWhen_AKeyGetsASecondInItsSlot() public {
        uint64 slot = beacon.slot();
        _push(0, 70, 3, 31e9);
        assertEq(_push(0, 71, 3, 31e9), 2, "another key may");
        vm.expectRevert(abi.encodeWithSelector(IDepositsInFlight.SecondDepositInSlot.selector, ROOT, slot));
        _push(1, 70, 3, 32e9);
        vm.warp(block.timestamp + 11);
        vm.expectRevert(abi.encodeWithSelector(IDepositsInFlight.SecondDepositInSlot.selector, ROOT, slot));
        _push(1, 70, 3, 32e9);
        vm.warp(block.timestamp + 1);
        assertEq(_push(1, 70, 3, 32e9), 3, "in the next slot");
    }

    function test_RevertWhen_AnybodyElsePushes() public {
        address[3] memory others = [keeper, address(withdrawals), governance];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IDepositsInFlight.InFlightCallerNotAllowed.selector, others[i])
            );
            vm.prank(others[i]);
            inFlight.push(ROOT, 0, 1, 1, 31e9);
        }
    }

    // ------------------------------------------------------------ by operator

    function test_InFlightOf_SumsWhatFliesToEach() public {
        _push(0, 70, 3, 31e9);
        _push(0, 71, 4, 32e9);
        beacon.tick(1);
        _push(1, 70, 3, 100e9);
        uint32[] memory ids = new uint32[](4);
        (ids[0], ids[1], ids[2], ids[3]) = (4, 3, 9, 3);
        uint64[] memory flying = inFlight.inFlightOf(ids);
        assertEq(flying[0], 32e9, "operator 4");
        assertEq(flying[1], 131e9, "operator 3");
        assertEq(flying[2], 0, "a stranger");
        assertEq(flying[3], 131e9, "asked twice");
        beacon.tick(1);
        takeForLanded(2);
        flying = inFlight.inFlightOf(ids);
        assertEq(flying[0], 0, "landed");
        assertEq(flying[1], 100e9, "the rest");
        assertEq(inFlight.inFlightOf(new uint32[](0)).length, 0, "of nobody");
    }

    /// Sums by operator add up to the whole, whatever has landed.
    function testFuzz_InFlightOf_AddsUpToTheWhole(
        uint64[10] memory amounts,
        uint8[10] memory who,
        uint8 land_
    ) public {
        uint64[4] memory naive;
        uint256 upTo = land_ % 11;
        for (uint256 i; i < 10; ++i) {
            uint64 amount = uint64(bound(amounts[i], 1e9, 2048e9));
            uint32 id = 1 + who[i] % 4;
            _push(0, uint40(i), id, amount);
            if (i >= upTo) naive[id - 1] += amount;
        }
        beacon.tick(1);
        if (upTo != 0) takeForLanded(uint32(upTo));
        uint32[] memory ids = new uint32[](4);
        (ids[0], ids[1], ids[2], ids[3]) = (1, 2, 3, 4);
        uint64[] memory flying = inFlight.inFlightOf(ids);
        uint256 sum;
        for (uint256 i; i < 4; ++i) {
            assertEq(flying[i], naive[i], "of each");
            sum += flying[i];
        }
        (,, uint64 all) = inFlight.inFlight();
        assertEq(sum, all, "whole");
    }
}
