// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IOperatorRegistry, TierTerms } from "./IOperatorRegistry.sol";

/// @notice The bond a stake requires: piecewise linear, `bondBps` up to the knee and `bondBpsAbove` from there on; and the
/// bounds of every term.
/// Pure arithmetic in gwei; all ether there is stays below 2^57 gwei, so no product passes 2^72.
library BondCurve {
    uint256 internal constant BPS = 10_000;
    uint256 internal constant UNBOUNDED = type(uint64).max;
    uint256 internal constant MAX_OPERATOR_SHARE_BPS = 2500;
    uint256 internal constant MAX_BOND_BPS = 5000;
    uint256 internal constant MAX_OPERATOR_FLOOR_GWEI = 50_000e9;
    uint256 internal constant MAX_TIER_FLOOR_GWEI = 100_000e9;

    /// @notice Reverts with the first term that is out of its bounds.
    function requireValid(TierTerms memory t) internal pure {
        _require(
            "operatorShareBps",
            t.operatorShareBps,
            t.operatorShareBps != 0 && t.operatorShareBps <= MAX_OPERATOR_SHARE_BPS
        );
        _require("tierShareBps", t.tierShareBps, t.tierShareBps != 0 && t.tierShareBps <= BPS);
        _require("operatorFloorGwei", t.operatorFloorGwei, t.operatorFloorGwei <= MAX_OPERATOR_FLOOR_GWEI);
        _require("tierFloorGwei", t.tierFloorGwei, t.tierFloorGwei <= MAX_TIER_FLOOR_GWEI);
        _require("bondBps", t.bondBps, t.bondBps <= MAX_BOND_BPS);
        _require("bondBpsAbove", t.bondBpsAbove, t.bondBpsAbove <= MAX_BOND_BPS);
    }

    function _require(string memory term, uint256 value, bool isValid) private pure {
        if (!isValid) revert IOperatorRegistry.TierTermInvalid(term, value);
    }

    /// @param poolGwei The whole pool.
    /// @return operatorGwei Largest stake of one operator.
    /// @return tierGwei Largest stake of the tier.
    function limits(TierTerms memory terms, uint64 poolGwei)
        internal
        pure
        returns (uint64 operatorGwei, uint64 tierGwei)
    {
        uint256 share = uint256(poolGwei) * terms.operatorShareBps / BPS;
        uint256 tierShare = uint256(poolGwei) * terms.tierShareBps / BPS;
        // a share of 64 bits fits 64 bits
        operatorGwei = share > terms.operatorFloorGwei ? uint64(share) : terms.operatorFloorGwei;
        tierGwei = tierShare > terms.tierFloorGwei ? uint64(tierShare) : terms.tierFloorGwei;
    }

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
