// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { SharesMath } from "../types/SharesMath.sol";

/// @notice The arithmetic of a close, pure: the preview and the close share it.
library CloseMath {
    uint256 internal constant MAX_ELAPSED = 3 days;
    uint256 internal constant BPS = 10_000;

    /// @param total Wei the pool owned at the snapshot, on both layers.
    /// @param poolEther P: the pool's wei at the snapshot.
    /// @param elapsed Seconds since the snapshot before.
    /// @param maxBpsPerDay Largest gain recognized a day, in bps of P.
    /// @return recognized Wei to book: a loss whole, a gain up to the cap.
    /// @return reserve Wei gained and not recognized.
    function recognize(uint256 total, uint256 poolEther, uint256 elapsed, uint256 maxBpsPerDay)
        internal
        pure
        returns (int256 recognized, uint256 reserve)
    {
        // all amounts of ether are below 2^128
        if (total < poolEther) return (-int256(poolEther - total), 0);
        uint256 time = elapsed < MAX_ELAPSED ? elapsed : MAX_ELAPSED;
        uint256 cap = poolEther * maxBpsPerDay * time / (BPS * 1 days);
        uint256 gain = total - poolEther;
        if (gain <= cap) return (int256(gain), 0);
        return (int256(cap), gain - cap);
    }

    /// @return Shares that `available` wei pay for at the new rate, at most `finalizable`.
    function sharesToFinalize(uint256 finalizable, uint256 available, uint256 poolShares, uint256 poolEther)
        internal
        pure
        returns (uint256)
    {
        if (poolEther == 0) return 0;
        uint256 payable_ = SharesMath.toSharesDown(available, poolShares, poolEther);
        return payable_ < finalizable ? payable_ : finalizable;
    }
}
