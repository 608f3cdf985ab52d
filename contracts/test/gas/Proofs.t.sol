// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { BalancesProof } from "../../src/validators/IBeaconProofs.sol";
import { GasFixture } from "../support/GasFixture.sol";
import { stdJson } from "forge-std/StdJson.sol";

/// proveBalances as a whole transaction, per validator, in a registry of 1,000,000 (packages/beacon/test/registryVectors.ts).
/// Run with --isolate.
contract ProofsGasTest is GasFixture {
    using stdJson for string;

    Snapshot private snapshot;

    function setUp() public override {
        super.setUp();
        beacon.setBalancesRoot(_registry().readBytes32(".balancesRoot"));
        _openNext();
    }

    function _openNext() private {
        beacon.tick(1);
        waitForCheckpoint();
        snapshot = openCheckpoint();
        checkpoints.proveState(snapshot, beacon.stateProof());
    }

    function _registry() private view returns (string memory) {
        return vm.readFile("contracts/test/vectors/registry.json");
    }

    /// Sets a word of the membership bitmap, where the reader reads it.
    function _setWord(uint256 word, uint256 bits) private {
        vm.record();
        validators.memberWords(abi.encodePacked(uint32(word)));
        (bytes32[] memory reads,) = vm.accesses(address(validators));
        vm.store(address(validators), reads[reads.length - 1], bytes32(bits));
        assertEq(validators.memberWords(abi.encodePacked(uint32(word)))[0], bits, "the word is set");
    }

    function _measure(string memory name, string memory key_, uint256 count) private {
        string memory json = _registry();
        string memory at = string.concat(".", name);
        uint256[] memory words = json.readUintArray(string.concat(at, ".words"));
        uint256[] memory bitmaps = json.readUintArray(string.concat(at, ".bitmaps"));
        for (uint256 i; i < words.length; ++i) {
            _setWord(words[i], bitmaps[i]);
        }
        bytes memory encoded = json.readBytes(string.concat(at, ".encoded"));
        uint256 sum = json.readUint(string.concat(at, ".sumGwei"));
        BalancesProof memory proof = abi.decode(encoded, (BalancesProof));
        checkpoints.proveBalances(snapshot, proof);
        _openNext(); // a prover that has proven before
        checkpoints.proveBalances(snapshot, proof);
        uint256 used = vm.lastCallGas().gasTotalUsed;
        assertEq(checkpoints.progress(address(this)).provenGwei, sum, "the sum of their balances");
        assertEq(checkpoints.progress(address(this)).provenCount, count, "all of them");
        vm.snapshotValue("Gas", key_, used / count);
        // against the least its own calldata costs (EIP-7623), in thousandths
        uint256 floor = _calldataFloor(abi.encodeCall(checkpoints.proveBalances, (snapshot, proof)));
        vm.snapshotValue("Gas", string.concat(key_, "FloorRatioMilli"), used * 1000 / floor);
    }

    function _calldataFloor(bytes memory data) private pure returns (uint256 gas_) {
        gas_ = 21_000;
        for (uint256 i; i < data.length; ++i) {
            gas_ += data[i] == 0 ? 10 : 40;
        }
    }

    function test_Gas_Contiguous100() public {
        _measure("contiguous100", "checkpointPerValidatorContiguous100", 100);
    }

    function test_Gas_Contiguous1000() public {
        _measure("contiguous1000", "checkpointPerValidatorContiguous1000", 1000);
    }

    function test_Gas_Runs490() public {
        _measure("runs490", "checkpointPerValidatorRuns490", 490);
    }

    function test_Gas_Spread100() public {
        _measure("spread100", "checkpointPerValidatorSpread100", 100);
    }

    function test_Gas_Spread1000() public {
        _measure("spread1000", "checkpointPerValidatorSpread1000", 1000);
    }
}
