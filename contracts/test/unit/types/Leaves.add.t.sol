// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { LeavesHarness } from "../../support/TypesHarness.sol";
import { stdError } from "forge-std/StdError.sol";
import { Test } from "forge-std/Test.sol";

contract LeavesAddTest is Test {
    LeavesHarness private leaves = new LeavesHarness();

    /// forge-config: default.fuzz.runs = 128
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_Add_KeepsDescendingOrderAndPairs(uint256[] memory indices) public view {
        bytes32[] memory values = new bytes32[](indices.length);
        uint256 checksum;
        for (uint256 i; i < indices.length; ++i) {
            values[i] = keccak256(abi.encode(indices[i]));
            unchecked {
                checksum += indices[i];
            }
        }
        (uint256[] memory sorted, bytes32[] memory moved, uint256 count) = leaves.sorted(indices, values);
        assertEq(count, indices.length, "all of them");
        for (uint256 i; i < count; ++i) {
            if (i != 0) assertLe(sorted[i], sorted[i - 1], "descending");
            assertEq(moved[i], keccak256(abi.encode(sorted[i])), "each with its value");
            unchecked {
                checksum -= sorted[i];
            }
        }
        assertEq(checksum, 0, "the same ones");
    }

    function test_RevertWhen_ThereIsNoRoom() public {
        vm.expectRevert(stdError.indexOOBError);
        leaves.addTo(3, 4);
    }
}
