// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Ssz } from "../../../src/types/Ssz.sol";
import { IBeaconProofs, ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// withdraw and settleWithdrawals.
contract ValidatorManagerWithdrawTest is StackFixture {
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

    function _withdraw() private {
        ValidatorsProof memory proof = _proof();
        vm.prank(keeper);
        validators.withdraw{ value: 1 }(proof, keysOf(1), 1);
    }

    function _expectRefused(ValidatorsProof memory proof, uint256 value, uint256 maxFee, bytes memory error)
        private
    {
        vm.prank(keeper);
        vm.expectRevert(error);
        validators.withdraw{ value: value }(proof, keysOf(1), maxFee);
    }

    /// Leaves an uncovered demand of exactly `amount`: requested above own ether.
    function _demand(uint256 amount) private {
        request(alice, token.ownEther() + amount);
        assertEq(validators.uncoveredDemand(), amount, "demand");
    }

    // ------------------------------------------------------------ withdraw

    function test_Withdraw_AsksForTheDemand() public {
        _demand(40.5 ether);
        ValidatorsProof memory proof = _proof();
        uint40 expires = uint40(block.timestamp) + 21 days;
        vm.expectEmit(address(validators));
        emit IValidatorManager.PartialRequested(root, 40.5e9, 600e9, expires, 40.5e9);
        vm.prank(keeper);
        validators.withdraw{ value: 5 }(proof, keysOf(1), 1);
        assertEq(keeper.balance, 1000 ether - 1, "only the fee is kept");
        IValidatorManager.PartialRequest memory r = validators.partialRequest(root);
        assertEq(r.amountGwei, 40.5e9, "amount");
        assertEq(r.balanceGwei, 600e9, "balance at the request");
        assertEq(r.slot, proofs.currentSlot(), "slot");
        assertEq(r.expiresAt, expires, "expiry");
        assertEq(validators.openPartialsGwei(), 40.5e9, "open");
        assertEq(validators.uncoveredDemand(), 0, "covered now");
    }

    function test_Withdraw_AtMostAChunkAndAtLeastOneEther() public {
        _demand(300 ether);
        _withdraw();
        assertEq(validators.partialRequest(root).amountGwei, 256e9, "chunk");
        assertEq(validators.uncoveredDemand(), 44 ether, "rest");
    }

    /// H10: dust of demand is asked as 1 ETH, never as 0, which would be a full exit.
    function testFuzz_Withdraw_NeverAsksForLessThanOneEther(uint256 demand) public {
        demand = bound(demand, 1, 300 ether);
        _demand(demand);
        _withdraw();
        uint256 asked = validators.partialRequest(root).amountGwei;
        assertGe(asked, 1e9, "at least 1 ETH");
        assertLe(asked, 256e9, "at most a chunk");
        uint256 up = (demand + 1 gwei - 1) / 1 gwei;
        assertEq(asked, up < 1e9 ? 1e9 : (up > 256e9 ? 256e9 : up), "the demand in whole gwei, up");
    }

    function test_Withdraw_LeavesThirtyTwo() public {
        beacon.setBalance(index, 50e9);
        beacon.activate(index, 1);
        beacon.tick(1);
        _demand(100 ether);
        _withdraw();
        assertEq(validators.partialRequest(root).amountGwei, 18e9, "down to 32");
    }

    function test_Withdraw_SeveralShareTheDemand() public {
        uint40 second = member(operator, 2, 200e9);
        _demand(300 ether);
        uint40[] memory both = new uint40[](2);
        (both[0], both[1]) = (index, second);
        bytes[] memory pubkeys = new bytes[](2);
        (pubkeys[0], pubkeys[1]) = (key(1), key(2));
        ValidatorsProof memory proof = beacon.validatorsProof(both, true);
        vm.prank(keeper);
        validators.withdraw{ value: 2 }(proof, pubkeys, 1);
        assertEq(validators.partialRequest(root).amountGwei, 256e9, "first");
        assertEq(validators.partialRequest(keyRoot(2)).amountGwei, 44e9, "what is left of the demand");
        assertEq(validators.uncoveredDemand(), 0, "covered");
    }

    function test_Withdraw_ALeavingValidatorIsMarkedAndAskedNothing() public {
        _demand(10 ether);
        beacon.setExiting(index, 20_000);
        beacon.tick(1);
        ValidatorsProof memory proof = _proof();
        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorExiting(root, false, 20_000);
        vm.prank(keeper);
        validators.withdraw{ value: 1 }(proof, keysOf(1), 1);
        assertEq(keeper.balance, 1000 ether, "no fee is spent");
        assertEq(validators.openPartialsGwei(), 0, "nothing asked");
        assertTrue(validators.validator(root).exiting, "marked");
        _expectRefused(
            proof,
            1,
            1,
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, root, IValidatorManager.Status.Member
            )
        );
    }

    function test_Withdraw_AnExpiredRequestIsReplaced() public {
        _demand(300 ether);
        _withdraw();
        vm.warp(block.timestamp + 21 days);
        beacon.tick(uint64(21 days / 12));
        _withdraw();
        assertEq(validators.openPartialsGwei(), 256e9, "counted once");
    }

    function test_RevertWhen_ThereIsNoDemand() public {
        request(alice, token.ownEther());
        _expectRefused(_proof(), 1, 1, abi.encodeWithSelector(IValidatorManager.NoUncoveredDemand.selector));
    }

    function test_RevertWhen_FeeIsAboveTheCallersMaximumOrUnpaid() public {
        _demand(10 ether);
        ValidatorsProof memory proof = _proof();
        _expectRefused(
            proof,
            1,
            0,
            abi.encodeWithSelector(IValidatorManager.WithdrawalFeeTooHigh.selector, uint256(1), uint256(0))
        );
        _expectRefused(
            proof,
            0,
            1,
            abi.encodeWithSelector(IValidatorManager.WithdrawalPaymentTooLow.selector, uint256(0), uint256(1))
        );
    }

    function test_RevertWhen_BalancesOrKeysAreMissing() public {
        _demand(10 ether);
        ValidatorsProof memory plain = beacon.validatorsProof(one(index), false);
        _expectRefused(
            plain,
            1,
            1,
            abi.encodeWithSelector(IValidatorManager.BalancesMissing.selector, uint256(0), uint256(1))
        );
        ValidatorsProof memory proof = _proof();
        vm.prank(keeper);
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.PredepositLengthsDiffer.selector, uint256(0), uint256(1))
        );
        validators.withdraw{ value: 1 }(proof, new bytes[](0), 1);
        bytes memory mismatch =
            abi.encodeWithSelector(IValidatorManager.PubkeyMismatch.selector, keyRoot(2), root);
        vm.prank(keeper);
        vm.expectRevert(mismatch);
        validators.withdraw{ value: 1 }(proof, keysOf(2), 1);
    }

    function test_RevertWhen_TheKeyIsNotAMember() public {
        uint40 other = onboard(operator, 2);
        _demand(10 ether);
        ValidatorsProof memory proof = beacon.validatorsProof(one(other), true);
        bytes32 otherRoot = keyRoot(2);
        vm.prank(keeper);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, otherRoot, IValidatorManager.Status.Eligible
            )
        );
        validators.withdraw{ value: 1 }(proof, keysOf(2), 1);
    }

    function test_RevertWhen_ARequestIsOpen() public {
        _demand(300 ether);
        _withdraw();
        beacon.tick(1);
        uint40 expires = validators.partialRequest(root).expiresAt;
        _expectRefused(
            _proof(), 1, 1, abi.encodeWithSelector(IValidatorManager.PartialOpen.selector, root, expires)
        );
    }

    function test_RevertWhen_TooLittleLiesAboveThirtyTwo() public {
        _demand(10 ether);
        uint64[3] memory balances = [uint64(33e9 - 1), 32e9, 31e9];
        for (uint256 i; i < 3; ++i) {
            beacon.setBalance(index, balances[i]);
            beacon.tick(1);
            uint64 above = balances[i] > 32e9 ? balances[i] - 32e9 : 0;
            _expectRefused(
                _proof(),
                1,
                1,
                abi.encodeWithSelector(IValidatorManager.PartialTooSmall.selector, root, above, uint64(1e9))
            );
        }
    }

    function test_RevertWhen_TheValidatorIsTooYoungOrTooSmall() public {
        _demand(10 ether);
        uint64 epoch = proofs.currentEpoch();
        beacon.activate(index, epoch - 255);
        beacon.tick(1);
        _expectRefused(
            _proof(),
            1,
            1,
            abi.encodeWithSelector(IValidatorManager.NotWithdrawableYet.selector, root, epoch - 255 + 256)
        );
        beacon.activate(index, Ssz.FAR_FUTURE_EPOCH);
        beacon.tick(1);
        _expectRefused(
            _proof(),
            1,
            1,
            abi.encodeWithSelector(IValidatorManager.NotWithdrawableYet.selector, root, Ssz.FAR_FUTURE_EPOCH)
        );
        uint64 balance = beacon.balanceOf(index);
        beacon.setBalance(index, 31.9e9);
        beacon.activate(index, 1); // effective 31
        beacon.setBalance(index, balance);
        beacon.tick(1);
        _expectRefused(
            _proof(),
            1,
            1,
            abi.encodeWithSelector(IValidatorManager.NotWithdrawableYet.selector, root, uint64(257))
        );
    }

    /// The test contract takes no ether.
    function test_RevertWhen_TheRefundIsRefused() public {
        _demand(10 ether);
        ValidatorsProof memory proof = _proof();
        vm.deal(address(this), 1 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.RefundFailed.selector, address(this), uint256(2))
        );
        validators.withdraw{ value: 3 }(proof, keysOf(1), 1);
    }

    // ------------------------------------------------------------ settle

    function _paid(uint64 balanceGwei) private {
        beacon.setBalance(index, balanceGwei);
        beacon.tick(2);
    }

    function test_Settle_WhenTheBalanceShowsItPaid() public {
        _demand(40 ether);
        _withdraw();
        _paid(561e9); // 1 ETH of rewards meanwhile: just within the tolerance
        ValidatorsProof memory proof = _proof();
        vm.expectEmit(address(validators));
        emit IValidatorManager.PrincipalChanged(root, 561e9);
        vm.expectEmit(address(validators));
        emit IValidatorManager.PartialSettled(root, 40e9, 561e9, 0);
        vm.prank(bob); // anybody
        validators.settleWithdrawals(proof);
        assertEq(validators.partialRequest(root).amountGwei, 0, "closed");
        assertEq(validators.openPartialsGwei(), 0, "none open");
        assertEq(validators.validator(root).principalGwei, 561e9, "principal follows");
    }

    function test_Settle_WhenTheValidatorIsLeaving() public {
        _demand(40 ether);
        _withdraw();
        beacon.setExiting(index, 20_000);
        beacon.tick(2);
        validators.settleWithdrawals(_proof());
        assertTrue(validators.validator(root).exiting, "marked");
        assertEq(validators.openPartialsGwei(), 0, "a pending partial of an exiting one is not paid");
    }

    function test_Settle_WhenItHasExpired() public {
        _demand(40 ether);
        _withdraw();
        beacon.tick(uint64(21 days / 12));
        validators.settleWithdrawals(_proof());
        assertEq(validators.openPartialsGwei(), 0, "expired");
        assertEq(validators.validator(root).principalGwei, 600e9, "nothing was paid");
    }

    function test_RevertWhen_TheRequestIsStillOpen() public {
        _demand(40 ether);
        _withdraw();
        _paid(561e9 + 1);
        ValidatorsProof memory proof = _proof();
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.PartialStillOpen.selector, root, uint64(561e9 + 1), uint64(561e9)
            )
        );
        validators.settleWithdrawals(proof);
    }

    function test_RevertWhen_TheProofIsNotNewerThanTheRequest() public {
        _demand(40 ether);
        _withdraw();
        uint64 slot = proofs.currentSlot();
        for (uint64 i; i < 2; ++i) {
            // the state before the request's block, and the one after it
            ValidatorsProof memory proof = _proof();
            vm.expectRevert(
                abi.encodeWithSelector(IValidatorManager.ProofNotNewer.selector, slot - 1 + i, slot)
            );
            validators.settleWithdrawals(proof);
            beacon.tick(1);
        }
    }

    /// A balance from before the payment would ask again for what has been paid.
    function test_RevertWhen_TheBalanceIsOlderThanTheLastSettlement() public {
        _demand(300 ether);
        _withdraw();
        beacon.tick(1);
        ValidatorsProof memory unpaid = _proof();
        _paid(600e9 - 256e9);
        ValidatorsProof memory paid = _proof();
        validators.settleWithdrawals(paid);
        _expectRefused(
            unpaid,
            1,
            1,
            abi.encodeWithSelector(IValidatorManager.ProofNotNewer.selector, unpaid.slot, paid.slot)
        );
        _withdraw();
        assertEq(validators.partialRequest(root).balanceGwei, 344e9, "sized by the balance of now");
    }

    /// A balance from before a landing lacks a deposit that no longer counts as in flight.
    function test_RevertWhen_TheBalanceIsOlderThanTheLanding() public {
        _demand(40 ether);
        _withdraw();
        vm.deal(address(token), address(token).balance + 2000 ether);
        askFunding(operator, 1, 700e9);
        beacon.tick(1);
        uint64 amount = fundNext(1, index);
        beacon.tick(2);
        ValidatorsProof memory before = _proof();
        land(index, amount);
        uint64 landedAt = proofs.currentSlot() - 1;
        bytes memory older =
            abi.encodeWithSelector(IValidatorManager.ProofNotNewer.selector, before.slot, landedAt);
        vm.expectRevert(older);
        validators.settleWithdrawals(before);
    }

    /// A top-up that lands while a request is open is not taken for an unpaid request, nor an unpaid one for paid.
    function test_Settle_ATopUpMeanwhileMovesTheLine() public {
        _demand(40 ether);
        _withdraw();
        vm.deal(address(token), address(token).balance + 2000 ether);
        askFunding(operator, 1, 700e9);
        beacon.tick(1);
        assertEq(fundNext(1, index), 100e9, "topped up while a request is open");
        assertEq(validators.partialRequest(root).balanceGwei, 700e9, "the line moves with it");
        beacon.tick(2);
        ValidatorsProof memory proof = _proof(); // 600 on the balance, 100 in flight, nothing paid
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.PartialStillOpen.selector, root, uint64(700e9), uint64(661e9)
            )
        );
        validators.settleWithdrawals(proof);
        _paid(560e9); // paid, the top-up still in flight
        validators.settleWithdrawals(_proof());
        assertEq(validators.validator(root).principalGwei, 660e9, "600 - 40 + 100");
    }

    /// The tolerance for rewards meanwhile is half the request at most: a request of 1 ETH is not settled unpaid.
    function test_Settle_ASmallRequestHasASmallTolerance() public {
        _demand(1);
        _withdraw();
        _paid(600e9);
        ValidatorsProof memory proof = _proof();
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.PartialStillOpen.selector, root, uint64(600e9), uint64(599.5e9)
            )
        );
        validators.settleWithdrawals(proof);
        _paid(599.5e9);
        validators.settleWithdrawals(_proof());
        assertEq(validators.openPartialsGwei(), 0, "settled");
    }

    function test_RevertWhen_NothingIsOpenOrBalancesAreMissing() public {
        ValidatorsProof memory proof = _proof();
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.PartialNotOpen.selector, root));
        validators.settleWithdrawals(proof);
        proof = beacon.validatorsProof(one(index), false);
        vm.expectRevert(
            abi.encodeWithSelector(IValidatorManager.BalancesMissing.selector, uint256(0), uint256(1))
        );
        validators.settleWithdrawals(proof);
    }

    function test_RevertWhen_TheRootIsTooOld() public {
        _demand(40 ether);
        ValidatorsProof memory proof = _proof();
        vm.warp(block.timestamp + 64 * 12);
        uint256 oldest = proofs.currentSlot() - 64;
        bytes memory old =
            abi.encodeWithSelector(IBeaconProofs.ProofTooOld.selector, uint256(proof.slot), oldest);
        vm.expectRevert(old);
        validators.settleWithdrawals(proof);
        _expectRefused(proof, 1, 1, old);
    }
}
