// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { StdCheatsSafe } from "forge-std/StdCheats.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { Vm } from "forge-std/Vm.sol";

/// Etches the real code of Ethereum's system contracts (scripts/systemContracts.ts takes it from a real genesis) and
/// plays the part of the system that calls them in every block.
library SystemContracts {
    using stdJson for string;

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address internal constant SYSTEM = 0xffffFFFfFFffffffffffffffFfFFFfffFFFfFFfE;

    function etch() internal {
        string memory json = vm.readFile("contracts/out/systemContracts.json");
        _etch(json, ".depositContract");
        _etch(json, ".beaconRoots");
        _etch(json, ".withdrawalRequests");
        // the first block after the fork switches EIP-7002 on
        endBlock();
    }

    function depositContract() internal view returns (address) {
        return vm.readFile("contracts/out/systemContracts.json").readAddress(".depositContract.address");
    }

    function _etch(string memory json, string memory name) private {
        address at = json.readAddress(string.concat(name, ".address"));
        vm.etch(at, json.readBytes(string.concat(name, ".code")));
        bytes32[] memory slots = json.readBytes32Array(string.concat(name, ".slots"));
        bytes32[] memory values = json.readBytes32Array(string.concat(name, ".values"));
        for (uint256 i; i < slots.length; ++i) {
            vm.store(at, slots[i], values[i]);
        }
    }

    /// Start of a block: EIP-4788 stores the parent's root under this block's timestamp.
    function setParentRoot(bytes32 root) internal {
        vm.prank(SYSTEM);
        (bool ok,) = 0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02.call(abi.encode(root));
        require(ok, "4788");
    }

    /// End of a block: EIP-7002 hands its queue to the consensus layer.
    /// @return requests 76 bytes each: source address, key, big-endian amount in gwei.
    function endBlock() internal returns (bytes memory requests) {
        vm.prank(SYSTEM);
        bool ok;
        (ok, requests) = 0x00000961Ef480Eb55e80D19ad83579A64c007002.call("");
        require(ok, "7002");
    }
}
