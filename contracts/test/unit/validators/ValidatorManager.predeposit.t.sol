// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IBeaconDeposit } from "../../../src/types/IBeaconDeposit.sol";
import { Ssz } from "../../../src/types/Ssz.sol";
import { IBeaconProofs, ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../../../src/validators/ICheckpointGate.sol";
import { IDepositsInFlight } from "../../../src/validators/IDepositsInFlight.sol";
import { IOperatorRegistry } from "../../../src/validators/IOperatorRegistry.sol";
import { IPenalties } from "../../../src/validators/IPenalties.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { IWithdrawals } from "../../../src/validators/IWithdrawals.sol";
import { ValidatorManager } from "../../../src/validators/ValidatorManager.sol";
import { ValidatorRecords } from "../../../src/validators/ValidatorRecords.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";

/// Predeposit and prove: how a key becomes eligible, lost or dropped.
contract ValidatorManagerPredepositTest is StackFixture {
    uint32 private operator;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
    }

    function _keys(uint256 count) private pure returns (bytes[] memory pubkeys, bytes[] memory signatures) {
        pubkeys = new bytes[](count);
        signatures = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            pubkeys[i] = key(i + 1);
            signatures[i] = abi.encodePacked(keccak256(abi.encode(i)), new bytes(64));
        }
    }

    function _status(uint256 n) private view returns (IValidatorManager.Status) {
        return validators.validator(keyRoot(n)).status;
    }

    // ------------------------------------------------------------ predeposit

    event DepositEvent(
        bytes pubkey, bytes withdrawal_credentials, bytes amount, bytes signature, bytes index
    );

    function test_Predeposit_SendsOneEtherOfTheOperatorWithOurCredentials() public {
        (bytes[] memory pubkeys, bytes[] memory signatures) = _keys(2);
        address to = SystemContracts.depositContract();
        uint256 pool = token.getTotalPooledEther();
        for (uint256 i; i < 2; ++i) {
            vm.expectEmit(address(validators));
            emit IValidatorManager.Predeposited(operator, keyRoot(i + 1), pubkeys[i]);
            vm.expectEmit(to);
            emit DepositEvent(
                pubkeys[i],
                abi.encode(token.withdrawalCredentials()),
                hex"00ca9a3b00000000",
                signatures[i],
                abi.encodePacked(uint8(i), bytes7(0))
            );
        }
        vm.prank(manager);
        validators.predeposit{ value: 2 ether }(operator, pubkeys, signatures, 0);
        assertEq(to.balance, 2 ether, "deposited");
        assertEq(manager.balance, 998 ether, "by the operator");
        assertEq(token.getTotalPooledEther(), pool, "V4: not by the pool");
        IValidatorManager.ValidatorRecord memory r = validators.validator(keyRoot(2));
        assertTrue(r.status == IValidatorManager.Status.Predeposited, "status");
        assertEq(r.operatorId, operator, "operator");
        assertEq(validators.memberCount(), 0, "nobody joins by it");
    }

    function test_RevertWhen_CallerIsNotTheManager() public {
        (bytes[] memory pubkeys, bytes[] memory signatures) = _keys(1);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorRegistry.OperatorManagerOnly.selector, operator, alice)
        );
        validators.predeposit{ value: 1 ether }(operator, pubkeys, signatures, 0);
        vm.prank(manager);
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorRegistry.OperatorUnknown.selector, uint32(9), uint32(1))
        );
        validators.predeposit{ value: 1 ether }(9, pubkeys, signatures, 0);
    }

    function test_RevertWhen_PaymentOrLengthsAreWrong() public {
        (bytes[] memory pubkeys, bytes[] memory signatures) = _keys(2);
        vm.startPrank(manager);
        uint256[2] memory wrong = [uint256(1 ether), 3 ether];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IValidatorManager.PredepositPaymentWrong.selector, wrong[i], uint256(2 ether)
                )
            );
            validators.predeposit{ value: wrong[i] }(operator, pubkeys, signatures, 0);
        }
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.PredepositLengthsDiffer.selector, uint256(2), uint256(1))
        );
        validators.predeposit{ value: 2 ether }(operator, pubkeys, new bytes[](1), 0);
    }

    function test_RevertWhen_KeyOrSignatureHasAnotherLength() public {
        (bytes[] memory pubkeys, bytes[] memory signatures) = _keys(1);
        signatures[0] = new bytes(95);
        vm.startPrank(manager);
        vm.expectRevert(abi.encodeWithSelector(Ssz.SignatureLengthWrong.selector, uint256(95)));
        validators.predeposit{ value: 1 ether }(operator, pubkeys, signatures, 0);
        signatures[0] = "";
        vm.expectRevert(abi.encodeWithSelector(Ssz.SignatureLengthWrong.selector, uint256(0)));
        validators.predeposit{ value: 1 ether }(operator, pubkeys, signatures, 0);
        (signatures[0], pubkeys[0]) = (new bytes(96), new bytes(49));
        vm.expectRevert(abi.encodeWithSelector(Ssz.PubkeyLengthWrong.selector, uint256(49)));
        validators.predeposit{ value: 1 ether }(operator, pubkeys, signatures, 0);
    }

    /// V1, within a call and across operators.
    function test_RevertWhen_KeyIsKnown() public {
        (bytes[] memory pubkeys, bytes[] memory signatures) = _keys(2);
        pubkeys[1] = pubkeys[0];
        bytes memory known = abi.encodeWithSelector(IValidatorManager.KeyAlreadyKnown.selector, keyRoot(1));
        vm.prank(manager);
        vm.expectRevert(known);
        validators.predeposit{ value: 2 ether }(operator, pubkeys, signatures, 0);
        predeposit(operator, 1);
        uint32 other = joinOperator();
        (pubkeys, signatures) = _keys(1);
        vm.prank(manager);
        vm.expectRevert(known);
        validators.predeposit{ value: 1 ether }(other, pubkeys, signatures, 0);
    }

    // ------------------------------------------------------------ prove

    function test_Prove_OursBecomesEligible() public {
        predeposit(operator, 1);
        uint40 index = beacon.addValidator(key(1), token.withdrawalCredentials(), 1e9);
        beacon.tick(1);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), false);
        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorProven(keyRoot(1), index);
        vm.prank(bob); // anybody
        validators.prove(proof);
        IValidatorManager.ValidatorRecord memory r = validators.validator(keyRoot(1));
        assertTrue(r.status == IValidatorManager.Status.Eligible, "eligible");
        assertEq(r.index, index, "index");
        assertEq(validators.memberCount(), 0, "H3: not a member yet");
        assertEq(registry.operator(operator).bondShares, 0, "no bond yet");
    }

    function test_Prove_SeveralAtOnceEachByItsState() public {
        for (uint256 n = 1; n <= 4; ++n) {
            predeposit(operator, n);
        }
        bytes32 foreign = bytes32(uint256(0x01) << 248 | uint160(alice));
        uint40[] memory indices = new uint40[](4);
        indices[0] = beacon.addValidator(key(1), token.withdrawalCredentials(), 1e9);
        indices[1] = beacon.addValidator(key(2), foreign, 1e9);
        indices[2] = beacon.addValidator(key(3), token.withdrawalCredentials(), 1e9);
        indices[3] = beacon.addValidator(key(4), token.withdrawalCredentials(), 1e9);
        beacon.setSlashed(indices[2]);
        beacon.setExiting(indices[3], 99_999);
        beacon.tick(1);
        ValidatorsProof memory proof = beacon.validatorsProof(indices, false);
        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorLost(keyRoot(2), indices[1], foreign);
        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorDropped(keyRoot(3), indices[2]);
        validators.prove(proof);
        assertTrue(_status(1) == IValidatorManager.Status.Eligible, "ours");
        assertTrue(_status(2) == IValidatorManager.Status.Lost, "foreign credentials");
        assertTrue(_status(3) == IValidatorManager.Status.Dropped, "slashed");
        assertTrue(_status(4) == IValidatorManager.Status.Dropped, "exiting");
    }

    /// Everything that is not 0x02 ‖ 0 ‖ vault is lost, also the vault under 0x01.
    /// forge-config: default.fuzz.runs = 128
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_Prove_OtherCredentialsAreLost(bytes32 credentials, uint8 kind) public {
        bytes32 ours = token.withdrawalCredentials();
        if (kind % 4 == 0) credentials = bytes32(uint256(0x01) << 248 | uint160(address(withdrawalVault)));
        if (kind % 4 == 1) credentials = bytes32(uint256(uint160(address(withdrawalVault))));
        if (kind % 4 == 2) credentials = ours ^ bytes32(uint256(1) << (uint256(credentials) % 256));
        vm.assume(credentials != ours);
        predeposit(operator, 1);
        uint40 index = beacon.addValidator(key(1), credentials, 1e9);
        beacon.tick(1);
        validators.prove(beacon.validatorsProof(one(index), false));
        assertTrue(_status(1) == IValidatorManager.Status.Lost, "lost");
    }

    function test_RevertWhen_ThereIsNothingToProve() public {
        uint40 index = beacon.addValidator(key(1), token.withdrawalCredentials(), 1e9);
        beacon.tick(1);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), false);
        vm.expectRevert(IValidatorManager.NothingToProve.selector);
        validators.prove(proof);
        assertTrue(_status(1) == IValidatorManager.Status.Unknown, "not ours before its predeposit");
        predeposit(operator, 1);
        validators.prove(proof);
        vm.expectRevert(IValidatorManager.NothingToProve.selector);
        validators.prove(proof);
    }

    /// Somebody proves one key of a batch a moment earlier: the batch goes on with the others.
    function test_Prove_PassesOverWhatIsProvenAlready() public {
        uint40[] memory indices = new uint40[](3);
        for (uint256 i; i < 3; ++i) {
            predeposit(operator, i + 1);
            indices[i] = beacon.addValidator(key(i + 1), token.withdrawalCredentials(), 1e9);
        }
        beacon.tick(1);
        validators.prove(beacon.validatorsProof(one(indices[1]), false));
        validators.prove(beacon.validatorsProof(indices, false));
        for (uint256 n = 1; n <= 3; ++n) {
            assertTrue(_status(n) == IValidatorManager.Status.Eligible, "all three");
        }
    }

    // ------------------------------------------------------------ tickets at the proof

    function test_Prove_DrawsATicketForATargetIfTheOperatorHasNone() public {
        (bytes[] memory pubkeys, bytes[] memory signatures) = _keys(2);
        vm.prank(manager);
        validators.predeposit{ value: 2 ether }(operator, pubkeys, signatures, 2048e9);
        assertEq(validators.validator(keyRoot(1)).targetEth, 2048, "kept until it is proven");
        uint40[] memory indices = new uint40[](2);
        indices[0] = beacon.addValidator(key(1), token.withdrawalCredentials(), 1e9);
        indices[1] = beacon.addValidator(key(2), token.withdrawalCredentials(), 1e9);
        beacon.tick(1);
        ValidatorsProof memory proof = beacon.validatorsProof(indices, false);
        vm.expectEmit(address(validators));
        emit IValidatorManager.FundingRequested(1, operator, keyRoot(1), 2048e9);
        validators.prove(proof);
        (uint64 number, uint32 op, uint40 index, uint64 waiting) = validators.nextTicket();
        assertEq(number, 1, "number");
        assertEq(op, operator, "operator");
        assertEq(index, indices[0], "the first of its keys");
        assertEq(waiting, 1, "one open ticket an operator");
        assertEq(validators.ticketOf(operator), 1, "its ticket");
        assertEq(validators.ticketOf(99), 0, "nobody's");
    }

    function test_RevertWhen_TheTargetOfAPredepositIsWrong() public {
        (bytes[] memory pubkeys, bytes[] memory signatures) = _keys(1);
        vm.startPrank(manager);
        uint64[2] memory wrong = [uint64(31e9), 2049e9];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IValidatorManager.TargetOutOfRange.selector, wrong[i], uint64(32e9), uint64(2048e9)
                )
            );
            validators.predeposit{ value: 1 ether }(operator, pubkeys, signatures, wrong[i]);
        }
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.TargetNotWholeEther.selector, uint64(32e9 + 1))
        );
        validators.predeposit{ value: 1 ether }(operator, pubkeys, signatures, 32e9 + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.PredepositLengthsDiffer.selector, uint256(0), uint256(0))
        );
        validators.predeposit(operator, new bytes[](0), new bytes[](0), 0);
    }

    function test_RevertWhen_TheOperatorIsLeaving() public {
        (bytes[] memory pubkeys, bytes[] memory signatures) = _keys(1);
        vm.startPrank(manager);
        registry.leave(operator);
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.OperatorTakesNoKeys.selector, operator));
        validators.predeposit{ value: 1 ether }(operator, pubkeys, signatures, 0);
    }

    function test_RevertWhen_TheRootIsTooOld() public {
        predeposit(operator, 1);
        uint40 index = beacon.addValidator(key(1), token.withdrawalCredentials(), 1e9);
        beacon.tick(1);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), false);
        vm.warp(block.timestamp + 64 * 12); // it was one slot old already
        uint256 oldest = proofs.currentSlot() - 64;
        vm.expectRevert(
            abi.encodeWithSelector(IBeaconProofs.ProofTooOld.selector, uint256(proof.slot), oldest)
        );
        validators.prove(proof);
        vm.warp(block.timestamp - 12);
        validators.prove(proof);
    }

    // ------------------------------------------------------------ deployment

    function test_RevertWhen_ConfigIsZero() public {
        string[8] memory fields = [
            "token", "proofs", "registry", "withdrawals", "penalties", "inFlight", "gate", "beaconDeposit"
        ];
        for (uint256 i; i < 8; ++i) {
            ValidatorRecords.Config memory c = ValidatorRecords.Config(
                IStakedEther(i == 0 ? address(0) : alice),
                IBeaconProofs(i == 1 ? address(0) : alice),
                IOperatorRegistry(i == 2 ? address(0) : alice),
                IWithdrawals(i == 3 ? address(0) : alice),
                IPenalties(i == 4 ? address(0) : alice),
                IDepositsInFlight(i == 5 ? address(0) : alice),
                ICheckpointGate(i == 6 ? address(0) : alice)
            );
            IBeaconDeposit to = IBeaconDeposit(i == 7 ? address(0) : alice);
            vm.expectRevert(abi.encodeWithSelector(IValidatorManager.ManagerConfigZero.selector, fields[i]));
            new ValidatorManager(c, to);
        }
    }
}
