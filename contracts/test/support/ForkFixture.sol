// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ForkEntry } from "../../src/validators/ForkTable.sol";
import { ForkProbe } from "../../src/validators/IBeaconProofs.sol";
import { StackFixture } from "./StackFixture.sol";

/// A pool with members, a fork that is proposed, and a chain that has come to it.
abstract contract ForkFixture is StackFixture {
    bytes4 internal constant NEXT_VERSION = 0x06000000;

    function setUp() public virtual override {
        governance = address(this);
        super.setUp();
        stake(alice, 1000 ether);
        for (uint256 n = 1; n <= 3; ++n) {
            beacon.addValidator(abi.encodePacked(bytes16("stranger"), bytes32(n)), bytes32(n), 40e9);
            member(joinOperator(), n, 32e9);
        }
        beacon.addPending(keyRoot(1), 1e9, beacon.slot());
    }

    /// The same indices under the next version, as early as may be.
    function _next() internal view returns (ForkEntry memory entry) {
        entry = _forks()[0];
        entry.version = NEXT_VERSION;
        entry.firstSlot = _earliest();
    }

    function _earliest() internal view returns (uint64) {
        return proofs.slotAt(block.timestamp + proofs.FORK_DELAY() + beacon.SECONDS_PER_SLOT() - 1);
    }

    function _propose(ForkEntry memory entry) internal {
        proofs.proposeFork(entry);
        beacon.tick(entry.firstSlot - beacon.slot() + 1);
        beacon.setVersion(entry.version);
        beacon.tick(2);
    }

    /// Proposed, begun, and an honest probe of it.
    function _proposed() internal returns (ForkEntry memory entry, ForkProbe memory probe) {
        entry = _next();
        _propose(entry);
        probe = beacon.forkProbe(entry, members);
    }

    function _expect(ForkProbe memory probe, bytes memory error) internal {
        vm.expectRevert(error);
        proofs.probeFork(probe);
    }

    /// The probe must end in a root mismatch: all it says is plausible, and not so.
    function _expectMismatch(ForkProbe memory probe, string memory what) internal {
        (bool ok, bytes memory reason) = address(proofs).call(abi.encodeCall(proofs.probeFork, (probe)));
        assertFalse(ok, what);
        assertEq(bytes4(reason), bytes4(keccak256("ProofRootMismatch(bytes32,bytes32)")), what);
    }
}
