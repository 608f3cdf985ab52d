// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IStakedEther } from "../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { IWrappedStakedEther } from "../../src/deposit/IWrappedStakedEther.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// Reads the wrapper while it is being paid, as a market would, and then tries one call.
contract Watcher {
    IWrappedStakedEther private immutable WRAPPED;
    address private _to;
    uint256 private _value;
    bytes private _data;
    bytes public seen;
    bool public done;
    bytes public reason;

    constructor(IWrappedStakedEther wrapped) {
        WRAPPED = wrapped;
    }

    function arm(address to, uint256 value, bytes memory data) external {
        (_to, _value, _data) = (to, value, data);
    }

    function run(address to, uint256 value, bytes memory data) external {
        (bool ok, bytes memory why) = to.call{ value: value }(data);
        require(ok, string(why));
    }

    function read() public view returns (bytes memory) {
        IWrappedStakedEther w = WRAPPED;
        bytes memory rates = abi.encode(w.getRate(), w.stEthPerToken(), w.tokensPerStEth());
        return abi.encode(rates, w.convertToAssets(9e18), w.convertToShares(9e18), w.totalAssets());
    }

    receive() external payable {
        seen = read();
        if (_to != address(0)) (done, reason) = _to.call{ value: _value }(_data);
    }
}

/// forge-config: default.fuzz.runs = 128
/// forge-config: nightly.fuzz.runs = 10000
contract WrapperAttackTest is StackFixture {
    uint256 private constant UNIT = 1e9;
    address private thief = makeAddr("thief");
    address private second = makeAddr("thief's other account");

    function setUp() public override {
        super.setUp();
        stake(alice, 500 ether);
        stake(bob, 499 ether);
        vm.prank(bob);
        token.approve(address(wrapped), type(uint256).max);
    }

    function backed() private view {
        assertLe(wrapped.totalSupply() * UNIT, token.sharesOf(address(wrapped)), "L5");
    }

    /// In shares of caETH, the unit without rounding.
    function wealthOf(address who) private view returns (uint256) {
        return token.sharesOf(who) + wrapped.balanceOf(who) * UNIT;
    }

    /// The classic: one unit, then a donation far larger than the victim's deposit, and whatever follows.
    function testFuzz_Attack_FirstDepositorCannotRoundTheSecondAway(uint256 donated, uint256 amount) public {
        donated = bound(donated, 1, 400 ether);
        amount = bound(amount, 1, 499 ether);
        vm.startPrank(alice);
        token.approve(address(wrapped), 1);
        assertEq(wrapped.deposit(1, alice), 1, "a unit of one wei");
        token.transfer(address(wrapped), donated);
        vm.stopPrank();
        vm.startPrank(bob);
        assertEq(wrapped.deposit(amount, bob), amount, "all units, as if nothing had been given");
        assertEq(wrapped.maxWithdraw(bob), amount, "all of it can be had back");
        vm.stopPrank();
        assertEq(wrapped.maxWithdraw(alice), 1, "the attacker's unit is still a wei");
        vm.prank(alice);
        assertEq(wrapped.redeem(1, alice, alice), 1, "and gives one");
        vm.prank(bob);
        assertEq(wrapped.redeem(amount, bob, bob), amount, "the victim loses nothing");
        assertEq(token.balanceOf(address(wrapped)), donated, "the gift belongs to nobody");
        vm.prank(bob);
        wrapped.deposit(amount, bob);
        assertEq(wrapped.totalAssets(), amount, "nor to whoever comes next");
    }

    /// Ether cannot be given to the wrapper but by force, and then counts for nothing.
    function test_Attack_ForcedEtherIsNotCounted() public {
        wrap(bob, 10 ether);
        vm.deal(address(wrapped), 1000 ether);
        assertEq(wrapped.totalAssets(), 10 ether, "the units' worth");
        vm.prank(alice);
        assertEq(wrapped.stakeAndWrap{ value: 1 ether }(alice, 0), 1 ether, "only what was sent is staked");
    }

    /// The thief enters, leaves and moves between two accounts in forty steps, in all ways there are, most of them tiny.
    /// There is dust of others to be had, and it is not had.
    function testFuzz_Attack_ManyStepsGainNoShare(uint256 seed, uint256 dust) public {
        if (seed % 3 != 0) moveRate(seed / 3);
        uint256 units = wrapHalf(bob);
        vm.startPrank(alice);
        token.transferShares(thief, token.sharesOf(alice) / 2);
        token.transferShares(address(wrapped), bound(dust, 0, token.sharesOf(alice) / 2));
        vm.stopPrank();
        (uint256 wealth, uint256 victim) = (wealthOf(thief), wealthOf(bob));
        allow(thief, second);
        allow(second, thief);
        for (uint256 i; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            if (seed % 2 == 0) step(thief, second, seed >> 8);
            else step(second, thief, seed >> 8);
            assertLe(wealthOf(thief) + wealthOf(second), wealth, "not a share more, at any time");
            backed();
        }
        assertEq(wealthOf(bob), victim, "nobody else loses a share");
        vm.prank(bob);
        wrapped.unwrap(units);
        assertEq(token.sharesOf(bob), victim, "and all of it can be had");
        leaveAll(thief);
        leaveAll(second);
        assertEq(wrapped.totalSupply(), 0, "everybody is out");
        assertLe(token.sharesOf(thief) + token.sharesOf(second), wealth, "not a share more in the end");
    }

    function wrapHalf(address who) private returns (uint256 units) {
        uint256 half = token.balanceOf(who) / 2;
        vm.prank(who);
        units = wrapped.wrap(half);
    }

    function allow(address who, address spender) private {
        vm.startPrank(who);
        token.approve(address(wrapped), type(uint256).max);
        wrapped.approve(spender, type(uint256).max);
        vm.stopPrank();
    }

    function leaveAll(address who) private {
        uint256 units = wrapped.balanceOf(who);
        if (units == 0) return;
        vm.prank(who);
        wrapped.unwrap(units);
    }

    /// One verb of `from`, for itself or the other account. Three of four amounts are below a hundred.
    function step(address from, address to, uint256 r) private {
        uint256 units = pick(r, wrapped.balanceOf(from));
        uint256 amount = pick(r, token.balanceOf(from));
        uint256 mintable = pick(r, wrapped.convertToShares(token.balanceOf(from)));
        uint256 payable_ = pick(r, wrapped.maxWithdraw(from));
        uint256 wrappable = wrapped.convertToShares(amount);
        uint256 verb = (r >> 16) % 7;
        vm.startPrank((r >> 24) % 2 == 0 || verb < 4 || verb > 5 ? from : to);
        if (verb == 0) wrapped.deposit(amount, to);
        if (verb == 1) wrapped.mint(mintable, to);
        if (verb == 2 && wrappable != 0) wrapped.wrap(amount);
        if (verb == 3 && units != 0) wrapped.unwrap(units);
        if (verb == 4) wrapped.withdraw(payable_, to, from);
        if (verb == 5) wrapped.redeem(units, to, from);
        if (verb == 6) wrapped.transfer(to, units);
        vm.stopPrank();
    }

    function pick(uint256 r, uint256 most) private pure returns (uint256) {
        uint256 n = r % 4 == 0 ? r >> 32 : (r >> 32) % 100;
        return n > most ? n % (most + 1) : n;
    }

    /// L3: ether staked through the wrapper in small pieces is worth no more than what was paid.
    function testFuzz_Attack_ManySmallStakeAndWrapsGainNothing(uint256 seed) public {
        if (seed % 3 != 0) moveRate(seed / 3);
        uint256 paid;
        (uint256 s0, uint256 e0) = token.ledger();
        for (uint256 i; i < 20; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 amount = 1 + seed % 5000;
            vm.deal(thief, amount);
            vm.prank(thief);
            wrapped.stakeAndWrap{ value: amount }(thief, 0);
            paid += amount;
            backed();
        }
        (uint256 s1, uint256 e1) = token.ledger();
        assertLe(wrapped.maxWithdraw(thief), paid, "no wei more");
        assertGe(e1 * s0, e0 * s1, "L2: the rate does not fall");
        assertEq(e1, e0 + paid, "all of it is in the pool");
    }

    /// C1, by way of the wrapper: from stakeAndWrap to claim in one block, with 40,000 borrowed, after a day's gain.
    function test_Attack_StakeAndWrapRequestCheckpointClaimPaysNothing() public {
        dayWithGain();
        uint256 rate = wrapped.getRate();
        vm.startPrank(alice);
        uint256 units = wrapped.stakeAndWrap{ value: 40_000 ether }(alice, 0);
        wrapped.approve(address(queue), units);
        uint256 id = queue.requestWithdrawalsWstETH(ones(units), alice)[0];
        vm.stopPrank();
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        checkpoints.close(s, address(this));
        assertGt(wrapped.getRate(), rate, "there was a gain to be had");
        assertEq(queue.position(id).finalizedShares, 0, "not in reach of this close");
        uint256 newest = queue.getLastCheckpointIndex();
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.NothingToClaim.selector, id, uint256(0)));
        queue.claimWithdrawals(ones(id), ones(newest));
        assertEq(wrapped.totalSupply(), 0, "the units are burnt");
        assertEq(queue.unfinalizedShares(), units * UNIT, "their shares wait in the queue");
    }

    function dayWithGain() private {
        uint32 operator = joinOperator();
        stake(bob, 9000 ether);
        uint40 index = member(operator, 1, 1000e9);
        checkpoint();
        beacon.setBalance(index, beacon.balanceOf(index) + 0.8e9);
        waitForCheckpoint();
    }

    /// A tenth of the pool, half of it wrapped; a rate that is no round number, and fresh.
    function newWatcher(uint256 seed) private returns (Watcher watcher) {
        watcher = new Watcher(wrapped);
        vm.prank(alice);
        token.transfer(address(watcher), 100 ether);
        vm.deal(address(watcher), 1 ether);
        watcher.run(address(token), 0, abi.encodeCall(token.approve, (address(wrapped), 50 ether)));
        watcher.run(address(wrapped), 0, abi.encodeCall(wrapped.wrap, (50 ether)));
        if (seed % 2 == 0) rebase(int256(bound(seed, 0, 3 ether)));
        else rebase(-int256(bound(seed, 0, 990 ether)));
    }

    function exitCall(Watcher watcher, uint256 amount) private view returns (bytes memory) {
        amount = bound(amount, 2, token.quoteInstantExit(0).available);
        return abi.encodeCall(token.instantExit, (amount, 0, address(watcher)));
    }

    /// The books are finished before the ether goes out: who reads the rate inside reads the rate of after.
    function testFuzz_Attack_ReadingTheRateDuringAnInstantExit(uint256 seed, uint256 amount) public {
        Watcher watcher = newWatcher(seed);
        bytes memory exit = exitCall(watcher, amount);
        watcher.arm(address(wrapped), 1, abi.encodeCall(wrapped.stakeAndWrap, (address(watcher), 0)));
        (uint256 s0, uint256 e0) = token.ledger();
        uint256 rate = wrapped.getRate();
        watcher.run(address(token), 0, exit);
        (uint256 s1, uint256 e1) = token.ledger();
        assertLt(e1, e0, "it left the pool");
        bytes memory refusal = abi.encodeWithSelector(IStakedEther.ReentrantCall.selector);
        assertEq(watcher.reason(), refusal, "nobody stakes inside");
        assertEq(watcher.seen(), watcher.read(), "the same inside as after");
        assertGe(e1 * s0, e0 * s1, "L2: the rate does not fall");
        assertGe(wrapped.getRate(), rate, "L2: nor does the wrapper's");
        assertLe(wrapped.getRate() - rate, 1, "L2: and rises by rounding dust only");
    }

    /// What takes no lock may be called inside, in full effect, and gains nothing by it.
    function testFuzz_Attack_UnwrappingDuringAnInstantExitGainsNothing(uint256 seed, bool byAmount) public {
        Watcher watcher = newWatcher(seed);
        address w = address(watcher);
        uint256 wealth = wealthOf(w);
        bytes memory exit = exitCall(watcher, seed);
        uint256 most = wrapped.maxWithdraw(w);
        bytes memory leave = byAmount
            ? abi.encodeCall(wrapped.withdraw, (most, w, w))
            : abi.encodeCall(wrapped.unwrap, (wrapped.balanceOf(w)));
        watcher.arm(address(wrapped), 0, leave);
        (uint256 s0,) = token.ledger();
        watcher.run(address(token), 0, exit);
        (uint256 s1,) = token.ledger();
        assertTrue(watcher.done(), "allowed");
        assertLe(wealthOf(w), wealth - (s0 - s1), "not a share more");
        assertEq(wrapped.maxWithdraw(w), 0, "out of the wrapper");
        backed();
    }

    function testFuzz_Attack_ReadingAndActingDuringAClaim(uint128 seed) public {
        Watcher watcher = newWatcher(uint256(seed) * 2); // a gain: a loss would stop staking
        address w = address(watcher);
        watcher.run(address(wrapped), 0, abi.encodeCall(wrapped.approve, (address(queue), 20 ether)));
        bytes memory request = abi.encodeCall(queue.requestWithdrawalsWstETH, (ones(20 ether), w));
        watcher.run(address(queue), 0, request);
        vm.startPrank(address(checkpoints));
        token.finalizeShares(0);
        token.finalizeShares(20e27);
        vm.stopPrank();
        bytes memory before = watcher.read();
        (uint256 rate, uint256 wealth) = (wrapped.getRate(), wealthOf(w));
        watcher.arm(address(wrapped), 1 ether, abi.encodeCall(wrapped.stakeAndWrap, (w, 0)));
        watcher.run(address(queue), 0, abi.encodeCall(queue.claimWithdrawal, (1)));
        assertEq(watcher.seen(), before, "a claim moves no rate");
        assertTrue(watcher.done(), "it takes no lock");
        assertLe(wrapped.getRate() - rate, 1, "L2: staking inside it raises none but by dust");
        assertLe(token.getPooledEthByShares(wealthOf(w) - wealth), 1 ether, "L3");
        backed();
    }
}
