// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IOperatorRegistry, Tier } from "../../../src/validators/IOperatorRegistry.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { BondFixture } from "../../support/BondFixture.sol";

/// noteFunded, noteLowered, noteMoved, noteSlashing, takeBond.
/// forge-config: default.fuzz.runs = 128
/// forge-config: nightly.fuzz.runs = 5000
contract OperatorRegistryNoteTest is BondFixture {
    uint32 private id;

    // the naive model: every validator by itself
    struct Model {
        uint32 operatorId;
        IValidatorManager.Status status;
        uint64 principalGwei;
    }

    Model[] private _model;
    mapping(uint32 operatorId => Tier) private _tiers;

    function setUp() public override {
        super.setUp();
        id = bonded(100 ether);
    }

    function _funded(uint64 beforeGwei, uint64 afterGwei) private {
        asValidators();
        registry.noteFunded(id, beforeGwei, afterGwei, 0);
    }

    function _moved(IValidatorManager.Status from, IValidatorManager.Status to, uint64 principalGwei)
        private
    {
        asValidators();
        registry.noteMoved(id, from, to, principalGwei);
    }

    // ------------------------------------------------------------ by hand

    function test_NoteFunded_CountsAMemberOnceAndCreditsItsBond() public {
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondCredited(id, 1e27, 101e27);
        asValidators();
        registry.noteFunded(id, 0, 32e9, 1e27);
        IOperatorRegistry.Operator memory o = registry.operator(id);
        assertEq(o.members, 1, "a member");
        assertEq(o.belowTarget, 1, "below the fill target");
        assertEq(o.stakeGwei, 32e9, "stake");
        assertEq(o.bondShares, 101e27, "bond");
        assertEq(registry.tierStakeGwei(Tier.Permissionless), 32e9, "of the tier");
        _funded(32e9, FILL_TARGET);
        o = registry.operator(id);
        assertEq(o.members, 1, "the same");
        assertEq(o.belowTarget, 0, "filled");
        assertEq(o.stakeGwei, FILL_TARGET, "stake");
        assertEq(o.bondShares, 101e27, "no further bond");
    }

    function test_NoteLowered_TakesFromThePartItIsIn() public {
        _funded(0, 2048e9);
        asValidators();
        registry.noteLowered(id, IValidatorManager.Status.Member, 2048e9, 1000e9);
        IOperatorRegistry.Operator memory o = registry.operator(id);
        assertEq(o.stakeGwei, 1000e9, "stake");
        assertEq(o.belowTarget, 1, "below the target again");
        _moved(IValidatorManager.Status.Member, IValidatorManager.Status.ToExit, 1000e9);
        assertEq(registry.operator(id).askedGwei, 1000e9, "asked");
        asValidators();
        registry.noteLowered(id, IValidatorManager.Status.ToExit, 1000e9, 400e9);
        o = registry.operator(id);
        assertEq(o.askedGwei, 400e9, "asked");
        assertEq(o.stakeGwei, 400e9, "stake");
        assertEq(o.belowTarget, 1, "asked only: it counts until its exit is proven");
        assertEq(registry.tierStakeGwei(Tier.Permissionless), 400e9, "of the tier");
    }

    function test_NoteMoved_WalksThroughTheParts() public {
        _funded(0, 32e9);
        _funded(0, 2000e9);
        _moved(IValidatorManager.Status.Member, IValidatorManager.Status.ToExit, 32e9);
        _moved(IValidatorManager.Status.Member, IValidatorManager.Status.Exiting, 2000e9);
        IOperatorRegistry.Operator memory o = registry.operator(id);
        assertEq(o.belowTarget, 1, "the one that was only asked");
        assertEq(o.askedGwei, 32e9, "asked");
        assertEq(o.exitingGwei, 2000e9, "exiting");
        _moved(IValidatorManager.Status.ToExit, IValidatorManager.Status.Exiting, 32e9);
        _moved(IValidatorManager.Status.Exiting, IValidatorManager.Status.Slashed, 2000e9);
        o = registry.operator(id);
        assertEq(o.askedGwei, 0, "asked");
        assertEq(o.exitingGwei, 32e9, "exiting");
        assertEq(o.slashedGwei, 2000e9, "slashed");
        assertEq(o.stakeGwei, 2032e9, "all of it is still run");
        assertEq(o.members, 2, "and they are members");
        _moved(IValidatorManager.Status.Slashed, IValidatorManager.Status.Left, 2000e9);
        o = registry.operator(id);
        assertEq(o.slashedGwei, 0, "slashed");
        assertEq(o.stakeGwei, 32e9, "left");
        assertEq(o.members, 1, "one");
        assertEq(registry.tierStakeGwei(Tier.Permissionless), 32e9, "of the tier");
    }

    function test_NoteSlashing_Counts() public {
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.SlashingsOpenChanged(id, 1);
        asPenalties();
        registry.noteSlashing(id, true);
        asPenalties();
        registry.noteSlashing(id, true);
        assertEq(registry.operator(id).openSlashings, 2, "two");
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.SlashingsOpenChanged(id, 1);
        asPenalties();
        registry.noteSlashing(id, false);
        assertEq(registry.freeBondShares(id), 0, "locked as long as one is open");
        asPenalties();
        registry.noteSlashing(id, false);
        assertEq(registry.freeBondShares(id), 100e27, "free");
    }

    function test_TakeBond_MovesWhatIsThere() public {
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondTaken(id, bob, 30e27, 70e27);
        asPenalties();
        assertEq(registry.takeBond(id, 30e27, bob), 30e27, "taken");
        assertEq(token.sharesOf(bob), 30e27, "received");
        assertEq(bondShares(id), 70e27, "left");
        asPenalties();
        assertEq(registry.takeBond(id, 71e27, bob), 70e27, "no more than there is");
        assertEq(bondShares(id), 0, "none left");
        assertEq(token.sharesOf(address(registry)), 0, "held");
    }

    function test_TakeBond_OfNoneIsSilent() public {
        uint32 poor = joinOperator();
        vm.recordLogs();
        asPenalties();
        assertEq(registry.takeBond(poor, 5, bob), 0, "none");
        asPenalties();
        assertEq(registry.takeBond(id, 0, bob), 0, "nothing asked");
        assertEq(vm.getRecordedLogs().length, 0, "no event, no transfer");
        assertEq(bondShares(id), 100e27, "another's is not touched");
    }

    // ------------------------------------------------------------ against the model

    function testFuzz_Note_AgreesWithANaiveModel(uint256[40] memory seeds) public {
        joinOperator();
        joinOperator();
        for (uint256 i; i < 40; ++i) {
            _step(seeds[i]);
            for (uint32 o = 1; o <= 3; ++o) {
                _compare(o);
            }
            _compareTiers();
        }
    }

    function _step(uint256 seed) private {
        uint256 action = seed % 8;
        seed >>= 8;
        if (action < 2 || _model.length == 0) return _join(seed);
        if (action == 2) return _setTier(uint32(seed % 3) + 1, Tier(seed / 3 % 2));
        Model storage m = _model[seed % _model.length];
        seed >>= 8;
        bool works = m.status == IValidatorManager.Status.Member;
        if (action == 3 && works) return _topUp(m, seed);
        if (action < 6 && (works || m.status == IValidatorManager.Status.ToExit)) return _lower(m, seed);
        if (m.status != IValidatorManager.Status.Left) _move(m, seed);
    }

    function _join(uint256 seed) private {
        uint32 operatorId = uint32(seed % 3) + 1;
        _model.push(Model(operatorId, IValidatorManager.Status.Member, 32e9));
        asValidators();
        registry.noteFunded(operatorId, 0, 32e9, 0);
    }

    function _topUp(Model storage m, uint256 seed) private {
        // often exactly the target, or a gwei beside it
        uint64 to = uint64(bound(seed, m.principalGwei, 4000e9));
        if (seed % 3 == 0 && m.principalGwei < FILL_TARGET) to = uint64(FILL_TARGET - seed / 3 % 2);
        if (to < m.principalGwei) to = m.principalGwei;
        asValidators();
        registry.noteFunded(m.operatorId, m.principalGwei, to, 0);
        m.principalGwei = to;
    }

    function _lower(Model storage m, uint256 seed) private {
        uint64 to = uint64(bound(seed, 1, m.principalGwei));
        asValidators();
        registry.noteLowered(m.operatorId, m.status, m.principalGwei, to);
        m.principalGwei = to;
    }

    function _move(Model storage m, uint256 seed) private {
        uint256 from = uint256(m.status);
        IValidatorManager.Status to =
            IValidatorManager.Status(bound(seed, from + 1, uint256(IValidatorManager.Status.Left)));
        asValidators();
        registry.noteMoved(m.operatorId, m.status, to, m.principalGwei);
        m.status = to;
    }

    function _setTier(uint32 operatorId, Tier tier) private {
        vm.prank(governance);
        registry.setTier(operatorId, tier);
        _tiers[operatorId] = tier;
    }

    function _compare(uint32 operatorId) private view {
        IOperatorRegistry.Operator memory o = registry.operator(operatorId);
        IOperatorRegistry.Operator memory naive;
        for (uint256 i; i < _model.length; ++i) {
            Model memory m = _model[i];
            if (m.operatorId != operatorId || m.status == IValidatorManager.Status.Left) continue;
            ++naive.members;
            naive.stakeGwei += m.principalGwei;
            bool counts =
                m.status == IValidatorManager.Status.Member || m.status == IValidatorManager.Status.ToExit;
            if (counts && m.principalGwei < FILL_TARGET) ++naive.belowTarget;
            if (m.status == IValidatorManager.Status.ToExit) naive.askedGwei += m.principalGwei;
            if (m.status == IValidatorManager.Status.Exiting) naive.exitingGwei += m.principalGwei;
            if (m.status == IValidatorManager.Status.Slashed) naive.slashedGwei += m.principalGwei;
        }
        assertEq(o.members, naive.members, "members");
        assertEq(o.belowTarget, naive.belowTarget, "below the target");
        assertEq(o.stakeGwei, naive.stakeGwei, "stake");
        assertEq(o.askedGwei, naive.askedGwei, "asked");
        assertEq(o.exitingGwei, naive.exitingGwei, "exiting");
        assertEq(o.slashedGwei, naive.slashedGwei, "slashed");
    }

    function _compareTiers() private view {
        uint256[2] memory sums;
        for (uint256 i; i < _model.length; ++i) {
            Model memory m = _model[i];
            if (m.status == IValidatorManager.Status.Left) continue;
            sums[uint256(_tiers[m.operatorId])] += m.principalGwei;
        }
        assertEq(registry.tierStakeGwei(Tier.Permissionless), sums[0], "permissionless");
        assertEq(registry.tierStakeGwei(Tier.Curated), sums[1], "curated");
    }
}
