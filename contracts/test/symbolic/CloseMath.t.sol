// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { CloseMath } from "../../src/accounting/CloseMath.sol";

/// Laws of a close: proven for every input of the width that its signature says (`npm run analyse -- halmos`). Wider
/// numbers, and the whole of `compute`, are fuzzed in contracts/test/unit/accounting.
contract CloseMathLaws {
    /// A1, A6: recognized + reserve = total - P; a gain never beyond the limit; a loss whole, without a reserve.
    function check_Recognize_SplitsTheResult(uint128 total, uint128 poolEther, uint128 limit) external pure {
        (int256 recognized, uint256 reserve) = CloseMath.recognize(total, poolEther, limit);
        assert(recognized + int256(reserve) == int256(uint256(total)) - int256(uint256(poolEther)));
        assert(recognized <= int256(uint256(limit)));
        assert(recognized >= 0 || reserve == 0);
        // nothing is held back while the limit has room
        assert(reserve == 0 || recognized == int256(uint256(limit)));
    }

    /// A6: after three days the cap grows no more, and it is the share of P that its name says, rounded down.
    function check_Cap_GrowsForThreeDays(uint64 poolEther, uint32 elapsed, uint16 bps) external pure {
        uint256 limit = CloseMath.cap(poolEther, elapsed, bps);
        uint256 time = elapsed < 3 days ? elapsed : 3 days;
        uint256 scaled = uint256(poolEther) * bps * time;
        assert(limit * (10_000 * 1 days) <= scaled);
        assert((limit + 1) * (10_000 * 1 days) > scaled);
    }

    /// A6: burn and gain together raise the rate no more than a gain of `limit` alone:
    /// (E + gain) / (S - b) <= (E + limit) / S, and shares are left.
    function check_PotRoom_KeepsTheRise(uint16 shares, uint16 poolEther, uint16 limit, uint16 gain)
        external
        pure
    {
        if (shares == 0 || gain > limit) return;
        uint256 burnt = CloseMath.potRoom(shares, poolEther, limit, gain);
        assert(burnt < shares);
        assert(
            (uint256(poolEther) + gain) * shares <= (uint256(poolEther) + limit) * (uint256(shares) - burnt)
        );
    }

    /// What is paid to the queue is affordable at the pool's rate, and never more than what may be finalized.
    function check_SharesToFinalize_AreAffordable(
        uint16 finalizable,
        uint16 available,
        uint16 shares,
        uint16 poolEther
    ) external pure {
        uint256 paid = CloseMath.sharesToFinalize(finalizable, available, shares, poolEther);
        assert(paid <= finalizable);
        assert(paid * poolEther <= uint256(available) * shares);
    }

    /// A3: with no pot and no loss before, the fee's shares are worth no more than the fee on the gain, and a wei and a
    /// share less at most.
    function check_Fee_IsWorthItsPart(uint8 shares, uint8 poolEther, uint8 gain, uint16 feeBps)
        external
        pure
    {
        if (shares == 0 || poolEther == 0 || feeBps > 1500) return;
        CloseMath.Input memory i;
        i.total = uint256(poolEther) + gain;
        (i.poolEtherAtOpen, i.poolEther, i.shares) = (poolEther, poolEther, shares);
        (i.markShares, i.markEther) = (shares, poolEther);
        (i.elapsed, i.maxBpsPerDay, i.feeBps) = (3 days, 10_000, feeBps);
        CloseMath.Outcome memory o = CloseMath.compute(i);
        uint256 booked = uint256(o.recognized);
        assert(booked == gain || booked == 3 * uint256(poolEther));
        assert(o.poolEther == poolEther + booked);
        assert(o.shares == shares + o.feeShares);
        // worth = feeShares * E / S <= fee
        assert(o.feeShares * o.poolEther * 10_000 <= booked * feeBps * o.shares);
    }

    /// A3, A1: a loss is booked whole and pays no fee; what insurance burns is worth no more than the loss.
    function check_Loss_PaysNoFee(uint8 shares, uint8 poolEther, uint8 loss, uint8 insurance, uint16 feeBps)
        external
        pure
    {
        if (poolEther == 0 || loss == 0 || loss > poolEther || insurance >= shares) return;
        CloseMath.Input memory i;
        i.total = uint256(poolEther) - loss;
        (i.poolEtherAtOpen, i.poolEther, i.shares) = (poolEther, poolEther, shares);
        (i.markShares, i.markEther) = (shares, poolEther);
        (i.elapsed, i.maxBpsPerDay, i.feeBps) = (3 days, 10, feeBps);
        i.insurance = insurance;
        CloseMath.Outcome memory o = CloseMath.compute(i);
        assert(o.recognized == -int256(uint256(loss)));
        assert(o.feeShares == 0 && o.potBurnt == 0 && o.reserve == 0);
        assert(o.poolEther == poolEther - loss);
        assert(o.insuranceBurnt <= insurance);
        assert(o.insuranceBurnt * poolEther <= uint256(loss) * shares);
        assert(o.shares == shares - o.insuranceBurnt);
    }
}
