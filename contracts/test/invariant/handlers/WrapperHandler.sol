// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { World } from "../../support/World.sol";
import { Actor } from "./Actor.sol";

/// Holders of wcaETH: in and out by every verb, and from there into the queue.
contract WrapperHandler is Actor {
    constructor(World world) Actor(world) { }

    modifier alive() {
        if (!_poolAlive()) return;
        _;
    }

    function _approve(address from) private {
        vm.prank(from);
        stack.token.approve(address(stack.wrapped), type(uint256).max);
    }

    function wrap(uint256 who, uint256 amount) external watched alive {
        address from = WORLD.staker(who);
        amount = bound(amount, 0, stack.token.balanceOf(from));
        uint256 units = stack.wrapped.getWstETHByStETH(amount);
        if (units == 0) return;
        _approve(from);
        vm.prank(from);
        if (stack.wrapped.wrap(amount) != units) WORLD.notePreviewWrong();
    }

    function unwrap(uint256 who, uint256 units) external watched alive {
        address from = WORLD.staker(who);
        units = bound(units, 0, stack.wrapped.balanceOf(from));
        if (units == 0) return;
        uint256 value = stack.wrapped.getStETHByWstETH(units);
        vm.prank(from);
        if (stack.wrapped.unwrap(units) != value) WORLD.notePreviewWrong();
    }

    function stakeAndWrap(uint256 who, uint256 to, uint256 amount) external watched alive {
        uint256 limit = stack.token.getCurrentStakeLimit();
        if (limit == 0) return;
        amount = bound(amount, 1, limit < 100 ether ? limit : 100 ether);
        (uint256 shares, uint256 poolEther) = stack.token.ledger();
        if (amount * shares / poolEther + shares > type(uint128).max) return;
        address from = WORLD.staker(who);
        address receiver = WORLD.staker(to);
        uint256 units = stack.wrapped.previewStakeAndWrap(amount);
        if (units == 0) return;
        vm.deal(from, amount);
        vm.prank(from);
        if (stack.wrapped.stakeAndWrap{ value: amount }(receiver, units) != units) WORLD.notePreviewWrong();
        WORLD.noteStaked(amount);
    }

    function depositOrMint(uint256 who, uint256 to, uint256 amount, bool byUnits) external watched alive {
        address from = WORLD.staker(who);
        address receiver = WORLD.staker(to);
        amount = bound(amount, 0, stack.token.balanceOf(from));
        uint256 units = stack.wrapped.previewDeposit(amount);
        _approve(from);
        vm.prank(from);
        if (byUnits) stack.wrapped.mint(units, receiver);
        else if (stack.wrapped.deposit(amount, receiver) != units) WORLD.notePreviewWrong();
    }

    function withdrawOrRedeem(uint256 who, uint256 to, uint256 units, bool byUnits) external watched alive {
        address from = WORLD.staker(who);
        address receiver = WORLD.staker(to);
        units = bound(units, 0, stack.wrapped.balanceOf(from));
        uint256 assets = stack.wrapped.previewRedeem(units);
        vm.prank(from);
        if (!byUnits) stack.wrapped.withdraw(assets, receiver, from);
        else if (stack.wrapped.redeem(units, receiver, from) != assets) WORLD.notePreviewWrong();
    }

    function transfer(uint256 who, uint256 to, uint256 units) external watched {
        address from = WORLD.staker(who);
        address receiver = WORLD.staker(to);
        units = bound(units, 0, stack.wrapped.balanceOf(from));
        vm.prank(from);
        stack.wrapped.transfer(receiver, units);
    }

    function request(uint256 who, uint256 to, uint256 units) external watched alive {
        address from = WORLD.staker(who);
        address receiver = WORLD.staker(to);
        uint256 balance = stack.wrapped.balanceOf(from);
        if (balance < 100) return;
        units = bound(units, 100, balance);
        if (units > 1e27) return; // the line ends at 2^95 units
        vm.prank(from);
        stack.wrapped.approve(address(stack.queue), units);
        vm.prank(from);
        WORLD.noteRequested(stack.queue.requestWithdrawalsWstETH(_one(units), receiver)[0]);
    }

    /// caETH given to the wrapper: it moves no rate and belongs to nobody.
    function giveToWrapper(uint256 who, uint256 shares) external watched {
        address from = WORLD.staker(who);
        shares = bound(shares, 0, stack.token.sharesOf(from) / 10);
        vm.prank(from);
        stack.token.transferShares(address(stack.wrapped), shares);
    }
}
