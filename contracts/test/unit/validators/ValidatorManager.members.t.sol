// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../../src/accounting/ICheckpoints.sol";
import { ICheckpoints } from "../../../src/accounting/ICheckpoints.sol";
import { ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../../../src/validators/ICheckpointGate.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// observe, leave, and what only the siblings may note.
contract ValidatorManagerMembersTest is StackFixture {
    uint32 private operator;
    uint40 private index;
    bytes32 private root;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        stake(alice, 999 ether);
        index = member(operator, 1, 600e9);
        root = keyRoot(1);
    }

    function _proof() private view returns (ValidatorsProof memory) {
        return beacon.validatorsProof(one(index), true);
    }

    function _record() private view returns (IValidatorManager.ValidatorRecord memory) {
        return validators.validator(root);
    }

    /// Exited and paid out: nothing on the balance, its withdrawable epoch passed.
    function _gone() private {
        uint64 epoch = proofs.currentEpoch();
        beacon.setExiting(index, epoch - 1);
        beacon.setWithdrawableEpoch(index, epoch);
        vm.deal(address(withdrawalVault), uint256(beacon.balanceOf(index)) * 1 gwei);
        beacon.setBalance(index, 0);
        beacon.tick(1);
    }

    // ------------------------------------------------------------ observe

    function test_Observe_LowersThePrincipal() public {
        beacon.setBalance(index, 400e9);
        beacon.tick(1);
        ValidatorsProof memory proof = _proof();
        vm.expectEmit(address(validators));
        emit IValidatorManager.PrincipalChanged(root, 400e9);
        vm.prank(bob); // anybody
        validators.observe(proof);
        assertEq(_record().principalGwei, 400e9, "what is there");
        assertEq(registry.operator(operator).stakeGwei, 400e9, "bond and limits follow");
        beacon.setBalance(index, 700e9);
        beacon.tick(1);
        validators.observe(_proof());
        assertEq(_record().principalGwei, 400e9, "a reward raises no principal");
    }

    function test_Observe_MarksAnExit() public {
        beacon.setExiting(index, 20_000);
        beacon.setBalance(index, 590e9);
        beacon.tick(1);
        ValidatorsProof memory proof = _proof();
        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorMoved(
            root, IValidatorManager.Status.Member, IValidatorManager.Status.Exiting
        );
        validators.observe(proof);
        assertEq(validators.exitingGwei(), 590e9, "so much is coming");
        assertEq(registry.operator(operator).exitingGwei, 590e9, "exposure");
        validators.observe(_proof());
        assertEq(validators.exitingGwei(), 590e9, "once");
    }

    function test_Observe_ASlashingAfterAnExit() public {
        beacon.setExiting(index, 20_000);
        beacon.tick(1);
        validators.observe(_proof());
        beacon.setSlashed(index);
        beacon.setBalance(index, 599e9);
        beacon.tick(1);
        validators.observe(_proof());
        assertTrue(_record().status == IValidatorManager.Status.Slashed, "slashed");
        assertEq(_record().principalGwei, 600e9, "a slashed balance is for the penalties to judge");
        assertEq(validators.exitingGwei(), 0, "not counted as coming");
        assertEq(registry.operator(operator).slashedGwei, 600e9, "exposure");
        assertEq(registry.operator(operator).exitingGwei, 0, "exposure");
        assertEq(validators.memberCount(), 1, "still a member");
    }

    function test_Observe_PassesOverWhoIsNoMember() public {
        uint40 other = onboard(operator, 2);
        uint40 foreign = beacon.addValidator(key(3), bytes32(uint256(0x01) << 248 | 0xbad), 32e9);
        beacon.setSlashed(other);
        beacon.setSlashed(foreign);
        beacon.tick(1);
        uint40[] memory both = new uint40[](2);
        (both[0], both[1]) = (other, foreign);
        validators.observe(beacon.validatorsProof(both, true));
        assertTrue(
            validators.validator(keyRoot(2)).status == IValidatorManager.Status.Dropped,
            "never funded: dropped"
        );
        assertTrue(validators.validator(keyRoot(3)).status == IValidatorManager.Status.Unknown, "not ours");
    }

    function test_RevertWhen_BalancesAreMissing() public {
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), false);
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.BalancesMissing.selector, uint256(0), uint256(1))
        );
        validators.observe(proof);
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.BalancesMissing.selector, uint256(0), uint256(1))
        );
        validators.leave(proof);
    }

    // ------------------------------------------------------------ leave

    function test_Leave_RemovesWhoIsPaidOut() public {
        _gone();
        ValidatorsProof memory proof = _proof();
        vm.expectEmit(address(validators));
        emit IValidatorManager.MemberRemoved(root, index, 0);
        vm.prank(bob); // anybody
        validators.leave(proof);
        assertTrue(_record().status == IValidatorManager.Status.Left, "left");
        assertEq(_record().principalGwei, 0, "nothing in it");
        assertEq(validators.memberCount(), 0, "count");
        assertEq(validators.memberWords(hex"00000000")[0], 0, "V5: bit");
        assertEq(registry.operator(operator).members, 0, "members");
        assertEq(registry.operator(operator).stakeGwei, 0, "stake");
        assertEq(validators.exitingGwei(), 0, "nothing is coming any more");
        assertEq(registry.freeBondShares(operator), registry.operator(operator).bondShares, "bond is free");
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, root, IValidatorManager.Status.Left
            )
        );
        validators.leave(proof);
        delete members;
        checkpoint(); // the books go on without it
        assertEq(token.getTotalPooledEther(), 1001 ether, "A1: nothing was lost");
    }

    function test_Leave_AnExitThatWasSeenBefore() public {
        beacon.setExiting(index, 20_000);
        beacon.tick(1);
        validators.observe(_proof());
        assertEq(validators.exitingGwei(), 600e9, "coming");
        _gone();
        validators.leave(_proof());
        assertEq(validators.exitingGwei(), 0, "came");
    }

    function test_RevertWhen_ItStillHoldsEther() public {
        _gone();
        beacon.setBalance(index, 1);
        beacon.tick(1);
        ValidatorsProof memory proof = _proof();
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.NotEmptyYet.selector, root, uint64(1)));
        validators.leave(proof);
    }

    /// M5: a balance of zero alone proves nothing: it may be a loss of all, with more to come.
    function test_RevertWhen_ItsWithdrawableEpochHasNotPassed() public {
        uint64 epoch = proofs.currentEpoch();
        beacon.setBalance(index, 0);
        beacon.tick(1);
        ValidatorsProof memory proof = _proof();
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.NotWithdrawnYet.selector, root, type(uint64).max)
        );
        validators.leave(proof);
        beacon.setExiting(index, epoch);
        beacon.setWithdrawableEpoch(index, epoch + 1);
        beacon.tick(1);
        proof = _proof();
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.NotWithdrawnYet.selector, root, epoch + 1));
        validators.leave(proof);
    }

    function test_RevertWhen_SomethingIsInFlightToIt() public {
        vm.deal(address(token), address(token).balance + 500 ether);
        askFunding(operator, 1, 700e9);
        beacon.tick(1);
        uint64 amount = fundNext(1, index);
        ValidatorsProof memory proof;
        _gone();
        proof = _proof();
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.StillInFlight.selector, root, amount));
        validators.leave(proof);
        ValidatorsProof memory old = _proof();
        land();
        uint64 landedAt = inFlight.landedSlot();
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.ProofNotNewer.selector, old.slot, landedAt));
        validators.leave(old); // a balance from before the landing
        beacon.setBalance(index, 0);
        beacon.tick(1);
        validators.leave(_proof());
        assertEq(validators.memberCount(), 0, "after it has come back too");
    }

    function test_RevertWhen_ItsSlashingIsNotSettled() public {
        beacon.setSlashed(index);
        _gone();
        ValidatorsProof memory proof = _proof();
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.SlashingNotSettled.selector, root));
        validators.leave(proof);
    }

    /// V5: members change only while no checkpoint can still be closed; a removal cancels an expired one.
    function test_Leave_NotWhileACheckpointCanCloseAndCancelsAnExpiredOne() public {
        _gone();
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        ValidatorsProof memory proof = _proof();
        uint256 expires = uint256(s.openedAt) + EXPIRY;
        vm.expectRevert(abi.encodeWithSelector(ICheckpointGate.CheckpointCanStillClose.selector, expires));
        validators.leave(proof);
        proveCheckpoint(s);
        beacon.tick(uint64(EXPIRY / 12 + 1));
        proof = _proof();
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.CheckpointAbandoned(s.id);
        validators.leave(proof);
        bytes32 hash = keccak256(abi.encode(s));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.SnapshotMismatch.selector, bytes32(0), hash));
        checkpoints.close(s, address(this));
        assertFalse(token.checkpointOpen(), "instant exits wait for nothing");
    }

    // ------------------------------------------------------------ siblings

    function test_RevertWhen_OthersNoteWhatTheSiblingsMay() public {
        bytes memory refused =
            abi.encodeWithSelector(IValidatorManager.ManagerCallerNotAllowed.selector, alice);
        vm.startPrank(alice);
        vm.expectRevert(refused);
        validators.markToExit(root);
        vm.expectRevert(refused);
        validators.noteLeaving(root, true);
        vm.expectRevert(refused);
        validators.noteBalance(root, 0, type(uint64).max);
        vm.stopPrank();
    }

    /// H11: a principal follows no balance from before a landing.
    function test_NoteBalance_AnOldBalanceLowersNothing() public {
        vm.prank(address(withdrawals));
        validators.noteBalance(root, 0, 0);
        assertEq(_record().principalGwei, 600e9, "older than the landing");
    }
}
