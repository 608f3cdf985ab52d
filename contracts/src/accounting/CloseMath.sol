// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { SharesMath } from "../types/SharesMath.sol";
import { FixedPointMathLib } from "solady/utils/FixedPointMathLib.sol";

/// @notice The arithmetic of a close, pure: the preview and the close share it (docs/accounting.md draws it). Ether in wei.
library CloseMath {
    using FixedPointMathLib for uint256;

    uint256 internal constant MAX_ELAPSED = 3 days;
    uint256 internal constant BPS = 10_000;

    /// @param total What the pool owned at the snapshot, on both layers.
    /// @param poolEtherAtOpen P.
    /// @param elapsed Seconds since the snapshot before.
    /// @param maxBpsPerDay Largest gain recognized a day, of P.
    /// @param feeBps Of the gain above the mark.
    /// @param shares Of the pool, now.
    /// @param poolEther Now: at least P, for nothing leaves the pool while a checkpoint is open.
    /// @param markShares Of the high-water mark.
    /// @param markEther Of the high-water mark.
    /// @param insurance Shares.
    /// @param spent Shares insurance has burnt and nobody has refilled.
    /// @param pot Shares.
    struct Input {
        uint256 total;
        uint256 poolEtherAtOpen;
        uint256 elapsed;
        uint256 maxBpsPerDay;
        uint256 feeBps;
        uint256 shares;
        uint256 poolEther;
        uint256 markShares;
        uint256 markEther;
        uint256 insurance;
        uint256 spent;
        uint256 pot;
    }

    /// @param refilled Shares that go from the pot to the insurance.
    /// @param shares Of the pool after it.
    /// @param poolEther After it.
    struct Outcome {
        int256 recognized;
        uint256 reserve;
        uint256 refilled;
        uint256 insuranceBurnt;
        uint256 potBurnt;
        uint256 penaltiesCovered;
        uint256 feeShares;
        uint256 shares;
        uint256 poolEther;
    }

    /// @notice recognize → insurance or pot → fee, in the order of protocol §4.4.
    function compute(Input memory i) internal pure returns (Outcome memory o) {
        uint256 limit = cap(i.poolEtherAtOpen, i.elapsed, i.maxBpsPerDay);
        (o.recognized, o.reserve) = recognize(i.total, i.poolEtherAtOpen, limit);
        o.refilled = i.spent.min(i.pot);
        (o.shares, o.poolEther) = (i.shares, i.poolEther);
        if (o.recognized < 0) {
            _bookLoss(i, o);
        } else {
            // ether fits 128 bits
            uint256 gain = uint256(o.recognized);
            o.potBurnt = (i.pot - o.refilled).min(potRoom(i.shares, i.poolEther, limit, gain));
            o.shares -= o.potBurnt;
            o.poolEther += gain;
            o.feeShares = _feeShares(i, o, gain);
            o.shares += o.feeShares;
        }
        // a pool of 0 ether has no rate at which to value what is burnt
        if (i.poolEther != 0) {
            o.penaltiesCovered = (o.insuranceBurnt + o.potBurnt).fullMulDiv(i.poolEther, i.shares);
        }
    }

    /// @dev The insurance gives what the loss was worth at the rate before it; at worst the pool is empty.
    function _bookLoss(Input memory i, Outcome memory o) private pure {
        uint256 loss = uint256(-o.recognized);
        o.poolEther = loss < i.poolEther ? i.poolEther - loss : 0;
        if (i.poolEther == 0) return;
        o.insuranceBurnt = (i.insurance + o.refilled).min(loss.fullMulDiv(i.shares, i.poolEther));
        o.shares -= o.insuranceBurnt;
    }

    /// @return Largest gain recognized.
    function cap(uint256 poolEtherAtOpen, uint256 elapsed, uint256 maxBpsPerDay)
        internal
        pure
        returns (uint256)
    {
        return poolEtherAtOpen * maxBpsPerDay * elapsed.min(MAX_ELAPSED) / (BPS * 1 days);
    }

    /// @return recognized Wei to book: a loss whole, a gain up to `limit`.
    /// @return reserve Wei gained and not recognized.
    function recognize(uint256 total, uint256 poolEtherAtOpen, uint256 limit)
        internal
        pure
        returns (int256 recognized, uint256 reserve)
    {
        // all amounts of ether are below 2^128
        if (total < poolEtherAtOpen) return (-int256(poolEtherAtOpen - total), 0);
        uint256 gain = total - poolEtherAtOpen;
        if (gain <= limit) return (int256(gain), 0);
        return (int256(limit), gain - limit);
    }

    /// @return Shares that may be burnt so that burn and gain together raise the rate no more than a gain of `limit`:
    /// (E + gain) / (S − b) ≤ (E + limit) / S. A wei less, for the token rounds its own bound down.
    function potRoom(uint256 shares, uint256 poolEther, uint256 limit, uint256 gain)
        internal
        pure
        returns (uint256)
    {
        if (poolEther == 0 || limit <= gain + 1) return 0;
        return shares.fullMulDiv(limit - 1 - gain, poolEther + limit - 1);
    }

    /// @dev base = min(gain, max(0, E − ⌈mark × S⌉)), where what the pot raised has moved the mark and pays no fee.
    function _feeShares(Input memory i, Outcome memory o, uint256 gain) private pure returns (uint256) {
        uint256 before = o.poolEther - gain;
        // mark = max(mark, E / S before the gain), compared as fractions of 128 bits each
        bool isAbove = before * i.markShares > i.markEther * o.shares;
        uint256 atMark = isAbove ? before : i.markEther.fullMulDivUp(o.shares, i.markShares);
        uint256 base = o.poolEther > atMark ? gain.min(o.poolEther - atMark) : 0;
        uint256 fee = base * i.feeBps / BPS;
        return fee == 0 ? 0 : fee.fullMulDiv(o.shares, o.poolEther - fee);
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
