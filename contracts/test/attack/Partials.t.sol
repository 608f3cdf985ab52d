// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { IWithdrawals } from "../../src/validators/IWithdrawals.sol";
import { StackFixture } from "../support/StackFixture.sol";
import { Vm } from "forge-std/Vm.sol";

/// Partial withdrawals that would count as paid unpaid, or that would lock a validator or hide demand.
contract PartialsAttackTest is StackFixture {
    address internal mallory = makeAddr("mallory");

    function _pool() private returns (uint40 v) {
        vm.deal(mallory, 10 ether);
        uint32 operator = joinOperator();
        stake(alice, 1010 ether);
        v = member(operator, 1, 1000e9);
        waitForCheckpoint();
        beacon.tick(32 * 300);
        checkpoint();
    }

    /// A member of 33 ETH with 968 more in flight, and a proof from before they land.
    function _flying() private returns (uint40 v) {
        vm.deal(mallory, 10 ether);
        uint32 operator = joinOperator();
        stake(alice, 1100 ether);
        v = member(operator, 1, 32e9);
        beacon.setBalance(v, 33e9);
        waitForCheckpoint();
        beacon.tick(32 * 300);
        checkpoint();
        askFunding(operator, 1, 1000e9);
        fundNext(1, v);
        beacon.tick(1);
    }

    function _withdraw(ValidatorsProof memory proof) private {
        vm.prank(mallory);
        withdrawals.withdraw{ value: 1000 }(proof, keysOf(1), 100);
    }

    function test_Attack_AOneEthRequestIsNotSettledUnpaid() public {
        uint40 v = _pool();
        request(alice, token.ownEther() + 1 gwei);
        _withdraw(beacon.validatorsProof(one(v), true));
        assertEq(withdrawals.partialRequest(keyRoot(1)).amountGwei, 1e9, "the smallest request");
        beacon.tick(2);
        ValidatorsProof memory unpaid = beacon.validatorsProof(one(v), true);
        vm.expectRevert(IWithdrawals.NothingToSettle.selector);
        withdrawals.settleWithdrawals(unpaid);
    }

    function test_Attack_AnOldBalanceMakesNoNewRequest() public {
        uint40 v = _pool();
        request(alice, token.balanceOf(alice) - 1 ether);
        ValidatorsProof memory stale = beacon.validatorsProof(one(v), true);
        _withdraw(stale);
        beacon.setBalance(v, beacon.balanceOf(v) - 256e9);
        vm.deal(address(withdrawalVault), 256 ether);
        beacon.tick(2);
        withdrawals.settleWithdrawals(beacon.validatorsProof(one(v), true));
        uint64 settledBy = beacon.headSlot();
        vm.prank(mallory);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.BalanceNotNewer.selector, stale.slot, settledBy));
        withdrawals.withdraw{ value: 1000 }(stale, keysOf(1), 100);
    }

    /// While a top-up flies it can't be told what a balance will owe: such a member is passed over.
    function test_Attack_ALandedTopUpHidesNoPayment() public {
        uint40 v = _flying();
        request(alice, token.balanceOf(alice));
        _withdraw(beacon.validatorsProof(one(v), true));
        assertEq(withdrawals.openPartialsGwei(), 0, "not now");
        land();
        _withdraw(beacon.validatorsProof(one(v), true));
        uint64 amount = withdrawals.partialRequest(keyRoot(1)).amountGwei;
        assertEq(amount, 256e9, "now");
        beacon.setBalance(v, beacon.balanceOf(v) - amount);
        vm.deal(address(withdrawalVault), uint256(amount) * 1 gwei);
        beacon.tick(2);
        withdrawals.settleWithdrawals(beacon.validatorsProof(one(v), true));
        assertEq(withdrawals.openPartialsGwei(), 0, "settled");
    }

    function test_Attack_ATopUpMadeAfterTheRequestHidesNoPayment() public {
        uint32 operator = joinOperator();
        vm.deal(mallory, 10 ether);
        stake(alice, 500 ether);
        uint40 v = member(operator, 1, 100e9);
        waitForCheckpoint();
        beacon.tick(32 * 300);
        checkpoint();
        request(alice, 450 ether);
        _withdraw(beacon.validatorsProof(one(v), true));
        uint64 amount = withdrawals.partialRequest(keyRoot(1)).amountGwei;
        stake(bob, 400 ether);
        askFunding(operator, 1, 200e9);
        beacon.tick(1);
        fundNext(1, v);
        land();
        beacon.setBalance(v, beacon.balanceOf(v) - amount);
        vm.deal(address(withdrawalVault), uint256(amount) * 1 gwei);
        beacon.tick(2);
        withdrawals.settleWithdrawals(beacon.validatorsProof(one(v), true));
        assertEq(withdrawals.openPartialsGwei(), 0, "settled");
    }

    function test_Attack_ABalanceFromBeforeALandingBlocksNothing() public {
        uint40 v = _flying();
        ValidatorsProof memory stale = beacon.validatorsProof(one(v), true);
        land();
        uint64 landedAt = beacon.headSlot();
        request(alice, token.balanceOf(alice));
        vm.prank(mallory);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.BalanceNotNewer.selector, stale.slot, landedAt));
        withdrawals.withdraw{ value: 1000 }(stale, keysOf(1), 100);
    }

    function test_Attack_AMemberMarkedExitingIsNotFundedByAnOldProof() public {
        vm.deal(mallory, 10 ether);
        uint32 operator = joinOperator();
        stake(alice, 1000 ether);
        uint40 v = member(operator, 1, 32e9);
        askFunding(operator, 1, 900e9);
        ValidatorsProof memory before = beacon.validatorsProof(one(v), true);
        beacon.setSlashed(v);
        beacon.tick(1);
        validators.observe(beacon.validatorsProof(one(v), true));
        assertTrue(
            validators.validator(keyRoot(1)).status == IValidatorManager.Status.Slashed, "marked, for nothing"
        );
        beacon.tick(2);
        assertEq(validators.fund(before, keysOf(1)), 0, "never funded again");
        (uint64 ticket,,,) = validators.nextTicket();
        assertEq(ticket, 0, "its ticket is closed");
    }

    function test_Sources_CappedTipsAreNoConsensusLoss() public {
        stake(alice, 999 ether);
        vm.deal(address(executionVault), 100 ether);
        uint256 recognized = 1000 ether * 23 hours / 1 days * 3 / 10_000;
        waitForCheckpoint();
        vm.recordLogs();
        checkpoint();
        (bool found, int256 consensus, uint256 execution) = _rebased();
        assertTrue(found, "Rebased");
        assertEq(consensus, 0, "no validator exists, none can have lost");
        assertApproxEqRel(execution, recognized, 0.001e18, "what was recognized of the tips");
    }

    function _rebased() private returns (bool found, int256 consensus, uint256 execution) {
        bytes32 topic = keccak256(
            "Rebased(uint64,uint64,uint256,uint256,uint256,uint256,uint256,int256,uint256,uint256,uint256,uint256)"
        );
        Log[] memory logs = _logs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topic != topic) continue;
            found = true;
            (,,,,,, consensus, execution,,,) = abi.decode(
                logs[i].data,
                (
                    uint64,
                    uint256,
                    uint256,
                    uint256,
                    uint256,
                    uint256,
                    int256,
                    uint256,
                    uint256,
                    uint256,
                    uint256
                )
            );
        }
    }

    struct Log {
        bytes32 topic;
        bytes data;
    }

    function _logs() private returns (Log[] memory logs) {
        Vm.Log[] memory all = vm.getRecordedLogs();
        logs = new Log[](all.length);
        for (uint256 i; i < all.length; ++i) {
            logs[i] = Log(all[i].topics[0], all[i].data);
        }
    }
}
