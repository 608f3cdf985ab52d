// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { World } from "../../support/World.sol";
import { Actor } from "./Actor.sol";

/// Queue users: request, pass positions on, claim in any order.
contract QueueHandler is Actor {
    constructor(World world) Actor(world) { }

    function request(uint256 who, uint256 to, uint256 amount, uint256 pieces) external watched {
        if (!_poolAlive()) return;
        address from = WORLD.staker(who);
        uint256 balance = stack.token.balanceOf(from);
        pieces = bound(pieces, 1, 3);
        if (balance < 100 * pieces) return;
        amount = bound(amount, 100, balance / pieces);
        (uint256 shares, uint256 poolEther) = stack.token.ledger();
        // the line ends at 2^96 units
        if (amount * pieces * shares / poolEther > 1e36) return;
        uint256[] memory amounts = new uint256[](pieces);
        for (uint256 i; i < pieces; ++i) {
            amounts[i] = amount;
        }
        address owner = WORLD.staker(to);
        vm.prank(from);
        stack.token.approve(address(stack.queue), type(uint256).max);
        vm.prank(from);
        uint256[] memory ids = stack.queue.requestWithdrawals(amounts, owner);
        for (uint256 i; i < pieces; ++i) {
            WORLD.noteRequested(ids[i]);
        }
    }

    function transferPosition(uint256 seed, uint256 to) external watched {
        uint256 last = stack.queue.getLastRequestId();
        if (last == 0) return;
        uint256 id = 1 + seed % last;
        address owner = stack.queue.position(id).owner;
        if (owner == address(0)) return;
        address receiver = WORLD.staker(to);
        vm.prank(owner);
        stack.queue.transferFrom(owner, receiver, id);
    }

    function claim(uint256 seed) external watched {
        uint256 last = stack.queue.getLastRequestId();
        if (last == 0) return;
        _claim(1 + seed % last);
    }

    /// From the newest to the oldest.
    function claimAll() external watched {
        for (uint256 id = stack.queue.getLastRequestId(); id != 0; --id) {
            _claim(id);
        }
    }

    function _claim(uint256 id) private {
        IWithdrawalQueue.Position memory p = stack.queue.position(id);
        if (p.owner == address(0) || p.finalizedShares <= p.claimedShares) return;
        uint256[] memory hints =
            stack.queue.findCheckpointHints(_one(id), 1, stack.queue.getLastCheckpointIndex());
        uint256 preview = stack.queue.getClaimableEther(_one(id), hints)[0];
        uint256 before = p.owner.balance;
        vm.prank(p.owner);
        stack.queue.claimWithdrawals(_one(id), hints);
        uint256 paid = p.owner.balance - before;
        if (paid != preview) WORLD.notePreviewWrong();
        WORLD.noteClaimed(id, paid);
    }
}
