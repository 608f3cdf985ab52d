// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconRoots } from "../../src/types/BeaconRoots.sol";
import { BeaconProofs } from "../../src/validators/BeaconProofs.sol";
import { ForkEntry, ForkTable } from "../../src/validators/ForkTable.sol";
import {
    ChainConstants,
    ForkProbe,
    IBeaconProofs,
    StateProof,
    ValidatorsProof
} from "../../src/validators/IBeaconProofs.sol";
import { ForkFixture } from "../support/ForkFixture.sol";
import { Modules } from "../support/Modules.sol";

/// Governance is captured, or wrong, and proposes an index entry that lies. What the shape of a state leaves it to say,
/// the probe finds out; until then nothing is proven at all.
contract AttackForkEntryTest is ForkFixture {
    // fields of an Electra state, from the block root
    uint32 private constant VALIDATORS = 715;
    uint32 private constant BALANCES = 716;
    uint32 private constant PARTICIPATION = 719;
    uint32 private constant CURRENT_PARTICIPATION = 720;
    uint32 private constant INACTIVITY = 725;
    uint32 private constant UNUSED = 767; // beyond the state's last field: zero

    function _closed() private {
        bytes32 root = beacon.headRoot();
        StateProof memory proof = beacon.stateProof();
        vm.expectPartialRevert(ForkTable.ForkNotProbed.selector);
        proofs.verifyState(root, proof);
    }

    /// H8: an entry pointing balances at a region of zeros would prove a total loss.
    function test_Attack_BalancesAtAZeroRegion() public {
        ForkEntry memory e = _next();
        e.balances = UNUSED;
        _propose(e);
        ForkProbe memory probe = beacon.forkProbe(e, members);
        _expectMismatch(probe, "the real balances are not there");
        for (uint256 i; i < probe.balanceChunks.length; ++i) {
            probe.balanceChunks[i] = 0;
        }
        _expect(probe, _zero(members[0]));
        _closed();
    }

    /// All members have left: nothing on their balances, nothing effective. Zeros would fit them.
    function test_Attack_BalancesAtAZeroRegionWithEmptyMembers() public {
        ForkEntry memory e = _next();
        e.balances = UNUSED;
        for (uint256 i; i < members.length; ++i) {
            beacon.setBalance(members[i], 0);
            beacon.activate(members[i], 1);
        }
        _propose(e);
        ForkProbe memory probe = beacon.forkProbe(e, members);
        _expect(
            probe, abi.encodeWithSelector(IBeaconProofs.ProbeTooFewWorking.selector, uint256(0), uint256(3))
        );
    }

    function _zero(uint256 index) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            IBeaconProofs.ProbeBalanceImplausible.selector, index, uint256(0), uint256(32e9)
        );
    }

    /// Other lists as balances: inactivity scores (same length, same depth), flags, containers.
    function test_Attack_BalancesAtAnotherList() public {
        uint32[4] memory lists = [INACTIVITY, PARTICIPATION, CURRENT_PARTICIPATION, VALIDATORS];
        uint256 before = vm.snapshotState();
        for (uint256 i; i < 4; ++i) {
            ForkEntry memory e = _next();
            e.balances = lists[i];
            _propose(e);
            (bool ok,) =
                address(proofs).call(abi.encodeCall(proofs.probeFork, (beacon.forkProbe(e, members))));
            assertFalse(ok, "not balances");
            _closed();
            vm.revertToState(before);
        }
    }

    /// The neighbouring field of each list: shifted by one.
    function test_Attack_EveryListShiftedByOne() public {
        uint256 before = vm.snapshotState();
        for (uint256 i; i < 12; ++i) {
            ForkEntry memory e = _next();
            int32 by = i % 2 == 0 ? int32(1) : -1;
            if (i / 2 == 0) e.validators = _shift(e.validators, by);
            if (i / 2 == 1) e.balances = _shift(e.balances, by);
            if (i / 2 == 2) e.previousParticipation = _shift(e.previousParticipation, by);
            if (i / 2 == 3) e.pendingDeposits = _shift(e.pendingDeposits, by);
            if (i / 2 == 4) e.genesisValidatorsRoot = _shift(e.genesisValidatorsRoot, by);
            if (i / 2 == 5) e.finalizedEpoch = _shift(e.finalizedEpoch, by * 2);
            _propose(e);
            ForkProbe memory probe = beacon.forkProbe(e, members);
            (bool ok,) = address(proofs).call(abi.encodeCall(proofs.probeFork, (probe)));
            assertFalse(ok, "shifted");
            _closed();
            vm.revertToState(before);
        }
    }

    function _shift(uint32 index, int32 by) private pure returns (uint32) {
        return uint32(int32(index) + by);
    }

    /// A tree of the attacker's own under 32 bytes that a proposer, builder or depositor chooses: graffiti, extra data,
    /// a deposit's or a validator's credentials. Such an entry can't even be proposed, so its data is never asked for.
    function test_Attack_BalancesUnderChosenBytes() public {
        uint256[5] memory places = [
            uint256(12 << 4) + 2, // body.graffiti
            uint256(728 << 5) + 10, // payload header: extra_data
            (uint256(728 << 5) + 10) * 2, // its data
            uint256(713 << 2), // eth1_data.deposit_root
            uint256(708 << 3) + 2 // latest_block_header.parent_root
        ];
        for (uint256 i; i < places.length; ++i) {
            ForkEntry memory e = _next();
            e.balances = uint32(places[i]);
            vm.expectRevert(
                abi.encodeWithSelector(ForkTable.ForkIndexInvalid.selector, "balances", places[i])
            );
            proofs.proposeFork(e);
            e = _next();
            e.validators = uint32(places[i]);
            vm.expectPartialRevert(ForkTable.ForkIndexInvalid.selector);
            proofs.proposeFork(e);
        }
    }

    /// The list is right, its length is told wrong: a shorter one would leave members out, a longer one let in more.
    function test_Attack_RightListsWithWrongLengths() public {
        (, ForkProbe memory probe) = _proposed();
        probe.validatorCount -= 1;
        _expect(
            probe,
            abi.encodeWithSelector(
                IBeaconProofs.ValidatorIndexInvalid.selector,
                uint256(members[2]),
                uint256(probe.validatorCount)
            )
        );
        probe.validatorCount += 2;
        _expectMismatch(probe, "longer");
        probe.validatorCount = type(uint64).max;
        _expectMismatch(probe, "longest");
    }

    /// C4: nobody proposed the fork. The old entry does not read the new states.
    function test_Attack_OldIndicesAtANewFork() public {
        beacon.setVersion(NEXT_VERSION);
        beacon.tick(1);
        bytes32 root = beacon.headRoot();
        StateProof memory proof = beacon.stateProof();
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyState(root, proof);
        ValidatorsProof memory containers = beacon.validatorsProof(members, true);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        proofs.verifyValidators(containers, 64);
    }

    /// The state has another shape than the entry says (a fork that moved everything): depth 5 instead of 6.
    function test_Attack_AnOlderForksIndicesAsTheNewEntry() public {
        ForkEntry memory e = _next();
        (e.validators, e.balances, e.previousParticipation, e.genesisValidatorsRoot) = (363, 364, 367, 353);
        (e.currentVersion, e.executionBlockHash, e.finalizedEpoch, e.pendingDeposits) = (1421, 12_044, 744, 0);
        _propose(e);
        ForkProbe memory probe = beacon.forkProbe(_next(), members);
        (bool ok,) = address(proofs).call(abi.encodeCall(proofs.probeFork, (probe)));
        assertFalse(ok, "nodes of the real shape");
        _closed();
    }

    /// A new entry probed at a state of the old fork, by its slot or by its version.
    function test_Attack_ProbeOfAnotherFork() public {
        ForkEntry memory e = _next();
        ForkProbe memory probe = beacon.forkProbe(e, members);
        proofs.proposeFork(e);
        _expect(probe, abi.encodeWithSelector(IBeaconProofs.ForkAlreadyUsable.selector, uint256(0)));
        beacon.tick(e.firstSlot - beacon.slot() + 2);
        _expectMismatch(beacon.forkProbe(e, members), "the fork has not come: old version");
        beacon.setVersion(e.version);
        beacon.tick(1);
        proofs.probeFork(beacon.forkProbe(e, members));
    }

    /// The same fork of another network, with everything else in place.
    function test_Attack_ProbeOfAnotherNetwork() public {
        ForkEntry memory e = _next();
        ChainConstants memory other = _constants();
        other.genesisValidatorsRoot = keccak256("another network");
        BeaconProofs theirs = Modules.proofs(other, _forks(), address(this), validators);
        theirs.proposeFork(e);
        _propose(e);
        ForkProbe memory probe = beacon.forkProbe(e, members);
        vm.expectPartialRevert(IBeaconProofs.ProofRootMismatch.selector);
        theirs.probeFork(probe);
        proofs.probeFork(probe);
    }

    /// The root of an older block, or of this one with an older parent's payload.
    function test_Attack_StaleRoots() public {
        (ForkEntry memory e, ForkProbe memory probe) = _proposed();
        beacon.tick(1);
        _expectMismatch(probe, "the parent of an earlier block");
        beacon.setForeignExecutionBlock(keccak256("a payload that was not the parent's"));
        beacon.tick(1);
        _expectMismatch(beacon.forkProbe(e, members), "another execution block");
        beacon.tick(1);
        probe = beacon.forkProbe(e, members);
        vm.warp(block.timestamp + 1);
        vm.expectPartialRevert(BeaconRoots.BeaconRootUnavailable.selector);
        proofs.probeFork(probe);
    }

    /// A state in which our members are not: their keys at other indices, or nobody's.
    function test_Attack_StateWithoutOurMembers() public {
        (ForkEntry memory e,) = _proposed();
        uint40[] memory strangers = new uint40[](3);
        (strangers[0], strangers[1], strangers[2]) = (0, 2, 4);
        ForkProbe memory probe = beacon.forkProbe(e, strangers);
        _expect(probe, abi.encodeWithSelector(IBeaconProofs.ProbeWithoutOurKey.selector));
        // our members' containers claimed at the strangers' places
        probe.validators = beacon.forkProbe(e, members).validators;
        for (uint256 i; i < 3; ++i) {
            probe.validators[i].effectiveBalance = 40e9;
        }
        _expect(
            probe,
            abi.encodeWithSelector(IBeaconProofs.ProbeKeyMisplaced.selector, uint256(0), uint256(members[0]))
        );
    }

    /// One operator can't keep a fork closed by what it does with its key, though without the fork nothing is proven and
    /// nobody could be removed: neither by asking for an exit, nor by having left.
    function test_Attack_AnExitKeepsNoForkClosed() public {
        vm.prank(manager);
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
        beacon.setExiting(members[1], beacon.slot() / 32);
        beacon.setBalance(members[1], 0);
        beacon.activate(members[1], 1);
        (ForkEntry memory e,) = _proposed();
        uint40[] memory shown = new uint40[](4);
        (shown[0], shown[1], shown[2], shown[3]) = (0, members[0], members[1], members[2]);
        proofs.probeFork(beacon.forkProbe(e, shown));
        assertTrue(proofs.forkUsable(1), "usable");
    }

    /// The list of partial withdrawals is as deep as that of deposits, and empty far more often: as pending_deposits it
    /// would land deposits that have not.
    function test_Attack_PendingDepositsAtAnEmptyListOfTheSameDepth() public {
        ForkEntry memory e = _next();
        e.pendingDeposits += 1;
        _propose(e);
        ForkProbe memory probe = beacon.forkProbe(e, members);
        _expectMismatch(probe, "no deposit there");
        probe.pendingDeposits = 0;
        _expect(
            probe,
            abi.encodeWithSelector(
                IBeaconProofs.ProbeDepositsImplausible.selector, uint256(0), uint256(probe.firstDepositSlot)
            )
        );
        _closed();
    }
}
