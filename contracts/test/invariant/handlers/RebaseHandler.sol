// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { World } from "../../support/World.sol";
import { Actor } from "./Actor.sol";

/// A checkpoints contract that books whatever the token's own bounds let through, and donors. For long runs without
/// proofs: results, finalizations, open marks and pauses come in any order and size.
contract RebaseHandler is Actor {
    constructor(World world) Actor(world) { }

    modifier asCheckpoints() {
        vm.startPrank(address(stack.checkpoints));
        _;
        vm.stopPrank();
    }

    /// Up to 10 bps a day, at the rate's own pace, with a fee of up to 15 %.
    function gain(uint256 amount, uint256 fee, uint256 wait) external asCheckpoints {
        if (!_poolAlive()) return;
        uint256 elapsed = _wait(wait);
        // 9 bps leave room for the shares of the fee's rounding
        uint256 most = stack.token.getTotalPooledEther() * 9 / 1 days / 10_000;
        amount = bound(amount, 0, most * (elapsed < 3 days ? elapsed : 3 days));
        vm.deal(address(stack.token), address(stack.token).balance + amount);
        uint256 feeShares = _feeShares(amount, fee);
        stack.token.applyRebase(uint40(block.timestamp), int256(amount), 0, feeShares);
        WORLD.noteRebased(int256(amount));
    }

    /// @dev Shares for a fee of up to 15 % of what lies above the mark.
    function _feeShares(uint256 amount, uint256 fee) private view returns (uint256) {
        (uint256 shares, uint256 before) = stack.token.ledger();
        (uint256 markEther, uint256 markShares) = stack.token.mark();
        uint256 after_ = before + amount;
        uint256 atMark = markEther * shares / markShares + 1;
        uint256 base = after_ > atMark ? after_ - atMark : 0;
        if (base > amount) base = amount;
        fee = bound(fee, 0, base * 15 / 100);
        return fee * shares / (after_ - fee);
    }

    /// Mostly small, sometimes nearly everything.
    function loss(uint256 amount, uint256 wait) external asCheckpoints {
        if (!_poolAlive()) return;
        _wait(wait);
        uint256 before = stack.token.getTotalPooledEther();
        amount = bound(amount, 0, amount % 16 == 0 ? before : before / 100);
        stack.token.applyRebase(uint40(block.timestamp), -int256(amount), 0, 0);
        WORLD.noteRebased(-int256(amount));
    }

    function finalize(uint256 shares) external asCheckpoints watched {
        if (!_poolAlive()) return;
        uint256 most = stack.queue.finalizableShares();
        uint256 affordable = stack.token.getSharesByPooledEth(address(stack.token).balance);
        shares = bound(shares, 0, most < affordable ? most : affordable);
        stack.token.finalizeShares(shares);
    }

    function markCheckpoint(bool open) external asCheckpoints watched {
        stack.token.markCheckpoint(open);
    }

    function pauseExits(uint256 time) external asCheckpoints watched {
        stack.token.pauseExits(uint40(block.timestamp + bound(time, 0, 2 days)));
    }

    /// Ether forced into the token and the queue: it belongs to nobody until a close sees it, or for ever.
    function donate(uint256 amount) external watched {
        amount = bound(amount, 0, 30 ether);
        vm.deal(address(stack.token), address(stack.token).balance + amount);
    }

    function _wait(uint256 seconds_) private returns (uint256) {
        vm.warp(block.timestamp + bound(seconds_, 4 hours, 5 days));
        return block.timestamp - stack.token.lastSnapshotTime();
    }
}
