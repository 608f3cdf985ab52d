// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Tier, TierTerms } from "../../../src/validators/IOperatorRegistry.sol";
import { FundingRefusal, IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { BondFixture } from "../../support/BondFixture.sol";

/// fundingRoom with every refusal, requiredBond, isEjectable.
contract OperatorRegistryRoomTest is BondFixture {
    uint32 private id;

    function setUp() public override {
        super.setUp();
        id = joinOperator();
    }

    function _fund(uint32 operatorId, uint64 beforeGwei, uint64 afterGwei) private {
        asValidators();
        registry.noteFunded(operatorId, beforeGwei, afterGwei, 0);
    }

    function _take(uint256 shares) private {
        asPenalties();
        registry.takeBond(id, shares, address(checkpoints));
    }

    function _curate(uint32 operatorId) private {
        vm.prank(governance);
        registry.setTier(operatorId, Tier.Curated);
    }

    // ------------------------------------------------------------ by the bond

    /// The first key brings its own 1 ETH of bond: at 4 % that carries 25 ETH, less than the 32 it needs.
    function test_Room_OfANewOperatorIsWhatOneEtherCovers() public {
        assertRoom(id, true, 25e9, FundingRefusal.BondShort);
        assertRoom(id, false, 0, FundingRefusal.BondShort);
        topUp(id, 0.28 ether);
        assertRoom(id, true, 32e9, FundingRefusal.BondShort);
        assertRoom(id, false, 7e9, FundingRefusal.BondShort);
    }

    function test_Room_BendsAtTheKnee() public {
        topUp(id, 39.96 ether);
        assertRoom(id, true, 1024e9, FundingRefusal.BondShort);
        topUp(id, 1 ether);
        assertRoom(id, true, 1074e9, FundingRefusal.BondShort);
        assertRoom(id, false, 1024e9, FundingRefusal.BondShort);
    }

    /// Shares worth a wei less than the ether they were minted for still count as it.
    function test_Room_ForgivesTheRoundingOfAShare() public {
        rebase(30 ether + 7);
        topUp(id, 0.28 ether);
        assertEq(registry.bondEther(id), 0.28 ether - 1, "a wei is lost to rounding");
        assertRoom(id, true, 32e9, FundingRefusal.BondShort);
    }

    function test_Room_CountsWhatIsAlreadyRun() public {
        topUp(id, 61.44 ether);
        _fund(id, 0, 2000e9);
        assertRoom(id, false, 48e9, FundingRefusal.BondShort);
        _fund(id, 2000e9, 2048e9);
        assertRoom(id, false, 0, FundingRefusal.BondShort);
        _take(1e27);
        assertRoom(id, false, 0, FundingRefusal.BondShort);
    }

    function test_Room_CountsNoBondThatWasAskedOut() public {
        topUp(id, 61.44 ether);
        vm.prank(manager);
        registry.requestBondExit(id, 20.48e27);
        assertRoom(id, false, 1024e9, FundingRefusal.BondShort);
    }

    /// Each member needs 1 ETH, whatever the curve says.
    function test_Room_NeedsOneEtherAMember() public {
        _curate(id);
        topUp(id, 60 ether);
        _fund(id, 0, 1800e9);
        _fund(id, 0, 1800e9);
        _fund(id, 0, 1800e9);
        // 60 ETH cover 6,000 at 1 %
        assertRoom(id, false, 600e9, FundingRefusal.BondShort);
        _take(57e27);
        assertRoom(id, false, 0, FundingRefusal.BondShort); // 3 for three members: the curve
        // principals come down to nothing: only the members count
        for (uint256 i; i < 3; ++i) {
            asValidators();
            registry.noteLowered(id, IValidatorManager.Status.Member, 1800e9, 1e9);
        }
        assertRoom(id, false, 297e9, FundingRefusal.BondShort);
        _take(1e18); // 1 gwei of bond
        assertRoom(id, false, 0, FundingRefusal.BondShort);
        assertEq(registry.requiredBond(id), 3 ether, "1 ETH each");
    }

    /// The same for a further key, whose own 1 ETH counts with it.
    function test_Room_ForAFurtherKeyCountsItsOwnEther() public {
        topUp(id, 1 ether);
        _fund(id, 0, 1e9);
        asValidators(); // it works no more: no others are unfilled
        registry.noteMoved(id, IValidatorManager.Status.Member, IValidatorManager.Status.Exiting, 1e9);
        assertRoom(id, true, 49e9, FundingRefusal.BondShort);
        _take(1e18);
        assertRoom(id, true, 0, FundingRefusal.BondShort);
        assertRoom(id, false, 0, FundingRefusal.BondShort);
    }

    // ------------------------------------------------------------ by the state of the operator

    function test_Room_OrderOfRefusals() public {
        topUp(id, 61.44 ether);
        _fund(id, 0, 1799e9);
        assertRoom(id, true, 0, FundingRefusal.OthersUnfilled);
        asPenalties();
        registry.noteSlashing(id, true);
        assertRoom(id, true, 0, FundingRefusal.SlashingOpen);
        assertRoom(id, false, 0, FundingRefusal.SlashingOpen);
        vm.prank(manager);
        registry.leave(id);
        assertRoom(id, true, 0, FundingRefusal.Leaving);
    }

    function test_Room_OpensAgainWhenTheSlashingIsSettled() public {
        topUp(id, 61.44 ether);
        asPenalties();
        registry.noteSlashing(id, true);
        asPenalties();
        registry.noteSlashing(id, false);
        assertRoom(id, false, 2048e9, FundingRefusal.BondShort);
    }

    /// H3: the next key only when all others hold the fill target, to the gwei; a top-up always.
    function test_Room_ForTheNextKeyNeedsTheOthersFilled() public {
        _curate(id);
        topUp(id, 100 ether);
        _fund(id, 0, FILL_TARGET - 1);
        assertRoom(id, true, 0, FundingRefusal.OthersUnfilled);
        assertRoom(id, false, 10_000e9 - FILL_TARGET + 1, FundingRefusal.BondShort);
        _fund(id, FILL_TARGET - 1, FILL_TARGET);
        assertRoom(id, true, 10_100e9 - FILL_TARGET, FundingRefusal.BondShort);
        // what was withdrawn from it must be filled up first
        asValidators();
        registry.noteLowered(id, IValidatorManager.Status.Member, FILL_TARGET, FILL_TARGET - 1);
        assertRoom(id, true, 0, FundingRefusal.OthersUnfilled);
        // unless it is on its way out
        asValidators();
        registry.noteMoved(
            id, IValidatorManager.Status.Member, IValidatorManager.Status.Exiting, FILL_TARGET - 1
        );
        assertRoom(id, true, 10_100e9 - FILL_TARGET + 1, FundingRefusal.BondShort);
    }

    // ------------------------------------------------------------ by the limits

    function test_Room_EndsAtTheOperatorsLimit() public {
        topUp(id, 200 ether);
        assertRoom(id, true, 2048e9, FundingRefusal.OperatorLimit);
        _fund(id, 0, 2047e9);
        assertRoom(id, false, 1e9, FundingRefusal.OperatorLimit);
        _fund(id, 2047e9, 2048e9);
        assertRoom(id, false, 0, FundingRefusal.OperatorLimit);
        assertRoom(id, true, 0, FundingRefusal.OperatorLimit);
        // a lower limit than what is run is no underflow
        TierTerms memory t = _permissionless();
        t.operatorFloorGwei = 32e9;
        vm.prank(governance);
        registry.setTierTerms(Tier.Permissionless, t);
        assertRoom(id, true, 0, FundingRefusal.OperatorLimit);
    }

    function test_Room_EndsAtTheTiersLimit() public {
        topUp(id, 200 ether);
        uint32 other = joinOperator();
        _fund(other, 0, 32_768e9 - 2048e9);
        assertRoom(id, true, 2048e9, FundingRefusal.OperatorLimit); // both equal: the operator's is named
        _fund(other, 32_768e9 - 2048e9, 32_768e9 - 2047e9);
        assertRoom(id, true, 2047e9, FundingRefusal.TierLimit);
        _fund(other, 32_768e9 - 2047e9, 32_768e9 + 5e9);
        assertRoom(id, true, 0, FundingRefusal.TierLimit);
        assertRoom(id, false, 0, FundingRefusal.TierLimit);
        _curate(id);
        assertRoom(id, true, 20_100e9, FundingRefusal.BondShort); // the other tier is empty
    }

    /// With limits above the floors, set by a real checkpoint.
    function test_Room_FollowsThePoolOfTheLastClose() public {
        topUp(id, 200 ether); // covers 1,024 + 50 × 159.04 = 8,976
        for (uint256 i; i < 4; ++i) {
            beacon.tick(7200);
            stake(alice, 50_000 ether);
        }
        assertRoom(id, false, 2048e9, FundingRefusal.OperatorLimit);
        checkpoint();
        // 2 % of 240,200, whole ETH
        assertRoom(id, false, 4804e9, FundingRefusal.OperatorLimit);
    }

    /// The room is never more than any of the three allows, and equals one of them.
    function testFuzz_Room_IsTheLeastOfThree(uint256 bond, uint64 stake_, uint64 others, bool first) public {
        topUp(id, bound(bond, 1 gwei, 400 ether));
        stake_ = uint64(bound(stake_, FILL_TARGET, 3000e9));
        others = uint64(bound(others, 1e9, 33_000e9));
        _fund(id, 0, stake_);
        _fund(joinOperator(), 0, others);
        (uint64 room, FundingRefusal by) = registry.fundingRoom(id, first);
        uint256 bondGwei = (registry.bondEther(id) + 1 gwei - 1) / 1 gwei + (first ? 1e9 : 0);
        if (bondGwei < (first ? 2e9 : 1e9)) {
            assertEq(room, 0, "less than 1 ETH a member");
            assertEq(uint8(by), uint8(FundingRefusal.BondShort), "short");
            return;
        }
        uint256 covered = bondGwei < 40.96e9 ? bondGwei * 25 : 1024e9 + (bondGwei - 40.96e9) * 50;
        uint256[3] memory rooms =
            [_above(covered, stake_), _above(2048e9, stake_), _above(32_768e9, others + stake_)];
        uint256 least = rooms[0];
        FundingRefusal why = FundingRefusal.BondShort;
        if (rooms[1] < least) (least, why) = (rooms[1], FundingRefusal.OperatorLimit);
        if (rooms[2] < least) (least, why) = (rooms[2], FundingRefusal.TierLimit);
        assertEq(room, least, "least");
        assertEq(uint8(by), uint8(why), "named");
    }

    function _above(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : 0;
    }

    // ------------------------------------------------------------ required, ejectable

    function test_RequiredBond_IsTheCurveButOneEtherAMember() public {
        _fund(id, 0, 32e9);
        assertEq(registry.requiredBond(id), 1.28 ether, "4 % of 32");
        _fund(id, 0, 10e9);
        assertEq(registry.requiredBond(id), 2 ether, "two members, 1.68 by the curve");
        _curate(id);
        _fund(id, 10e9, 168e9);
        assertEq(registry.requiredBond(id), 2 ether, "exactly both");
        _fund(id, 168e9, 168e9 + 1);
        assertEq(registry.requiredBond(id), 2 ether + 1 gwei, "rounded up to the gwei");
    }

    function test_Ejectable_BelowFourFifths() public {
        topUp(id, 61.44 ether);
        _fund(id, 0, 2048e9);
        _take(12.288e27);
        assertEq(registry.bondEther(id), 49.152 ether, "80 %");
        assertFalse(registry.isEjectable(id), "exactly 80 % is enough");
        _take(1e18);
        assertTrue(registry.isEjectable(id), "a gwei less is not");
        topUp(id, 1 gwei);
        assertFalse(registry.isEjectable(id), "topped up");
    }

    function test_Ejectable_WhileASlashingIsOpen() public {
        topUp(id, 200 ether);
        asPenalties();
        registry.noteSlashing(id, true);
        assertTrue(registry.isEjectable(id), "open");
        asPenalties();
        registry.noteSlashing(id, false);
        assertFalse(registry.isEjectable(id), "settled");
    }

    function test_Ejectable_CountsNoBondThatWasAskedOut() public {
        topUp(id, 100 ether);
        vm.prank(manager);
        registry.requestBondExit(id, 90e27);
        _fund(id, 0, 2048e9);
        assertTrue(registry.isEjectable(id), "10 of 61.44");
    }
}
