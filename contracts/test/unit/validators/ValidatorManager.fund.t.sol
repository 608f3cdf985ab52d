// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../../src/accounting/ICheckpoints.sol";
import { FundingTickets } from "../../../src/validators/FundingTickets.sol";
import { IBeaconProofs, ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../../../src/validators/ICheckpointGate.sol";
import { IDepositsInFlight } from "../../../src/validators/IDepositsInFlight.sol";
import { IOperatorRegistry } from "../../../src/validators/IOperatorRegistry.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// requestFunding, fund.
contract ValidatorManagerFundTest is StackFixture {
    uint32 private operator;
    uint40 private index;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        stake(alice, 499 ether); // 500 in the pool
        index = onboard(operator, 1);
    }

    function _proof() private view returns (ValidatorsProof memory) {
        return beacon.validatorsProof(one(index), true);
    }

    function _record() private view returns (IValidatorManager.ValidatorRecord memory) {
        return validators.validator(keyRoot(1));
    }

    // ------------------------------------------------------------ requestFunding

    function test_RequestFunding_OpensATicket() public {
        bytes32 root = keyRoot(1);
        vm.expectEmit(address(validators));
        emit IValidatorManager.FundingRequested(1, operator, root, 64e9);
        vm.prank(manager);
        assertEq(validators.requestFunding(operator, root, 64e9), 1, "number");
        (uint64 number, uint32 op, uint40 next, uint64 waiting) = validators.nextTicket();
        assertEq(number, 1, "number");
        assertEq(op, operator, "operator");
        assertEq(next, index, "validator");
        assertEq(waiting, 1, "alone");
        assertEq(_record().targetEth, 64, "target");
    }

    function test_NextTicket_IsZeroWithoutOne() public view {
        (uint64 number, uint32 op, uint40 next, uint64 waiting) = validators.nextTicket();
        assertEq(number + op + next + waiting, 0, "none");
    }

    function test_RevertWhen_TargetIsOutOfRange() public {
        bytes32 root = keyRoot(1);
        uint64[2] memory wrong = [uint64(32e9 - 1), 2048e9 + 1];
        for (uint256 i; i < 2; ++i) {
            vm.prank(manager);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IValidatorManager.TargetOutOfRange.selector, wrong[i], uint64(32e9), uint64(2048e9)
                )
            );
            validators.requestFunding(operator, root, wrong[i]);
        }
    }

    function test_RevertWhen_FundingIsAskedByTheWrongOneOrForTheWrongKey() public {
        bytes32 root = keyRoot(1);
        bytes32 unknown = keyRoot(2);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorRegistry.OperatorManagerOnly.selector, operator, alice)
        );
        validators.requestFunding(operator, root, 32e9);
        uint32 other = joinOperator();
        vm.startPrank(manager);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, root, IValidatorManager.Status.Eligible
            )
        );
        validators.requestFunding(other, root, 32e9); // another operator's key
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, unknown, IValidatorManager.Status.Unknown
            )
        );
        validators.requestFunding(operator, unknown, 32e9);
        vm.stopPrank();
        predeposit(operator, 2);
        vm.prank(manager);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, unknown, IValidatorManager.Status.Predeposited
            )
        );
        validators.requestFunding(operator, unknown, 32e9);
    }

    function test_RevertWhen_TheOperatorHasATicketOpen() public {
        askFunding(operator, 1, 32e9);
        bytes32 root = keyRoot(1);
        vm.prank(manager);
        vm.expectRevert(abi.encodeWithSelector(FundingTickets.TicketOpen.selector, operator, uint64(1)));
        validators.requestFunding(operator, root, 32e9);
    }

    // ------------------------------------------------------------ first funding

    function test_Fund_FirstPieceMakesTheKeyAMember() public {
        askFunding(operator, 1, 32e9);
        ValidatorsProof memory proof = _proof();
        bytes32 root = keyRoot(1);
        bytes[] memory pubkey = keysOf(1);
        uint64 slot = proofs.currentSlot();
        vm.expectEmit(address(validators));
        emit IValidatorManager.FundingTicketClosed(1, operator);
        vm.expectEmit(address(validators));
        emit IValidatorManager.MemberAdded(root, index, 1);
        vm.expectEmit(address(inFlight));
        emit IDepositsInFlight.DepositInFlight(1, root, 31e9, slot, 31e9);
        vm.expectEmit(address(validators));
        emit IValidatorManager.PrincipalChanged(root, 32e9);
        vm.prank(bob); // anybody
        assertEq(validators.fund(proof, pubkey), 31e9, "deposited");
        IValidatorManager.ValidatorRecord memory r = _record();
        assertTrue(r.status == IValidatorManager.Status.Member, "member");
        assertEq(r.principalGwei, 32e9, "principal with the bond");
        assertEq(r.inFlightGwei, 31e9, "in flight");
        assertEq(r.lastDeposit, 1, "number");
        assertEq(validators.memberCount(), 1, "count");
        assertEq(validators.memberWords(hex"00000000")[0], 1 << index, "V5: bit");
        assertEq(registry.operator(operator).bondShares, 1e27, "bond");
        assertEq(token.sharesOf(address(registry)), 1e27, "held by the registry");
        assertEq(token.getTotalPooledEther(), 501 ether, "1 ETH entered with it");
        (uint32 count, uint32 landed, uint64 flying) = inFlight.inFlight();
        assertEq(count, 1, "one deposit");
        assertEq(landed, 0, "not landed");
        assertEq(flying, 31e9, "in flight");
    }

    function test_Fund_ThenPiecesUpToTheTarget() public {
        askFunding(operator, 1, 300e9);
        assertEq(fundNext(1, index), 31e9, "first");
        land();
        assertEq(fundNext(1, index), 268e9, "the rest at once");
        assertEq(_record().principalGwei, 300e9, "principal");
        (uint64 number,,,) = validators.nextTicket();
        assertEq(number, 0, "served");
        land();
        assertEq(_record().inFlightGwei, 0, "landed");
        assertEq(beacon.balanceOf(index), 300e9, "on the balance");
    }

    function test_Fund_APieceLeavesNoRemainderBelowOneEther() public {
        askFunding(operator, 1, 500e9);
        fundNext(1, index);
        land();
        // 469 left in the token; floor 2.505: 466.495 free, 468 wanted: it takes what is free
        assertEq(fundNext(1, index), 466.495e9, "all that is free");
        land();
        stake(bob, 0.8 ether);
        askedRemainder();
    }

    function askedRemainder() private {
        ValidatorsProof memory proof = _proof();
        bytes[] memory pubkey = keysOf(1);
        uint256 free = token.freeEther() / 1 gwei;
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.PieceTooSmall.selector, free, uint256(1.505e9))
        );
        validators.fund(proof, pubkey);
        stake(bob, 2 ether);
        beacon.tick(1);
        assertEq(fundNext(1, index), 1.505e9, "a rest below 32 ETH comes whole");
        assertEq(_record().principalGwei, 500e9, "target");
    }

    function test_Fund_KeepsOneEtherBackForTheRest() public {
        // first piece 31: 470 left, free 470 − 2.505 = 466.495 + what is staked
        askFunding(operator, 1, 500e9);
        fundNext(1, index);
        land();
        stake(bob, 1 ether); // free 467.49, wanted 468
        assertEq(fundNext(1, index), 467e9, "1 ETH is left over for a last piece");
    }

    function test_Fund_AMemberAlreadyAtItsTargetIsServedWithNothing() public {
        askFunding(operator, 1, 64e9);
        fundNext(1, index);
        land();
        fundNext(1, index);
        land();
        askFunding(operator, 1, 64e9);
        ValidatorsProof memory proof = _proof();
        vm.expectEmit(address(validators));
        emit IValidatorManager.FundingTicketClosed(2, operator);
        assertEq(validators.fund(proof, keysOf(1)), 0, "nothing");
    }

    function test_Fund_LowersThePrincipalByWhatWasWithdrawn() public {
        askFunding(operator, 1, 100e9);
        fundNext(1, index);
        land();
        fundNext(1, index);
        land();
        beacon.setBalance(index, 60e9); // 40 were paid out
        beacon.tick(1);
        askFunding(operator, 1, 100e9);
        assertEq(fundNext(1, index), 40e9, "filled up again");
        assertEq(_record().principalGwei, 100e9, "principal");
        assertEq(_record().inFlightGwei, 40e9, "only the new one flies");
    }

    function test_Fund_SlashedOrExitingClosesTheTicket() public {
        askFunding(operator, 1, 64e9);
        beacon.setSlashed(index);
        beacon.tick(1);
        ValidatorsProof memory proof = _proof();
        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorDropped(keyRoot(1), index);
        assertEq(validators.fund(proof, keysOf(1)), 0, "nothing is deposited");
        assertTrue(_record().status == IValidatorManager.Status.Dropped, "before its first funding: dropped");
        assertEq(validators.memberCount(), 0, "no member");
    }

    function test_Fund_AnExitingMemberIsMarked() public {
        askFunding(operator, 1, 64e9);
        fundNext(1, index);
        land();
        beacon.setExiting(index, 12_345);
        beacon.tick(1);
        ValidatorsProof memory proof = _proof();
        bytes32 root = keyRoot(1);
        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorMoved(
            root, IValidatorManager.Status.Member, IValidatorManager.Status.Exiting
        );
        assertEq(validators.fund(proof, keysOf(1)), 0, "nothing is deposited");
        assertTrue(_record().status == IValidatorManager.Status.Exiting, "marked");
        assertEq(validators.memberCount(), 1, "still a member: its balance counts");
        vm.prank(manager);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, root, IValidatorManager.Status.Exiting
            )
        );
        validators.requestFunding(operator, root, 64e9);
    }

    /// What storage knows of an exit counts, also when an older proof does not show it yet.
    function test_Fund_AMarkedMemberIsNotFundedByAnOlderProof() public {
        askFunding(operator, 1, 64e9);
        fundNext(1, index);
        land();
        ValidatorsProof memory before = _proof();
        beacon.setExiting(index, 12_345);
        beacon.tick(1);
        ValidatorsProof memory exiting = _proof();
        validators.observe(exiting);
        vm.expectEmit(address(validators));
        emit IValidatorManager.FundingTicketClosed(1, operator);
        assertEq(validators.fund(before, keysOf(1)), 0, "nothing is deposited");
    }

    // ------------------------------------------------------------ refused

    function test_RevertWhen_ThereIsNoTicket() public {
        ValidatorsProof memory proof = _proof();
        bytes[] memory pubkey = keysOf(1);
        vm.expectRevert(abi.encodeWithSelector(FundingTickets.NoTicket.selector));
        validators.fund(proof, pubkey);
    }

    function test_RevertWhen_TheProofIsNotOfTheNextKeyWithItsBalance() public {
        uint40 second = onboard(operator, 2);
        askFunding(operator, 1, 32e9);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), false);
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.BalancesMissing.selector, uint256(0), uint256(1))
        );
        validators.fund(proof, keysOf(1));
        proof = beacon.validatorsProof(one(second), true);
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.TicketNotProven.selector, uint64(1), index));
        validators.fund(proof, keysOf(2));
        proof = _proof();
        (bytes32 r1, bytes32 r2) = (keyRoot(1), keyRoot(2));
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.PubkeyMismatch.selector, r2, r1));
        validators.fund(proof, keysOf(2));
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.KeysMissing.selector, uint256(0), uint256(1))
        );
        validators.fund(proof, new bytes[](0));
    }

    /// It could never be funded: its ticket must not stand in the way of all others.
    function test_Fund_ABalanceBelowThePredepositClosesTheTicket() public {
        askFunding(operator, 1, 32e9);
        beacon.setBalance(index, 1e9 - 1);
        beacon.tick(1);
        assertEq(validators.fund(_proof(), keysOf(1)), 0, "nothing");
        (uint64 number,,,) = validators.nextTicket();
        assertEq(number, 0, "out of the line");
        assertTrue(_record().status == IValidatorManager.Status.Eligible, "it may be asked for again");
    }

    function test_RevertWhen_TheRootIsTooOld() public {
        askFunding(operator, 1, 32e9);
        ValidatorsProof memory proof = _proof();
        bytes[] memory pubkey = keysOf(1);
        vm.warp(block.timestamp + 64 * 12);
        uint256 oldest = proofs.currentSlot() - 64;
        vm.expectRevert(
            abi.encodeWithSelector(IBeaconProofs.ProofTooOld.selector, uint256(proof.slot), oldest)
        );
        validators.fund(proof, pubkey);
    }

    function test_RevertWhen_ASecondDepositComesInOneSlot() public {
        askFunding(operator, 1, 64e9);
        fundNext(1, index);
        ValidatorsProof memory proof = _proof();
        bytes[] memory pubkey = keysOf(1);
        (bytes32 root, uint64 slot) = (keyRoot(1), proofs.currentSlot());
        vm.expectRevert(abi.encodeWithSelector(IDepositsInFlight.SecondDepositInSlot.selector, root, slot));
        validators.fund(proof, pubkey);
        beacon.tick(1);
        assertEq(fundNext(1, index), 32e9, "one slot later");
        assertEq(_record().inFlightGwei, 63e9, "both fly");
    }

    function test_RevertWhen_EtherIsNotFree() public {
        askFunding(operator, 1, 32e9);
        request(alice, 470 ether);
        ValidatorsProof memory proof = _proof();
        bytes[] memory pubkey = keysOf(1);
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.PieceTooSmall.selector, uint256(27.5e9), uint256(31e9))
        );
        validators.fund(proof, pubkey);
    }

    /// Deposits in flight stop no checkpoint, so one that is due stops no funding.
    function test_Fund_ACheckpointThatIsDueStopsNothing() public {
        askFunding(operator, 1, 32e9);
        waitForCheckpoint();
        assertLe(checkpoints.opensAt(), block.timestamp, "due");
        assertEq(fundNext(1, index), 31e9, "funded all the same");
    }

    function test_RevertWhen_TheSafeguardIsOn() public {
        askFunding(operator, 1, 64e9);
        fundNext(1, index);
        land();
        uint256 overdueAt = uint256(token.lastSnapshotTime()) + 2 * INTERVAL;
        beacon.tick(uint64((overdueAt - block.timestamp) / 12 + 1));
        assertTrue(checkpoints.isGuarded(), "no snapshot is younger than two intervals");
        ValidatorsProof memory proof = _proof();
        bytes[] memory pubkey = keysOf(1);
        vm.expectRevert(ICheckpointGate.FundingWhileGuarded.selector);
        validators.fund(proof, pubkey);
    }

    function test_RevertWhen_AKeyWouldJoinWhileACheckpointCanClose() public {
        askFunding(operator, 1, 64e9);
        waitForCheckpoint();
        openCheckpoint();
        ValidatorsProof memory proof = _proof();
        bytes[] memory pubkey = keysOf(1);
        uint256 expires = block.timestamp + EXPIRY;
        vm.expectRevert(abi.encodeWithSelector(ICheckpointGate.CheckpointCanStillClose.selector, expires));
        validators.fund(proof, pubkey);
    }

    /// V5: after its expiry it is given up instead, so that nobody can close it without the new member.
    function test_Fund_AKeyThatJoinsCancelsAnExpiredCheckpoint() public {
        askFunding(operator, 1, 64e9);
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        beacon.tick(uint64(EXPIRY / 12 + 1));
        ValidatorsProof memory proof = _proof();
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.CheckpointAbandoned(s.id);
        validators.fund(proof, keysOf(1));
        bytes32 hash = keccak256(abi.encode(s));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.SnapshotMismatch.selector, bytes32(0), hash));
        checkpoints.close(s, address(this));
        assertFalse(token.checkpointOpen(), "instant exits wait for nothing");
    }

    function test_Fund_ATopUpMayComeWhileACheckpointIsOpen() public {
        askFunding(operator, 1, 64e9);
        fundNext(1, index);
        land();
        waitForCheckpoint();
        openCheckpoint();
        assertEq(fundNext(1, index), 32e9, "members do not change");
    }

    /// A balance older than the landing proof may lack the deposit: it must not lower the principal.
    function test_Fund_AnOldBalanceDoesNotLowerThePrincipal() public {
        askFunding(operator, 1, 96e9);
        fundNext(1, index);
        beacon.tick(1);
        ValidatorsProof memory old = _proof(); // 1 ETH on the balance, 31 in flight
        land();
        validators.fund(old, keysOf(1));
        assertEq(_record().principalGwei, 96e9, "32 + 64");
        assertEq(_record().inFlightGwei, 64e9, "the new piece");
    }
}
