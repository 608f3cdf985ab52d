// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Exposure } from "../../../src/validators/Exposure.sol";
import { OperatorExposure, PoolExposure } from "../../../src/validators/IExposure.sol";
import { IOperatorRegistry, Tier } from "../../../src/validators/IOperatorRegistry.sol";
import { FundingRefusal } from "../../../src/validators/IValidatorManager.sol";
import { BondFixture } from "../../support/BondFixture.sol";

/// operators, pool.
contract ExposureOperatorsTest is BondFixture {
    Exposure private exposure;

    function setUp() public override {
        super.setUp();
        exposure = new Exposure(token, registry, validators, withdrawals, penalties, inFlight);
    }

    // ------------------------------------------------------------ pages

    function _assertPage(uint32 from, uint32 count, uint32 first, uint256 length) private view {
        OperatorExposure[] memory page = exposure.operators(from, count);
        assertEq(page.length, length, "length");
        for (uint32 i; i < length; ++i) {
            assertEq(page[i].operatorId, first + i, "in order");
            assertEq(page[i].record.manager, address(uint160(1000 + first + i)), "each its own");
        }
    }

    function test_Operators_ComeInPages() public {
        for (uint160 i = 1; i <= 5; ++i) {
            vm.prank(address(1000 + i));
            registry.join(bob);
        }
        _assertPage(1, 5, 1, 5);
        _assertPage(0, 2, 1, 2); // from 0 means from the first
        _assertPage(2, 2, 2, 2);
        _assertPage(4, 100, 4, 2); // fewer at the end
        _assertPage(5, type(uint32).max, 5, 1);
        _assertPage(6, 1, 0, 0); // none past it
        _assertPage(type(uint32).max, type(uint32).max, 0, 0);
        _assertPage(1, 0, 0, 0);
        _assertPage(0, 0, 0, 0);
    }

    function test_Operators_OfNone() public view {
        assertEq(exposure.operators(0, 10).length, 0, "none");
        assertEq(exposure.operators(1, 10).length, 0, "none");
    }

    function testFuzz_Operators_PagesAddUpToTheList(uint8 many, uint8 size) public {
        uint32 all = many % 12;
        uint32 each = 1 + size % 5;
        for (uint32 i; i < all; ++i) {
            joinOperator();
        }
        uint32 seen;
        for (uint32 from = 1; from <= all + each; from += each) {
            OperatorExposure[] memory page = exposure.operators(from, each);
            for (uint256 i; i < page.length; ++i) {
                assertEq(page[i].operatorId, ++seen, "each once, in order");
            }
        }
        assertEq(seen, all, "all");
    }

    // ------------------------------------------------------------ one scenario, by hand

    /// Operator 1, permissionless, 80 + 1 ETH of bond: one full validator, exiting; 5 ETH asked out.
    /// Operator 2, curated, 50 + 3 ETH of bond: one of 2,048 slashed, one of 1,900 that works, one of 32 of which 31
    /// are in flight, with an open ticket for 100.
    /// Operator 3 has nothing.
    function _scenario() private {
        uint32 a = bonded(80 ether);
        uint40 exiting = member(a, 1, FULL);
        beacon.setExiting(exiting, epochNow() + 5);
        beacon.tick(1);
        validators.observe(balanced(exiting));
        vm.prank(manager);
        registry.requestBondExit(a, 5e27);

        uint32 b = bonded(50 ether);
        vm.prank(governance);
        registry.setTier(b, Tier.Curated);
        uint40 slashed = member(b, 2, FULL);
        member(b, 3, 1900e9);
        uint40 young = onboard(b, 4);
        askFunding(b, 4, 100e9);
        fundNext(4, young);
        slash(slashed); // 0.05 ETH of reward
        joinOperator();
    }

    function test_Operators_ByHand() public {
        _scenario();
        OperatorExposure[] memory page = exposure.operators(1, 10);
        OperatorExposure memory e = page[0];
        assertEq(e.record.stakeGwei, 2048e9, "stake");
        assertEq(e.record.exitingGwei, 2048e9, "exiting");
        assertEq(e.record.members, 1, "members");
        assertEq(e.bondExit.shares, 5e27, "asked out");
        assertEq(e.bondEther, 76 ether, "81 - 5");
        assertEq(e.requiredBond, 61.44 ether, "4 % and 2 %");
        assertEq(e.freeBondShares, 14.56e27, "76 - 61.44");
        assertEq(e.coverageBps, 371, "76 / 2,048");
        // pool: 1 + 39,999 + 80 + 50 staked, 4 bonds minted
        assertEq(e.poolShareBps, 510, "2,048 / 40,134");
        assertEq(e.limitGwei, 2048e9, "floor");
        assertEq(e.roomGwei, 0, "full");
        assertEq(uint8(e.limitedBy), uint8(FundingRefusal.OperatorLimit), "by its limit");
        assertEq(e.inFlightGwei, 0, "nothing flies");
        assertEq(e.ticket, 0, "no ticket");
        assertFalse(e.ejectable, "not ejectable");

        e = page[1];
        assertEq(e.record.stakeGwei, 3980e9, "stake");
        assertEq(e.record.slashedGwei, 2048e9, "slashed");
        assertEq(e.record.members, 3, "members");
        assertEq(e.record.belowTarget, 1, "the young one");
        assertEq(e.record.openSlashings, 1, "open");
        assertEq(uint8(e.record.tier), uint8(Tier.Curated), "tier");
        assertEq(e.bondEther, 52.95 ether, "53 less the reward");
        assertEq(e.requiredBond, 39.8 ether, "1 %");
        assertEq(e.freeBondShares, 0, "locked");
        assertEq(e.coverageBps, 133, "52.95 / 3,980");
        assertEq(e.poolShareBps, 991, "3,980 / 40,134");
        assertEq(e.limitGwei, 20_480e9, "floor");
        assertEq(e.roomGwei, 0, "none");
        assertEq(uint8(e.limitedBy), uint8(FundingRefusal.SlashingOpen), "while it is open");
        assertEq(e.inFlightGwei, 31e9, "to the young one");
        assertEq(e.ticket, 4, "its fourth");
        assertTrue(e.ejectable, "while it is open");

        e = page[2];
        assertEq(e.coverageBps, 0, "no stake");
        assertEq(e.poolShareBps, 0, "no stake");
        assertEq(e.requiredBond, 0, "no bond needed");
        assertFalse(e.ejectable, "not ejectable");
        assertEq(page.length, 3, "three");
    }

    function test_Pool_ByHand() public {
        _scenario();
        request(alice, 36_000 ether);
        PoolExposure memory p = exposure.pool();
        assertEq(p.poolEther, 40_134 ether, "40,000 + 130 of bond + 4 minted");
        assertEq(p.members, 4, "members");
        assertEq(p.inFlightGwei, 31e9, "in flight");
        assertEq(p.openPartialsGwei, 0, "none asked");
        assertEq(p.exitingGwei, 2048e9, "the slashed one does not count");
        // own ether: 40,130 − 2,047 − 2,047 − 1,899 − 31
        assertEq(p.uncoveredDemand, 0, "34,106 + 2,048 are enough");
        assertEq(p.uncoveredLossGwei, 0, "the bond covers it");
        assertEq(p.permissionlessGwei, 2048e9, "permissionless");
        assertEq(p.permissionlessLimitGwei, 32_768e9, "floor");
        assertEq(p.curatedGwei, 3980e9, "curated");
        assertEq(p.curatedLimitGwei, 100_000e9, "floor");
        request(alice, 1000 ether);
        assertEq(exposure.pool().uncoveredDemand, 846 ether, "37,000 - 34,106 - 2,048");
        uint40 next = withdrawals.nextInRotation(); // the exiting one is passed over
        assertEq(next, 0, "first member");
        uint40[] memory three = new uint40[](3);
        (three[0], three[1], three[2]) = (0, 1, 2);
        bytes[] memory keys = new bytes[](3);
        (keys[0], keys[1], keys[2]) = (key(1), key(2), key(3));
        beacon.tick(1);
        withdrawals.withdraw{ value: 1 }(beacon.validatorsProof(three, true), keys, 1);
        p = exposure.pool();
        assertEq(p.openPartialsGwei, 256e9, "a chunk");
        assertEq(p.uncoveredDemand, 590 ether, "less to find");
    }

    function test_Pool_ShowsUncoveredLoss() public {
        uint32 id = bonded(69 ether);
        uint40 index = member(id, 1, FULL);
        asPenalties();
        registry.takeBond(id, 69e27, bob);
        slash(index);
        assertEq(exposure.pool().uncoveredLossGwei, 5_304_116_480 - 0.95e9, "beyond the bond");
        assertTrue(exposure.operators(1, 1)[0].ejectable, "ejectable");
    }

    // ------------------------------------------------------------ against the contracts

    function test_Operators_AgreeWithTheContracts() public {
        _scenario();
        _lose();
        OperatorExposure[] memory page = exposure.operators(1, 3);
        uint32[] memory ids = new uint32[](3);
        (ids[0], ids[1], ids[2]) = (1, 2, 3);
        uint64[] memory flying = inFlight.inFlightOf(ids);
        for (uint32 i; i < 3; ++i) {
            OperatorExposure memory e = page[i];
            uint32 id = i + 1;
            IOperatorRegistry.Operator memory o = registry.operator(id);
            assertEq(keccak256(abi.encode(e.record)), keccak256(abi.encode(o)), "record");
            assertEq(
                keccak256(abi.encode(e.bondExit)), keccak256(abi.encode(registry.bondExit(id))), "bond exit"
            );
            assertEq(e.bondEther, registry.bondEther(id), "bond");
            assertEq(e.requiredBond, registry.requiredBond(id), "required");
            assertEq(e.freeBondShares, registry.freeBondShares(id), "free");
            (uint64 limit,) = registry.limitsGwei(o.tier);
            assertEq(e.limitGwei, limit, "limit");
            assertRoom(id, false, e.roomGwei, e.limitedBy);
            assertEq(e.ejectable, registry.isEjectable(id), "ejectable");
            assertEq(e.ticket, validators.ticketOf(id), "ticket");
            assertEq(e.inFlightGwei, flying[i], "in flight");
            uint256 pool = token.getTotalPooledEther() / 1 gwei;
            assertEq(e.poolShareBps, uint256(o.stakeGwei) * 10_000 / pool, "share of the pool");
            if (o.stakeGwei == 0) continue;
            assertEq(e.coverageBps, e.bondEther / 1 gwei * 10_000 / o.stakeGwei, "coverage");
        }
        PoolExposure memory p = exposure.pool();
        assertEq(p.poolEther, token.getTotalPooledEther(), "pool");
        assertEq(p.members, validators.memberCount(), "members");
        assertEq(p.exitingGwei, validators.exitingGwei(), "exiting");
        assertEq(p.openPartialsGwei, withdrawals.openPartialsGwei(), "partials");
        assertEq(p.uncoveredDemand, withdrawals.uncoveredDemand(), "demand");
        assertEq(p.permissionlessGwei, registry.tierStakeGwei(Tier.Permissionless), "permissionless");
        assertEq(p.curatedGwei, registry.tierStakeGwei(Tier.Curated), "curated");
    }

    /// A loss, so that no rate is one.
    function _lose() private {
        vm.warp(block.timestamp + 1 days);
        vm.prank(address(checkpoints));
        token.applyRebase(uint40(block.timestamp), -3 ether, 0, 0);
    }

    function test_Deploy_KnowsItsSix() public view {
        assertEq(address(exposure.TOKEN()), address(token), "token");
        assertEq(address(exposure.REGISTRY()), address(registry), "registry");
        assertEq(address(exposure.VALIDATORS()), address(validators), "validators");
        assertEq(address(exposure.WITHDRAWALS()), address(withdrawals), "withdrawals");
        assertEq(address(exposure.PENALTIES()), address(penalties), "penalties");
        assertEq(address(exposure.IN_FLIGHT()), address(inFlight), "in flight");
    }
}
