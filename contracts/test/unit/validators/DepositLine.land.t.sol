// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { DepositLine } from "../../../src/validators/DepositLine.sol";
import { DepositLineHarness } from "../../support/ValidatorsHarness.sol";
import { Test } from "forge-std/Test.sol";

/// push, land, between, inFlightGwei.
contract DepositLineLandTest is Test {
    DepositLineHarness private line = new DepositLineHarness();

    function _push(uint40 index, uint64 amountGwei, uint48 slot) private returns (uint32 number) {
        // the sum is not the caller's
        (number,) = line.push(DepositLine.Deposit(index, 9, slot, amountGwei, 12_345));
    }

    function _assertHead(uint32 count, uint32 landed, uint64 pushed, uint64 landedGwei, uint64 short_)
        private
        view
    {
        DepositLine.Head memory expected = DepositLine.Head(count, landed, pushed, landedGwei, short_);
        assertEq(keccak256(abi.encode(line.head())), keccak256(abi.encode(expected)), "head");
    }

    // ------------------------------------------------------------ push

    function test_Push_NumbersFromOneAndAccumulates() public {
        assertEq(line.inFlightGwei(), 0, "empty");
        (uint32 number, uint64 flying) = line.push(DepositLine.Deposit(7, 9, 100, 31e9, 12_345));
        assertEq(number, 1, "first");
        assertEq(flying, 31e9, "it flies");
        (number, flying) = line.push(DepositLine.Deposit(8, 9, 101, 5e9, 12_345));
        assertEq(number, 2, "second");
        assertEq(flying, 36e9, "both fly");
        DepositLine.Deposit memory d = line.deposit(2);
        assertEq(d.validatorIndex, 8, "validator");
        assertEq(d.operatorId, 9, "operator");
        assertEq(d.slot, 101, "slot");
        assertEq(d.amountGwei, 5e9, "amount");
        assertEq(d.cumulativeGwei, 36e9, "running sum");
        assertEq(line.deposit(1).cumulativeGwei, 31e9, "the first's own");
        assertEq(line.deposit(0).cumulativeGwei, 0, "before the first there is none");
        assertEq(line.inFlightGwei(), 36e9, "in flight");
        _assertHead(2, 0, 36e9, 0, 0);
    }

    function test_Push_BesideAShortList() public {
        _push(7, 31e9, 100);
        line.land(1, 31e9);
        (uint32 number, uint64 flying) = line.push(DepositLine.Deposit(8, 9, 101, 5e9, 0));
        assertEq(number, 2, "number");
        assertEq(flying, 36e9, "the short list flies too");
        _assertHead(2, 1, 36e9, 31e9, 31e9);
    }

    // ------------------------------------------------------------ land

    function test_Land_MovesThePointer() public {
        _push(7, 31e9, 100);
        _push(8, 5e9, 101);
        assertEq(line.land(1, 0), 5e9, "the rest");
        _assertHead(2, 1, 36e9, 31e9, 0);
        assertEq(line.inFlightGwei(), 5e9, "the rest");
        assertEq(line.land(2, 0), 0, "none");
        assertEq(line.inFlightGwei(), 0, "none");
        _push(8, 3e9, 151);
        assertEq(line.inFlightGwei(), 3e9, "the next");
    }

    /// What was passed and shown pending one by one is still in flight.
    function test_Land_ReplacesTheShortList() public {
        _push(7, 31e9, 100);
        _push(8, 5e9, 101);
        _push(9, 2e9, 102);
        assertEq(line.land(2, 31e9), 33e9, "the third, and the first on the short list");
        _assertHead(3, 2, 38e9, 36e9, 31e9);
        assertEq(line.land(2, 5e9), 7e9, "replaced, not added, and the pointer stays");
        _assertHead(3, 2, 38e9, 36e9, 5e9);
        assertEq(line.land(3, 0), 0, "all landed");
        _assertHead(3, 3, 38e9, 38e9, 0);
    }

    function test_Land_OfNothing() public {
        assertEq(line.land(0, 0), 0, "an empty line");
        _assertHead(0, 0, 0, 0, 0);
    }

    // ------------------------------------------------------------ between

    function test_Between_IsASumOfAmounts() public {
        _push(7, 31e9, 100);
        _push(8, 5e9, 101);
        _push(9, 2e9, 102);
        assertEq(line.between(0, 3), 38e9, "all");
        assertEq(line.between(0, 1), 31e9, "the first");
        assertEq(line.between(1, 3), 7e9, "after the first");
        assertEq(line.between(2, 2), 0, "none");
        assertEq(line.between(0, 0), 0, "none");
    }

    // ------------------------------------------------------------ A2

    /// A2: every gwei is either landed or in flight.
    function testFuzz_Land_EachGweiIsCountedOnce(uint64[8] memory amounts, uint8[8] memory lands) public {
        uint256 total;
        for (uint256 i; i < 8; ++i) {
            uint64 amount = uint64(bound(amounts[i], 1e9, 2048e9));
            total += amount;
            assertEq(_push(uint40(i), amount, uint48(i)), i + 1, "number");
            assertEq(line.deposit(uint32(i + 1)).cumulativeGwei, total, "running sum");
            DepositLine.Head memory head = line.head();
            uint256 upTo = bound(lands[i], 0, i + 1);
            if (upTo >= head.landed) {
                // any part of what was passed may be pending still
                uint64 passed = line.between(0, uint32(upTo));
                line.land(
                    uint32(upTo), passed == 0 ? 0 : uint64(uint256(keccak256(abi.encode(lands, i))) % passed)
                );
                head = line.head();
                assertEq(head.landedGwei, line.deposit(uint32(upTo)).cumulativeGwei, "all up to it");
            }
            assertEq(line.between(head.landed, uint32(i + 1)), total - head.landedGwei, "after the pointer");
            assertEq(uint256(head.landedGwei) - head.shortGwei + line.inFlightGwei(), total, "A2");
        }
    }
}
