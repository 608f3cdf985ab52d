// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Indices } from "./ICheckpoints.sol";

/// @notice Splits the rise of the rate at a close by source, from what its `Rebased` event says and nothing else; the same
/// arithmetic stands in packages/protocol. With E0, S0 before and E1, S1 after, S = S1 − fee shares (so S0 − S is what was
/// burnt):
///
///   penalties = E0/S − E0/S0     execution = X/S     fees = E1/S1 − E1/S     consensus = the remainder
///
/// which add up to E1/S1 − E0/S0, for E1 = E0 + consensus rewards + X.
library Attribution {
    int256 internal constant UNIT = 1e36;

    /// @return i With the close added.
    function grow(Indices memory i, ICheckpoints.Result memory r) internal pure returns (Indices memory) {
        uint256 shares = r.poolSharesAfter - r.feeShares;
        int256 before = _ratio(r.poolEtherBefore, r.poolSharesBefore);
        int256 penalties = _ratio(r.poolEtherBefore, shares) - before;
        int256 execution = _ratio(r.executionRewards, shares);
        int256 afterwards = _ratio(r.poolEtherAfter, r.poolSharesAfter);
        int256 fees = afterwards - _ratio(r.poolEtherAfter, shares);
        // casts: a rate below 2^127 / 1e36 = 170 wei a share holds, from 1e-9 at the start, for a pool that grew 1e11 times
        i.penalties += int128(penalties);
        i.execution += int128(execution);
        i.fees += int128(fees);
        i.consensus += int128(afterwards - before - penalties - execution - fees);
        return i;
    }

    /// @dev Rounded down. Ether below 2^128 wei times 1e36 fits 248 bits.
    function _ratio(uint256 ethers, uint256 shares) private pure returns (int256) {
        return int256(ethers * uint256(UNIT) / shares);
    }
}
