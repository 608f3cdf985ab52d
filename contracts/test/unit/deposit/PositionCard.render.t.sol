// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { PositionCard } from "../../../src/deposit/PositionCard.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { ERC721 } from "solady/tokens/ERC721.sol";
import { Base64 } from "solady/utils/Base64.sol";
import { LibString } from "solady/utils/LibString.sol";

contract PositionCardRenderTest is StackFixture {
    using LibString for string;

    function setUp() public override {
        super.setUp();
        stake(alice, 100 ether);
        stake(bob, 99 ether);
    }

    function _finalize(uint256 shares) private {
        vm.prank(address(checkpoints));
        token.finalizeShares(shares);
    }

    function _decoded(string memory uri, string memory head) private pure returns (string memory) {
        assertTrue(uri.startsWith(head), "a data URI");
        return string(Base64.decode(uri.slice(bytes(head).length)));
    }

    function _json(uint256 id) private view returns (string memory) {
        return _decoded(queue.tokenURI(id), "data:application/json;base64,");
    }

    function _value(string memory json, string memory at) private pure returns (string memory) {
        return vm.parseJsonString(json, string.concat(".attributes[", at, "].value"));
    }

    function test_TokenURI_ShowsAmountStateAndPlace() public {
        request(bob, 30 ether);
        uint256 id = request(alice, 10 ether);
        string memory json = _json(id);
        assertEq(vm.parseJsonString(json, ".name"), "Cairn withdrawal #2", "name");
        assertEq(_value(json, "0"), "Waiting", "state");
        assertTrue(json.contains('"Claimable (ETH)","value":0.000000'), "claimable");
        assertTrue(json.contains('"Waiting (ETH)","value":10.000000'), "waiting");
        assertTrue(json.contains('"Ahead in the queue (ETH)","value":30.000000'), "place");

        _finalize(0);
        _finalize(34e27);
        claim(alice, id);
        _finalize(1e27);
        json = _json(id);
        assertEq(_value(json, "0"), "Partly ready", "state");
        assertTrue(json.contains('"Claimable (ETH)","value":1.000000'), "what is left to claim");
        assertTrue(json.contains('"Waiting (ETH)","value":5.000000'), "waiting");
        assertTrue(json.contains('"Ahead in the queue (ETH)","value":0.000000'), "nobody");
        assertEq(vm.parseJsonUint(json, ".attributes[4].value"), 40, "a buyer sees what is gone");

        _finalize(5e27);
        assertEq(_value(_json(id), "0"), "Ready", "state");
        claim(alice, id);
        vm.expectRevert(abi.encodeWithSelector(ERC721.TokenDoesNotExist.selector));
        queue.tokenURI(id);
    }

    function test_TokenURI_HasAPicture() public {
        uint256 id = request(alice, 12.345678912 ether);
        string memory image = vm.parseJsonString(_json(id), ".image");
        string memory svg = _decoded(image, "data:image/svg+xml;base64,");
        assertTrue(svg.startsWith("<svg "), "an SVG");
        assertTrue(svg.endsWith("</svg>"), "whole");
        assertTrue(svg.contains("Withdrawal #1"), "number");
        assertTrue(svg.contains("12.345678 ETH"), "amount, cut and not rounded up");
        assertEq(queue.name(), "Cairn Withdrawal Position", "collection");
        assertEq(queue.symbol(), "caWQ", "symbol");
    }

    /// Digits of any amount, read back.
    function testFuzz_EthText_IsCutAfterSixDigits(uint256 amount) public pure {
        amount = bound(amount, 0, type(uint128).max);
        string memory text = PositionCard.ethText(amount);
        uint256 dot = text.indexOf(".");
        assertEq(bytes(text).length - dot, 7, "six digits");
        uint256 whole = vm.parseUint(text.slice(0, dot));
        // a leading 1 keeps the zeros
        uint256 rest = vm.parseUint(string.concat("1", text.slice(dot + 1))) - 1e6;
        assertEq(whole * 1e6 + rest, amount / 1e12, "the same amount");
    }

    /// No position, however odd, makes the card revert.
    function testFuzz_TokenURI_AlwaysRenders(uint256 seed, uint256 part) public {
        moveRate(seed);
        uint256 id = request(alice, bound(seed >> 8, 100, token.balanceOf(alice)));
        uint256 size = queue.unfinalizedShares();
        _finalize(0);
        part = bound(part, 0, size);
        vm.deal(address(token), token.getTotalPooledEther());
        _finalize(part);
        assertGt(bytes(_json(id)).length, 500, "rendered");
    }
}
