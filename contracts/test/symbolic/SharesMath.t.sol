// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { SharesMath } from "../../src/types/SharesMath.sol";

/// Laws of rounding, for every amount, every share count and every ether of 64 bits: proven, not sampled (`npm run
/// analyse -- halmos`). Rounding up, and wider numbers, are fuzzed in contracts/test/unit/types.
contract SharesMathLaws {
    /// Down is the largest number of shares that is worth no more than the amount.
    function check_ToSharesDown_IsTheFloor(uint64 amount, uint64 shares, uint64 pool) external pure {
        if (pool == 0) return;
        uint256 down = SharesMath.toSharesDown(amount, shares, pool);
        assert(down * pool <= uint256(amount) * shares);
        assert((down + 1) * pool > uint256(amount) * shares);
    }

    /// In and out again gains nothing.
    function check_DownAndBack_NeverGains(uint64 amount, uint64 shares, uint64 pool) external pure {
        if (pool == 0 || shares == 0) return;
        uint256 got = SharesMath.toSharesDown(amount, shares, pool);
        assert(SharesMath.toEtherDown(got, shares, pool) <= amount);
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

    /// L2: a stake never lowers the rate of those who are in: (E + amount) / (S + minted) >= E / S, multiplied out.
    function check_Stake_NeverLowersTheRate(uint64 amount, uint64 shares, uint64 pool) external pure {
        if (pool == 0) return;
        uint256 minted = SharesMath.toSharesDown(amount, shares, pool);
        assert(uint256(amount) * shares >= pool * minted);
    }

    /// L2: leaving never lowers the rate of those who stay: (E - paid) / (S - leaving) >= E / S, multiplied out.
    function check_Exit_NeverLowersTheRate(uint64 leaving, uint64 shares, uint64 pool) external pure {
        if (shares == 0 || leaving > shares) return;
        uint256 paid = SharesMath.toEtherDown(leaving, shares, pool);
        assert(paid * shares <= uint256(leaving) * pool);
    }
}
