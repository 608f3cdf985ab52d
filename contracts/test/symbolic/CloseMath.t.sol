// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { CloseMath } from "../../src/accounting/CloseMath.sol";

/// Laws of a close: proven for every input of the width that its signature says (`npm run analyse -- halmos`). The pot, the
/// fee and the whole of `compute` are fuzzed in contracts/test/unit/accounting.
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
}
