// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { PayoutLine } from "../../src/deposit/PayoutLine.sol";
import { RebaseBounds } from "../../src/deposit/RebaseBounds.sol";
import { Gate, StakeLimit } from "../../src/deposit/StakeLimit.sol";

contract RebaseBoundsHarness {
    function requireSnapshotTime(uint256 snapshotTime, uint256 last) external view returns (uint256) {
        return RebaseBounds.requireSnapshotTime(snapshotTime, last);
    }

    function apply_(RebaseBounds.Input memory i) external pure returns (RebaseBounds.Result memory) {
        return RebaseBounds.apply_(i);
    }
}

contract StakeLimitHarness {
    function maximum(uint256 poolEther) external pure returns (uint256) {
        return StakeLimit.maximum(poolEther);
    }

    function available(Gate memory gate, uint256 poolEther, uint256 timestamp)
        external
        pure
        returns (uint256)
    {
        return StakeLimit.available(gate, poolEther, timestamp);
    }

    function consume(Gate memory gate, uint256 availableNow, uint256 amount, uint256 timestamp)
        external
        pure
        returns (Gate memory)
    {
        StakeLimit.consume(gate, availableNow, amount, timestamp);
        return gate;
    }
}

contract PayoutLineHarness {
    using PayoutLine for PayoutLine.Line;

    PayoutLine.Line private _line;

    function append(uint256 shares, uint256 amount) external returns (PayoutLine.Point memory) {
        return _line.append(shares, amount);
    }

    function newest() external view returns (uint256) {
        return _line.newest;
    }

    function end() external view returns (PayoutLine.Point memory) {
        return _line.end();
    }

    function find(uint256 x, uint256 low, uint256 high) external view returns (uint256) {
        return _line.find(x, low, high);
    }

    function valueAt(uint256 x) external view returns (uint256) {
        return _line.valueAt(x);
    }

    function claim(uint256 k, uint256 from, uint256 to) external view returns (uint256, uint256) {
        return _line.claim(k, from, to);
    }
}
