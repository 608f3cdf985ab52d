// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints } from "../../../src/accounting/ICheckpoints.sol";
import { ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../../../src/validators/ICheckpointGate.sol";
import { Tier, TierTerms } from "../../../src/validators/IOperatorRegistry.sol";
import { FundingRefusal, IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// The line of tickets: batches, proveAndFund, what sends a ticket to the back. With the protocol's own terms.
contract ValidatorManagerLineTest is StackFixture {
    uint32[4] private operators; // from 1 on
    uint40[4] private indices;

    function setUp() public override {
        super.setUp();
        stake(alice, 9999 ether);
        for (uint256 i = 1; i < 4; ++i) {
            operators[i] = joinOperator();
            _bond(operators[i], 10 ether);
            indices[i] = onboard(operators[i], i);
        }
    }

    function _permissionless() internal pure override returns (TierTerms memory) {
        return TierTerms({
            operatorShareBps: 200,
            tierShareBps: 3300,
            operatorFloorGwei: 2048e9,
            tierFloorGwei: 4096e9,
            kneeGwei: 1024e9,
            bondBps: 400,
            bondBpsAbove: 200
        });
    }

    function _curated() internal pure override returns (TierTerms memory) {
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

    function _fillTargetGwei() internal pure override returns (uint64) {
        return 1800e9;
    }

    function _bond(uint32 operator, uint256 amount) private {
        vm.deal(bob, amount);
        vm.prank(bob);
        registry.topUpBondWithEther{ value: amount }(operator);
    }

    function _all() private view returns (ValidatorsProof memory proof, bytes[] memory keys) {
        uint40[] memory list = new uint40[](3);
        keys = new bytes[](3);
        for (uint256 i; i < 3; ++i) {
            (list[i], keys[i]) = (indices[i + 1], key(i + 1));
        }
        proof = beacon.validatorsProof(list, true);
    }

    function _head() private view returns (uint32 operatorId, uint64 waiting) {
        (, operatorId,, waiting) = validators.nextTicket();
    }

    function _principal(uint256 n) private view returns (uint64) {
        return validators.validator(keyRoot(n)).principalGwei;
    }

    // ------------------------------------------------------------ batches

    function test_Fund_ServesTicketsInTheirOrder() public {
        askFunding(operators[2], 2, 32e9);
        askFunding(operators[1], 1, 32e9);
        askFunding(operators[3], 3, 32e9);
        (ValidatorsProof memory proof, bytes[] memory keys) = _all();
        assertEq(validators.fund(proof, keys), 93e9, "all three");
        assertEq(inFlight.deposit(1).validatorIndex, indices[2], "first come");
        assertEq(inFlight.deposit(2).validatorIndex, indices[1], "second");
        assertEq(inFlight.deposit(3).validatorIndex, indices[3], "third");
        assertEq(validators.memberCount(), 3, "members");
        (, uint64 waiting) = _head();
        assertEq(waiting, 0, "all served");
    }

    /// A batch goes as far as the proof reaches and the ether lasts, and stops at a ticket that stays open.
    function test_Fund_StopsWhereItCannotGoOn() public {
        askFunding(operators[1], 1, 32e9);
        askFunding(operators[2], 2, 64e9); // stays open after its first 31
        askFunding(operators[3], 3, 32e9);
        (ValidatorsProof memory proof, bytes[] memory keys) = _all();
        assertEq(validators.fund(proof, keys), 62e9, "the second is not done");
        (uint32 head,) = _head();
        assertEq(head, operators[2], "and stays the head");
        beacon.tick(1);
        uint40[] memory some = new uint40[](1);
        some[0] = indices[2];
        assertEq(validators.fund(beacon.validatorsProof(some, true), keysOf(2)), 32e9, "its rest");
        (head,) = _head();
        assertEq(head, operators[3], "not in that proof");
    }

    function test_Fund_StopsWhenTheEtherIsUsedUp() public {
        request(alice, 9900 ether); // 130 of its own, half a percent of it kept
        for (uint256 i = 1; i < 4; ++i) {
            askFunding(operators[i], i, 32e9);
        }
        uint256 free = token.freeEther();
        assertGt(free, 62.3 ether, "two");
        assertLt(free, 93 ether, "not three");
        (ValidatorsProof memory proof, bytes[] memory keys) = _all();
        assertEq(validators.fund(proof, keys), 62e9, "two of three");
        beacon.tick(1);
        (proof, keys) = _all();
        uint256 left = token.freeEther() / 1 gwei;
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.PieceTooSmall.selector, left, uint256(31e9)));
        validators.fund(proof, keys);
    }

    function test_ProveAndFund_FromThePredepositInOneTransaction() public {
        uint32 operator = joinOperator();
        _bond(operator, 1 ether);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = new bytes(96);
        vm.prank(manager);
        validators.predeposit{ value: 1 ether }(operator, keysOf(9), signatures, 32e9);
        uint40 index = beacon.addValidator(key(9), token.withdrawalCredentials(), 1e9);
        beacon.tick(1);
        assertEq(
            validators.proveAndFund(beacon.validatorsProof(one(index), true), keysOf(9)), 31e9, "at once"
        );
        assertTrue(validators.validator(keyRoot(9)).status == IValidatorManager.Status.Member, "member");
    }

    // ------------------------------------------------------------ limits and bonds (V3)

    function test_Fund_GrowsAsFarAsTheBondCovers() public {
        askFunding(operators[1], 1, 2048e9);
        fundNext(1, indices[1]);
        land();
        // 11 ETH of bond at 4 %: 275 ETH of stake
        uint64 amount = fundNext(1, indices[1]);
        assertEq(amount, 243e9, "275 - 32");
        land();
        ValidatorsProof memory proof = beacon.validatorsProof(one(indices[1]), true);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.TicketUnfundable.selector, uint64(1), FundingRefusal.BondShort
            )
        );
        validators.fund(proof, keysOf(1));
        _bond(operators[1], 60 ether);
        fundNext(1, indices[1]);
        land();
        assertEq(_principal(1), 2048e9, "filled: 61.44 of 71 ETH");
    }

    function test_Fund_TheOperatorsShareIsItsLimit() public {
        _bond(operators[1], 200 ether);
        askFunding(operators[1], 1, 2048e9);
        fundNext(1, indices[1]);
        land();
        fundNext(1, indices[1]);
        land();
        assertEq(_principal(1), 2048e9, "2 % of 10,000 is less than one validator");
        uint40 more = onboard(operators[1], 11);
        askFunding(operators[1], 11, 32e9);
        ValidatorsProof memory proof = beacon.validatorsProof(one(more), true);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.TicketUnfundable.selector, uint64(2), FundingRefusal.OperatorLimit
            )
        );
        validators.fund(proof, keysOf(11));
        vm.prank(governance);
        registry.setTier(operators[1], Tier.Curated);
        assertEq(fundNext(11, more), 31e9, "curated: room for it");
        assertEq(registry.tierStakeGwei(Tier.Curated), 2080e9, "its stake went with it");
        assertEq(registry.tierStakeGwei(Tier.Permissionless), 0, "all of it");
    }

    function test_Fund_TheTiersShareLimitsAllItsIdentities() public {
        for (uint256 i = 1; i < 4; ++i) {
            _bond(operators[i], 100 ether);
            askFunding(operators[i], i, 2048e9);
        }
        for (uint256 i = 1; i < 3; ++i) {
            fundNext(i, indices[i]);
            land();
            fundNext(i, indices[i]);
            land();
        }
        assertEq(registry.tierStakeGwei(Tier.Permissionless), 4096e9, "full");
        ValidatorsProof memory proof = beacon.validatorsProof(one(indices[3]), true);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.TicketUnfundable.selector, uint64(3), FundingRefusal.TierLimit
            )
        );
        validators.fund(proof, keysOf(3));
    }

    function test_Fund_ANextKeyWaitsUntilTheOthersAreFull() public {
        _bond(operators[1], 200 ether);
        askFunding(operators[1], 1, 1799e9);
        fundNext(1, indices[1]);
        land();
        fundNext(1, indices[1]);
        land();
        uint40 more = onboard(operators[1], 11);
        askFunding(operators[1], 11, 32e9);
        ValidatorsProof memory proof = beacon.validatorsProof(one(more), true);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.TicketUnfundable.selector, uint64(2), FundingRefusal.OthersUnfilled
            )
        );
        validators.fund(proof, keysOf(11));
    }

    // ------------------------------------------------------------ to the back

    function test_Requeue_AHeadBeyondItsLimitsGoesToTheBack() public {
        askFunding(operators[1], 1, 2048e9);
        askFunding(operators[2], 2, 32e9);
        fundNext(1, indices[1]);
        land();
        fundNext(1, indices[1]);
        land();
        bytes32 root = keyRoot(1);
        vm.expectEmit(address(validators));
        emit IValidatorManager.FundingTicketMoved(1, 3, FundingRefusal.BondShort);
        vm.prank(bob); // anybody
        validators.requeueTicket(root);
        (uint32 head, uint64 waiting) = _head();
        assertEq(head, operators[2], "the next one's turn");
        assertEq(waiting, 2, "nobody has left the line");
        assertEq(validators.ticketOf(operators[1]), 3, "its new number");
        assertEq(fundNext(2, indices[2]), 31e9, "served");
    }

    function test_Requeue_WhileASlashingIsOpen() public {
        askFunding(operators[1], 1, 32e9);
        askFunding(operators[2], 2, 32e9);
        vm.prank(address(penalties));
        registry.noteSlashing(operators[1], true);
        bytes32 root = keyRoot(1);
        vm.expectEmit(address(validators));
        emit IValidatorManager.FundingTicketMoved(1, 3, FundingRefusal.SlashingOpen);
        validators.requeueTicket(root);
        (uint32 head,) = _head();
        assertEq(head, operators[2], "the next one's turn");
    }

    function test_Requeue_ATicketOfALeavingOperatorFallsOut() public {
        askFunding(operators[1], 1, 32e9);
        vm.prank(manager);
        registry.leave(operators[1]);
        bytes32 root = keyRoot(1);
        vm.expectEmit(address(validators));
        emit IValidatorManager.FundingTicketClosed(1, operators[1]);
        validators.requeueTicket(root);
        (, uint64 waiting) = _head();
        assertEq(waiting, 0, "out");
    }

    function test_Requeue_ATicketOfAMemberToExitFallsOut() public {
        askFunding(operators[1], 1, 64e9);
        fundNext(1, indices[1]);
        land();
        vm.prank(manager);
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
        validators.requeueTicket(keyRoot(1));
        (, uint64 waiting) = _head();
        assertEq(waiting, 0, "out");
    }

    function test_Requeue_AServedTargetFallsOut() public {
        askFunding(operators[1], 1, 64e9);
        fundNext(1, indices[1]);
        land();
        fundNext(1, indices[1]);
        land();
        askFunding(operators[1], 1, 64e9);
        validators.requeueTicket(keyRoot(1));
        (, uint64 waiting) = _head();
        assertEq(waiting, 0, "nothing left to fund");
    }

    function test_RevertWhen_TheHeadCanBeServedOrIsAnother() public {
        askFunding(operators[1], 1, 32e9);
        bytes32 root = keyRoot(1);
        // 11 ETH of bond with its own: 275 ETH
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.TicketFundable.selector, uint64(1), uint64(275e9))
        );
        validators.requeueTicket(root);
        request(alice, 9990 ether); // no ether is free: no reason
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.TicketFundable.selector, uint64(1), uint64(275e9))
        );
        validators.requeueTicket(root);
        root = keyRoot(2);
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.TicketNotProven.selector, uint64(1), indices[1])
        );
        validators.requeueTicket(root);
    }

    function test_RevertWhen_OthersAskTheGate() public {
        bytes memory refused = abi.encodeWithSelector(ICheckpoints.CheckpointCallerNotAllowed.selector, alice);
        vm.startPrank(alice);
        vm.expectRevert(refused);
        ICheckpointGate(address(checkpoints)).beforeRemoval();
        vm.expectRevert(refused);
        ICheckpointGate(address(checkpoints)).beforeFunding(false);
        vm.expectRevert(refused);
        ICheckpointGate(address(checkpoints)).noteUncoveredLoss(1, 1);
    }
}
