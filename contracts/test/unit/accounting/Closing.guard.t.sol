// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../../src/accounting/ICheckpoints.sol";
import { KeeperPay } from "../../../src/accounting/KeeperPay.sol";
import { Condition, Reason } from "../../../src/accounting/Safeguard.sol";
import { BalancesProof } from "../../../src/validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../../../src/validators/ICheckpointGate.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// What the safeguard stops and what ends it; what opener and prover are paid. A pool of 10,000 ETH.
contract ClosingGuardTest is StackFixture {
    uint32 internal operatorId;
    uint40 internal v;

    function setUp() public override {
        super.setUp();
        stake(alice, 9966 ether);
        operatorId = joinOperator();
        v = member(operatorId, 1, 2000e9);
        checkpoint();
    }

    // ------------------------------------------------------------ losses

    function test_Guard_ALossStopsExitsAndFunding() public {
        uint256 id = request(alice, 100 ether);
        checkpoint();
        _earn(-6e9);
        Snapshot memory s = _openAndProve();
        assertTrue(checkpoints.previewClose(s, address(this)).isGuarded, "the preview says so");
        checkpoints.close(s, address(this));
        assertTrue(checkpoints.isGuarded());
        assertEq(queue.getLastFinalizedRequestId(), 0, "nothing finalized");
        assertEq(token.exitsPausedUntil(), block.timestamp + 7 days, "no instant exit");
        Condition memory c = checkpoints.safeguard()[uint8(Reason.Loss)];
        assertEq(c.endsAt, block.timestamp + 7 days);
        assertEq(c.threshold, 500);
        // no funding
        uint40 other = onboard(joinOperator(), 2);
        askFunding(2, 2, 32e9);
        vm.expectRevert(ICheckpointGate.FundingWhileGuarded.selector);
        this.fundSecond(other);
        // G3: transfers, requests and staking go on
        vm.prank(alice);
        token.transfer(bob, 1 ether);
        request(alice, 1 ether);
        stake(bob, 1 ether);
        // a close without a loss ends all of it
        checkpoint();
        assertFalse(checkpoints.isGuarded());
        assertEq(token.exitsPausedUntil(), 0);
        assertEq(queue.getLastFinalizedRequestId(), id, "what waited an interval");
        this.fundSecond(other);
        claim(alice, id);
    }

    function fundSecond(uint40 index) external {
        fundNext(2, index);
    }

    function test_Guard_ASmallLossStopsNothing() public {
        _earn(-4e9);
        checkpoint();
        assertFalse(checkpoints.isGuarded());
        assertEq(token.exitsPausedUntil(), 0);
    }

    // ------------------------------------------------------------ slashings

    function test_Guard_UncoveredLossStopsExitsAtOnce() public {
        uint256 id = request(alice, 100 ether);
        checkpoint();
        uint256 paidOutAt = block.timestamp + 36 days;
        vm.prank(address(penalties));
        checkpoints.noteUncoveredLoss(6e9, paidOutAt);
        assertTrue(checkpoints.isGuarded(), "in the transaction that proved it");
        assertEq(token.exitsPausedUntil(), paidOutAt);
        checkpoint();
        assertEq(queue.getLastFinalizedRequestId(), 0, "a gain does not end it");
        vm.prank(address(penalties));
        checkpoints.noteUncoveredLoss(0, 0);
        assertTrue(checkpoints.isGuarded(), "settled, and in no rate yet");
        assertEq(token.exitsPausedUntil(), paidOutAt);
        checkpoint();
        assertFalse(checkpoints.isGuarded(), "booked");
        assertEq(token.exitsPausedUntil(), 0);
        assertEq(queue.getLastFinalizedRequestId(), id);
    }

    function test_RevertWhen_AnybodyElseNotesALoss() public {
        vm.expectRevert(
            abi.encodeWithSelector(ICheckpoints.CheckpointCallerNotAllowed.selector, address(this))
        );
        checkpoints.noteUncoveredLoss(6e9, block.timestamp + 36 days);
    }

    // ------------------------------------------------------------ overdue

    function test_Guard_OverdueStopsFundingUntilTheNextClose() public {
        uint40 other = onboard(joinOperator(), 2);
        askFunding(2, 2, 32e9);
        beacon.tick(2 * INTERVAL / 12 + 1);
        assertTrue(checkpoints.isGuarded());
        assertGt(checkpoints.safeguard()[uint8(Reason.Overdue)].endsAt, block.timestamp);
        vm.expectRevert(ICheckpointGate.FundingWhileGuarded.selector);
        this.fundSecond(other);
        checkpoint();
        this.fundSecond(other);
    }

    function test_Guard_AnOldCloseStopsInstantExitsOnly() public {
        Snapshot memory s = _openAndProve();
        beacon.tick(MAX_SNAPSHOT_AGE / 12 + 1);
        checkpoints.close(s, address(this));
        assertFalse(checkpoints.isGuarded());
        assertEq(token.exitsPausedUntil(), block.timestamp + INTERVAL);
        checkpoint();
        assertEq(token.exitsPausedUntil(), 0);
    }

    // ------------------------------------------------------------ pay

    function test_Pay_OpenerAndProver() public {
        _accrue();
        vm.fee(10 gwei);
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        vm.startPrank(bob);
        checkpoints.proveState(s, beacon.stateProof());
        vm.warp(block.timestamp + KeeperPay.HEAD_START + 1);
        checkpoints.proveBalances(s, beacon.balancesProof(members));
        vm.stopPrank();
        uint256 payGwei = checkpoints.progress(bob).payGwei;
        assertEq(payGwei, (15_000 + 450) * 10 * 6 / 5, "one word, one member, at 10 gwei, and a fifth");
        uint256 before = token.balanceOf(keeper);
        uint256 treasury_ = fees.treasuryShares();
        checkpoints.close(s, bob);
        assertApproxEqAbs(token.balanceOf(keeper) - before, 0.01 ether, 2, "the opener");
        uint256 worth = (payGwei + 250_000 * 10 * 6 / 5) * 1 gwei;
        assertApproxEqAbs(token.balanceOf(bob), worth, 2, "the prover, for closing too");
        assertLt(fees.treasuryShares(), treasury_, "out of what the treasury has");
    }

    function test_Pay_AtFirstOnlyTheOpener() public {
        _accrue();
        vm.fee(10 gwei);
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        vm.startPrank(bob);
        checkpoints.proveState(s, beacon.stateProof());
        checkpoints.proveBalances(s, beacon.balancesProof(members));
        vm.stopPrank();
        assertEq(checkpoints.progress(bob).payGwei, 0, "raced");
        BalancesProof memory proof = beacon.balancesProof(members);
        vm.prank(keeper);
        checkpoints.proveBalances(s, proof);
        assertGt(checkpoints.progress(keeper).payGwei, 0);
        checkpoints.close(s, bob);
        assertEq(token.sharesOf(bob), 0, "nothing for it");
    }

    /// Batches of single words are paid less than their transactions cost.
    function test_Pay_SplittingEarnsNothing() public pure {
        uint256 paid = (KeeperPay.GAS_PER_WORD + KeeperPay.GAS_PER_MEMBER) * 6 / 5;
        assertLt(paid, 21_000, "below the cheapest transaction");
    }

    function test_Pay_HighFeesAreNotPaidInFull() public {
        _accrue();
        vm.fee(10_000 gwei);
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        vm.startPrank(keeper);
        checkpoints.proveState(s, beacon.stateProof());
        checkpoints.proveBalances(s, beacon.balancesProof(members));
        vm.stopPrank();
        assertEq(checkpoints.progress(keeper).payGwei, (15_000 + 450) * 200 * 6 / 5, "as at 200 gwei");
    }

    // ------------------------------------------------------------ helpers

    function _openAndProve() private returns (Snapshot memory s) {
        waitForCheckpoint();
        s = openCheckpoint();
        proveCheckpoint(s);
    }

    function _earn(int64 byGwei) private {
        beacon.setBalance(v, uint64(int64(beacon.balanceOf(v)) + byGwei));
        beacon.tick(1);
    }

    /// The treasury has something to pay with.
    function _accrue() private {
        _earn(2e9);
        checkpoint();
    }
}
