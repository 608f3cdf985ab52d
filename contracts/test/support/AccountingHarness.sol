// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { CloseMath } from "../../src/accounting/CloseMath.sol";

contract CloseMathHarness {
    function recognize(uint256 total, uint256 poolEther, uint256 elapsed, uint256 maxBpsPerDay)
        external
        pure
        returns (int256 recognized, uint256 reserve)
    {
        return CloseMath.recognize(total, poolEther, elapsed, maxBpsPerDay);
    }

    function sharesToFinalize(uint256 finalizable, uint256 available, uint256 poolShares, uint256 poolEther)
        external
        pure
        returns (uint256)
    {
        return CloseMath.sharesToFinalize(finalizable, available, poolShares, poolEther);
    }
}
