// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Base64 } from "solady/utils/Base64.sol";
import { LibString } from "solady/utils/LibString.sol";

/// @notice The metadata of a withdrawal position: JSON (ERC-721) with a small SVG, both as data URIs, drawn from facts
/// on the chain alone. Amounts are shown in ETH, cut after six digits.
library PositionCard {
    using LibString for uint256;

    /// @param shares Shares of the whole position.
    /// @param claimedShares Shares of it that are claimed: a buyer does not get those.
    /// @param finalizedShares Shares of it that are finalized, claimed ones included.
    /// @param claimableEther Wei that a claim pays now.
    /// @param waitingEther Wei the rest is worth at the stored rate; it still earns and may lose.
    /// @param etherAhead Wei of the requests before it that wait too.
    struct Facts {
        uint256 id;
        uint256 shares;
        uint256 claimedShares;
        uint256 finalizedShares;
        uint256 claimableEther;
        uint256 waitingEther;
        uint256 etherAhead;
    }

    function render(Facts memory f) internal pure returns (string memory) {
        string memory json = string.concat(
            '{"name":"Cairn withdrawal #',
            f.id.toString(),
            '","description":"A place in the withdrawal queue of Cairn. Its owner claims the ether; what is already '
            'claimed is gone for a buyer.","attributes":[',
            _text("State", state(f)),
            _amount("Claimable (ETH)", f.claimableEther),
            _amount("Waiting (ETH)", f.waitingEther),
            _amount("Ahead in the queue (ETH)", f.etherAhead),
            _number("Claimed (%)", f.claimedShares * 100 / f.shares),
            '],"image":"data:image/svg+xml;base64,',
            Base64.encode(bytes(_svg(f))),
            '"}'
        );
        return string.concat("data:application/json;base64,", Base64.encode(bytes(json)));
    }

    /// @return One word or two for what the owner can do.
    function state(Facts memory f) internal pure returns (string memory) {
        if (f.finalizedShares == f.shares) return "Ready";
        if (f.claimableEther != 0) return "Partly ready";
        return "Waiting";
    }

    /// @return text Wei as ETH, cut after six digits.
    function ethText(uint256 amount) internal pure returns (string memory text) {
        string memory digits = (amount / 1e12 % 1e6).toString();
        while (bytes(digits).length < 6) digits = string.concat("0", digits);
        return string.concat((amount / 1 ether).toString(), ".", digits);
    }

    function _svg(Facts memory f) private pure returns (string memory) {
        return string.concat(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200" font-family="system-ui,sans-serif" '
            'role="img"><title>Withdrawal #',
            f.id.toString(),
            ": ",
            state(f),
            '</title><rect width="320" height="200" rx="16" fill="#14211d"/><g fill="#7fd1ae">'
            '<ellipse cx="270" cy="52" rx="26" ry="8"/><ellipse cx="270" cy="36" rx="19" ry="7"/>'
            '<ellipse cx="270" cy="22" rx="12" ry="6"/></g><g fill="#ffffff">',
            _line(38, 16, string.concat("Withdrawal #", f.id.toString())),
            _line(76, 26, string.concat(ethText(f.claimableEther + f.waitingEther), " ETH")),
            _line(104, 14, state(f)),
            _line(132, 12, string.concat("claimable ", ethText(f.claimableEther), " ETH")),
            _line(150, 12, string.concat("ahead in the queue ", ethText(f.etherAhead), " ETH")),
            _bar(f),
            "</g></svg>"
        );
    }

    function _line(uint256 y, uint256 size, string memory text) private pure returns (string memory) {
        return string.concat(
            '<text x="20" y="', y.toString(), '" font-size="', size.toString(), '">', text, "</text>"
        );
    }

    /// @dev 280 wide: finalized in green, the claimed part of it dark.
    function _bar(Facts memory f) private pure returns (string memory) {
        return string.concat(
            '<rect x="20" y="168" width="280" height="8" rx="4" fill="#32463f"/>',
            '<rect x="20" y="168" height="8" rx="4" fill="#7fd1ae" width="',
            (f.finalizedShares * 280 / f.shares).toString(),
            '"/><rect x="20" y="168" height="8" rx="4" fill="#3d7a60" width="',
            (f.claimedShares * 280 / f.shares).toString(),
            '"/>'
        );
    }

    function _text(string memory name, string memory value) private pure returns (string memory) {
        return string.concat('{"trait_type":"', name, '","value":"', value, '"},');
    }

    function _amount(string memory name, uint256 amount) private pure returns (string memory) {
        return string.concat('{"trait_type":"', name, '","value":', ethText(amount), "},");
    }

    function _number(string memory name, uint256 value) private pure returns (string memory) {
        return string.concat('{"trait_type":"', name, '","value":', value.toString(), "}");
    }
}
