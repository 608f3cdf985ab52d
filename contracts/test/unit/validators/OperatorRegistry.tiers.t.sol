// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IOperatorRegistry, Tier, TierTerms } from "../../../src/validators/IOperatorRegistry.sol";
import { BondFixture } from "../../support/BondFixture.sol";

/// setTier, setTierTerms, limits.
contract OperatorRegistryTiersTest is BondFixture {
    function _fund(uint32 id, uint64 principalGwei) private {
        asValidators();
        registry.noteFunded(id, 0, principalGwei, 0);
    }

    function _setTerms(Tier tier, TierTerms memory terms) private {
        vm.prank(governance);
        registry.setTierTerms(tier, terms);
    }

    // ------------------------------------------------------------ tiers

    function test_SetTier_MovesTheStakeAlong() public {
        uint32 first = bonded(100 ether);
        uint32 second = bonded(100 ether);
        _fund(first, 2000e9);
        _fund(second, 500e9);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.TierGranted(first, Tier.Curated);
        vm.prank(governance);
        registry.setTier(first, Tier.Curated);
        assertEq(uint8(registry.operator(first).tier), uint8(Tier.Curated), "granted");
        assertEq(registry.tierStakeGwei(Tier.Curated), 2000e9, "its stake has moved");
        assertEq(registry.tierStakeGwei(Tier.Permissionless), 500e9, "the other's stays");
        assertEq(registry.requiredBond(first), 20 ether, "1 %");
        assertEq(registry.requiredBond(second), 20 ether, "4 %");
        _fund(first, 48e9);
        assertEq(registry.tierStakeGwei(Tier.Curated), 2048e9, "and so does what comes");
        vm.prank(governance);
        registry.setTier(first, Tier.Permissionless);
        assertEq(registry.tierStakeGwei(Tier.Curated), 0, "back");
        assertEq(registry.tierStakeGwei(Tier.Permissionless), 2548e9, "back");
        assertEq(registry.requiredBond(first), 61.44 ether, "4 % and 2 %");
    }

    function test_SetTier_ToItsOwnChangesNothing() public {
        uint32 id = bonded(100 ether);
        _fund(id, 2000e9);
        vm.prank(governance);
        registry.setTier(id, Tier.Permissionless);
        assertEq(registry.tierStakeGwei(Tier.Permissionless), 2000e9, "the same");
        assertEq(registry.tierStakeGwei(Tier.Curated), 0, "none");
    }

    // ------------------------------------------------------------ terms

    function test_SetTierTerms_BindsTheNextFundingOnly() public {
        uint32 id = bonded(61.44 ether);
        _fund(id, 2048e9);
        TierTerms memory terms = _permissionless();
        (terms.bondBps, terms.bondBpsAbove) = (5000, 5000);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.TierTermsChanged(Tier.Permissionless, terms);
        _setTerms(Tier.Permissionless, terms);
        bytes32 stored = keccak256(abi.encode(registry.tierTerms(Tier.Permissionless)));
        assertEq(stored, keccak256(abi.encode(terms)), "stored");
        stored = keccak256(abi.encode(registry.tierTerms(Tier.Curated)));
        assertEq(stored, keccak256(abi.encode(_curated())), "the other tier's stay");
        assertEq(registry.requiredBond(id), 1024 ether, "demands are higher");
        assertEq(bondShares(id), 61.44e27, "nothing is taken");
        assertEq(registry.operator(id).stakeGwei, 2048e9, "from anybody");
    }

    function test_SetTierTerms_AllowsTheBounds() public {
        TierTerms memory widest = TierTerms({
            operatorShareBps: 2500,
            tierShareBps: 10_000,
            operatorFloorGwei: 50_000e9,
            tierFloorGwei: 100_000e9,
            kneeGwei: type(uint64).max,
            bondBps: 5000,
            bondBpsAbove: 5000
        });
        _setTerms(Tier.Permissionless, widest);
        TierTerms memory tightest = TierTerms(1, 1, 0, 0, 0, 0, 0);
        _setTerms(Tier.Curated, tightest);
        bytes32 stored = keccak256(abi.encode(registry.tierTerms(Tier.Permissionless)));
        assertEq(stored, keccak256(abi.encode(widest)), "widest");
        stored = keccak256(abi.encode(registry.tierTerms(Tier.Curated)));
        assertEq(stored, keccak256(abi.encode(tightest)), "tightest");
    }

    function _expectInvalid(TierTerms memory terms, string memory field, uint256 value) private {
        for (uint256 tier; tier < 2; ++tier) {
            vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.TierTermInvalid.selector, field, value));
            _setTerms(Tier(tier), terms);
        }
    }

    function test_RevertWhen_ATermIsOutOfBounds() public {
        TierTerms memory t = _permissionless();
        t.operatorShareBps = 0;
        _expectInvalid(t, "operatorShareBps", 0);
        t.operatorShareBps = 2501;
        _expectInvalid(t, "operatorShareBps", 2501);
        t = _permissionless();
        t.tierShareBps = 0;
        _expectInvalid(t, "tierShareBps", 0);
        t.tierShareBps = 10_001;
        _expectInvalid(t, "tierShareBps", 10_001);
        t = _permissionless();
        t.operatorFloorGwei = 50_000e9 + 1;
        _expectInvalid(t, "operatorFloorGwei", 50_000e9 + 1);
        t = _permissionless();
        t.tierFloorGwei = 100_000e9 + 1;
        _expectInvalid(t, "tierFloorGwei", 100_000e9 + 1);
        t = _permissionless();
        t.bondBps = 5001;
        _expectInvalid(t, "bondBps", 5001);
        t = _permissionless();
        t.bondBpsAbove = 5001;
        _expectInvalid(t, "bondBpsAbove", 5001);
    }

    // ------------------------------------------------------------ limits

    function _assertLimits(Tier tier, uint64 operatorGwei, uint64 tierGwei) private view {
        (uint64 one_, uint64 all) = registry.limitsGwei(tier);
        assertEq(one_, operatorGwei, "of one operator");
        assertEq(all, tierGwei, "of the tier");
    }

    function test_Limits_AreTheFloorsWhileThePoolIsYoung() public {
        assertEq(checkpoints.poolGweiAtClose(), 0, "no close yet");
        _assertLimits(Tier.Permissionless, 2048e9, 32_768e9);
        _assertLimits(Tier.Curated, 20_480e9, 100_000e9);
        checkpoint();
        assertEq(checkpoints.poolGweiAtClose(), 40_000e9, "a close");
        // 2 %, 33 %, 10 % and 100 % of 40,000 are all below
        _assertLimits(Tier.Permissionless, 2048e9, 32_768e9);
        _assertLimits(Tier.Curated, 20_480e9, 100_000e9);
    }

    /// By real closes only: stakes since the last one raise nothing.
    function test_Limits_AreSharesOfThePoolAtTheLastClose() public {
        for (uint256 i; i < 5; ++i) {
            beacon.tick(7200);
            stake(alice, 50_000 ether);
        }
        assertEq(token.getTotalPooledEther(), 290_000 ether, "staked");
        _assertLimits(Tier.Permissionless, 2048e9, 32_768e9);
        checkpoint();
        assertEq(checkpoints.poolGweiAtClose(), 290_000e9, "closed");
        _assertLimits(Tier.Permissionless, 5800e9, 95_700e9);
        _assertLimits(Tier.Curated, 29_000e9, 290_000e9);
        beacon.tick(7200);
        stake(alice, 10_000 ether);
        _assertLimits(Tier.Permissionless, 5800e9, 95_700e9);
    }

    /// Never below the floor, never above the greater of it and the share.
    function testFuzz_Limits_AreTheGreaterOfFloorAndShare(
        uint32 poolEth,
        uint16 shareBps,
        uint16 tierBps,
        uint64 floor_,
        uint64 tierFloor
    ) public {
        uint256 pool = uint256(poolEth) * 1e9;
        vm.mockCall(
            address(checkpoints), abi.encodeCall(checkpoints.poolGweiAtClose, ()), abi.encode(uint64(pool))
        );
        TierTerms memory t = _permissionless();
        t.operatorShareBps = uint16(bound(shareBps, 1, 2500));
        t.tierShareBps = uint16(bound(tierBps, 1, 10_000));
        t.operatorFloorGwei = uint64(bound(floor_, 0, 50_000e9));
        t.tierFloorGwei = uint64(bound(tierFloor, 0, 100_000e9));
        _setTerms(Tier.Permissionless, t);
        uint256 share = pool * t.operatorShareBps / 10_000;
        uint256 tierShare = pool * t.tierShareBps / 10_000;
        (uint64 one_, uint64 all) = registry.limitsGwei(Tier.Permissionless);
        assertEq(one_, share > t.operatorFloorGwei ? share : t.operatorFloorGwei, "operator");
        assertEq(all, tierShare > t.tierFloorGwei ? tierShare : t.tierFloorGwei, "tier");
    }
}
