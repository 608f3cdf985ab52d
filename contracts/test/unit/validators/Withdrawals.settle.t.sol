// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { IBeaconProofs, ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { IDepositsInFlight } from "../../../src/validators/IDepositsInFlight.sol";
import { IOperatorRegistry } from "../../../src/validators/IOperatorRegistry.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { IWithdrawalVault } from "../../../src/validators/IWithdrawalVault.sol";
import { IWithdrawals } from "../../../src/validators/IWithdrawals.sol";
import { Withdrawals } from "../../../src/validators/Withdrawals.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// settleWithdrawals, endExpired, and what only the manager may note.
contract WithdrawalsSettleTest is StackFixture {
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

    /// A request of `amountGwei`, made now.
    function _ask(uint64 amountGwei) private {
        request(alice, token.ownEther() + uint256(amountGwei) * 1 gwei);
        ValidatorsProof memory proof = _proof();
        vm.prank(keeper);
        assertEq(withdrawals.withdraw{ value: 1 }(proof, keysOf(1), 1), amountGwei, "asked");
    }

    function _balance(uint64 balanceGwei) private {
        beacon.setBalance(index, balanceGwei);
        beacon.tick(2);
    }

    function _open() private view returns (uint64) {
        return withdrawals.partialRequest(root).amountGwei;
    }

    function _roots() private view returns (bytes32[] memory roots) {
        roots = new bytes32[](1);
        roots[0] = root;
    }

    // ------------------------------------------------------------ settle

    function test_Settle_WhenTheBalanceShowsItPaid() public {
        _ask(40e9);
        _balance(561e9); // 1 ETH of rewards meanwhile: just within the tolerance
        ValidatorsProof memory proof = _proof();
        vm.expectEmit(address(validators));
        emit IValidatorManager.PrincipalChanged(root, 561e9);
        vm.expectEmit(address(withdrawals));
        emit IWithdrawals.PartialSettled(root, 0, 0);
        vm.prank(bob); // anybody
        withdrawals.settleWithdrawals(proof);
        assertEq(_open(), 0, "closed");
        assertEq(withdrawals.openPartialsGwei(), 0, "none open");
        assertEq(validators.validator(root).principalGwei, 561e9, "principal follows");
    }

    /// What is paid of it counts no more; the rest stays open.
    /// forge-config: default.fuzz.runs = 64
    /// forge-config: nightly.fuzz.runs = 5000
    function testFuzz_Settle_InParts(uint64 paidGwei) public {
        _ask(200e9);
        paidGwei = uint64(bound(paidGwei, 1, 199e9 - 1));
        _balance(600e9 - paidGwei);
        withdrawals.settleWithdrawals(_proof());
        assertEq(_open(), 200e9 - paidGwei, "the rest");
        assertEq(withdrawals.openPartialsGwei(), 200e9 - paidGwei, "in all");
        _balance(400e9);
        withdrawals.settleWithdrawals(_proof());
        assertEq(_open(), 0, "paid whole");
    }

    function test_Settle_WhenTheValidatorIsLeaving() public {
        _ask(40e9);
        beacon.setExiting(index, 20_000);
        beacon.tick(2);
        withdrawals.settleWithdrawals(_proof());
        assertTrue(validators.validator(root).status == IValidatorManager.Status.Exiting, "marked");
        assertEq(withdrawals.openPartialsGwei(), 0, "a pending partial of an exiting one is not paid");
    }

    function test_Settle_ASlashedOnesPrincipalIsLeftAlone() public {
        _ask(40e9);
        beacon.setSlashed(index);
        _balance(590e9);
        withdrawals.settleWithdrawals(_proof());
        assertTrue(validators.validator(root).status == IValidatorManager.Status.Slashed, "marked");
        assertEq(validators.validator(root).principalGwei, 600e9, "the loss is for the penalties to settle");
        assertEq(withdrawals.openPartialsGwei(), 0, "ended");
        assertEq(validators.exitingGwei(), 0, "it comes late, and less: not counted as coming");
    }

    function test_Settle_WhenItHasExpired() public {
        _ask(40e9);
        beacon.tick(uint64(21 days / 12));
        withdrawals.settleWithdrawals(_proof());
        assertEq(withdrawals.openPartialsGwei(), 0, "expired");
        assertEq(validators.validator(root).principalGwei, 600e9, "nothing was paid");
    }

    function test_RevertWhen_NothingOfItIsPaid() public {
        ValidatorsProof memory proof = _proof();
        vm.expectRevert(IWithdrawals.NothingToSettle.selector);
        withdrawals.settleWithdrawals(proof); // none is open
        _ask(40e9);
        _balance(600e9 + 5e9);
        proof = _proof();
        vm.expectRevert(IWithdrawals.NothingToSettle.selector);
        withdrawals.settleWithdrawals(proof);
        proof = beacon.validatorsProof(one(index), false);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawals.ProofWithoutBalances.selector, uint256(0), uint256(1))
        );
        withdrawals.settleWithdrawals(proof);
    }

    /// The tolerance for rewards meanwhile is half the request at most: a request of 1 ETH is not settled unpaid.
    function test_Settle_ASmallRequestHasASmallTolerance() public {
        _ask(1e9);
        _balance(600e9);
        ValidatorsProof memory proof = _proof();
        vm.expectRevert(IWithdrawals.NothingToSettle.selector);
        withdrawals.settleWithdrawals(proof);
        _balance(599.5e9);
        withdrawals.settleWithdrawals(_proof());
        assertEq(withdrawals.openPartialsGwei(), 0, "settled");
    }

    function test_RevertWhen_TheBalanceIsOlderThanTheRequest() public {
        beacon.tick(1);
        ValidatorsProof memory old = _proof();
        beacon.tick(1);
        _ask(40e9);
        uint64 slot = proofs.currentSlot();
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.BalanceNotNewer.selector, old.slot, slot));
        withdrawals.settleWithdrawals(old);
    }

    /// A balance from before a landing lacks a deposit that no longer counts as in flight.
    function test_RevertWhen_TheBalanceIsOlderThanTheLanding() public {
        _ask(40e9);
        vm.deal(address(token), address(token).balance + 2000 ether);
        askFunding(operator, 1, 700e9);
        beacon.tick(1);
        uint64 amount = fundNext(1, index);
        beacon.tick(2);
        ValidatorsProof memory before = _proof();
        land();
        uint64 landedAt = inFlight.landedSlot();
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.BalanceNotNewer.selector, before.slot, landedAt));
        withdrawals.settleWithdrawals(before);
    }

    /// A top-up that lands while a request is open is not taken for an unpaid request, nor an unpaid one for paid.
    function test_Settle_ATopUpMeanwhileMovesTheLine() public {
        _ask(40e9);
        vm.deal(address(token), address(token).balance + 2000 ether);
        askFunding(operator, 1, 700e9);
        beacon.tick(1);
        assertEq(fundNext(1, index), 100e9, "topped up while a request is open");
        assertEq(withdrawals.partialRequest(root).dueGwei, 660e9, "the line moves with it");
        beacon.tick(2);
        ValidatorsProof memory proof = _proof(); // 600 on the balance, 100 in flight, nothing paid
        vm.expectRevert(IWithdrawals.NothingToSettle.selector);
        withdrawals.settleWithdrawals(proof);
        _balance(560e9); // paid, the top-up still in flight
        withdrawals.settleWithdrawals(_proof());
        assertEq(validators.validator(root).principalGwei, 660e9, "600 - 40 + 100");
        assertEq(_open(), 0, "settled");
    }

    function test_RevertWhen_TheRootIsTooOld() public {
        _ask(40e9);
        ValidatorsProof memory proof = _proof();
        vm.warp(block.timestamp + 64 * 12);
        uint256 oldest = proofs.currentSlot() - 64;
        vm.expectRevert(
            abi.encodeWithSelector(IBeaconProofs.ProofTooOld.selector, uint256(proof.slot), oldest)
        );
        withdrawals.settleWithdrawals(proof);
    }

    // ------------------------------------------------------------ endExpired

    function test_EndExpired_NeedsNoProof() public {
        _ask(40e9);
        bytes32[] memory roots = _roots();
        vm.warp(withdrawals.partialRequest(root).expiresAt - 1);
        vm.expectRevert(IWithdrawals.NothingToSettle.selector);
        withdrawals.endExpired(roots);
        vm.warp(block.timestamp + 1);
        vm.expectEmit(address(withdrawals));
        emit IWithdrawals.PartialSettled(root, 0, 0);
        withdrawals.endExpired(roots);
        assertEq(withdrawals.openPartialsGwei(), 0, "ended");
        vm.expectRevert(IWithdrawals.NothingToSettle.selector);
        withdrawals.endExpired(roots);
    }

    // ------------------------------------------------------------ the manager's

    function test_RevertWhen_OthersNoteDepositsOrDepartures() public {
        bytes memory refused =
            abi.encodeWithSelector(IWithdrawals.WithdrawalsCallerNotAllowed.selector, alice);
        vm.startPrank(alice);
        vm.expectRevert(refused);
        withdrawals.noteDeposit(root, 1);
        vm.expectRevert(refused);
        withdrawals.noteLeft(root);
    }

    function test_NoteLeft_EndsWhatIsOpen() public {
        _ask(40e9);
        beacon.setExiting(index, proofs.currentEpoch());
        beacon.setWithdrawableEpoch(index, proofs.currentEpoch());
        _balance(0);
        validators.leave(_proof());
        assertEq(withdrawals.openPartialsGwei(), 0, "nothing is waited for");
        assertEq(_open(), 0, "ended");
    }

    function test_RevertWhen_ConfigIsZero() public {
        for (uint256 i; i < 8; ++i) {
            Withdrawals.Config memory c = Withdrawals.Config({
                token: IStakedEther(i == 0 ? address(0) : alice),
                queue: IWithdrawalQueue(i == 1 ? address(0) : alice),
                proofs: IBeaconProofs(i == 2 ? address(0) : alice),
                registry: IOperatorRegistry(i == 3 ? address(0) : alice),
                validators: IValidatorManager(i == 4 ? address(0) : alice),
                inFlight: IDepositsInFlight(i == 5 ? address(0) : alice),
                vault: IWithdrawalVault(i == 6 ? address(0) : alice),
                governance: i == 7 ? address(0) : alice
            });
            vm.expectRevert(IWithdrawals.WithdrawalsConfigZero.selector);
            new Withdrawals(c);
        }
    }
}
