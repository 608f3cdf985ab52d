// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { TierTerms } from "./IOperatorRegistry.sol";

/// @notice The bond a stake requires: piecewise linear, `bondBps` up to the knee and `bondBpsAbove` from there on.
/// Pure arithmetic in gwei; all ether there is stays below 2^57 gwei, so no product passes 2^72.
library BondCurve {
    uint256 internal constant BPS = 10_000;
    uint256 internal constant UNBOUNDED = type(uint64).max;

    /// @return bondGwei Rounded up: for the pool.
    function required(TierTerms memory terms, uint256 stakeGwei) internal pure returns (uint256 bondGwei) {
        uint256 below = stakeGwei < terms.kneeGwei ? stakeGwei : terms.kneeGwei;
        uint256 scaled = below * terms.bondBps + (stakeGwei - below) * terms.bondBpsAbove;
        return (scaled + BPS - 1) / BPS;
    }

    /// @return stakeGwei The largest stake with `required(stakeGwei) <= bondGwei`, {UNBOUNDED} if there is none.
    function covered(TierTerms memory terms, uint256 bondGwei) internal pure returns (uint256 stakeGwei) {
        uint256 scaled = bondGwei * BPS;
        uint256 atKnee = uint256(terms.kneeGwei) * terms.bondBps;
        if (scaled < atKnee) return scaled / terms.bondBps; // atKnee above 0 means bondBps above 0
        if (terms.bondBpsAbove == 0) return UNBOUNDED;
        stakeGwei = terms.kneeGwei + (scaled - atKnee) / terms.bondBpsAbove;
    }
}
