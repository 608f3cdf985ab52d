// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconProofs } from "../../src/validators/BeaconProofs.sol";
import { ForkEntry } from "../../src/validators/ForkTable.sol";
import { IBeaconProofs } from "../../src/validators/IBeaconProofs.sol";
import { Modules } from "./Modules.sol";
import { StackFixture } from "./StackFixture.sol";

/// A handful of validators and a way to see that a proof is refused for its root.
abstract contract BeaconProofsFixture is StackFixture {
    uint256 internal constant COUNT = 11;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i; i < COUNT; ++i) {
            beacon.addValidator(key(i), bytes32(i + 1), uint64(32e9 + i * 1_000_003));
            beacon.activate(uint40(i), uint64(i));
        }
        beacon.tick(1);
    }

    /// Another table for the same network. This contract may propose its forks.
    function _newProofs(ForkEntry[] memory forks) internal returns (BeaconProofs) {
        return Modules.proofs(_constants(), forks, address(this), validators);
    }

    /// The call must end in ProofRootMismatch(root, something else).
    function _mustMismatch(bytes memory call, bytes32 root, string memory what) internal view {
        (bool ok, bytes memory reason) = address(proofs).staticcall(call);
        assertFalse(ok, what);
        assertEq(reason.length, 68, what);
        assertEq(bytes4(reason), IBeaconProofs.ProofRootMismatch.selector, what);
        bytes32 expected;
        bytes32 computed;
        assembly {
            expected := mload(add(reason, 0x24))
            computed := mload(add(reason, 0x44))
        }
        assertEq(expected, root, what);
        assertTrue(computed != root, what);
    }

    function _list(uint256 a, uint256 b, uint256 c) internal pure returns (uint40[] memory list) {
        list = new uint40[](3);
        (list[0], list[1], list[2]) = (uint40(a), uint40(b), uint40(c));
    }
}
