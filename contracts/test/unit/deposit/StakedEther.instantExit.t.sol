// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { ExitRefusal, IStakedEther, InstantExitQuote } from "../../../src/deposit/IStakedEther.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// Takes ether only while it is willing, and writes to storage with it.
contract Payee {
    bool public willing;
    uint256 public received;

    function want(bool yes) external {
        willing = yes;
    }

    receive() external payable {
        require(willing, "unwilling");
        received += msg.value;
    }
}

/// Pool of 1000 ETH at rate one, all of it in the token, a snapshot of this second, a full limit of 10 ETH.
contract StakedEtherInstantExitTest is StackFixture {
    uint256 private constant FULL = 10 ether;

    function setUp() public override {
        super.setUp();
        stake(alice, 999 ether);
        beacon.tick(7200);
        checkpoint();
    }

    function _exit(address who, uint256 amount) private returns (uint256) {
        vm.prank(who);
        return token.instantExit(amount, 0, who);
    }

    function _state() private view returns (bytes32) {
        bytes32 pool = keccak256(
            abi.encode(
                vm.load(address(token), bytes32(uint256(2))), vm.load(address(token), bytes32(uint256(4)))
            )
        );
        bytes32 limit = vm.load(address(token), bytes32(uint256(6)));
        return keccak256(
            abi.encode(
                pool, limit, token.sharesOf(alice), token.sharesOf(bob), address(token).balance, alice.balance
            )
        );
    }

    function _refused(uint256 amount, uint256 minEther, address receiver, bytes memory reason) private {
        bytes32 before = _state();
        vm.prank(alice);
        vm.expectRevert(reason);
        token.instantExit(amount, minEther, receiver);
        assertEq(_state(), before, "a refusal changes nothing");
    }

    function _limitUsed(uint256 amount, uint256 left, uint256 retryAt) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IStakedEther.InstantExitLimitUsed.selector, amount, left, retryAt);
    }

    function _error(bytes4 selector) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector);
    }

    function _error(bytes4 selector, uint256 a, uint256 b) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, a, b);
    }

    function _pauseUntil(uint256 until) private {
        vm.prank(address(checkpoints));
        token.pauseExits(uint40(until));
    }

    // ------------------------------------------------------------ what it does

    function test_InstantExit_BurnsPaysAndKeepsTheFeeAsEther() public {
        (uint256 hers, uint256 his) = (alice.balance, bob.balance);
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(alice, address(0), 8 ether);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(alice, address(0), 8e27);
        vm.expectEmit(address(token));
        emit IStakedEther.InstantlyExited(alice, bob, 8e27, 8 ether, 7.992 ether, 992e27, 992 ether);
        vm.prank(alice);
        assertEq(token.instantExit(8 ether, 0, bob), 7.992 ether, "10 bps less");
        assertEq(bob.balance - his, 7.992 ether, "the receiver is paid");
        assertEq(alice.balance, hers, "and nobody else");
        assertEq(token.sharesOf(alice), 991e27, "burnt");
        assertEq(token.sharesOf(bob), 0, "the receiver's were not asked for");
        assertEq(token.getTotalShares(), 992e27, "shares of the pool");
        assertEq(token.getTotalPooledEther(), 992 ether, "the gross amount left the pool");
        assertEq(address(token).balance, 992.008 ether, "the fee stayed as ether");
        assertEq(token.getPooledEthByShares(1e27), 1 ether, "L2: not in the rate");
    }

    /// M3: the fee is no gain before a close recognizes it, and then exactly once.
    function test_InstantExit_FeeIsRecognizedByTheNextClose() public {
        _exit(alice, 10 ether);
        assertEq(token.getTotalPooledEther(), 990 ether, "not by the exit");
        waitForCheckpoint();
        assertEq(token.getTotalPooledEther(), 990 ether, "not by time");
        openCheckpoint();
        assertEq(token.getTotalPooledEther(), 990 ether, "not by an open");
        beacon.tick(uint64(EXPIRY / 12 + 1));
        checkpoint();
        assertEq(token.getTotalPooledEther(), 990.01 ether, "A1: by the close, to the wei");
        assertEq(owned(), token.getTotalPooledEther(), "A1: pool = owned");
        checkpoint();
        assertEq(token.getTotalPooledEther(), 990.01 ether, "once");
    }

    function test_InstantExit_WholeBalance() public {
        stake(bob, 3 ether);
        rebase(-0.777 ether);
        uint256 balance = token.balanceOf(bob);
        _exit(bob, balance);
        assertEq(token.balanceOf(bob), 0, "nothing is left");
        (uint256 s, uint256 e) = token.ledger();
        assertLe(token.sharesOf(bob) * e, s, "but a part of a wei");
    }

    function test_InstantExit_SmallestPaysOneWei() public {
        assertEq(_exit(alice, 2), 1, "the fee rounds up");
        assertEq(address(token).balance, 1000 ether - 1, "one paid");
        assertEq(token.getTotalPooledEther(), 1000 ether - 2, "two left the pool");
    }

    /// L1, L2 at any rate: ⌈amount · S / E⌉ shares, the gross amount of ether, the fee rounded up.
    /// forge-config: default.fuzz.runs = 128
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_InstantExit_BurnsSharesRoundedUp(uint256 seed, uint256 amount) public {
        moveRate(seed);
        rebase(0);
        (uint256 s, uint256 e) = token.ledger();
        uint256 shares = token.sharesOf(alice);
        amount = bound(amount, 2, e / 100);
        uint256 fee = (amount + 999) / 1000;
        uint256 had = address(token).balance;
        assertEq(_exit(alice, amount), amount - fee, "paid");
        uint256 burnt = shares - token.sharesOf(alice);
        assertTrue(burnt * e >= amount * s && (burnt - 1) * e < amount * s, "the ceiling");
        (uint256 s1, uint256 e1) = token.ledger();
        assertEq(s1, s - burnt, "L1");
        assertEq(e1, e - amount, "gross");
        assertEq(had - address(token).balance, amount - fee, "net");
        assertGe(e1 * s, e * s1, "L2: the rate never falls");
        // a share more than due goes to the others: less than its value in all
        assertLe(e1 * s, e * s1 + e, "L2: and rises by rounding dust only");
    }

    // ------------------------------------------------------------ refusals

    function test_RevertWhen_ReceiverIsZeroTokenOrQueue() public {
        _refused(1 ether, 0, address(0), _error(IShareLedger.AddressZero.selector));
        _refused(1 ether, 0, address(token), _error(IShareLedger.ReceiverIsToken.selector));
        bytes4 failed = IStakedEther.ExitPaymentFailed.selector;
        _refused(1 ether, 0, address(queue), abi.encodeWithSelector(failed, address(queue), 0.999 ether)); // W2
    }

    function test_RevertWhen_ACheckpointIsOpen() public {
        uint256 last = token.lastSnapshotTime();
        waitForCheckpoint();
        openCheckpoint();
        beacon.tick(uint64(EXPIRY / 12 + 1)); // an expired one can still be closed
        _refused(
            1 ether, 0, alice, abi.encodeWithSelector(IStakedEther.InstantExitDuringCheckpoint.selector, last)
        );
        checkpoint();
        assertEq(_exit(alice, 1 ether), 0.999 ether, "closed");
    }

    function test_RevertWhen_TheSnapshotIsOld() public {
        uint256 last = token.lastSnapshotTime();
        vm.warp(last + EXIT_SNAPSHOT_AGE + 1);
        bytes4 error_ = IStakedEther.InstantExitSnapshotOld.selector;
        _refused(1 ether, 0, alice, _error(error_, EXIT_SNAPSHOT_AGE + 1, EXIT_SNAPSHOT_AGE));
        vm.warp(last + EXIT_SNAPSHOT_AGE);
        assertEq(_exit(alice, 1 ether), 0.999 ether, "the last second");
    }

    function test_RevertWhen_TheQueueWaitsForTheEther() public {
        request(alice, 988 ether); // 1000 − 988 − 5 of floor = 7
        _refused(7 ether + 1, 0, alice, _error(IStakedEther.FreeEtherTooLow.selector, 7 ether + 1, 7 ether));
        assertEq(_exit(alice, 7 ether), 6.993 ether, "what it does not wait for");
    }

    function test_RevertWhen_TheFloorWouldBeUsed() public {
        vm.deal(address(token), 12 ether);
        _refused(7 ether + 1, 0, alice, _error(IStakedEther.FreeEtherTooLow.selector, 7 ether + 1, 7 ether));
        assertEq(_exit(alice, 7 ether), 6.993 ether, "what lies above it");
    }

    function test_RevertWhen_EtherLiesInTheVaults() public {
        vm.deal(address(token), 3 ether);
        vm.deal(address(withdrawalVault), 900 ether);
        vm.deal(address(executionVault), 97 ether);
        _refused(3 ether + 1, 0, alice, _error(IStakedEther.FreeEtherTooLow.selector, 3 ether + 1, 3 ether));
        assertEq(_exit(alice, 3 ether), 2.997 ether, "what lies in the token");
    }

    /// Everything is wrong at once; what is refused first is mended first.
    function test_RevertWhen_ManyThingsAreWrong_InThisOrder() public {
        Payee unwilling = new Payee();
        address payee = address(unwilling);
        vm.prank(alice);
        token.transfer(bob, 994 ether); // she keeps 5
        uint256 last = token.lastSnapshotTime();
        uint256 until = last + EXIT_SNAPSHOT_AGE + 10;
        _pauseUntil(until);
        vm.deal(address(token), 12 ether); // 7 of them are free
        vm.startPrank(address(checkpoints));
        token.markCheckpoint(true);
        token.acquireLock();
        vm.stopPrank();
        vm.warp(until - 1);

        _refused(0, 1, address(0), _error(IStakedEther.ReentrantCall.selector));
        vm.prank(address(checkpoints));
        token.releaseLock();
        _refused(0, 1, address(0), _error(IShareLedger.AddressZero.selector));
        _refused(0, 1, payee, _error(IStakedEther.ExitTooSmall.selector, 0, 0));
        _refused(1, 1, payee, _error(IStakedEther.ExitTooSmall.selector, 1, 1));
        _refused(1e21 + 1, 1e22, payee, _error(IShareLedger.AmountAbovePool.selector, 1e21 + 1, 1e21));
        bytes4 low = IShareLedger.BalanceTooLow.selector;
        _refused(5e18 + 1, 1e22, payee, abi.encodeWithSelector(low, alice, 5e27, 5e27 + 1e9));
        vm.prank(bob);
        token.transfer(alice, 994 ether);
        _refused(11e18, 1e22, payee, abi.encodeWithSelector(IStakedEther.InstantExitPaused.selector, until));
        vm.warp(until);
        bytes4 open = IStakedEther.InstantExitDuringCheckpoint.selector;
        _refused(11e18, 1e22, payee, abi.encodeWithSelector(open, last));
        vm.prank(address(checkpoints));
        token.markCheckpoint(false);
        bytes4 old = IStakedEther.InstantExitSnapshotOld.selector;
        _refused(11e18, 1e22, payee, _error(old, EXIT_SNAPSHOT_AGE + 10, EXIT_SNAPSHOT_AGE));
        rebase(0);
        _refused(11e18, 1e22, payee, _error(IStakedEther.InstantExitAboveLimit.selector, 11e18, FULL));
        _refused(7e18 + 1, 1e22, payee, _error(IStakedEther.FreeEtherTooLow.selector, 7e18 + 1, 7e18));
        bytes4 below = IStakedEther.EtherBelowMinimum.selector;
        _refused(7e18, 6.993e18 + 1, payee, _error(below, 6.993e18, 6.993e18 + 1));
        bytes4 failed = IStakedEther.ExitPaymentFailed.selector;
        _refused(7e18, 6.993e18, payee, abi.encodeWithSelector(failed, payee, 6.993e18));
        unwilling.want(true);
        vm.prank(alice);
        assertEq(token.instantExit(7 ether, 6.993 ether, payee), 6.993 ether, "nothing is wrong");
        assertEq(unwilling.received(), 6.993 ether, "paid with gas enough for a storage write");
    }

    // ------------------------------------------------------------ the limit

    function test_RevertWhen_AmountIsAboveTheWholeLimit() public {
        bytes4 error_ = IStakedEther.InstantExitAboveLimit.selector;
        _refused(FULL + 1, 0, alice, _error(error_, FULL + 1, FULL));
        InstantExitQuote memory q = token.quoteInstantExit(FULL + 1);
        assertTrue(q.refusal == ExitRefusal.Limit, "the limit");
        assertEq(q.retryAt, type(uint256).max, "never");
        bytes4 above = IShareLedger.AmountAbovePool.selector;
        _refused(type(uint256).max, 0, alice, _error(above, type(uint256).max, 1000 ether));
        assertEq(_exit(alice, FULL), 9.99 ether, "exactly the limit will do");
    }

    function test_RevertWhen_TheLimitIsUsed() public {
        _exit(alice, 6 ether);
        // 1 ETH is missing; 1 % of 994 ETH grow in a day
        uint256 retryAt = block.timestamp + uint256(1 days * 1 ether) / 9.94 ether + 1;
        _refused(5 ether, 0, alice, _limitUsed(5 ether, 4 ether, retryAt));
        vm.warp(retryAt - 1);
        uint256 left = 4 ether + 9.94 ether * (1 days * 1 ether / uint256(9.94 ether)) / 1 days;
        _refused(5 ether, 0, alice, _limitUsed(5 ether, left, retryAt));
        vm.warp(retryAt);
        assertEq(_exit(alice, 5 ether), 4.995 ether, "the first second");
    }

    function test_InstantExit_LimitRegrowsUpToFull() public {
        _exit(alice, FULL);
        assertEq(token.quoteInstantExit(1).available, 0, "used up");
        uint256 used = block.timestamp;
        vm.warp(used + 12 hours);
        assertEq(token.quoteInstantExit(1).available, 4.95 ether, "half a day, half of 1 % of 990");
        vm.warp(used + 1 days);
        assertEq(token.quoteInstantExit(1).available, 9.9 ether, "a day");
        vm.warp(used + 40 hours);
        assertEq(token.quoteInstantExit(1).available, 9.9 ether, "never more than full");
    }

    function testFuzz_InstantExit_LimitFallsByTheAmountRoundedUpToGwei(uint256 amount) public {
        amount = bound(amount, 2, FULL);
        _exit(alice, amount);
        assertEq(token.quoteInstantExit(1).available, (FULL - amount) / 1 gwei * 1 gwei, "left");
    }
}
