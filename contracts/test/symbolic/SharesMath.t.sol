// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { SharesMath } from "../../src/types/SharesMath.sol";

/// Laws of rounding, for every amount, every share count and every ether of 64 bits: proven, not sampled (`npm run
/// analyse -- halmos`). Wider numbers are fuzzed in contracts/test/unit/types.
contract SharesMathLaws {
    /// Down is the largest number of shares that is worth no more than the amount.
    function check_ToSharesDown_IsTheFloor(uint64 amount, uint64 shares, uint64 pool) external pure {
        if (pool == 0) return;
        uint256 down = SharesMath.toSharesDown(amount, shares, pool);
        assert(down * pool <= uint256(amount) * shares);
        assert((down + 1) * pool > uint256(amount) * shares);
    }

    /// Up is the smallest number of shares that is worth no less than the amount.
    function check_ToSharesUp_IsTheCeiling(uint64 amount, uint64 shares, uint64 pool) external pure {
        if (pool == 0) return;
        uint256 up = SharesMath.toSharesUp(amount, shares, pool);
        assert(up * pool >= uint256(amount) * shares);
        assert(up == 0 || (up - 1) * pool < uint256(amount) * shares);
    }

    /// down <= up <= down + 1, both ways.
    function check_Up_IsDownOrOneMore(uint64 amount, uint64 shares, uint64 pool) external pure {
        if (pool == 0 || shares == 0) return;
        uint256 down = SharesMath.toSharesDown(amount, shares, pool);
        uint256 up = SharesMath.toSharesUp(amount, shares, pool);
        assert(down <= up && up <= down + 1);
        down = SharesMath.toEtherDown(amount, shares, pool);
        up = SharesMath.toEtherUp(amount, shares, pool);
        assert(down <= up && up <= down + 1);
    }

    /// In and out again gains nothing.
    function check_DownAndBack_NeverGains(uint64 amount, uint64 shares, uint64 pool) external pure {
        if (pool == 0 || shares == 0) return;
        uint256 got = SharesMath.toSharesDown(amount, shares, pool);
        assert(SharesMath.toEtherDown(got, shares, pool) <= amount);
    }

    /// What is taken for an amount is worth the amount.
    function check_Up_CoversWhatWasAsked(uint64 amount, uint64 shares, uint64 pool) external pure {
        if (pool == 0 || shares == 0) return;
        uint256 taken = SharesMath.toSharesUp(amount, shares, pool);
        assert(SharesMath.toEtherDown(taken, shares, pool) >= amount);
    }

    /// More ether never is fewer shares.
    function check_ToSharesDown_IsMonotone(uint64 less, uint64 more, uint64 shares, uint64 pool)
        external
        pure
    {
        if (pool == 0 || less > more) return;
        uint256 forLess = SharesMath.toSharesDown(less, shares, pool);
        assert(forLess <= SharesMath.toSharesDown(more, shares, pool));
    }

    /// L2: a stake at rounded-down shares never lowers the rate of those who are in: S x amount >= E x minted.
    function check_Stake_NeverLowersTheRate(uint64 amount, uint64 shares, uint64 pool) external pure {
        if (pool == 0) return;
        uint256 minted = SharesMath.toSharesDown(amount, shares, pool);
        assert((uint256(pool) + amount) * shares >= pool * (shares + minted));
    }

    /// L2: leaving with rounded-down ether never lowers the rate of those who stay, and never takes more than there is.
    function check_Exit_NeverLowersTheRate(uint64 leaving, uint64 shares, uint64 pool) external pure {
        if (shares == 0 || leaving > shares) return;
        uint256 paid = SharesMath.toEtherDown(leaving, shares, pool);
        assert(paid <= pool);
        assert(uint256(pool) * shares + uint256(pool) * leaving >= uint256(pool) * shares + paid * shares);
    }
}
