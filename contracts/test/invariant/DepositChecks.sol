// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { World } from "../support/World.sol";
import { Test } from "forge-std/Test.sol";

/// The numbered sentences of the deposit zone, for every walk through it.
abstract contract DepositChecks is Test {
    World internal world;
    World.Stack internal stack;

    function _checkDepositZone() internal view {
        _checkShares();
        _checkRate();
        _checkEther();
        _checkBalances();
        _checkUnits();
        _checkClaims();
        _checkQueueHolds();
        _checkPositions();
        assertFalse(
            world.previewWrong(), "L3: a preview of a close, a claim, an exit or the wrapper was wrong"
        );
    }

    function _checkShares() private view {
        address[] memory holders = world.holders();
        uint256 sum;
        for (uint256 i; i < holders.length; ++i) {
            sum += stack.token.sharesOf(holders[i]);
        }
        assertEq(sum, stack.token.getTotalShares(), "L1");
    }

    function _checkRate() private view {
        assertFalse(world.rateFell(), "L2: the rate fell outside a rebase");
        assertFalse(world.rateRose(), "L2: the rate rose by more than dust outside a rebase");
    }

    /// What is still in and what was paid out is what was put in and what was recognized: to the wei.
    function _checkEther() private view {
        uint256 out = stack.token.getTotalPooledEther() + address(stack.queue).balance + world.claimed()
            + world.exited();
        int256 in_ = int256(1 ether + world.staked() + world.bonds()) + world.recognized();
        assertEq(int256(out), in_, "L3");
    }

    function _checkBalances() private view {
        address[] memory holders = world.holders();
        uint256 sum;
        for (uint256 i; i < holders.length; ++i) {
            sum += stack.token.balanceOf(holders[i]);
        }
        assertLe(sum, stack.token.getTotalPooledEther(), "L3: balances");
    }

    function _checkUnits() private view {
        address[] memory holders = world.holders();
        uint256 sum;
        for (uint256 i; i < holders.length; ++i) {
            sum += stack.wrapped.balanceOf(holders[i]);
        }
        assertEq(sum, stack.wrapped.totalSupply(), "L5: supply");
        assertLe(sum * 1e9, stack.token.sharesOf(address(stack.wrapped)), "L5: backing");
    }

    function _checkClaims() private view {
        uint256 last = stack.queue.getLastRequestId();
        uint256 sum;
        for (uint256 id = 1; id <= last; ++id) {
            uint256[] memory ids = new uint256[](1);
            ids[0] = id;
            uint256 claimable;
            if (stack.queue.position(id).owner != address(0)) {
                uint256[] memory hints =
                    stack.queue.findCheckpointHints(ids, 1, stack.queue.getLastCheckpointIndex());
                claimable = stack.queue.getClaimableEther(ids, hints)[0];
            }
            sum += world.paidFor(id) + claimable;
        }
        assertEq(sum, _locked(), "W1");
    }

    function _checkQueueHolds() private view {
        assertEq(address(stack.queue).balance, _locked() - world.claimed(), "W2");
        assertGe(
            stack.token.sharesOf(address(stack.queue)), stack.queue.unfinalizedShares(), "W2: and its shares"
        );
    }

    function _checkPositions() private view {
        uint256 last = stack.queue.getLastRequestId();
        for (uint256 id = 1; id <= last; ++id) {
            IWithdrawalQueue.Position memory p = stack.queue.position(id);
            uint256 upTo = p.startShares + p.claimedShares;
            uint256 due =
                p.claimedShares == 0 ? 0 : stack.queue.payout(upTo) - stack.queue.payout(p.startShares);
            assertEq(world.paidFor(id), due, "W4: F(claimed up to) - F(start)");
        }
    }

    function _locked() private view returns (uint256) {
        uint256 last = stack.queue.getLastRequestId();
        if (last == 0) return 0;
        return stack.queue.payout(stack.queue.position(last).endShares - stack.queue.unfinalizedShares());
    }
}
