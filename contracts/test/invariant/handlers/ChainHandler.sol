// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { World } from "../../support/World.sol";
import { Actor } from "./Actor.sol";

/// The consensus layer and everybody who sends ether where it was not asked for.
contract ChainHandler is Actor {
    constructor(World world) Actor(world) { }

    function _member(uint256 seed) private view returns (bool found, uint40 index) {
        uint40[] memory members = WORLD.memberList();
        if (members.length == 0) return (false, 0);
        return (true, members[seed % members.length]);
    }

    function _deal(address to, uint256 amount) private {
        vm.deal(to, to.balance + amount);
    }

    function reward(uint256 seed, uint64 amountGwei) external watched {
        (bool found, uint40 index) = _member(seed);
        if (!found) return;
        amountGwei = uint64(bound(amountGwei, 0, 2e9));
        stack.beacon.setBalance(index, stack.beacon.balanceOf(index) + amountGwei);
        stack.beacon.tick(1);
        WORLD.noteGain(int256(uint256(amountGwei) * 1 gwei));
    }

    /// A penalty: mostly too small to bring the safeguard, once in a while nearly everything.
    function penalty(uint256 seed, uint64 amountGwei) external watched {
        (bool found, uint40 index) = _member(seed);
        if (!found) return;
        uint64 balance = stack.beacon.balanceOf(index);
        uint64 most = seed % 16 == 0 ? balance : (seed >> 8) % 4 == 0 ? balance / 50 : balance / 5000;
        amountGwei = uint64(bound(amountGwei, 0, most));
        stack.beacon.setBalance(index, balance - amountGwei);
        stack.beacon.tick(1);
        WORLD.noteGain(-int256(uint256(amountGwei) * 1 gwei));
    }

    /// Partial requests are paid down to 32 ETH: balance to vault, no total moves.
    function payPartials() external watched {
        uint40[] memory members = WORLD.memberList();
        for (uint256 i; i < members.length; ++i) {
            uint64 asked = stack.withdrawals.partialRequest(_rootAt(members[i])).amountGwei;
            uint64 balance = stack.beacon.balanceOf(members[i]);
            if (asked == 0 || balance <= 32e9) continue;
            uint64 paid = balance - 32e9 < asked ? balance - 32e9 : asked;
            stack.beacon.setBalance(members[i], balance - paid);
            _deal(stack.withdrawalVault, uint256(paid) * 1 gwei);
        }
        stack.beacon.tick(2);
    }

    function exit(uint256 seed, bool slashed) external watched {
        if (seed % 4 != 0) return;
        (bool found, uint40 index) = _member(seed);
        if (!found) return;
        if (slashed) stack.beacon.setSlashed(index);
        else stack.beacon.setExiting(index, stack.beacon.slot() / 32 + 5);
        stack.beacon.tick(1);
    }

    /// The whole balance of an exiting member reaches the vault.
    function payExit(uint256 seed) external watched {
        (bool found, uint40 index) = _member(seed);
        if (!found || stack.validators.validator(_rootAt(index)).status < IValidatorManager.Status.Exiting) {
            return;
        }
        uint64 balance = stack.beacon.balanceOf(index);
        stack.beacon.setBalance(index, 0);
        _deal(stack.withdrawalVault, uint256(balance) * 1 gwei);
        stack.beacon.tick(1);
    }

    function executionRewards(uint256 amount) external watched {
        amount = bound(amount, 0, 1 ether);
        _deal(stack.executionVault, amount);
        stack.beacon.tick(1);
        WORLD.noteGain(int256(amount));
    }

    /// Plain sends to the vaults, and ether forced into the token without a call.
    function donate(uint256 where, uint256 amount) external watched {
        amount = bound(amount, 0, 30 ether);
        address[3] memory targets = [stack.withdrawalVault, stack.executionVault, address(stack.token)];
        if (where % 3 == 2) {
            _deal(address(stack.token), amount);
        } else {
            vm.deal(address(this), amount);
            (bool ok,) = targets[where % 3].call{ value: amount }("");
            require(ok, "plain send");
        }
        stack.beacon.tick(1);
        WORLD.noteGain(int256(amount));
    }

    function _rootAt(uint40 index) private view returns (bytes32) {
        uint256 n = 1;
        while (WORLD.indexOf(n) != index + 1) ++n;
        return WORLD.rootOf(n);
    }
}
