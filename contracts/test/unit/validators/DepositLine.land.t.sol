// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { DepositLine } from "../../../src/validators/DepositLine.sol";
import { DepositLineHarness } from "../../support/ValidatorsHarness.sol";
import { Test } from "forge-std/Test.sol";

/// push, land.
contract DepositLineLandTest is Test {
    DepositLineHarness private line = new DepositLineHarness();

    function _push(uint40 index, uint64 amountGwei, uint48 slot) private returns (uint32) {
        return line.push(DepositLine.Deposit(index, 9, slot, amountGwei, 12_345)); // the sum is not the caller's
    }

    function test_Push_NumbersFromOneAndAccumulates() public {
        assertEq(line.inFlightGwei(), 0, "empty");
        assertEq(_push(7, 31e9, 100), 1, "first");
        assertEq(_push(8, 5e9, 101), 2, "second");
        DepositLine.Deposit memory d = line.deposit(2);
        assertEq(d.validatorIndex, 8, "validator");
        assertEq(d.operatorId, 9, "operator");
        assertEq(d.slot, 101, "slot");
        assertEq(d.amountGwei, 5e9, "amount");
        assertEq(d.cumulativeGwei, 36e9, "running sum");
        assertEq(line.deposit(1).cumulativeGwei, 31e9, "the first's own");
        assertEq(line.inFlightGwei(), 36e9, "in flight");
    }

    function test_Land_MovesThePointer() public {
        _push(7, 31e9, 100);
        _push(8, 5e9, 101);
        line.land(1, 100); // a state holds what its own slot's block deposited
        (uint64 count, uint64 sum, uint64 slot) = line.landed();
        assertEq(count, 1, "count");
        assertEq(sum, 31e9, "sum");
        assertEq(slot, 100, "slot");
        assertEq(line.inFlightGwei(), 5e9, "the rest");
        line.land(2, 150);
        assertEq(line.inFlightGwei(), 0, "none");
        _push(8, 3e9, 151);
        assertEq(line.inFlightGwei(), 3e9, "the next");
    }

    function test_RevertWhen_LandedIsOutOfRange() public {
        _push(7, 31e9, 100);
        _push(7, 31e9, 101);
        line.land(1, 200);
        uint64[3] memory wrong = [uint64(0), 1, 3];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    DepositLine.LandedOutOfRange.selector, uint256(wrong[i]), uint256(1), uint256(2)
                )
            );
            line.land(wrong[i], 300);
        }
    }

    function test_RevertWhen_DepositIsNewerThanTheProof() public {
        _push(7, 31e9, 100);
        _push(7, 31e9, 101);
        vm.expectRevert(
            abi.encodeWithSelector(
                DepositLine.DepositNewerThanProof.selector, uint256(2), uint256(101), uint256(100)
            )
        );
        line.land(2, 100);
        line.land(1, 100);
    }

    /// A2: every gwei is either landed or in flight.
    function testFuzz_Land_EachGweiIsCountedOnce(uint64[8] memory amounts, uint8[8] memory lands) public {
        uint256 total;
        for (uint256 i; i < 8; ++i) {
            uint64 amount = uint64(bound(amounts[i], 1e9, 2048e9));
            total += amount;
            assertEq(_push(uint40(i), amount, uint48(i)), i + 1, "number");
            assertEq(line.deposit(i + 1).cumulativeGwei, total, "running sum");
            (uint64 count, uint64 sum,) = line.landed();
            uint256 upTo = bound(lands[i], 0, i + 1);
            if (upTo > count) {
                line.land(uint64(upTo), uint64(i));
                (, sum,) = line.landed();
                assertEq(sum, line.deposit(upTo).cumulativeGwei, "all up to it");
            }
            assertEq(uint256(sum) + line.inFlightGwei(), total, "A2");
        }
    }
}
