// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconMock } from "../../support/BeaconMock.sol";
import { World } from "../../support/World.sol";
import { CommonBase } from "forge-std/Base.sol";
import { StdUtils } from "forge-std/StdUtils.sol";

/// What all handlers share: the stack, and L2 watched around each call.
abstract contract Actor is CommonBase, StdUtils {
    World internal immutable WORLD;
    World.Stack internal stack;

    constructor(World world) {
        WORLD = world;
        stack = world.stack();
    }

    /// For calls in which no rebase happens.
    modifier watched() {
        (uint256 s0, uint256 e0) = stack.token.ledger();
        _;
        (uint256 s1, uint256 e1) = stack.token.ledger();
        WORLD.noteRate(s0, e0, s1, e1);
    }

    function _one(uint256 value) internal pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = value;
    }

    function _index(uint40 index) internal pure returns (uint40[] memory list) {
        list = new uint40[](1);
        list[0] = index;
    }

    function _poolAlive() internal view returns (bool) {
        return stack.token.getTotalPooledEther() >= 1 ether;
    }
}
