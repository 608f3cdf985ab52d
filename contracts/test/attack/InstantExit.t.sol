// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IStakedEther } from "../../src/deposit/IStakedEther.sol";
import { StackFixture } from "../support/StackFixture.sol";
import { Vm } from "forge-std/Vm.sol";

/// Reads and acts while it is being paid, and keeps what it saw and what came of it.
contract Robber {
    struct Call {
        address to;
        uint256 value;
        bytes data;
    }

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    IStakedEther private immutable TOKEN;
    Call[] private _calls;
    Call[] private _readers;
    bool[] public succeeded;
    bytes[] public reasons;
    bytes32 public seen;
    /// A contract of the stack that opens the lock for it, 0 for none.
    address public accomplice;

    constructor(IStakedEther token) {
        TOKEN = token;
    }

    function arm(address to, uint256 value, bytes memory data) external {
        _calls.push(Call(to, value, data));
    }

    function watch(address to, bytes memory data) external {
        _readers.push(Call(to, 0, data));
    }

    function bribe(address who) external {
        accomplice = who;
    }

    function run(address to, uint256 value, bytes memory data) external {
        (bool ok,) = to.call{ value: value }(data);
        require(ok, "run");
    }

    function look() public view returns (bytes32 all) {
        for (uint256 i; i < _readers.length; ++i) {
            (bool ok, bytes memory answer) = _readers[i].to.staticcall(_readers[i].data);
            require(ok, "look");
            all = keccak256(abi.encode(all, answer));
        }
    }

    receive() external payable {
        seen = look();
        while (succeeded.length < _calls.length) {
            uint256 i = succeeded.length;
            succeeded.push();
            reasons.push();
            if (accomplice != address(0)) {
                vm.prank(accomplice);
                TOKEN.releaseLock();
            }
            (succeeded[i], reasons[i]) = _calls[i].to.call{ value: _calls[i].value }(_calls[i].data);
        }
    }
}

/// H6, H2, M3: who is paid, what it costs, how much may leave. 2000 ETH, half of them on a validator.
/// forge-config: default.fuzz.runs = 64
/// forge-config: nightly.fuzz.runs = 2000
contract InstantExitAttackTest is StackFixture {
    Robber private robber;
    uint40 private index;

    function setUp() public override {
        super.setUp();
        robber = new Robber(token);
        stake(bob, 1898 ether);
        vm.deal(address(robber), 200 ether);
        robber.run(address(token), 100 ether, abi.encodeCall(token.submit, (address(0))));
        index = member(joinOperator(), 1, 1000e9);
        beacon.tick(7200);
        checkpoint();
    }

    function _exitCall(uint256 amount) private view returns (bytes memory) {
        return abi.encodeCall(token.instantExit, (amount, 0, address(robber)));
    }

    function _wealth(address who) private view returns (uint256) {
        return who.balance + token.balanceOf(who);
    }

    /// Leaves with all that can leave now; returns the gross amount.
    function _exitAll(address who) private returns (uint256 amount) {
        uint256 most = token.balanceOf(who);
        amount = token.quoteInstantExit(0).available;
        if (amount > most) amount = most;
        if (amount < 2) return 0;
        vm.prank(who);
        token.instantExit(amount, 0, who);
    }

    function _rate() private view returns (uint256) {
        return token.getPooledEthByShares(1e36);
    }

    function test_Attack_ThePaidCannotReenterTheStack() public {
        waitForCheckpoint(); // only the lock stands against an open
        uint40 second = onboard(1, 2);
        askFunding(1, 2, 32e9);
        Snapshot memory none;
        bytes memory fund =
            abi.encodeCall(validators.fund, (beacon.validatorsProof(one(second), true), keysOf(2)));
        robber.arm(address(token), 0, _exitCall(1 ether));
        robber.arm(address(token), 1 ether, abi.encodeCall(token.submit, (address(0))));
        robber.arm(address(token), 1 ether, abi.encodeCall(token.stake, (alice, 0)));
        robber.arm(address(token), 1 ether, "");
        robber.arm(address(wrapped), 1 ether, abi.encodeCall(wrapped.stakeAndWrap, (alice, 0)));
        robber.arm(address(checkpoints), 0, abi.encodeCall(checkpoints.open, ()));
        robber.arm(address(checkpoints), 0, abi.encodeCall(checkpoints.close, (none, alice)));
        robber.arm(address(validators), 0, fund);
        robber.arm(address(token), 0, abi.encodeCall(token.releaseLock, ()));
        robber.run(address(token), 0, _exitCall(5 ether));
        bytes memory reentrant = abi.encodeWithSelector(IStakedEther.ReentrantCall.selector);
        for (uint256 i; i < 8; ++i) {
            assertFalse(robber.succeeded(i), "refused");
            assertEq(robber.reasons(i), reentrant, "by the one lock");
        }
        bytes4 error_ = IStakedEther.CallerNotAllowed.selector;
        assertEq(robber.reasons(8), abi.encodeWithSelector(error_, address(robber)), "nor is it its to open");
        stake(alice, 1 ether);
        assertEq(token.balanceOf(alice), 1 ether, "it is free again afterwards");
    }

    /// What needs no lock may be done, in full effect, and nothing is gained by it.
    function test_Attack_ThePaidMayMoveRequestUnwrapAndClaim() public {
        address r = address(robber);
        robber.run(address(token), 0, abi.encodeCall(token.approve, (address(queue), 10 ether)));
        robber.run(address(token), 0, abi.encodeCall(token.approve, (address(wrapped), 10 ether)));
        robber.run(address(queue), 0, abi.encodeCall(queue.requestWithdrawals, (ones(6 ether), r)));
        robber.run(address(wrapped), 0, abi.encodeCall(wrapped.wrap, (10 ether)));
        twoCheckpoints();
        uint256 wealth = _wealth(r) + 10 ether + 6 ether; // wrapped, claimable
        robber.arm(address(token), 0, abi.encodeCall(token.transfer, (alice, 3 ether)));
        robber.arm(address(queue), 0, abi.encodeCall(queue.requestWithdrawals, (ones(4 ether), r)));
        robber.arm(address(wrapped), 0, abi.encodeCall(wrapped.unwrap, (10 ether)));
        robber.arm(address(queue), 0, abi.encodeCall(queue.claimWithdrawals, (ones(1), ones(1))));
        robber.run(address(token), 0, _exitCall(8 ether));
        for (uint256 i; i < 4; ++i) {
            assertTrue(robber.succeeded(i), "allowed");
        }
        assertEq(_wealth(r) + 3 ether + 4 ether, wealth - 0.008 ether, "L3: the fee is gone, nothing is made");
        uint256 sum = token.sharesOf(r) + token.sharesOf(bob) + token.sharesOf(alice);
        sum += token.sharesOf(address(queue)) + token.sharesOf(address(registry));
        assertEq(sum + token.sharesOf(address(0xdEaD)), token.getTotalShares(), "L1");
    }

    /// Were the lock opened for it: the books are finished by then, so each exit pays what it burns.
    function test_Attack_NestedExitsWithoutTheLockPayOnce() public {
        uint256 wealth = _wealth(address(robber));
        robber.bribe(address(validators));
        robber.arm(address(token), 0, _exitCall(7 ether));
        robber.arm(address(token), 0, _exitCall(4 ether));
        robber.run(address(token), 0, _exitCall(8 ether));
        assertTrue(robber.succeeded(0) && robber.succeeded(1), "both");
        assertEq(_wealth(address(robber)), wealth - 0.019 ether, "three fees, nothing made");
        assertEq(token.quoteInstantExit(1).available, 1 ether, "and all three are counted");
    }

    /// Read-only reentrancy, at any rate: inside it looks as it does after, and the rate is the one before.
    function testFuzz_Attack_EveryRateReadInsideIsThatOfAfter(uint256 seed, uint256 amount) public {
        rebase(seed % 2 == 0 ? int256(seed % 6 ether) : -int256(seed % 1900 ether));
        amount = bound(amount, 2, token.getTotalPooledEther() / 200);
        robber.watch(address(token), abi.encodeCall(token.ledger, ()));
        robber.watch(address(token), abi.encodeCall(token.totalSupply, ()));
        robber.watch(address(token), abi.encodeCall(token.balanceOf, (address(robber))));
        robber.watch(address(token), abi.encodeCall(token.getPooledEthByShares, (1e27)));
        robber.watch(address(token), abi.encodeCall(token.getSharesByPooledEth, (1 ether)));
        robber.watch(address(token), abi.encodeCall(token.freeEther, ()));
        robber.watch(address(token), abi.encodeCall(token.ownEther, ()));
        robber.watch(address(token), abi.encodeCall(token.quoteInstantExit, (1 gwei)));
        robber.watch(address(wrapped), abi.encodeCall(wrapped.getRate, ()));
        robber.watch(address(wrapped), abi.encodeCall(wrapped.convertToAssets, (7 ether)));
        robber.watch(address(leaving), abi.encodeCall(leaving.quote, (1 gwei)));
        (uint256 before, bytes32 pool) = (_rate(), robber.look());
        robber.run(address(token), 0, _exitCall(amount));
        assertTrue(robber.seen() != pool, "the exit was booked before the payment");
        assertEq(robber.seen(), robber.look(), "and nothing after it");
        assertApproxEqAbs(_rate(), before, 1, "the rate is the one before, to a part of a wei");
    }

    /// C1: what is staked and taken out in one transaction loses the fee; most of it cannot even leave.
    function testFuzz_Attack_StakeAndExitLosesTheFee(uint256 seed, uint256 amount) public {
        moveRate(seed);
        rebase(0);
        amount = bound(amount, 1 gwei, 40_000 ether);
        stake(alice, amount);
        uint256 out = _exitAll(alice);
        assertGe(out, amount / 101, "something left at once");
        assertLe(_wealth(alice), 1_000_000 ether - out / 1000, "L3: the fee is the loss");
        assertLe(out, token.getTotalPooledEther() / 99 + 1, "no more than 1 % of the pool");
    }

    function testFuzz_Attack_ManySmallExitsPayNoMoreThanOne(uint256 seed, uint256 amount) public {
        rebase(-int256(seed % 1900 ether));
        amount = bound(amount, 100, token.getTotalPooledEther() / 200);
        uint256 state = vm.snapshotState();
        vm.prank(bob);
        uint256 whole = token.instantExit(amount, 0, bob);
        uint256 burnt = token.getTotalShares();
        vm.revertToState(state);
        uint256 parts;
        vm.startPrank(bob);
        for (uint256 i; i < 20; ++i) {
            parts += token.instantExit(i == 19 ? amount - amount / 20 * 19 : amount / 20, 0, bob);
        }
        assertLe(parts, whole, "each fee rounds up");
        assertLe(token.getTotalShares(), burnt, "so do the shares of each");
    }

    /// H6: everybody knows of a loss that is not proven. All that can leave until the snapshot is old: the limit, and
    /// what it regrows.
    function testFuzz_Attack_LeakOfAnUnprovenLossIsBounded(uint256 lossGwei) public {
        lossGwei = bound(lossGwei, 1e9, 1000e9);
        beacon.setBalance(index, beacon.balanceOf(index) - uint64(lossGwei));
        uint256 last = token.lastSnapshotTime();
        uint256 state = vm.snapshotState();
        checkpoint();
        uint256 fair = _rate();
        vm.revertToState(state);
        uint256 out = _exitAll(bob);
        while (block.timestamp + 5 hours <= last + EXIT_SNAPSHOT_AGE) {
            beacon.tick(1500);
            out += _exitAll(bob);
        }
        assertLe(out, 2000 ether * (1 days + EXIT_SNAPSHOT_AGE) / 1 days / 100, "1 % and its regrowth");
        checkpoint();
        uint256 leak = _rate() < fair ? (fair - _rate()) * token.getTotalShares() / 1e36 : 0;
        // they are spared the loss on what they took out, less the fee
        uint256 spared = out * lossGwei / 2000e9;
        assertApproxEqAbs(leak, spared > out / 1000 ? spared - out / 1000 : 0, 1e9, "loss on it less the fee");
        if (lossGwei * 10_000 <= 2000e9 * 10) assertEq(leak, 0, "a loss of the fee or less leaks nothing");
        else assertLt(leak * 10_000, 2000 ether * 300, "never 3 % of the pool");
    }

    /// H6, A6: stake, close, exit around the largest gain a close may book: three days' cap is below the fee. And who
    /// leaves before the gain leaves it, and the fee, to the others.
    function testFuzz_Attack_SandwichOfACloseNeverPays(uint256 gain, uint256 days_, uint256 amount) public {
        beacon.setBalance(index, beacon.balanceOf(index) + uint64(bound(gain, 1e9, 500e9)));
        robber.run(address(token), 0, _exitCall(10 ether));
        beacon.tick(uint64(7200 * bound(days_, 1, 6)));
        amount = bound(amount, 1 ether, 40_000 ether);
        uint256 before = _rate();
        stake(alice, amount);
        uint256 left = alice.balance;
        checkpoint();
        uint256 shares = token.sharesOf(alice);
        _exitAll(alice);
        uint256 paid = (shares - token.sharesOf(alice)) * before / 1e36;
        assertLe(_rate(), before * 10_009 / 10_000 + 1, "9 bps at most");
        assertLe(alice.balance - left, paid - paid / 10_000, "so a basis point is lost at least");
        assertLt(address(robber).balance - 100 ether, 10 ether * _rate() / before, "as by leaving before");
    }

    /// A stake raises the limit at once. It lets out 1 % of the pool with the stake in it, never the stake, which then
    /// bears the loss that was to be fled from.
    function testFuzz_Attack_InflatingTheLimitNeverPays(uint256 amount) public {
        beacon.setBalance(index, 900e9);
        uint256 plain = _flee(0);
        assertLe(_flee(bound(amount, 1 ether, 40_000 ether)), plain, "worse than fleeing without it");
    }

    function _flee(uint256 flash) private returns (uint256 wealth) {
        uint256 state = vm.snapshotState();
        address r = address(robber);
        vm.deal(r, 50_000 ether);
        if (flash != 0) robber.run(address(token), flash, abi.encodeCall(token.submit, (address(0))));
        assertLe(_exitAll(r) * 100, 2000 ether + flash, "1 % of the pool");
        assertEq(_exitAll(r), 0, "once");
        checkpoint();
        wealth = _wealth(r);
        vm.revertToState(state);
    }

    /// H2: whoever leaves at once, for days, what is requested is paid whole.
    function testFuzz_Attack_TheQueuesEtherStays(uint256 seed) public {
        uint256 asked = bound(seed, 900 ether, token.ownEther());
        uint256 id = request(bob, asked);
        for (uint256 i; i < 3; ++i) {
            _exitAll(bob);
            assertGe(token.ownEther(), queue.unfinalizedStETH(), "H2: covered as before");
            beacon.tick(1800);
        }
        twoCheckpoints();
        assertGe(claim(bob, id) + 1, asked, "paid whole");
    }

    /// H5, H6: a loss shows while a checkpoint lies proven and unclosed. Closing it late, before the open that would
    /// prove the loss, books an old rate; nobody leaves at it until a newer one can be proven.
    function test_Attack_ALateCloseDoesNotOpenTheExitAtAnOldRate() public {
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        beacon.tick(6000); // 20 h
        beacon.setBalance(index, beacon.balanceOf(index) - 100e9);
        beacon.tick(1);
        checkpoints.close(s, address(this));
        uint256 until = block.timestamp + INTERVAL;
        assertEq(_exitAll(address(robber)), 0, "nothing can leave");
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.InstantExitPaused.selector, until));
        token.instantExit(1 ether, 0, bob);
        assertLe(checkpoints.opensAt(), until, "by then the next can be opened");
        uint256 rate = _rate();
        checkpoint();
        assertLt(_rate(), rate * 951 / 1000, "the loss is booked");
        assertEq(_exitAll(address(robber)), 0, "and may not be all of it");
        checkpoint();
        assertGt(_exitAll(address(robber)), 1 ether, "and exits go on, at the new rate");
    }

    /// One transaction with borrowed ether uses up the limit: it costs the fee, and delays others for a day at most.
    function test_Attack_ShuttingTheExitCostsTheFee() public {
        uint256 most = token.quoteInstantExit(0).available;
        vm.deal(keeper, 200 ether);
        vm.startPrank(keeper);
        token.submit{ value: most + 1 ether }(address(0));
        token.instantExit(most, 0, keeper);
        vm.stopPrank();
        assertLe(_wealth(keeper), 200 ether - most * EXIT_FEE_BPS / 10_000, "the fee is gone");
        uint256 retryAt = token.quoteInstantExit(most).retryAt;
        assertLe(retryAt, block.timestamp + 1 days, "a day at most");
        vm.warp(retryAt);
        assertGe(token.quoteInstantExit(most).available, most, "then others may");
    }
}
