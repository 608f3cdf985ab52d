// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { StackFixture } from "../../support/StackFixture.sol";
import { console } from "forge-std/console.sol";

/// L4, counted: a transfer of x wei moves x wei for both sides or, rarely, a wei more, and nothing of anybody else.
contract StakedEtherExactnessTest is StackFixture {
    /// `forge inspect StakedEther storageLayout`: `_ledger` and `_accounts`.
    uint256 private constant LEDGER_SLOT = 2;
    uint256 private constant ACCOUNTS_SLOT = 3;
    uint256 private constant START_RATE = 1e9; // shares of a wei

    /// @param off Transfers with a side that moved a wei more than was sent.
    /// @param paid Of them, those in which the sender paid it.
    /// @param got Of them, those in which the receiver got it.
    /// @param wrong Transfers with a side that moved less, or more than that.
    struct Count {
        uint256 transfers;
        uint256 off;
        uint256 paid;
        uint256 got;
        uint256 wrong;
    }

    uint256 private _random;

    function _next() private returns (uint256) {
        return _random = uint256(keccak256(abi.encode(_random)));
    }

    // ------------------------------------------------------------ the pool, set by hand

    function _setShares(address who, uint256 shares) private {
        vm.store(address(token), keccak256(abi.encode(who, ACCOUNTS_SLOT)), bytes32(shares));
    }

    /// Everybody's shares add up to the pool's: the keeper holds what alice and bob do not.
    function _setPool(uint256 shares, uint256 ethers, uint256 hers, uint256 his) private {
        vm.store(address(token), bytes32(LEDGER_SLOT), bytes32(ethers << 128 | shares));
        _setShares(alice, hers);
        _setShares(bob, his);
        _setShares(keeper, shares - hers - his);
        _setShares(address(0xdEaD), 0);
    }

    function test_SetPool_WritesTheRightSlots() public {
        _setPool(1000e9, 77, 300e9, 500e9);
        (uint256 s, uint256 e) = token.ledger();
        assertEq(s, 1000e9, "shares of the pool");
        assertEq(e, 77, "ether of the pool");
        assertEq(token.sharesOf(alice), 300e9, "hers");
        assertEq(token.sharesOf(bob), 500e9, "his");
        assertEq(token.sharesOf(keeper), 200e9, "the rest");
        assertEq(token.sharesOf(address(0xdEaD)), 0, "no seed");
    }

    // ------------------------------------------------------------ counting

    /// `n` transfers of all sizes, from a wei to the whole balance, half of them back.
    function _count(uint256 n, Count memory c) private {
        uint256 third = token.balanceOf(keeper);
        (uint256 s, uint256 e) = token.ledger();
        _oneWay(alice, bob, n / 2, c);
        _oneWay(bob, alice, n - n / 2, c);
        (uint256 s1, uint256 e1) = token.ledger();
        assertTrue(s1 == s && e1 == e, "the pool stays");
        assertEq(token.balanceOf(keeper), third, "L4: nobody else's");
        assertEq(token.sharesOf(alice) + token.sharesOf(bob) + token.sharesOf(keeper), s, "L1");
    }

    function _oneWay(address from, address to, uint256 n, Count memory c) private {
        uint256 random = _next();
        (uint256 a, uint256 b) = (token.balanceOf(from), token.balanceOf(to));
        vm.startPrank(from);
        for (uint256 i; i < n; ++i) {
            // a step of a linear congruential generator; its high half is good enough for sizes
            unchecked {
                random = random * 0x5851f42d4c957f2d14057b7ef767814f5851f42d4c957f2d14057b7ef767815 + 1;
            }
            uint256 amount = (random >> 128) % (a + 1) >> (random >> 250);
            if (amount == 0 && a != 0) amount = 1;
            token.transfer(to, amount);
            (uint256 a1, uint256 b1) = (token.balanceOf(from), token.balanceOf(to));
            (uint256 paid, uint256 got) = (a - a1, b1 - b);
            (a, b) = (a1, b1);
            if (paid != amount || got != amount) _note(paid, got, amount, c);
        }
        vm.stopPrank();
        c.transfers += n;
    }

    function _note(uint256 paid, uint256 got, uint256 amount, Count memory c) private pure {
        ++c.off;
        if (paid == amount + 1) ++c.paid;
        else if (paid != amount) ++c.wrong;
        if (got == amount + 1) ++c.got;
        else if (got != amount) ++c.wrong;
    }

    /// @param rate Ether of a share, 1e9 for the first one: up to 1e18, where a share is worth a wei.
    function _countAt(uint256 rate, uint256 n, Count memory c) private {
        uint256 shares = 1e27 + _next() % 1e36;
        uint256 hers = _next() % (shares / 2);
        _setPool(shares, shares * rate / 1e18, hers, _next() % (shares / 2));
        _count(n, c);
    }

    /// 1000 a run, at 1e-3 to 1e9 times the first rate.
    /// forge-config: default.fuzz.runs = 60
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_Transfer_IsOffByAWeiAtMost(uint256 seed) public {
        _random = seed;
        uint256 digits = 6 + _next() % 12;
        uint256 rate = 10 ** digits + _next() % (9 * 10 ** digits);
        Count memory c;
        _countAt(rate, 1000, c);
        assertEq(c.transfers, 1000, "as many as said");
        assertEq(c.wrong, 0, "L4: x or x + 1, never less, on either side");
        // a transfer moves less than a share too much, so each side is off in less than rate of all cases
        assertLe(c.off, 2 * c.transfers * rate / 1e18 + 20, "L4: as rarely as a share is small");
    }

    /// Balances that were made by a transfer of whole wei at the same rate have next to no fraction of a wei to spare:
    /// about half of them lose a wei more when a part is sent on. After a rebase they are like all others.
    function test_Transfer_OnFromABalanceJustReceived() public {
        stake(alice, 500_000 ether / 2 ** 4);
        rebase(1.234567890123456789 ether);
        (uint256 now_, uint256 later) = (0, 0);
        for (uint256 i; i < 500; ++i) {
            now_ += _receiveAndSendOn(i, false);
        }
        for (uint256 i = 500; i < 1000; ++i) {
            later += _receiveAndSendOn(i, true);
        }
        console.log("of 500 just received: %s, of 500 over a rebase: %s", now_, later);
        assertTrue(now_ > 200 && now_ < 300, "half of them, against the sender");
        assertEq(later, 0, "none after a rebase");
    }

    /// @return 1 if sending a part on took a wei more than was sent.
    function _receiveAndSendOn(uint256 i, bool rebased) private returns (uint256) {
        address middle = address(uint160(0xbeef0000 + i));
        uint256 amount = 1e9 + _next() % 1e18;
        vm.prank(alice);
        token.transfer(middle, amount);
        if (rebased) rebase(0.000987654321 ether);
        uint256 before = token.balanceOf(middle);
        uint256 part = 1 + _next() % (before - 1);
        vm.prank(middle);
        token.transfer(bob, part);
        uint256 paid = before - token.balanceOf(middle);
        assertTrue(paid == part || paid == part + 1, "L4");
        uint256 rest = token.balanceOf(middle);
        vm.prank(middle);
        token.transfer(bob, rest);
        assertEq(token.balanceOf(middle), 0, "the whole balance can always be moved");
        return paid - part;
    }

    /// The same transfers each time, at the rate or up to 10 % below it.
    function _row(uint256 times) private returns (Count memory c) {
        _random = times;
        for (uint256 i; i < 100; ++i) {
            _countAt(START_RATE * times * (900_000 + _next() % 100_000) / 1_000_000, 1000, c);
        }
        assertEq(c.transfers, 100_000, "as many as said");
        assertEq(c.wrong, 0, "L4: x or x + 1, never less, on either side");
        console.log("%s times the first rate: %s of 100,000 off by a wei", times, c.off);
        console.log("  the sender paid it in %s, the receiver got it in %s", c.paid, c.got);
    }

    /// The table of the documentation; `forge test -vv` prints it.
    function test_Transfer_HowManyAreOffByAWei() public {
        vm.pauseGasMetering();
        assertEq(_row(1).off, 0, "none");
        assertEq(_row(10).off, 0, "none");
        assertEq(_row(1e3).off, 0, "none, of a million one would be");
        Count memory c = _row(1e6);
        assertTrue(c.off != 0 && c.off <= 110, "one of a thousand");
        c = _row(1e9);
        assertTrue(c.off > 60_000 && c.off < 70_000, "two of three, where a share is worth a wei");
        assertApproxEqAbs(c.paid, c.got, 300, "as many for as against the sender");
    }
}
