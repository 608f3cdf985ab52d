// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Multiproof } from "../../../src/types/Multiproof.sol";
import { ForkEntry, ForkTable } from "../../../src/validators/ForkTable.sol";
import { ForkProbe, IBeaconProofs } from "../../../src/validators/IBeaconProofs.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { ForkFixture } from "../../support/ForkFixture.sol";

/// probeFork: what makes an entry usable, and each thing that does not.
contract BeaconProofsProbeTest is ForkFixture {
    function test_Probe_MakesTheEntryUsableForGood() public {
        (ForkEntry memory entry, ForkProbe memory probe) = _proposed();
        vm.expectEmit(address(proofs));
        emit IBeaconProofs.ForkUsable(1, probe.slot);
        vm.prank(alice); // anybody
        proofs.probeFork(probe);
        assertTrue(proofs.forkUsable(1), "usable");
        proofs.verifyState(beacon.headRoot(), beacon.stateProof());
        proofs.verifyValidators(beacon.validatorsProof(members, true), 64);
        // a later proposal goes behind it and leaves it as it is
        proofs.proposeFork(_next());
        assertEq(proofs.forkCount(), 3, "behind it");
        assertEq(keccak256(abi.encode(proofs.forkEntry(1))), keccak256(abi.encode(entry)), "unchanged");
        assertTrue(proofs.forkUsable(1), "usable still");
    }

    /// Strangers will do for the balances, and one key of the pool's for the place, whatever has become of it.
    function test_Probe_TakesStrangersAndOneKeyInAnyState() public {
        bytes32 root = keyRoot(1);
        (ForkEntry memory entry,) = _proposed();
        uint40[] memory shown = new uint40[](4);
        (shown[0], shown[1], shown[2], shown[3]) = (0, members[0], 2, 4); // 0, 2, 4 are strangers
        uint256 before = vm.snapshotState();
        proofs.probeFork(beacon.forkProbe(entry, shown));
        vm.revertToState(before);
        vm.prank(manager);
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
        proofs.probeFork(beacon.forkProbe(entry, shown));
        assertTrue(validators.validator(root).status == IValidatorManager.Status.ToExit, "asked to exit");
        vm.revertToState(before);
        beacon.setExiting(members[0], beacon.slot() / 32);
        beacon.setBalance(members[0], 0);
        beacon.activate(members[0], 1);
        beacon.tick(1);
        proofs.probeFork(beacon.forkProbe(entry, shown));
        assertTrue(proofs.forkUsable(1), "paid out");
    }

    /// A fork that comes before the first member: a predeposited key is enough, and anybody may make one.
    function test_Probe_TakesAPredepositedKey() public {
        predeposit(joinOperator(), 9);
        uint40 index = beacon.addValidator(key(9), token.withdrawalCredentials(), 1e9);
        uint40 stolen = beacon.addValidator(key(10), bytes32(uint256(0x01) << 248 | 0xbad), 1e9);
        predeposit(joinOperator(), 10);
        (ForkEntry memory entry,) = _proposed();
        uint40[] memory shown = new uint40[](4);
        (shown[0], shown[1], shown[2], shown[3]) = (0, 2, 4, stolen);
        _expect(
            beacon.forkProbe(entry, shown), abi.encodeWithSelector(IBeaconProofs.ProbeWithoutOurKey.selector)
        );
        shown[3] = index;
        proofs.probeFork(beacon.forkProbe(entry, shown));
        assertTrue(proofs.forkUsable(1), "usable");
    }

    function test_RevertWhen_TheEntryIsUsable() public {
        ForkProbe memory probe = beacon.forkProbe(_forks()[0], members);
        _expect(probe, abi.encodeWithSelector(IBeaconProofs.ForkAlreadyUsable.selector, uint256(0)));
        (, probe) = _proposed();
        proofs.probeFork(probe);
        _expect(probe, abi.encodeWithSelector(IBeaconProofs.ForkAlreadyUsable.selector, uint256(1)));
        probe.slot = 0;
        _expect(probe, abi.encodeWithSelector(ForkTable.ForkUnknown.selector, uint256(0)));
    }

    function test_RevertWhen_TooFewAreShown() public {
        (ForkEntry memory entry, ForkProbe memory probe) = _proposed();
        uint40[] memory two = new uint40[](2);
        (two[0], two[1]) = (members[0], members[1]);
        _expect(
            beacon.forkProbe(entry, two),
            abi.encodeWithSelector(IBeaconProofs.ProbeTooFewWorking.selector, uint256(2), uint256(3))
        );
        probe.indices = new uint40[](0);
        _expect(probe, abi.encodeWithSelector(IBeaconProofs.ProofEmpty.selector));
    }

    function test_RevertWhen_NoKeyOfThePoolIsShownOrAtAnothersPlace() public {
        (ForkEntry memory entry,) = _proposed();
        uint40[] memory strangers = new uint40[](3);
        (strangers[0], strangers[1], strangers[2]) = (0, 2, 4);
        _expect(
            beacon.forkProbe(entry, strangers),
            abi.encodeWithSelector(IBeaconProofs.ProbeWithoutOurKey.selector)
        );
        ForkProbe memory probe = beacon.forkProbe(entry, members);
        (probe.validators[0], probe.validators[1]) = (probe.validators[1], probe.validators[0]);
        _expect(
            probe,
            abi.encodeWithSelector(
                IBeaconProofs.ProbeKeyMisplaced.selector, uint256(members[0]), uint256(members[1])
            )
        );
    }

    function test_RevertWhen_CredentialsAreNotThePools() public {
        (, ForkProbe memory probe) = _proposed();
        probe.validators[1].withdrawalCredentials ^= bytes32(uint256(1));
        _expect(
            probe,
            abi.encodeWithSelector(
                IBeaconProofs.ProbeCredentialsForeign.selector,
                uint256(members[1]),
                probe.validators[1].withdrawalCredentials
            )
        );
    }

    function _balance(uint64 balanceGwei) private returns (ForkProbe memory) {
        beacon.setBalance(members[2], balanceGwei);
        beacon.tick(1);
        return beacon.forkProbe(proofs.forkEntry(1), members);
    }

    function _implausible(uint256 balanceGwei) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            IBeaconProofs.ProbeBalanceImplausible.selector, uint256(members[2]), balanceGwei, uint256(32e9)
        );
    }

    function test_RevertWhen_ABalanceDoesNotFitItsEffectiveBalance() public {
        _proposed();
        _expect(_balance(0), _implausible(0));
        _expect(_balance(30e9 - 1), _implausible(30e9 - 1));
        _expect(_balance(34e9 + 1), _implausible(34e9 + 1));
        _expect(_balance(type(uint64).max), _implausible(type(uint64).max));
        uint256 before = vm.snapshotState();
        proofs.probeFork(_balance(34e9)); // two ETH off is still within hysteresis
        vm.revertToState(before);
        proofs.probeFork(_balance(30e9));
    }

    /// A validator that holds nothing would fit a region of zeros; one over the maximum is over it by any amount.
    function test_Probe_EffectiveBalancesAtBothEnds() public {
        _proposed();
        beacon.setBalance(members[2], 2048e9);
        beacon.activate(members[2], 1);
        uint256 before = vm.snapshotState();
        proofs.probeFork(_balance(3000e9));
        vm.revertToState(before);
        beacon.setBalance(members[2], 15e9);
        beacon.activate(members[2], 1);
        ForkProbe memory probe = _balance(15e9);
        _expect(
            probe, abi.encodeWithSelector(IBeaconProofs.ProbeTooFewWorking.selector, uint256(2), uint256(3))
        );
    }

    function _finalized(uint64 epoch) private returns (ForkProbe memory) {
        beacon.setFinalizedEpoch(epoch);
        beacon.tick(1);
        return beacon.forkProbe(proofs.forkEntry(1), members);
    }

    function test_RevertWhen_TheFinalizedEpochIsImplausible() public {
        _proposed();
        while (beacon.slot() % 32 > 16) beacon.tick(1);
        uint64 epoch = beacon.slot() / 32;
        uint64 week = 7 days / (12 * 32);
        _expect(_finalized(epoch - 1), _epochError(epoch - 1, epoch)); // justified at the most
        _expect(_finalized(epoch + 5), _epochError(epoch + 5, epoch));
        _expect(_finalized(type(uint64).max), _epochError(type(uint64).max, epoch));
        _expect(_finalized(epoch - week - 1), _epochError(epoch - week - 1, epoch));
        uint256 before = vm.snapshotState();
        proofs.probeFork(_finalized(epoch - week));
        vm.revertToState(before);
        proofs.probeFork(_finalized(epoch - 2));
    }

    function _epochError(uint256 finalized, uint256 epoch) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IBeaconProofs.ProbeEpochImplausible.selector, finalized, epoch);
    }

    function test_RevertWhen_NoDepositIsShown() public {
        (, ForkProbe memory probe) = _proposed();
        probe.pendingDeposits = 0;
        _expect(probe, _depositError(0, probe.firstDepositSlot));
        probe.pendingDeposits = (1 << 27) + 1;
        _expect(probe, _depositError(probe.pendingDeposits, probe.firstDepositSlot));
        probe.pendingDeposits = 1;
        probe.firstDepositSlot = probe.slot + 1;
        _expect(probe, _depositError(1, probe.firstDepositSlot));
    }

    function _depositError(uint256 length, uint256 slot) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IBeaconProofs.ProbeDepositsImplausible.selector, length, slot);
    }

    function test_RevertWhen_FlagsAreNone() public {
        (, ForkProbe memory probe) = _proposed();
        probe.participationChunk |= bytes32(uint256(8));
        _expect(
            probe,
            abi.encodeWithSelector(IBeaconProofs.ProbeFlagsImplausible.selector, probe.participationChunk)
        );
    }

    function test_RevertWhen_AnyOtherValueIsChanged() public {
        (, ForkProbe memory probe) = _proposed();
        probe.slot -= 1;
        _expectMismatch(probe, "slot");
        probe.slot += 1;
        probe.finalizedEpoch -= 1;
        _expectMismatch(probe, "finalized epoch");
        probe.finalizedEpoch += 1;
        probe.validatorCount += 1;
        _expectMismatch(probe, "length");
        probe.validatorCount -= 1;
        probe.pendingDeposits += 1;
        _expectMismatch(probe, "pending deposits");
        probe.pendingDeposits -= 1;
        probe.firstDepositSlot -= 1;
        _expectMismatch(probe, "slot of the first");
        probe.firstDepositSlot += 1;
        probe.participationChunk ^= bytes32(uint256(1));
        _expectMismatch(probe, "flags");
        probe.participationChunk ^= bytes32(uint256(1));
        probe.balanceChunks[0] ^= bytes32(uint256(1) << 248); // a gwei more for a neighbour
        _expectMismatch(probe, "balances");
        probe.balanceChunks[0] ^= bytes32(uint256(1) << 248);
        for (uint256 i; i < probe.nodes.length; ++i) {
            probe.nodes[i] ^= bytes32(uint256(1) << (i * 5 % 256));
            _expectMismatch(probe, "node");
            probe.nodes[i] ^= bytes32(uint256(1) << (i * 5 % 256));
        }
        proofs.probeFork(probe);
    }

    function test_RevertWhen_NodesAreTooManyOrTooFew() public {
        (, ForkProbe memory probe) = _proposed();
        uint256 n = probe.nodes.length;
        bytes32[] memory nodes = new bytes32[](n + 1);
        for (uint256 i; i < n; ++i) {
            nodes[i] = probe.nodes[i];
        }
        probe.nodes = nodes;
        _expect(probe, abi.encodeWithSelector(Multiproof.ProofTooLong.selector, n + 1, n));
        assembly {
            mstore(nodes, sub(n, 1))
        }
        _expect(probe, abi.encodeWithSelector(Multiproof.ProofTooShort.selector, n - 1));
    }
}
