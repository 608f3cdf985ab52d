// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ILeavingQuote } from "../../../src/deposit/ILeavingQuote.sol";
import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { ExitRefusal, IStakedEther, InstantExitQuote } from "../../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// What the page tells somebody who wants to leave, against what then happens.
contract LeavingQuoteTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 799 ether);
        stake(bob, 200 ether);
        beacon.tick(7200);
        checkpoint();
    }

    function _queue(uint256 amount) private view returns (ILeavingQuote.QueueQuote memory q) {
        (, q) = leaving.quote(amount);
    }

    function _same(InstantExitQuote memory a, InstantExitQuote memory b) private pure {
        assertEq(keccak256(abi.encode(a)), keccak256(abi.encode(b)), "the token's own quote");
    }

    // ------------------------------------------------------------ instant

    function test_Quote_InstantPartOfAGoodDay() public view {
        (InstantExitQuote memory q,) = leaving.quote(4 ether);
        assertEq(q.shares, 4e27, "shares");
        assertEq(q.etherOut, 3.996 ether, "paid");
        assertEq(q.fee, 0.004 ether, "fee");
        assertEq(q.available, 10 ether, "limit");
        assertTrue(q.refusal == ExitRefusal.None, "open");
        assertEq(q.retryAt, 0, "now");
        _same(q, token.quoteInstantExit(4 ether));
    }

    function test_Quote_InstantPartTellsEachRefusal() public {
        uint256 now_ = block.timestamp;
        _refusal(11 ether, ExitRefusal.Limit, 10 ether, type(uint256).max);
        vm.deal(address(token), 8 ether); // 5 are the floor
        _refusal(4 ether, ExitRefusal.FreeEther, 3 ether, 0);
        vm.warp(now_ + EXIT_SNAPSHOT_AGE + 1);
        _refusal(4 ether, ExitRefusal.SnapshotOld, 0, 0);
        vm.prank(address(checkpoints));
        token.markCheckpoint(true);
        _refusal(4 ether, ExitRefusal.CheckpointOpen, 0, 0);
        vm.prank(address(checkpoints));
        token.pauseExits(uint40(block.timestamp + 5));
        _refusal(4 ether, ExitRefusal.Paused, 0, block.timestamp + 5);
    }

    function _refusal(uint256 amount, ExitRefusal refusal, uint256 available, uint256 retryAt) private view {
        (InstantExitQuote memory q,) = leaving.quote(amount);
        assertEq(uint256(q.refusal), uint256(refusal), "refusal");
        assertEq(q.available, available, "available");
        assertEq(q.retryAt, retryAt, "retry");
        assertEq(q.etherOut, amount - amount / 1000, "what it would pay all the same");
        _same(q, token.quoteInstantExit(amount));
    }

    /// Rates, times, pauses, an open checkpoint, a used limit, ether that is waited for: the exit does what was quoted.
    /// forge-config: default.fuzz.runs = 256
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_Quote_InstantExitDoesWhatWasQuoted(uint256 seed, uint256 amount) public {
        moveRate(seed);
        rebase(0);
        _disturb(uint256(keccak256(abi.encode(seed))));
        uint256 most = token.balanceOf(alice);
        uint256 full = token.getTotalPooledEther() / 100;
        amount = bound(amount, 100, amount % 3 == 0 ? most : full < most ? full : most);
        InstantExitQuote memory q = token.quoteInstantExit(amount);
        _edgeIs(q);
        uint256 shares = token.sharesOf(alice);
        uint256 had = alice.balance;
        vm.prank(alice);
        (bool ok, bytes memory answer) =
            address(token).call(abi.encodeCall(token.instantExit, (amount, 0, alice)));
        assertEq(ok, q.refusal == ExitRefusal.None, "refused as quoted");
        if (!ok) {
            assertEq(answer, _error(q, amount), "with the error of the refusal");
            return;
        }
        assertEq(abi.decode(answer, (uint256)), q.etherOut, "returned");
        assertEq(alice.balance - had, q.etherOut, "paid");
        assertEq(shares - token.sharesOf(alice), q.shares, "burnt");
        assertEq(q.fee + q.etherOut, amount, "the fee is the rest");
        assertEq(q.fee, (amount + 999) / 1000, "10 bps, rounded up");
    }

    function _disturb(uint256 seed) private {
        vm.deal(bob, 1e30);
        if (seed % 2 == 0) request(alice, token.balanceOf(alice) / 5 + 100);
        if (seed >> 8 & 1 == 0) {
            uint256 used = token.quoteInstantExit(0).available * (seed >> 16 & 0xff) / 256;
            if (used > 1) {
                vm.prank(alice);
                token.instantExit(used, 0, bob);
            }
        }
        if (seed >> 24 & 3 == 0) {
            vm.deal(address(token), token.getTotalPooledEther() / 200 + (seed >> 32) % 1 ether);
        }
        vm.warp(block.timestamp + (seed >> 100) % 52 hours);
        vm.startPrank(address(checkpoints));
        if (seed >> 160 & 7 == 0) token.pauseExits(uint40(block.timestamp + (seed >> 168 & 1)));
        if (seed >> 176 & 7 == 0) token.markCheckpoint(true);
        vm.stopPrank();
    }

    /// `available` is exactly the edge between yes and no.
    function _edgeIs(InstantExitQuote memory q) private view {
        if (q.available > 1) {
            ExitRefusal above = token.quoteInstantExit(q.available + 1).refusal;
            assertTrue(token.quoteInstantExit(q.available).refusal == ExitRefusal.None, "it can leave");
            assertTrue(above == ExitRefusal.Limit || above == ExitRefusal.FreeEther, "a wei more is refused");
        } else {
            assertTrue(q.refusal != ExitRefusal.None, "closed for this amount");
            assertTrue(token.quoteInstantExit(2).refusal != ExitRefusal.None, "and for the smallest");
        }
    }

    function _error(InstantExitQuote memory q, uint256 amount) private view returns (bytes memory) {
        uint256 last = token.lastSnapshotTime();
        uint256 full = token.getTotalPooledEther() / 100;
        if (q.refusal == ExitRefusal.Paused) {
            return abi.encodeWithSelector(IStakedEther.InstantExitPaused.selector, token.exitsPausedUntil());
        }
        if (q.refusal == ExitRefusal.CheckpointOpen) {
            return abi.encodeWithSelector(IStakedEther.InstantExitDuringCheckpoint.selector, last);
        }
        if (q.refusal == ExitRefusal.SnapshotOld) {
            uint256 age = block.timestamp - last;
            return
                abi.encodeWithSelector(IStakedEther.InstantExitSnapshotOld.selector, age, EXIT_SNAPSHOT_AGE);
        }
        if (q.refusal == ExitRefusal.FreeEther) {
            return abi.encodeWithSelector(IStakedEther.FreeEtherTooLow.selector, amount, token.freeEther());
        }
        if (amount > full) {
            return abi.encodeWithSelector(IStakedEther.InstantExitAboveLimit.selector, amount, full);
        }
        bytes4 used = IStakedEther.InstantExitLimitUsed.selector;
        return abi.encodeWithSelector(used, amount, q.available, q.retryAt);
    }

    // ------------------------------------------------------------ queue

    function test_Quote_QueuePartBehindOthers() public {
        ILeavingQuote.QueueQuote memory q = _queue(40 ether);
        assertEq(q.requestId, 1, "the first");
        assertEq(q.requestsAhead + q.etherAhead + q.uncovered, 0, "nobody is ahead, nothing is missing");
        request(bob, 150 ether);
        request(bob, 40 ether);
        q = _queue(500 ether);
        assertEq(q.requestId, 3, "the third");
        assertEq(q.requestsAhead, 2, "two");
        assertEq(q.etherAhead, 190 ether, "their value");
        assertEq(request(alice, 500 ether), q.requestId, "as told");
        twoCheckpoints();
        assertEq(claim(alice, 3), q.value, "covered: paid whole");
        assertEq(_queue(1 ether).requestsAhead, 0, "nobody is left");
        assertEq(_queue(1 ether).etherAhead, 0, "nor anything");
        assertEq(_queue(1 ether).requestId, 4, "ids go on");
    }

    /// All three kinds of own ether pay the queue: what lies in the vaults is swept by the close that pays.
    function test_Quote_CountsEtherInTheVaults() public {
        request(bob, 100 ether);
        vm.deal(address(token), 10 ether);
        vm.deal(address(withdrawalVault), 600 ether);
        vm.deal(address(executionVault), 390 ether);
        ILeavingQuote.QueueQuote memory q = _queue(700 ether);
        assertTrue(q.covered, "1000 for 800");
        uint256 id = request(alice, 700 ether);
        twoCheckpoints();
        assertEq(claim(alice, id), 700 ether, "paid whole");
    }

    function test_Quote_CoveredToTheWei() public {
        request(bob, 100 ether);
        vm.deal(address(token), 400 ether);
        ILeavingQuote.QueueQuote memory q = _queue(300 ether);
        assertTrue(q.covered && q.uncovered == 0, "just");
        q = _queue(300 ether + 1);
        assertFalse(q.covered, "not any more");
        assertEq(q.uncovered, 1, "a wei");
    }

    /// The validators hold nearly all: what the queue waits for is what is told, and own ether pays the rest.
    function test_Quote_UncoveredWaitsForValidators() public {
        uint40 index = member(joinOperator(), 1, 996e9);
        checkpoint();
        request(bob, 1 ether);
        ILeavingQuote.QueueQuote memory q = _queue(600 ether);
        uint256 own = token.ownEther();
        assertLt(own, 10 ether, "a nearly empty pool");
        assertFalse(q.covered, "not covered");
        assertEq(q.uncovered, 601 ether - own, "what must still come");
        uint256 id = request(alice, 600 ether);
        assertEq(withdrawals.uncoveredDemand(), q.uncovered, "and is asked for");
        twoCheckpoints();
        assertEq(claim(alice, id), own - 1 ether, "what was there");
        assertEq(queue.unfinalizedStETH(), q.uncovered, "the rest waits");
        beacon.setBalance(index, beacon.balanceOf(index) - uint64(q.uncovered / 1 gwei) - 1);
        vm.deal(address(withdrawalVault), q.uncovered + 1 gwei);
        checkpoint();
        assertApproxEqAbs(claim(alice, id), q.uncovered, 1, "paid when it came");
        assertEq(queue.unfinalizedShares(), 0, "whole");
    }

    // ------------------------------------------------------------ amounts that have no quote

    function test_Quote_TooSmallForTheQueueHasNoValueThere() public view {
        uint256[3] memory amounts = [uint256(0), 1, 99];
        for (uint256 i; i < 3; ++i) {
            assertEq(_queue(amounts[i]).value, 0, "no request");
        }
        assertEq(_queue(100).value, 100, "the smallest");
        (InstantExitQuote memory instant,) = leaving.quote(99);
        assertEq(instant.etherOut, 98, "at once it works");
    }

    function test_RevertWhen_AmountIsAboveThePool() public {
        uint256[2] memory amounts = [uint256(1000 ether + 1), type(uint256).max];
        for (uint256 i; i < 2; ++i) {
            bytes4 error_ = IShareLedger.AmountAbovePool.selector;
            vm.expectRevert(abi.encodeWithSelector(error_, amounts[i], uint256(1000 ether)));
            leaving.quote(amounts[i]);
        }
        assertEq(_queue(1000 ether).value, 1000 ether, "the largest");
    }
}

/// Books that agree to the wei, most of the ether on a validator, at any rate.
/// forge-config: default.fuzz.runs = 64
/// forge-config: nightly.fuzz.runs = 5000
contract LeavingQuoteQueueTest is StackFixture {
    uint40 private index;

    function setUp() public override {
        super.setUp();
        stake(alice, 800 ether);
        stake(bob, 199 ether);
        index = member(joinOperator(), 1, 996e9);
        checkpoint();
    }

    /// Moves own ether to `own` (to the gwei) and the rest of the pool to the validator: no close finds a gain or loss.
    function _spread(uint256 own, uint256 seed) private {
        uint256 pool = token.getTotalPooledEther();
        if (own > pool) own = pool;
        uint256 onValidator = (pool - own) / 1 gwei;
        beacon.setBalance(index, uint64(onValidator));
        own = pool - onValidator * 1 gwei;
        uint256 inVaults = own * (seed % 100) / 100;
        vm.deal(address(withdrawalVault), inVaults / 2);
        vm.deal(address(executionVault), inVaults - inVaults / 2);
        vm.deal(address(token), own - inVaults);
    }

    function testFuzz_Quote_QueuePaysWhatIsCovered(uint256 seed, uint256 amount, uint256 own) public {
        beacon.setBalance(index, uint64(bound(seed, 1e9, 997e9)));
        checkpoint(); // the rate is anywhere below one now
        uint256 ahead = token.balanceOf(bob) * (seed % 64) / 64 + 5 gwei;
        request(bob, ahead);
        amount = bound(amount, 100, token.balanceOf(alice));
        // every third time just around what is owed
        own = seed % 3 == 0
            ? ahead + amount + own % 8 gwei - 4 gwei
            : bound(own, 0, token.getTotalPooledEther());
        _spread(own, seed);
        own = token.ownEther();
        (, ILeavingQuote.QueueQuote memory q) = leaving.quote(amount);
        uint256 id = request(alice, amount);
        assertEq(id, q.requestId, "id");
        assertEq(q.covered, q.uncovered == 0, "one or the other");
        assertApproxEqAbs(queue.unfinalizedStETH(), q.etherAhead + q.value, 1, "what both are worth");
        twoCheckpoints();
        uint256 left = queue.unfinalizedStETH();
        // two floors and the floor of F: wei, not more
        assertApproxEqAbs(left, q.uncovered, 3, "what is not covered waits, the rest is paid");
        uint256[] memory hints = queue.findCheckpointHints(ones(id), 1, queue.getLastCheckpointIndex());
        uint256 paid = queue.getClaimableEther(ones(id), hints)[0];
        uint256 behind = own > q.etherAhead ? own - q.etherAhead : 0;
        assertApproxEqAbs(paid, q.covered ? q.value : behind, 3, "the last in the line gets what is over");
        assertLe(paid, q.value + 1, "never more than its value");
    }
}
