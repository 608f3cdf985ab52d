// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ParticipationProof, ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { IOperatorRegistry, TierTerms } from "../../src/validators/IOperatorRegistry.sol";
import { IPenalties } from "../../src/validators/IPenalties.sol";
import { FundingRefusal, IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { StackFixture } from "./StackFixture.sol";

/// The stack on the real terms (protocol §7), a pool of 40,000 ETH unless a test says otherwise, and the verbs of bonds, slashings and idleness.
abstract contract BondFixture is StackFixture {
    uint64 internal constant FILL_TARGET = 1800e9;
    uint64 internal constant FULL = 2048e9;
    uint64 internal constant VECTOR = 8192; // epochs from a slashing to its withdrawable epoch
    uint64 internal constant ROOTS_EPOCHS = 255; // that the EIP-4788 contract reaches back

    function setUp() public virtual override {
        super.setUp();
        vm.deal(manager, 10_000 ether);
        stake(alice, _poolEther() - SEED);
    }

    function _poolEther() internal view virtual returns (uint256) {
        return 40_000 ether;
    }

    function _permissionless() internal view virtual override returns (TierTerms memory) {
        return TierTerms({
            operatorShareBps: 200,
            tierShareBps: 3300,
            operatorFloorGwei: 2048e9,
            tierFloorGwei: 32_768e9,
            kneeGwei: 1024e9,
            bondBps: 400,
            bondBpsAbove: 200
        });
    }

    function _curated() internal view virtual override returns (TierTerms memory) {
        return TierTerms({
            operatorShareBps: 1000,
            tierShareBps: 10_000,
            operatorFloorGwei: 20_480e9,
            tierFloorGwei: 100_000e9,
            kneeGwei: 0,
            bondBps: 100,
            bondBpsAbove: 100
        });
    }

    function _fillTargetGwei() internal view virtual override returns (uint64) {
        return FILL_TARGET;
    }

    // ------------------------------------------------------------ bonds

    function topUp(uint32 operatorId, uint256 amount) internal returns (uint256 shares) {
        vm.deal(manager, manager.balance + amount);
        vm.prank(manager);
        return registry.topUpBondWithEther{ value: amount }(operatorId);
    }

    /// An operator with `bond` wei of bond.
    function bonded(uint256 bond) internal returns (uint32 operatorId) {
        operatorId = joinOperator();
        if (bond != 0) topUp(operatorId, bond);
    }

    function bondShares(uint32 operatorId) internal view returns (uint256) {
        return registry.operator(operatorId).bondShares;
    }

    function asValidators() internal {
        vm.prank(address(validators));
    }

    function asPenalties() internal {
        vm.prank(address(penalties));
    }

    function assertRoom(uint32 operatorId, bool first, uint64 room, FundingRefusal by) internal view {
        (uint64 roomGwei, FundingRefusal limitedBy) = registry.fundingRoom(operatorId, first);
        assertEq(roomGwei, room, "room");
        assertEq(uint8(limitedBy), uint8(by), "limited by");
    }

    // ------------------------------------------------------------ time

    /// The head's slot becomes the first of `epoch`.
    function toEpoch(uint64 epoch) internal {
        beacon.tick(epoch * 32 - beacon.slot() + 1);
    }

    function epochNow() internal view returns (uint64) {
        return beacon.slot() / 32;
    }

    // ------------------------------------------------------------ slashings

    function balanced(uint40 index) internal view returns (ValidatorsProof memory) {
        return beacon.validatorsProof(one(index), true);
    }

    /// The chain slashes it: a 4,096th of its effective balance is gone at once.
    function slashOnChain(uint40 index) internal returns (uint64 lossGwei) {
        lossGwei = balanced(index).validators[0].effectiveBalance / 4096;
        beacon.setSlashed(index);
        beacon.setBalance(index, beacon.balanceOf(index) - lossGwei);
    }

    /// Slashed on chain, and proven by the keeper.
    function slash(uint40 index) internal returns (IPenalties.Slashing memory) {
        beacon.tick(1);
        ValidatorsProof memory before = balanced(index);
        slashOnChain(index);
        beacon.tick(1);
        ValidatorsProof memory afterwards = balanced(index);
        vm.prank(keeper);
        penalties.proveSlashing(before, afterwards);
        return penalties.slashing(before.validators[0].pubkeyRoot);
    }

    /// Takes `lossGwei` from its balance and shows it in the first epoch of the window, or now if that has begun.
    function windowProof(uint40 index, uint64 lossGwei) internal returns (ValidatorsProof memory) {
        beacon.setBalance(index, beacon.balanceOf(index) - lossGwei);
        beacon.tick(1);
        uint64 first = balanced(index).validators[0].withdrawableEpoch - VECTOR / 2 + 1;
        if (beacon.slot() < first * 32) toEpoch(first);
        return balanced(index);
    }

    function settle(uint40 index, uint64 lossGwei) internal {
        ValidatorsProof memory proof = windowProof(index, lossGwei);
        penalties.settleSlashing(proof);
    }

    // ------------------------------------------------------------ idleness

    /// Lets the epoch at hand end, and shows its last state: flags of the epoch before it.
    function endEpoch() internal {
        uint64 s = beacon.slot();
        beacon.tick(31 - s % 32 + 1);
    }

    function idleProof(uint40 index) internal returns (ParticipationProof memory) {
        endEpoch();
        return beacon.participationProof(one(index));
    }

    /// @return epoch That it was proven idle in.
    function proveIdle(uint40 index) internal returns (uint64 epoch) {
        ParticipationProof memory proof = idleProof(index);
        penalties.proveIdle(proof);
        return proof.slot / 32 - 1;
    }

    // ------------------------------------------------------------ members

    function status(uint256 n) internal view returns (IValidatorManager.Status) {
        return validators.validator(keyRoot(n)).status;
    }
}
