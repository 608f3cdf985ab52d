// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Gate } from "../../../src/deposit/StakeLimit.sol";
import { StakeLimitHarness } from "../../support/DepositHarness.sol";
import { Test } from "forge-std/Test.sol";

contract StakeLimitAvailableTest is Test {
    StakeLimitHarness private limit = new StakeLimitHarness();

    function _gate(uint56 left, uint40 at) private pure returns (Gate memory) {
        return Gate(left, at, 1, 2, 3, true, 0);
    }

    function test_Maximum_IsFivePercentAboveTheFloor() public view {
        assertEq(limit.maximum(0), 50_000 ether, "floor");
        assertEq(limit.maximum(1_000_000 ether), 50_000 ether, "where both meet");
        assertEq(limit.maximum(2_000_000 ether), 100_000 ether, "five percent");
    }

    function test_Available_RegrowsEvenlyInADay() public view {
        assertEq(limit.available(_gate(0, 1000), 0, 1000), 0, "nothing at once");
        assertEq(limit.available(_gate(0, 1000), 0, 1000 + 6 hours), 12_500 ether, "a quarter");
        assertEq(limit.available(_gate(7e9, 1000), 0, 1000 + 6 hours), 12_507 ether, "what was left, and it");
        assertEq(limit.available(_gate(0, 1000), 0, 1000 + 1 days), 50_000 ether, "full");
        assertEq(limit.available(_gate(7e9, 1000), 0, 1000 + 2 days), 50_000 ether, "not more");
    }

    function test_Consume_TouchesOnlyItsTwoFields() public view {
        Gate memory gate = limit.consume(_gate(5, 6), 10 ether, 4 ether, 77);
        assertEq(gate.stakeLimitGwei, 6e9, "left");
        assertEq(gate.stakeLimitTime, 77, "time");
        assertEq(gate.stakingPausedUntil, 1, "kept");
        assertEq(gate.exitsPausedUntil, 2, "kept");
        assertEq(gate.lastSnapshotTime, 3, "kept");
        assertTrue(gate.checkpointOpen, "kept");
    }

    /// Whatever the pieces and the pauses between them: in a day no more than the limit twice over (full + regrown).
    function testFuzz_Consume_ADayNeverPassesFullPlusOneDaysGrowth(
        uint256 poolEther,
        uint96[10] memory amounts,
        uint32[10] memory waits
    ) public view {
        poolEther = bound(poolEther, 0, 1e26);
        uint256 full = limit.maximum(poolEther);
        Gate memory gate = _gate(uint56(full / 1 gwei), 1_000_000);
        uint256 now_ = 1_000_000;
        uint256 taken;
        for (uint256 i; i < 10; ++i) {
            now_ += waits[i] % 8640;
            uint256 free = limit.available(gate, poolEther, now_);
            assertLe(free, full, "never above full");
            uint256 amount = bound(amounts[i], 0, free);
            gate = limit.consume(gate, free, amount, now_);
            taken += amount;
        }
        assertLe(taken, full + full * (now_ - 1_000_000) / 1 days, "bounded in time");
    }
}
