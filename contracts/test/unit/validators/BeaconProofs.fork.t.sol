// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconProofs } from "../../../src/validators/BeaconProofs.sol";
import { ForkEntry, ForkTable, SnapshotRule } from "../../../src/validators/ForkTable.sol";
import { ChainConstants, IBeaconProofs, StateProof } from "../../../src/validators/IBeaconProofs.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { ForkFixture } from "../../support/ForkFixture.sol";
import { Modules } from "../../support/Modules.sol";

/// Who may propose an entry, when it holds, and that it stays.
contract BeaconProofsForkTest is ForkFixture {
    function _refuse(ForkEntry memory entry, bytes memory error) private {
        vm.expectRevert(error);
        proofs.proposeFork(entry);
    }

    function test_Propose_KeepsTheEntryClosedUntilProbed() public {
        ForkEntry memory entry = _next();
        vm.expectEmit(address(proofs));
        emit IBeaconProofs.ForkProposed(1, entry);
        proofs.proposeFork(entry);
        assertEq(proofs.forkCount(), 2, "two entries");
        assertEq(keccak256(abi.encode(proofs.forkEntry(1))), keccak256(abi.encode(entry)), "as proposed");
        assertTrue(proofs.forkUsable(0), "the first from deployment on");
        assertFalse(proofs.forkUsable(1), "the new one not yet");
        assertFalse(proofs.forkUsable(2), "there is none");
        // the older entry holds on until the first slot
        proofs.verifyState(beacon.headRoot(), beacon.stateProof());
        beacon.tick(entry.firstSlot - beacon.slot());
        proofs.verifyState(beacon.headRoot(), beacon.stateProof());
        beacon.tick(1);
        StateProof memory proof = beacon.stateProof();
        assertEq(proof.slot, entry.firstSlot, "its first slot");
        bytes32 root = beacon.headRoot();
        vm.expectRevert(
            abi.encodeWithSelector(
                ForkTable.ForkNotProbed.selector, uint256(proof.slot), uint256(entry.firstSlot)
            )
        );
        proofs.verifyState(root, proof);
    }

    function test_Propose_ReplacesAnEntryThatHasNotBegun() public {
        ForkEntry memory entry = _next();
        proofs.proposeFork(entry);
        entry.firstSlot += 100;
        entry.version = 0x07000000;
        proofs.proposeFork(entry);
        assertEq(proofs.forkCount(), 2, "in its place");
        assertEq(proofs.forkEntry(1).firstSlot, entry.firstSlot, "the later one");
        // an earlier first slot than that of the one replaced is fine too
        entry.firstSlot -= 50;
        proofs.proposeFork(entry);
        assertEq(proofs.forkEntry(1).firstSlot, entry.firstSlot, "earlier again");
        assertEq(proofs.forkCount(), 2, "still");
    }

    function test_Propose_KeepsTheSlotsOfABegunEntryClosed() public {
        ForkEntry memory wrong = _next();
        proofs.proposeFork(wrong);
        beacon.tick(wrong.firstSlot - beacon.slot() + 1);
        ForkEntry memory right = _next();
        proofs.proposeFork(right);
        assertEq(proofs.forkCount(), 3, "added behind it");
        StateProof memory proof = beacon.stateProof();
        bytes32 root = beacon.headRoot();
        // the old entry does not come back for the time between
        vm.expectRevert(
            abi.encodeWithSelector(
                ForkTable.ForkNotProbed.selector, uint256(proof.slot), uint256(wrong.firstSlot)
            )
        );
        proofs.verifyState(root, proof);
        beacon.tick(right.firstSlot - beacon.slot() + 1);
        beacon.setVersion(right.version);
        beacon.tick(2);
        proofs.probeFork(beacon.forkProbe(right, members));
        proofs.verifyState(beacon.headRoot(), beacon.stateProof());
        assertFalse(proofs.forkUsable(1), "the begun one never");
    }

    function test_RevertWhen_AStrangerProposes() public {
        ForkEntry memory entry = _next();
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.ForkProposerOnly.selector, alice));
        vm.prank(alice);
        proofs.proposeFork(entry);
    }

    function test_RevertWhen_TheForkComesTooSoon() public {
        ForkEntry memory entry = _next();
        assertGe(beacon.timeOf(entry.firstSlot), block.timestamp + 2 days, "not before the delay");
        assertLt(beacon.timeOf(entry.firstSlot - 1), block.timestamp + 2 days, "the first such slot");
        entry.firstSlot -= 1;
        _refuse(
            entry,
            abi.encodeWithSelector(
                IBeaconProofs.ForkTooSoon.selector, uint256(entry.firstSlot), uint256(entry.firstSlot) + 1
            )
        );
        entry.firstSlot = 0;
        _refuse(entry, abi.encodeWithSelector(IBeaconProofs.ForkTooSoon.selector, uint256(0), _earliest()));
    }

    /// Deployed with an entry far ahead: nothing comes before it.
    function test_RevertWhen_TheForkIsNotAboveTheLast() public {
        ForkEntry[] memory forks = new ForkEntry[](2);
        (forks[0], forks[1]) = (_forks()[0], _forks()[0]);
        forks[1].firstSlot = _earliest() + 1000;
        proofs = Modules.proofs(_constants(), forks, address(this), validators);
        ForkEntry memory entry = _next();
        entry.firstSlot = forks[1].firstSlot;
        _refuse(entry, abi.encodeWithSelector(ForkTable.ForkTableInvalid.selector, uint256(2)));
        entry.firstSlot += 1;
        proofs.proposeFork(entry);
        assertTrue(proofs.forkUsable(1), "what was deployed stays");
    }

    function test_RevertWhen_TheRuleIsNotImplemented() public {
        ForkEntry memory entry = _next();
        entry.rule = SnapshotRule.CommittedBid;
        bytes memory error =
            abi.encodeWithSelector(ForkTable.SnapshotRuleUnsupported.selector, SnapshotRule.CommittedBid);
        _refuse(entry, error);
        ForkEntry[] memory forks = new ForkEntry[](1);
        forks[0] = entry;
        address implementation = address(new BeaconProofs(_constants(), address(this), validators));
        vm.expectRevert(error);
        Modules.proxy(implementation, abi.encodeCall(BeaconProofs.initialize, (forks)));
    }

    function test_RevertWhen_TheVersionIsZero() public {
        ForkEntry memory entry = _next();
        entry.version = 0;
        _refuse(entry, abi.encodeWithSelector(ForkTable.ForkTableInvalid.selector, uint256(1)));
    }

    function test_RevertWhen_TheTableIsFull() public {
        ForkEntry[] memory forks = new ForkEntry[](240);
        for (uint256 i; i < 240; ++i) {
            forks[i] = _forks()[0];
            forks[i].firstSlot = uint64(i + 1);
        }
        proofs = Modules.proofs(_constants(), forks, address(this), validators);
        assertTrue(proofs.forkUsable(239), "the last bit");
        _refuse(_next(), abi.encodeWithSelector(ForkTable.ForkTableInvalid.selector, uint256(240)));
    }

    function test_RevertWhen_GovernanceOrManagerIsMissing() public {
        ChainConstants memory constants = _constants();
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.ProofsConfigZero.selector, "governance"));
        new BeaconProofs(constants, address(0), validators);
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.ProofsConfigZero.selector, "validators"));
        new BeaconProofs(constants, address(this), IValidatorManager(address(0)));
    }

    function test_RevertWhen_AnIndexIsNotWhereAStateHasIt() public {
        ForkEntry memory e = _next();
        e.validators = 43; // not below the state root
        _refuse(e, _wrong("validators", 43));
        e = _next();
        e.balances = 716 * 2; // below a field
        _refuse(e, _wrong("balances", 716 * 2));
        e = _next();
        e.previousParticipation = 367; // the field of another depth
        _refuse(e, _wrong("previousParticipation", 367));
        e = _next();
        e.genesisValidatorsRoot = 12 << 6; // below the body
        _refuse(e, _wrong("genesisValidatorsRoot", 12 << 6));
        e = _next();
        e.pendingDeposits = 703;
        _refuse(e, _wrong("pendingDeposits", 703));
        e = _next();
        e.currentVersion = 2828; // previous_version
        _refuse(e, _wrong("currentVersion", 2828));
        e = _next();
        e.currentVersion = 1421; // of Deneb's depth
        _refuse(e, _wrong("currentVersion", 1421));
        e = _next();
        e.executionBlockHash = 23_306; // extra_data's place
        _refuse(e, _wrong("executionBlockHash", 23_306));
        e = _next();
        e.finalizedEpoch = 1449; // the checkpoint's root
        _refuse(e, _wrong("finalizedEpoch", 1449));
        e = _next();
        e.finalizedEpoch = 1448 * 2;
        _refuse(e, _wrong("finalizedEpoch", 1448 * 2));
    }

    function _wrong(string memory name, uint256 index) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ForkTable.ForkIndexInvalid.selector, name, index);
    }

    /// Whatever governance proposes: a list's index outside the row of fields is refused.
    function testFuzz_RevertWhen_AListIsOutsideTheStatesFields(uint32 index) public {
        vm.assume(index < 704 || index > 767);
        ForkEntry memory e = _next();
        e.balances = index;
        _refuse(e, _wrong("balances", index));
    }

    function test_Deploy_TakesADenebEntry() public {
        ForkEntry[] memory forks = new ForkEntry[](1);
        forks[0] = ForkEntry({
            version: 0x04000000,
            firstSlot: 1,
            currentVersion: 1421,
            executionBlockHash: 12_044,
            validators: 363,
            balances: 364,
            pendingDeposits: 0,
            genesisValidatorsRoot: 353,
            previousParticipation: 367,
            finalizedEpoch: 744,
            rule: SnapshotRule.ParentState
        });
        proofs = Modules.proofs(_constants(), forks, address(this), validators);
        assertEq(proofs.forkEntry(0).validators, 363, "state depth 5");
        StateProof memory p = beacon.stateProof();
        bytes32 root = beacon.headRoot();
        // before Electra there is no such list: a proof that shows one is refused
        vm.expectRevert(
            abi.encodeWithSelector(
                IBeaconProofs.PendingDepositsUnknown.selector, uint256(p.slot), p.pendingDepositsRoot
            )
        );
        proofs.verifyState(root, p);
    }
}
