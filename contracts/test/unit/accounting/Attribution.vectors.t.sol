// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Indices } from "../../../src/accounting/ICheckpoints.sol";
import { AttributionHarness } from "../../support/AccountingHarness.sol";
import { stdJson } from "forge-std/StdJson.sol";
import { Test } from "forge-std/Test.sol";

/// The same cases as the TypeScript twin (packages/protocol, `growIndices`): `node scripts/attributionVectors.ts`.
contract AttributionVectorsTest is Test {
    using stdJson for string;

    AttributionHarness private attribution = new AttributionHarness();
    string private file = vm.readFile("contracts/test/vectors/attribution.json");

    function test_Grow_AgreesWithTheTwin() public view {
        uint256[] memory sharesBefore = _uints("sharesBefore");
        uint256[] memory etherBefore = _uints("etherBefore");
        uint256[] memory sharesAfter = _uints("sharesAfter");
        uint256[] memory etherAfter = _uints("etherAfter");
        uint256[] memory execution = _uints("executionRewards");
        uint256[] memory feeShares = _uints("feeShares");
        int256[][4] memory before = [
            _ints("consensusBefore"), _ints("executionBefore"), _ints("penaltiesBefore"), _ints("feesBefore")
        ];
        int256[][4] memory afterwards =
            [_ints("consensusAfter"), _ints("executionAfter"), _ints("penaltiesAfter"), _ints("feesAfter")];
        assertGe(sharesBefore.length, 200, "cases");
        for (uint256 i; i < sharesBefore.length; ++i) {
            ICheckpoints.Result memory r;
            (r.poolSharesBefore, r.poolEtherBefore) = (sharesBefore[i], etherBefore[i]);
            (r.poolSharesAfter, r.poolEtherAfter) = (sharesAfter[i], etherAfter[i]);
            (r.executionRewards, r.feeShares) = (execution[i], feeShares[i]);
            Indices memory grown = attribution.grow(_at(before, i), r);
            string memory name = vm.toString(i);
            assertEq(keccak256(abi.encode(grown)), keccak256(abi.encode(_at(afterwards, i))), name);
        }
    }

    /// All sources together are the rise of the rate.
    function testFuzz_Grow_AddsUpToTheRate(
        uint256 shares,
        uint256 ether_,
        uint256 gain,
        uint256 fee,
        uint256 burn
    ) public view {
        ICheckpoints.Result memory r;
        r.poolSharesBefore = bound(shares, 1e27, 1e35);
        r.poolEtherBefore = bound(ether_, 0, 1e26);
        r.feeShares = bound(fee, 0, 1e27);
        uint256 burnt = bound(burn, 0, r.poolSharesBefore / 2);
        r.poolSharesAfter = r.poolSharesBefore - burnt + r.feeShares;
        r.poolEtherAfter = bound(gain, 0, 2e26);
        r.executionRewards = gain % 1e20;
        Indices memory zero;
        Indices memory i = attribution.grow(zero, r);
        int256 sum = int256(i.consensus) + i.execution + i.penalties + i.fees;
        int256 rise = int256(r.poolEtherAfter * 1e36 / r.poolSharesAfter)
            - int256(r.poolEtherBefore * 1e36 / r.poolSharesBefore);
        assertEq(sum, rise, "A5");
        assertLe(i.fees, 0, "fees take");
        assertGe(i.penalties, 0, "burns give");
    }

    function _uints(string memory name) private view returns (uint256[] memory) {
        return file.readUintArray(string.concat(".", name));
    }

    function _ints(string memory name) private view returns (int256[] memory) {
        return file.readIntArray(string.concat(".", name));
    }

    function _at(int256[][4] memory columns, uint256 i) private pure returns (Indices memory) {
        return
            Indices(
                int128(columns[0][i]), int128(columns[1][i]), int128(columns[2][i]), int128(columns[3][i])
            );
    }
}
