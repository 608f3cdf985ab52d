// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { SharesMath } from "../../../src/types/SharesMath.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { Test } from "forge-std/Test.sol";

/// The TypeScript twin's results (scripts/sharesVectors.ts) must be Solidity's.
contract SharesMathVectorsTest is Test {
    using stdJson for string;

    function test_Vectors_AgreeWithTypeScript() public view {
        string memory json = vm.readFile("contracts/test/vectors/sharesMath.json");
        uint256[] memory poolShares = json.readUintArray(".poolShares");
        uint256[] memory poolEther = json.readUintArray(".poolEther");
        uint256[] memory ethers = json.readUintArray(".ethers");
        uint256[] memory shares = json.readUintArray(".shares");
        uint256[] memory sharesDown = json.readUintArray(".sharesDown");
        uint256[] memory sharesUp = json.readUintArray(".sharesUp");
        uint256[] memory etherDown = json.readUintArray(".etherDown");
        uint256[] memory etherUp = json.readUintArray(".etherUp");
        assertEq(poolShares.length, 256, "vectors read");
        for (uint256 i; i < poolShares.length; ++i) {
            (uint256 s, uint256 e) = (poolShares[i], poolEther[i]);
            assertEq(SharesMath.toSharesDown(ethers[i], s, e), sharesDown[i], "sharesDown");
            assertEq(SharesMath.toSharesUp(ethers[i], s, e), sharesUp[i], "sharesUp");
            assertEq(SharesMath.toEtherDown(shares[i], s, e), etherDown[i], "etherDown");
            assertEq(SharesMath.toEtherUp(shares[i], s, e), etherUp[i], "etherUp");
        }
    }
}
