// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Tier, TierTerms } from "../../src/validators/IOperatorRegistry.sol";
import { FundingRefusal } from "../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// V3: whatever the order of tickets, pieces and tier changes, stake stays within limits and bonds.
contract LimitsAttackTest is StackFixture {
    uint32[4] private operators;
    uint40[4] private indices;

    function setUp() public override {
        super.setUp();
        stake(alice, 9999 ether);
        for (uint256 i; i < 4; ++i) {
            operators[i] = joinOperator();
            vm.deal(bob, 30 ether);
            vm.prank(bob);
            registry.topUpBondWithEther{ value: 30 ether }(operators[i]);
            indices[i] = onboard(operators[i], i + 1);
        }
    }

    function _permissionless() internal pure override returns (TierTerms memory) {
        return TierTerms({
            operatorShareBps: 200,
            tierShareBps: 1000,
            operatorFloorGwei: 600e9,
            tierFloorGwei: 1300e9,
            kneeGwei: 512e9,
            bondBps: 400,
            bondBpsAbove: 200
        });
    }

    function _withinLimits() private view {
        (uint64 own, uint64 tier) = registry.limitsGwei(Tier.Permissionless);
        uint64 sum;
        for (uint256 i; i < 4; ++i) {
            uint64 stakeGwei = registry.operator(operators[i]).stakeGwei;
            assertLe(stakeGwei, own, "V3: the operator's share");
            assertGe(
                registry.bondEther(operators[i]) + 1 gwei, registry.requiredBond(operators[i]), "V3: its bond"
            );
            sum += stakeGwei;
        }
        assertLe(sum, tier, "V3: the tier's share");
        assertEq(sum, registry.tierStakeGwei(Tier.Permissionless), "V3: added up");
    }

    /// forge-config: default.fuzz.runs = 24
    /// forge-config: nightly.fuzz.runs = 2000
    /// Tickets in any order, heads sent to the back whenever that is possible, targets far above what is allowed.
    function testFuzz_Attack_ReorderingFundsNobodyBeyondLimits(uint256 seed) public {
        for (uint256 i; i < 4; ++i) {
            uint256 k = (i + seed % 4) % 4;
            askFunding(operators[k], k + 1, 2048e9);
        }
        for (uint256 step; step < 14; ++step) {
            (uint64 number,, uint40 index,) = validators.nextTicket();
            if (number == 0) break;
            uint256 k;
            while (indices[k] != index) ++k;
            beacon.tick(1);
            bytes32 root = keyRoot(k + 1);
            try validators.fund(beacon.validatorsProof(one(index), true), keysOf(k + 1)) returns (
                uint64 amount
            ) {
                if (amount != 0) beacon.addPending(root, amount, beacon.slot());
                if (amount != 0) land();
            } catch {
                try validators.requeueTicket(root) { } catch { }
            }
            _withinLimits();
        }
        (, FundingRefusal reason) = registry.fundingRoom(operators[seed % 4], false);
        assertTrue(reason != FundingRefusal.None, "and all that was allowed was given");
        assertGt(registry.tierStakeGwei(Tier.Permissionless), 1200e9, "nearly the whole tier");
    }
}
