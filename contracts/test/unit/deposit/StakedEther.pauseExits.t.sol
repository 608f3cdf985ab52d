// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Checkpoints } from "../../../src/accounting/Checkpoints.sol";
import { ICheckpoints } from "../../../src/accounting/ICheckpoints.sol";
import { IFeeSplit } from "../../../src/accounting/IFeeSplit.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { StakedEther } from "../../../src/deposit/StakedEther.sol";
import { IBeaconProofs } from "../../../src/validators/IBeaconProofs.sol";
import { IDepositsInFlight } from "../../../src/validators/IDepositsInFlight.sol";
import { IExecutionRewardsVault } from "../../../src/validators/IExecutionRewardsVault.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { IWithdrawalVault } from "../../../src/validators/IWithdrawalVault.sol";
import { Modules } from "../../support/Modules.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";

/// The pause of instant exits, and the bounds of their fee and of the age of the rate they happen at.
contract StakedEtherPauseExitsTest is StackFixture {
    uint256 private constant LONGEST = 40 days;

    function _pause(uint256 until) private {
        vm.prank(address(checkpoints));
        token.pauseExits(uint40(until));
    }

    // ------------------------------------------------------------ the pause

    function test_PauseExits_CheckpointsMayCall() public {
        uint40 until = uint40(block.timestamp + 1 days);
        vm.expectEmit(address(token));
        emit IStakedEther.ExitsPausedUntil(until);
        _pause(until);
        assertEq(token.exitsPausedUntil(), until, "stored");
    }

    function test_RevertWhen_AnybodyElsePauses() public {
        address[7] memory others = [
            alice,
            address(this),
            address(token),
            address(queue),
            address(withdrawalVault),
            address(validators),
            address(penalties)
        ];
        for (uint256 i; i < 7; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IStakedEther.CallerNotAllowed.selector, others[i]));
            vm.prank(others[i]);
            token.pauseExits(uint40(block.timestamp + 1 days));
        }
        assertEq(token.exitsPausedUntil(), 0, "not paused");
    }

    /// The safeguard knows all its reasons: what it says stands in place of what it said before.
    function test_PauseExits_SetsTheDeadlineExactly() public {
        uint256 until = block.timestamp + 10 days;
        _pause(until);
        vm.recordLogs();
        _pause(until);
        assertEq(vm.getRecordedLogs().length, 0, "the same again does nothing, and nothing is told");
        uint256[4] memory others = [until - 1, until + 1, block.timestamp, 0];
        for (uint256 i; i < 4; ++i) {
            vm.expectEmit(address(token));
            emit IStakedEther.ExitsPausedUntil(uint40(others[i]));
            _pause(others[i]);
            assertEq(token.exitsPausedUntil(), others[i], "shorter, longer, in the past, or none");
        }
    }

    function test_PauseExits_PastAndZeroDoNotPause() public {
        stake(alice, 99 ether);
        rebase(0);
        _pause(0);
        _pause(block.timestamp - 1);
        _pause(block.timestamp);
        vm.prank(alice);
        assertEq(token.instantExit(1 ether, 0, alice), 0.999 ether, "a time that has come refuses nobody");
        _pause(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.InstantExitPaused.selector, block.timestamp + 1));
        vm.prank(alice);
        token.instantExit(2, 0, alice);
    }

    function test_RevertWhen_ThePauseIsTooLong() public {
        uint256 latest = block.timestamp + LONGEST;
        assertEq(token.MAX_EXITS_PAUSE(), LONGEST, "bound");
        uint256[2] memory tooLong = [latest + 1, uint256(type(uint40).max)];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IStakedEther.PauseTooLong.selector, tooLong[i], latest));
            _pause(tooLong[i]);
        }
        _pause(latest);
        assertEq(token.exitsPausedUntil(), latest, "exactly the bound will do");
    }

    /// The bound is from now: a new call may push on, so a caller must come back.
    function testFuzz_PauseExits_IsTheLastOneAndNeverAbove40Days(uint256 seed) public {
        for (uint256 i; i < 20; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + (seed >> 8) % 10 days);
            uint256 until = block.timestamp + (seed >> 64) % (LONGEST + 1);
            _pause(until);
            assertEq(token.exitsPausedUntil(), until, "the last one");
            assertLe(token.exitsPausedUntil(), block.timestamp + LONGEST, "bounded");
        }
    }

    /// One slot, one field; and nothing but instant exits waits.
    function test_PauseExits_StopsNothingElse() public {
        stake(alice, 500 ether);
        uint256 limit = token.getCurrentStakeLimit();
        uint256 last = token.lastSnapshotTime();
        _pause(block.timestamp + LONGEST);
        assertEq(token.getCurrentStakeLimit(), limit, "stake limit");
        assertEq(token.stakingPausedUntil(), 0, "staking");
        assertEq(token.lastSnapshotTime(), last, "snapshot time");
        assertFalse(token.checkpointOpen(), "checkpoint");
        vm.prank(alice);
        token.transfer(bob, 1 ether);
        uint256 id = request(alice, 10 ether);
        twoCheckpoints();
        assertEq(claim(alice, id), 10 ether, "G3: request, close and claim go on");
        stake(bob, 1 ether);
        assertEq(token.balanceOf(bob), 2 ether, "G3: transfers and stakes too");
    }

    function test_PauseExits_NeedsNoLock() public {
        vm.prank(address(checkpoints));
        token.acquireLock();
        _pause(block.timestamp + 1 days);
        assertEq(
            token.exitsPausedUntil(), block.timestamp + 1 days, "a slash proof may come while it is held"
        );
    }

    // ------------------------------------------------------------ bounds at deployment

    function _token(uint256 feeBps, uint256 age) private returns (StakedEther) {
        StakedEther.Config memory config = StakedEther.Config({
            queue: address(queue),
            withdrawalVault: address(withdrawalVault),
            executionVault: address(executionVault),
            validators: address(validators),
            checkpoints: address(checkpoints),
            bondHolder: address(registry),
            brake: alice,
            beaconDeposit: SystemContracts.depositContract(),
            instantExitFeeBps: feeBps,
            instantExitSnapshotAge: age
        });
        return new StakedEther{ value: 1 ether }(config);
    }

    function _expectInvalid(string memory field, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.ConfigInvalid.selector, field, value));
    }

    function test_Deploy_TakesFeeAndAgeWithinBounds() public {
        StakedEther least = _token(1, 1);
        assertEq(least.instantExitFeeBps(), 1, "least fee");
        assertEq(least.instantExitSnapshotAge(), 1, "least age");
        StakedEther most = _token(500, 3 days);
        assertEq(most.instantExitFeeBps(), 500, "largest fee");
        assertEq(most.instantExitSnapshotAge(), 3 days, "largest age");
    }

    function test_RevertWhen_FeeIsOutOfBounds() public {
        _expectInvalid("instantExitFeeBps", 0);
        _token(0, 1 days);
        _expectInvalid("instantExitFeeBps", 501);
        _token(501, 1 days);
        _expectInvalid("instantExitFeeBps", type(uint256).max);
        _token(type(uint256).max, 1 days);
    }

    function test_RevertWhen_SnapshotAgeIsOutOfBounds() public {
        _expectInvalid("instantExitSnapshotAge", 0);
        _token(10, 0);
        _expectInvalid("instantExitSnapshotAge", 3 days + 1);
        _token(10, 3 days + 1);
        _expectInvalid("instantExitSnapshotAge", type(uint256).max);
        _token(10, type(uint256).max);
    }

    function _terms(uint16 bpsPerDay, uint40 interval)
        private
        view
        returns (ICheckpoints.Parameters memory p)
    {
        p = _parameters();
        (p.maxRebaseBpsPerDay, p.interval) = (bpsPerDay, interval);
        p.lossThresholdBps = 0; // has a bound of its own
    }

    function _implementation(StakedEther at_) private returns (address) {
        return address(
            new Checkpoints(
                Checkpoints.Config({
                    token: at_,
                    queue: IWithdrawalQueue(alice),
                    validators: IValidatorManager(alice),
                    inFlight: IDepositsInFlight(alice),
                    proofs: IBeaconProofs(alice),
                    fees: IFeeSplit(alice),
                    withdrawalVault: IWithdrawalVault(alice),
                    executionVault: IExecutionRewardsVault(alice),
                    penalties: alice,
                    governance: alice
                })
            )
        );
    }

    function _deployed(StakedEther at_, ICheckpoints.Parameters memory p)
        private
        returns (ICheckpoints.Parameters memory)
    {
        bytes memory init = abi.encodeCall(Checkpoints.initialize, (p));
        return Checkpoints(Modules.proxy(_implementation(at_), init)).parameters();
    }

    function _refused(StakedEther at_, ICheckpoints.Parameters memory p, string memory field, uint256 value)
        private
    {
        address implementation = _implementation(at_);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointConfigInvalid.selector, field, value));
        Modules.proxy(implementation, abi.encodeCall(Checkpoints.initialize, (p)));
    }

    /// H6: what three days may hide never exceeds the fee.
    function test_RevertWhen_TheRebaseIsAboveAThirdOfTheFee() public {
        for (uint16 bps = 1; bps <= 10; ++bps) {
            StakedEther justBelow = _token(3 * uint256(bps) - 1, 1 days);
            _refused(justBelow, _terms(bps, INTERVAL), "maxRebaseBpsPerDay", bps);
            StakedEther enough = _token(3 * uint256(bps), 1 days);
            ICheckpoints.Parameters memory p = _deployed(enough, _terms(bps, INTERVAL));
            assertEq(p.maxRebaseBpsPerDay, bps, "three days' rebase is just the fee");
        }
    }

    /// H6: nor does a loss that stops no exits.
    function test_RevertWhen_TheLossThresholdIsAboveTheFee() public {
        ICheckpoints.Parameters memory p = _parameters();
        for (uint16 bps = 9; bps <= 20; ++bps) {
            StakedEther at_ = _token(bps, 1 days);
            p.lossThresholdBps = bps + 1;
            _refused(at_, p, "lossThresholdBps", bps + 1);
            p.lossThresholdBps = bps;
            assertEq(_deployed(at_, p).lossThresholdBps, bps, "just the fee");
        }
    }

    /// H6: at most two intervals old.
    function test_RevertWhen_TwoIntervalsAreShorterThanTheSnapshotAge() public {
        StakedEther days2 = _token(10, 2 days);
        _refused(days2, _terms(3, 1 days - 1), "interval", 1 days - 1);
        assertEq(_deployed(days2, _terms(3, 1 days)).interval, 1 days, "just long enough");
        StakedEther odd = _token(10, 2 days - 1);
        _refused(odd, _terms(3, 1 days - 1), "interval", 1 days - 1);
        assertEq(_deployed(odd, _terms(3, 1 days)).interval, 1 days, "a second to spare");
    }
}

/// A captured validators or checkpoints contract, and instant exits.
/// forge-config: default.fuzz.runs = 128
/// forge-config: nightly.fuzz.runs = 10000
contract StakedEtherHostileCallersTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 500 ether);
        stake(bob, 499 ether);
        rebase(0);
    }

    /// Pauses, marks and the lock move no wei and no share, and the longest they can hold exits up ends.
    function testFuzz_Attack_HostileCallersOnlyDelayExits(uint256 seed) public {
        bytes32 books = _books();
        for (uint256 i; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            bytes memory data =
                abi.encodeCall(token.pauseExits, (uint40(block.timestamp + (seed >> 8) % 50 days)));
            if (seed % 5 == 1) data = abi.encodeCall(token.markCheckpoint, (seed >> 8 & 1 == 0));
            if (seed % 5 == 2) data = abi.encodeCall(token.acquireLock, ());
            if (seed % 5 == 3) data = abi.encodeCall(token.releaseLock, ());
            if (seed % 5 == 4) data = abi.encodeCall(token.pauseExits, (type(uint40).max));
            vm.prank(seed >> 200 & 1 == 0 ? address(validators) : address(checkpoints));
            (bool ok,) = address(token).call(data);
            if (seed % 5 == 4) assertFalse(ok, "no pause for ever");
            vm.warp(block.timestamp + (seed >> 64) % 1 days);
        }
        assertEq(_books(), books, "no wei, no share");
        assertLe(token.exitsPausedUntil(), block.timestamp + 40 days, "bounded");
        vm.prank(alice);
        token.transfer(bob, 1 ether);
        assertEq(queue.ownerOf(request(alice, 1 ether)), alice, "G3: requests go on, whatever is held");

        uint256 until = token.exitsPausedUntil();
        if (until > block.timestamp) vm.warp(until);
        vm.startPrank(address(checkpoints));
        token.releaseLock(); // as the end of the transaction would
        token.applyRebase(uint40(block.timestamp), 0, 0, 0); // an honest close
        vm.stopPrank();
        vm.prank(alice);
        assertEq(token.instantExit(1 ether, 0, alice), 0.999 ether, "then it goes on");
    }

    function _books() private view returns (bytes32) {
        (uint256 s, uint256 e) = token.ledger();
        (uint256 markEther, uint256 markShares) = token.mark();
        uint256 held = token.sharesOf(alice) + token.sharesOf(bob);
        return keccak256(abi.encode(s, e, markEther, markShares, held, address(token).balance));
    }

    /// Forged gains are sold to the pool: 10 bps a day of what leaves, and 1 % of the pool a day leaves.
    function testFuzz_Attack_AForgedGainThenExitIsBounded(uint256 days_, uint256 over) public {
        days_ = bound(days_, 1, 10);
        request(bob, 300 ether);
        uint256 had = alice.balance;
        for (uint256 i; i < days_; ++i) {
            vm.warp(block.timestamp + 1 days);
            uint256 gain = token.getTotalPooledEther() / 1000;
            uint256 most = token.getTotalPooledEther() + gain;
            uint256 forged = gain + 2 + over % 1000 ether;
            vm.startPrank(address(checkpoints));
            bytes4 above = IStakedEther.RebaseAboveCap.selector;
            vm.expectRevert(abi.encodeWithSelector(above, most - gain + forged, most));
            token.applyRebase(uint40(block.timestamp), int256(forged), 0, 0);
            token.applyRebase(uint40(block.timestamp), int256(gain), 0, 0);
            vm.stopPrank();
            uint256 amount = token.quoteInstantExit(0).available;
            assertLe(amount, token.getTotalPooledEther() / 100, "H6: 1 % a day");
            vm.prank(alice);
            token.instantExit(amount, 0, alice);
        }
        uint256 wealth = alice.balance - had + token.balanceOf(alice);
        assertLe(wealth * (10_000 - 10 * days_), 500 ether * 10_000, "H8: 10 bps a day");
        assertGe(token.ownEther(), queue.unfinalizedStETH(), "H2: the queue's ether is there");
    }
}
