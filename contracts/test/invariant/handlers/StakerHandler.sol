// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ExitRefusal, InstantExitQuote } from "../../../src/deposit/IStakedEther.sol";
import { World } from "../../support/World.sol";
import { Actor } from "./Actor.sol";

/// Stakers: stake, move caETH and shares in every way, give it away, leave at once.
contract StakerHandler is Actor {
    constructor(World world) Actor(world) { }

    function stake(uint256 who, uint256 to, uint256 amount, bool plain) external watched {
        if (!_poolAlive() || block.timestamp < stack.token.stakingPausedUntil()) return;
        uint256 limit = stack.token.getCurrentStakeLimit();
        if (limit == 0) return;
        amount = bound(amount, 1, limit < 400 ether ? limit : 400 ether);
        (uint256 shares, uint256 poolEther) = stack.token.ledger();
        if (amount * shares / poolEther + shares > type(uint128).max) return;
        address from = WORLD.staker(who);
        address receiver = WORLD.staker(to);
        vm.deal(from, amount);
        vm.prank(from);
        if (plain) {
            (bool ok,) = address(stack.token).call{ value: amount }("");
            require(ok, "plain stake");
        } else {
            stack.token.stake{ value: amount }(receiver, 0);
        }
        WORLD.noteStaked(amount);
    }

    function transfer(uint256 who, uint256 to, uint256 amount) external watched {
        if (!_poolAlive()) return;
        address from = WORLD.staker(who);
        address receiver = WORLD.staker(to);
        amount = bound(amount, 0, stack.token.balanceOf(from));
        vm.prank(from);
        stack.token.transfer(receiver, amount);
    }

    function transferShares(uint256 who, uint256 to, uint256 shares) external watched {
        address from = WORLD.staker(who);
        address receiver = WORLD.staker(to);
        shares = bound(shares, 0, stack.token.sharesOf(from));
        vm.prank(from);
        stack.token.transferShares(receiver, shares);
    }

    function transferSharesFrom(uint256 who, uint256 spender, uint256 to, uint256 shares) external watched {
        address from = WORLD.staker(who);
        address by = WORLD.staker(spender);
        address receiver = WORLD.staker(to);
        shares = bound(shares, 0, stack.token.sharesOf(from));
        uint256 value = stack.token.getPooledEthByShares(shares) + 1;
        vm.prank(from);
        stack.token.approve(by, value);
        vm.prank(by);
        stack.token.transferSharesFrom(from, receiver, shares);
    }

    /// caETH given to the queue, the registry, a vault or the checkpoints: it is theirs and moves nothing.
    function giveAway(uint256 who, uint256 to, uint256 shares) external watched {
        address[4] memory targets = [
            address(stack.queue), address(stack.registry), stack.withdrawalVault, address(stack.checkpoints)
        ];
        address from = WORLD.staker(who);
        shares = bound(shares, 0, stack.token.sharesOf(from) / 10);
        vm.prank(from);
        stack.token.transferShares(targets[to % 4], shares);
    }

    function instantExit(uint256 who, uint256 to, uint256 amount) external watched {
        if (!_poolAlive()) return;
        address from = WORLD.staker(who);
        address receiver = WORLD.staker(to);
        amount = bound(amount, 0, stack.token.balanceOf(from));
        InstantExitQuote memory q = stack.token.quoteInstantExit(amount);
        // mostly too much: then as much as can leave
        if (q.refusal == ExitRefusal.Limit || q.refusal == ExitRefusal.FreeEther) {
            amount = q.available;
            q = stack.token.quoteInstantExit(amount);
        }
        if (q.refusal != ExitRefusal.None || q.etherOut == 0) return;
        uint256 before = receiver.balance;
        vm.prank(from);
        stack.token.instantExit(amount, q.etherOut, receiver);
        if (receiver.balance - before != q.etherOut) WORLD.notePreviewWrong();
        WORLD.noteExited(amount, q.fee);
    }
}
