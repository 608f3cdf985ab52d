// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice A limit that is used up and grows back evenly, from nothing to full in a day. Pure arithmetic in wei.
library RegrowingLimit {
    uint256 private constant PERIOD = 1 days;

    /// @param leftGwei Gwei that were left at `since` (Unix seconds, not after `timestamp`).
    /// @param full Wei of the whole limit now.
    /// @return Wei that are left at `timestamp`.
    function available(uint256 leftGwei, uint256 since, uint256 full, uint256 timestamp)
        internal
        pure
        returns (uint256)
    {
        // unchecked: since ≤ timestamp; gwei fit 64 bits, wei of a pool 128, seconds 40
        unchecked {
            uint256 grown = leftGwei * 1 gwei + full * (timestamp - since) / PERIOD;
            return grown < full ? grown : full;
        }
    }

    /// @param amount Wei, above what was left at `since` and at most `full`.
    /// @return The first Unix second at which `amount` is available, if nobody uses the limit and `full` stays.
    function grownAt(uint256 leftGwei, uint256 since, uint256 full, uint256 amount)
        internal
        pure
        returns (uint256)
    {
        // ⌊full × t / PERIOD⌋ ≥ missing exactly from t = ⌈missing × PERIOD / full⌉ on
        return since + ((amount - leftGwei * 1 gwei) * PERIOD + full - 1) / full;
    }
}
