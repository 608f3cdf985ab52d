// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../../src/accounting/ICheckpoints.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { IExecutionRewardsVault } from "../../../src/validators/IExecutionRewardsVault.sol";
import { IWithdrawalVault } from "../../../src/validators/IWithdrawalVault.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract CheckpointsCloseTest is StackFixture {
    uint32 private operator;
    uint40 private index;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        stake(alice, 9998 ether); // with the seed and one bond: 10,000
        index = member(operator, 1, 1000e9);
    }

    function _openAndProve() private returns (Snapshot memory s) {
        waitForCheckpoint();
        s = openCheckpoint();
        proveCheckpoint(s);
    }

    function _gain(uint64 gwei_) private {
        beacon.setBalance(index, beacon.balanceOf(index) + gwei_);
    }

    function test_Close_BooksTheGainAndSweeps() public {
        _gain(1e9);
        vm.deal(address(executionVault), 0.5 ether);
        vm.deal(address(withdrawalVault), 0.25 ether);
        uint256 last = token.lastSnapshotTime();
        Snapshot memory s = _openAndProve();
        uint64 slot = beacon.headSlot();
        // what comes later is not of this checkpoint: the execution vault is swept by the frozen amount only
        vm.deal(address(executionVault), 0.7 ether);
        vm.expectEmit(address(executionVault));
        emit IExecutionRewardsVault.ExecutionRewardsSwept(0.5 ether);
        vm.expectEmit(address(withdrawalVault));
        emit IWithdrawalVault.WithdrawalsSwept(0.25 ether);
        // a tenth of the gain, all of which lies above the mark
        uint256 fee = uint256(0.175 ether) * 10_000e27 / (10_001.75 ether - 0.175 ether);
        vm.expectEmit(address(token));
        emit IStakedEther.RebaseApplied(
            s.openedAt, 10_000e27, 10_000 ether, 10_000e27 + fee, 10_001.75 ether, 0, fee
        );
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.Rebased(
            1,
            slot,
            s.openedAt - last,
            10_000e27,
            10_000 ether,
            10_000e27 + fee,
            10_001.75 ether,
            1.25 ether,
            0.5 ether,
            0,
            0,
            fee
        );
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.WithdrawalsFinalized(0, 0, 0, 0);
        vm.prank(bob); // anybody
        checkpoints.close(s, address(this));
        assertEq(token.getTotalPooledEther(), 10_001.75 ether, "booked");
        assertEq(address(executionVault).balance, 0.2 ether, "what came later");
        assertEq(address(withdrawalVault).balance, 0, "swept whole");
        assertEq(checkpoints.openSnapshotHash(), bytes32(0), "none open");
        (,, uint40 lastCloseAt) = checkpoints.status();
        assertEq(lastCloseAt, block.timestamp, "close time");
        assertEq(checkpoints.opensAt(), block.timestamp + INTERVAL, "the next an interval later");
        assertEq(token.lastSnapshotTime(), s.openedAt, "snapshot time is the open's");
    }

    function test_Close_AGainAboveTheCapWaits() public {
        _gain(10e9);
        Snapshot memory s = _openAndProve();
        uint256 elapsed = s.openedAt - token.lastSnapshotTime();
        uint256 cap = uint256(10_000 ether) * 3 * elapsed / (10_000 * 1 days);
        ICheckpoints.Result memory r = checkpoints.previewClose(s, address(this));
        assertEq(r.recognized, int256(cap), "capped");
        assertEq(r.reserve, 10 ether - cap, "reserve");
        checkpoints.close(s, address(this));
        assertEq(token.getTotalPooledEther(), 10_000 ether + cap, "A6");
        assertEq(owned(), token.getTotalPooledEther() + r.reserve, "A1: pool + reserve = owned");
        // the reserve is eaten first by a loss
        beacon.setBalance(index, beacon.balanceOf(index) - 9e9);
        s = _openAndProve();
        r = checkpoints.previewClose(s, address(this));
        assertEq(r.recognized, int256(1 ether) - int256(cap), "what is left of both");
        checkpoints.close(s, address(this));
        assertEq(token.getTotalPooledEther(), 10_001 ether, "A1");
    }

    function test_Close_ALossIsBookedWhole() public {
        beacon.setBalance(index, beacon.balanceOf(index) - 30e9);
        checkpoint();
        assertEq(token.getTotalPooledEther(), 9970 ether, "booked");
        assertEq(owned(), 9970 ether, "A1");
        assertEq(token.stakingPausedUntil(), 0, "30 bps are not big");
        assertTrue(checkpoints.isGuarded(), "but above the threshold");
    }

    function test_RevertWhen_AMemberIsMissing() public {
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        checkpoints.proveState(s, beacon.stateProof());
        bytes memory incomplete =
            abi.encodeWithSelector(ICheckpoints.CheckpointIncomplete.selector, uint256(0), uint256(1));
        vm.expectRevert(incomplete);
        checkpoints.close(s, address(this));
        vm.expectRevert(incomplete);
        checkpoints.previewClose(s, address(this));
    }

    function test_RevertWhen_ClosedTwice() public {
        Snapshot memory s = checkpoint();
        vm.expectRevert(
            abi.encodeWithSelector(
                ICheckpoints.SnapshotMismatch.selector, bytes32(0), keccak256(abi.encode(s))
            )
        );
        checkpoints.close(s, address(this));
    }

    function test_Close_AnExpiredOneCanStillBeClosed() public {
        _gain(1e9);
        Snapshot memory s = _openAndProve();
        vm.warp(block.timestamp + 2 days);
        checkpoints.close(s, address(this));
        assertEq(token.getTotalPooledEther(), 10_001 ether, "booked");
        assertEq(checkpoints.opensAt(), block.timestamp + INTERVAL, "counted from the close");
    }

    function test_Close_FinalizesUpToTheHorizonOfTheCloseBefore() public {
        uint256 a = request(alice, 100 ether);
        checkpoint();
        assertEq(queue.position(a).finalizedShares, 0, "W5: not yet");
        uint256 b = request(alice, 50 ether);
        checkpoint();
        assertEq(queue.position(a).finalizedShares, 100e27, "the first one");
        assertEq(queue.position(b).finalizedShares, 0, "W5: not the second");
        assertEq(address(queue).balance, 100 ether, "W2");
        assertEq(owned(), token.getTotalPooledEther(), "A1: locked ether has left the pool");
        checkpoint();
        assertEq(queue.position(b).finalizedShares, 50e27, "then the second");
    }

    function test_Close_FinalizesInPartWithAllTheEtherThereIs() public {
        uint256 id = request(alice, 9500 ether); // the token holds 9,000
        uint256 idle = address(token).balance;
        twoCheckpoints();
        assertEq(address(queue).balance, idle, "all of it");
        assertEq(address(token).balance, 0, "finalization may use everything");
        assertEq(queue.position(id).finalizedShares, idle * 1e9, "in part");
    }

    function test_Close_AnOldSnapshotBooksButDoesNotFinalize() public {
        request(alice, 100 ether);
        checkpoint();
        _gain(1e9);
        Snapshot memory s = _openAndProve();
        vm.warp(block.timestamp + MAX_SNAPSHOT_AGE + 1);
        assertEq(checkpoints.previewClose(s, address(this)).sharesToFinalize, 0, "preview");
        checkpoints.close(s, address(this));
        assertEq(token.getTotalPooledEther(), 10_001 ether, "booked");
        assertEq(address(queue).balance, 0, "H5: nothing finalized");
        assertEq(
            token.exitsPausedUntil(),
            block.timestamp + INTERVAL,
            "H6: and nobody leaves at once at an old rate"
        );
        beacon.tick(1);
        s = _openAndProve();
        vm.warp(block.timestamp + MAX_SNAPSHOT_AGE);
        checkpoints.close(s, address(this));
        assertGt(address(queue).balance, 100 ether, "at the limit it is");
        assertLe(token.exitsPausedUntil(), block.timestamp, "and exits go on");
    }

    /// The preview is what the close does; A1 to the wei; flows between open and close are in both.
    /// forge-config: default.fuzz.runs = 64
    /// forge-config: nightly.fuzz.runs = 5000
    function testFuzz_Close_DoesWhatThePreviewSays(
        int64 change,
        uint96 execution,
        uint96 withdrawn,
        uint96 staked,
        uint96 asked,
        uint96 late,
        uint16 hold
    ) public {
        asked = uint96(bound(asked, 100, 9000 ether));
        request(alice, asked);
        checkpoint();
        uint64 balance = beacon.balanceOf(index);
        change = int64(bound(change, -int256(uint256(balance)), 20e9));
        beacon.setBalance(index, uint64(int64(balance) + change));
        vm.deal(address(executionVault), execution % 3 ether);
        vm.deal(address(withdrawalVault), withdrawn % 3 ether);
        Snapshot memory s = _openAndProve();
        uint256 truth = owned();
        if (token.stakingPausedUntil() <= block.timestamp) {
            staked = uint96(bound(staked, 1, 1000 ether));
            stake(bob, staked);
        }
        // ether that arrives between open and close is of the next checkpoint
        vm.deal(address(withdrawalVault), address(withdrawalVault).balance + late % 2 ether);
        vm.warp(block.timestamp + hold % 3 hours);
        ICheckpoints.Result memory r = checkpoints.previewClose(s, address(this));
        (uint256 s0, uint256 e0) = token.ledger();
        assertEq(r.poolSharesBefore, s0, "shares before");
        assertEq(r.poolEtherBefore, e0, "ether before");
        assertEq(r.insuranceBurnt + r.potBurnt, 0, "there is nothing to burn yet");
        assertEq(r.poolSharesAfter, s0 + r.feeShares, "shares before finalization");
        if (r.recognized <= 0) assertEq(r.feeShares, 0, "A3: never on a loss");
        if (r.isGuarded) assertEq(r.sharesToFinalize, 0, "nobody leaves while a loss is not yet known");
        assertEq(
            int256(truth), int256(uint256(s.poolEther)) + r.recognized + int256(r.reserve), "A1: recognized"
        );
        uint256 queued = queue.unfinalizedShares();
        checkpoints.close(s, address(this));
        assertEq(queued - queue.unfinalizedShares(), r.sharesToFinalize, "finalized");
        uint256 locked = r.poolEtherAfter == 0 ? 0 : r.sharesToFinalize * r.poolEtherAfter / r.poolSharesAfter;
        (uint256 s1, uint256 e1) = token.ledger();
        assertEq(e1, r.poolEtherAfter - locked, "ether");
        assertEq(s1, s0 + r.feeShares - r.sharesToFinalize, "shares");
        assertEq(int256(r.poolEtherAfter), int256(e0) + r.recognized, "flows since open are in both");
        assertEq(owned(), e1 + r.reserve + late % 2 ether, "A1: to the wei");
    }
}
