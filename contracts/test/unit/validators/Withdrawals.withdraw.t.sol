// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Ssz } from "../../../src/types/Ssz.sol";
import { IBeaconProofs, ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { IWithdrawals } from "../../../src/validators/IWithdrawals.sol";
import { Membership } from "../../../src/validators/Membership.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// withdraw: sizes, the rotation, who is passed over.
contract WithdrawalsWithdrawTest is StackFixture {
    uint32 private operator;
    uint40 private index;
    bytes32 private root;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        stake(alice, 1499 ether);
        index = member(operator, 1, 600e9);
        root = keyRoot(1);
    }

    function _proof() private view returns (ValidatorsProof memory) {
        return beacon.validatorsProof(one(index), true);
    }

    function _withdraw() private returns (uint64) {
        ValidatorsProof memory proof = _proof();
        vm.prank(keeper);
        return withdrawals.withdraw{ value: 1 }(proof, keysOf(1), 1);
    }

    function _expectRefused(ValidatorsProof memory proof, uint256 value, uint256 maxFee, bytes memory error)
        private
    {
        vm.prank(keeper);
        vm.expectRevert(error);
        withdrawals.withdraw{ value: value }(proof, keysOf(1), maxFee);
    }

    /// Leaves an uncovered demand of exactly `amount`: requested above own ether.
    function _demand(uint256 amount) private {
        request(alice, token.ownEther() + amount);
        assertEq(withdrawals.uncoveredDemand(), amount, "demand");
    }

    function _open() private view returns (uint64) {
        return withdrawals.partialRequest(root).amountGwei;
    }

    // ------------------------------------------------------------ sizes

    function test_Withdraw_AsksForTheDemand() public {
        _demand(40.5 ether);
        ValidatorsProof memory proof = _proof();
        uint40 expires = uint40(block.timestamp) + 21 days;
        vm.expectEmit(address(withdrawals));
        emit IWithdrawals.PartialRequested(root, 40.5e9, 40.5e9, 559.5e9, expires, 40.5e9);
        vm.prank(keeper);
        assertEq(withdrawals.withdraw{ value: 5 }(proof, keysOf(1), 1), 40.5e9, "asked");
        assertEq(keeper.balance, 1000 ether - 1, "only the fee is kept");
        IWithdrawals.PartialRequest memory r = withdrawals.partialRequest(root);
        assertEq(r.amountGwei, 40.5e9, "amount");
        assertEq(r.dueGwei, 559.5e9, "level at which it is paid");
        assertEq(r.slot, proofs.currentSlot(), "slot");
        assertEq(r.expiresAt, expires, "expiry");
        assertEq(withdrawals.openPartialsGwei(), 40.5e9, "open");
        assertEq(withdrawals.uncoveredDemand(), 0, "covered now");
    }

    /// H10: dust of demand is asked as 1 ETH, never as 0, which would be a full exit.
    /// forge-config: default.fuzz.runs = 96
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_Withdraw_NeverAsksForLessThanOneEther(uint256 demand) public {
        demand = bound(demand, 1, 300 ether);
        _demand(demand);
        _withdraw();
        uint256 up = (demand + 1 gwei - 1) / 1 gwei;
        assertEq(_open(), up < 1e9 ? 1e9 : (up > 256e9 ? 256e9 : up), "the demand in whole gwei, up");
    }

    function test_Withdraw_LeavesThirtyTwo() public {
        beacon.setBalance(index, 50e9);
        beacon.activate(index, 1);
        beacon.tick(1);
        _demand(100 ether);
        _withdraw();
        assertEq(_open(), 18e9, "down to 32");
    }

    /// A second request of the same validator counts on top; what was paid meanwhile is settled by the same proof.
    function test_Withdraw_RequestsAddUp() public {
        _demand(40 ether);
        _withdraw();
        request(alice, 30 ether);
        beacon.tick(1);
        _withdraw();
        assertEq(_open(), 70e9, "both are open");
        assertEq(withdrawals.partialRequest(root).dueGwei, 530e9, "600 - 70");
        beacon.setBalance(index, 560e9); // the first is paid, and what came was used at once
        request(alice, 20 ether);
        beacon.tick(2);
        _withdraw();
        assertEq(_open(), 50e9, "30 unpaid and 20 new");
        assertEq(withdrawals.partialRequest(root).dueGwei, 510e9, "560 - 50");
        assertEq(withdrawals.openPartialsGwei(), 50e9, "in all");
    }

    function test_Withdraw_AnExpiredRequestCountsNoMore() public {
        _demand(100 ether);
        _withdraw();
        beacon.tick(uint64(21 days / 12));
        request(alice, 1 ether);
        assertEq(withdrawals.uncoveredDemand(), 1 ether, "until somebody ends it");
        _withdraw();
        assertEq(_open(), 1e9, "only the new one");
        assertEq(withdrawals.openPartialsGwei(), 1e9, "counted once");
    }

    // ------------------------------------------------------------ rotation

    function _three() private returns (uint40[] memory indices) {
        indices = new uint40[](3);
        indices[0] = index;
        indices[1] = member(operator, 2, 300e9);
        indices[2] = member(operator, 3, 300e9);
    }

    function _keys(uint256 from, uint256 to) private pure returns (bytes[] memory keys) {
        keys = new bytes[](to - from + 1);
        for (uint256 n = from; n <= to; ++n) {
            keys[n - from] = key(n);
        }
    }

    function test_Withdraw_EachForAChunkInTurn() public {
        uint40[] memory indices = _three();
        _demand(600 ether);
        ValidatorsProof memory proof = beacon.validatorsProof(indices, true);
        vm.prank(keeper);
        assertEq(withdrawals.withdraw{ value: 3 }(proof, _keys(1, 3), 1), 600e9, "asked");
        assertEq(_open(), 256e9, "a chunk");
        assertEq(withdrawals.partialRequest(keyRoot(2)).amountGwei, 256e9, "a chunk");
        assertEq(withdrawals.partialRequest(keyRoot(3)).amountGwei, 88e9, "the rest");
        (uint40 cursor, uint64 turnGwei) = withdrawals.turn();
        assertEq(cursor, indices[2], "its turn is not over");
        assertEq(turnGwei, 88e9, "so much of it");
        assertEq(withdrawals.nextInRotation(), indices[2], "next");
    }

    /// Small demands, one after the other: the same validator pays until its turn is over.
    function test_Withdraw_TheTurnStaysUntilAChunkIsAsked() public {
        _three();
        _demand(200 ether);
        _withdraw();
        request(alice, 100 ether);
        beacon.tick(1);
        _withdraw();
        assertEq(_open(), 256e9, "56 more of the first");
        (uint40 cursor, uint64 turnGwei) = withdrawals.turn();
        assertEq(cursor, index + 1, "now the next");
        assertEq(turnGwei, 0, "from the start");
        assertEq(withdrawals.uncoveredDemand(), 44 ether, "left for it");
        beacon.tick(1);
        _expectRefused(
            _proof(),
            1,
            1,
            abi.encodeWithSelector(
                IWithdrawals.NotNextInRotation.selector, index, withdrawals.nextInRotation()
            )
        );
    }

    function test_Withdraw_GoesAroundAtTheEnd() public {
        uint40[] memory indices = _three();
        _demand(700 ether);
        vm.startPrank(keeper);
        withdrawals.withdraw{ value: 3 }(beacon.validatorsProof(indices, true), _keys(1, 3), 1);
        vm.stopPrank();
        assertEq(withdrawals.partialRequest(keyRoot(3)).amountGwei, 188e9, "the last one's part");
        request(alice, 100 ether);
        beacon.tick(1);
        ValidatorsProof memory last = beacon.validatorsProof(one(indices[2]), true);
        vm.prank(keeper);
        withdrawals.withdraw{ value: 1 }(last, keysOf(3), 1);
        assertEq(withdrawals.partialRequest(keyRoot(3)).amountGwei, 256e9, "68 to the chunk");
        assertEq(withdrawals.nextInRotation(), index, "around");
        _withdraw();
        assertEq(_open(), 288e9, "its second turn");
    }

    function test_Withdraw_WhoCannotPayIsPassedOver() public {
        uint40[] memory indices = _three();
        uint64 epoch = proofs.currentEpoch();
        beacon.setBalance(indices[0], 33e9 - 1); // too little above 32
        beacon.activate(indices[1], epoch - 255); // too young
        beacon.tick(1);
        _demand(10 ether);
        ValidatorsProof memory proof = beacon.validatorsProof(indices, true);
        vm.expectEmit(address(withdrawals));
        emit IWithdrawals.RotationMoved(indices[0] + 1);
        vm.expectEmit(address(withdrawals));
        emit IWithdrawals.RotationMoved(indices[1] + 1);
        vm.prank(keeper);
        assertEq(withdrawals.withdraw{ value: 3 }(proof, _keys(1, 3), 1), 10e9, "the third pays");
        assertEq(keeper.balance, 1000 ether - 1, "one fee");
        assertEq(withdrawals.partialRequest(keyRoot(3)).amountGwei, 10e9, "by it alone");
    }

    /// Progress is kept also when nobody can pay.
    function test_Withdraw_PassingOverIsKept() public {
        _three();
        beacon.setBalance(index, 32e9);
        beacon.tick(1);
        _demand(10 ether);
        assertEq(_withdraw(), 0, "nothing asked");
        assertEq(keeper.balance, 1000 ether, "no fee");
        assertEq(withdrawals.nextInRotation(), index + 1, "the next one's turn");
    }

    function test_Withdraw_TooSmallEffectiveOrNeverActiveIsPassedOver() public {
        _demand(10 ether);
        beacon.activate(index, Ssz.FAR_FUTURE_EPOCH);
        beacon.tick(1);
        assertEq(_withdraw(), 0, "not active");
        uint64 balance = beacon.balanceOf(index);
        beacon.setBalance(index, 31.9e9);
        beacon.activate(index, 1); // effective 31
        beacon.setBalance(index, balance);
        beacon.tick(1);
        assertEq(_withdraw(), 0, "effective balance below 32");
        beacon.activate(index, 1);
        beacon.tick(1);
        assertEq(_withdraw(), 10e9, "now it pays");
    }

    function test_Withdraw_ALeavingMemberIsMarkedAndPassedOver() public {
        uint40[] memory indices = _three();
        _demand(10 ether);
        beacon.setExiting(index, 20_000);
        beacon.tick(1);
        ValidatorsProof memory proof = _proof();
        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorMoved(
            root, IValidatorManager.Status.Member, IValidatorManager.Status.Exiting
        );
        vm.prank(keeper);
        assertEq(withdrawals.withdraw{ value: 1 }(proof, keysOf(1), 1), 0, "nothing asked");
        assertEq(keeper.balance, 1000 ether, "no fee is spent");
        assertEq(validators.exitingGwei(), 600e9, "its principal is on its way");
        assertEq(withdrawals.uncoveredDemand(), 0, "and covers the demand");
        assertEq(withdrawals.nextInRotation(), indices[1], "the next one's turn");
    }

    /// No partial is asked of a member that is to exit: it would block the exit.
    function test_Withdraw_AMemberToExitIsPassedOver() public {
        vm.prank(manager);
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
        _demand(10 ether);
        assertEq(_withdraw(), 0, "nothing asked");
        assertEq(_open(), 0, "nothing open");
    }

    // ------------------------------------------------------------ refused

    function test_RevertWhen_ThereIsNoDemand() public {
        request(alice, token.ownEther());
        _expectRefused(_proof(), 1, 1, abi.encodeWithSelector(IWithdrawals.NoUncoveredDemand.selector));
    }

    function test_RevertWhen_FeeIsAboveTheCallersMaximumOrUnpaid() public {
        _demand(10 ether);
        ValidatorsProof memory proof = _proof();
        _expectRefused(
            proof,
            1,
            0,
            abi.encodeWithSelector(IWithdrawals.WithdrawalFeeTooHigh.selector, uint256(1), uint256(0))
        );
        _expectRefused(
            proof,
            0,
            1,
            abi.encodeWithSelector(IWithdrawals.WithdrawalPaymentTooLow.selector, uint256(0), uint256(1))
        );
    }

    function test_RevertWhen_BalancesOrKeysAreMissing() public {
        _demand(10 ether);
        ValidatorsProof memory plain = beacon.validatorsProof(one(index), false);
        _expectRefused(
            plain,
            1,
            1,
            abi.encodeWithSelector(IWithdrawals.ProofWithoutBalances.selector, uint256(0), uint256(1))
        );
        ValidatorsProof memory proof = _proof();
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.PubkeysMissing.selector, uint256(0), uint256(1)));
        withdrawals.withdraw{ value: 1 }(proof, new bytes[](0), 1);
        bytes memory mismatch =
            abi.encodeWithSelector(IWithdrawals.PubkeyNotProven.selector, keyRoot(2), root);
        vm.prank(keeper);
        vm.expectRevert(mismatch);
        withdrawals.withdraw{ value: 1 }(proof, keysOf(2), 1);
    }

    function test_RevertWhen_ItIsNoMember() public {
        uint40 other = onboard(operator, 2);
        _demand(10 ether);
        ValidatorsProof memory proof = beacon.validatorsProof(one(other), true);
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.NotNextInRotation.selector, other, index));
        withdrawals.withdraw{ value: 1 }(proof, keysOf(2), 1);
    }

    function test_RevertWhen_ThereAreNoMembers() public {
        assertEq(validators.nextMember(0), index, "one");
        beacon.setExiting(index, proofs.currentEpoch());
        beacon.setWithdrawableEpoch(index, proofs.currentEpoch());
        beacon.setBalance(index, 0);
        beacon.tick(1);
        validators.leave(_proof());
        vm.expectRevert(abi.encodeWithSelector(Membership.NotMember.selector, uint256(0)));
        withdrawals.nextInRotation();
    }

    /// A balance older than the request, or than the landing of a deposit, says nothing about it.
    function test_RevertWhen_TheBalanceIsOlderThanTheRequest() public {
        _demand(100 ether);
        beacon.tick(1);
        ValidatorsProof memory old = _proof();
        beacon.tick(1);
        _withdraw();
        request(alice, 10 ether);
        _expectRefused(
            old,
            1,
            1,
            abi.encodeWithSelector(IWithdrawals.BalanceNotNewer.selector, old.slot, proofs.currentSlot())
        );
    }

    function test_RevertWhen_TheRootIsTooOld() public {
        _demand(40 ether);
        ValidatorsProof memory proof = _proof();
        vm.warp(block.timestamp + 64 * 12);
        uint256 oldest = proofs.currentSlot() - 64;
        _expectRefused(
            proof,
            1,
            1,
            abi.encodeWithSelector(IBeaconProofs.ProofTooOld.selector, uint256(proof.slot), oldest)
        );
    }

    /// The test contract takes no ether.
    function test_RevertWhen_TheRefundIsRefused() public {
        _demand(10 ether);
        ValidatorsProof memory proof = _proof();
        vm.deal(address(this), 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.RefundFailed.selector, address(this), uint256(2)));
        withdrawals.withdraw{ value: 3 }(proof, keysOf(1), 1);
    }
}
