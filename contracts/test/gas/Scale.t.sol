// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { BalancesProof } from "../../src/validators/IBeaconProofs.sol";
import { GasFixture } from "../support/GasFixture.sol";

/// A whole checkpoint over 10,000 validators in a registry of 1,000,000: a thousand runs of ten, in batches of at most 500
/// (packages/beacon/test/support/scale.ts). Run with --isolate.
contract ScaleGasTest is GasFixture {
    struct Batch {
        uint256[] words;
        uint256[] bitmaps;
        uint64 sumGwei;
        uint32 count;
        BalancesProof proof;
    }

    struct Scale {
        bytes32 balancesRoot;
        uint64 sumGwei;
        uint32 count;
        Batch[] batches;
    }

    /// Half of the most gas a transaction may have, 2^24 (EIP-7825).
    uint256 private constant BOUND = 8_388_608;

    function test_Gas_CheckpointOverTenThousand() public {
        Scale memory s = abi.decode(vm.parseBytes(vm.readFile("contracts/out/scaleVectors.txt")), (Scale));
        assertEq(s.count, 10_000);
        beacon.setBalancesRoot(s.balancesRoot);
        beacon.tick(1);
        for (uint256 i; i < s.batches.length; ++i) {
            for (uint256 w; w < s.batches[i].words.length; ++w) {
                _setWord(s.batches[i].words[w], s.batches[i].bitmaps[w]);
            }
        }
        // one was proven before, as on any day but the first
        waitForCheckpoint();
        Snapshot memory snapshot = openCheckpoint();
        checkpoints.proveState(snapshot, beacon.stateProof());
        waitForCheckpoint();
        snapshot = openCheckpoint();
        checkpoints.proveState(snapshot, beacon.stateProof());
        vm.snapshotValue("Gas", "checkpointProveState", vm.lastCallGas().gasTotalUsed);
        uint256 total;
        for (uint256 i; i < s.batches.length; ++i) {
            checkpoints.proveBalances(snapshot, s.batches[i].proof);
            uint256 used = vm.lastCallGas().gasTotalUsed;
            assertLt(used, BOUND, "a bounded batch");
            total += used;
        }
        ICheckpoints.Progress memory p = checkpoints.progress(address(this));
        assertEq(p.provenCount, s.count, "all of them");
        assertEq(p.provenGwei, s.sumGwei, "the sum of their balances");
        vm.snapshotValue("Gas", "checkpointPerValidatorRuns10000", total / s.count);
    }

    /// Sets a word of the membership bitmap, where the reader reads it.
    function _setWord(uint256 word, uint256 bits) private {
        vm.record();
        validators.memberWords(abi.encodePacked(uint32(word)));
        (bytes32[] memory reads,) = vm.accesses(address(validators));
        vm.store(address(validators), reads[reads.length - 1], bytes32(bits));
    }
}
