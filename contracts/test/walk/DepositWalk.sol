// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { DepositSteps } from "./DepositSteps.sol";

/// What medusa looks at after every step (`npm run analyse -- medusa`): the sentences of docs/invariants.md that the
/// deposit zone owes by itself. L2, L4 and W3 are asserted by the steps.
contract DepositWalk is DepositSteps {
    constructor() payable DepositSteps() { }

    function property_L1_SharesAddUp() external view returns (bool) {
        address[] memory holders = _holders();
        uint256 sum;
        for (uint256 i; i < holders.length; ++i) {
            sum += token.sharesOf(holders[i]);
        }
        return sum == token.getTotalShares();
    }

    /// To the wei: what is in, and what was paid out, is what was put in and what was recognized.
    function property_L3_EtherAddsUp() external view returns (bool) {
        uint256 out = token.getTotalPooledEther() + address(queue).balance + claimed + exited;
        return int256(out) == int256(SEED + staked) + recognized;
    }

    function property_L3_BalancesAreBacked() external view returns (bool) {
        address[] memory holders = _holders();
        uint256 sum;
        for (uint256 i; i < holders.length; ++i) {
            sum += token.balanceOf(holders[i]);
        }
        return sum <= token.getTotalPooledEther();
    }

    function property_L5_UnitsAreBacked() external view returns (bool) {
        address[] memory holders = _holders();
        uint256 sum;
        for (uint256 i; i < holders.length; ++i) {
            sum += wrapped.balanceOf(holders[i]);
        }
        return sum == wrapped.totalSupply() && sum * 1e9 <= token.sharesOf(address(wrapped));
    }

    function property_W1_ClaimsAddUp() external view returns (bool) {
        uint256 last = queue.getLastRequestId();
        uint256 sum;
        for (uint256 id = 1; id <= last; ++id) {
            sum += paidFor[id];
            if (queue.position(id).owner == address(0)) continue;
            uint256[] memory hints = queue.findCheckpointHints(_one(id), 1, queue.getLastCheckpointIndex());
            sum += queue.getClaimableEther(_one(id), hints)[0];
        }
        return sum == _locked();
    }

    function property_W2_QueueHoldsWhatItOwes() external view returns (bool) {
        return address(queue).balance == _locked() - claimed
            && token.sharesOf(address(queue)) >= queue.unfinalizedShares();
    }

    function property_W4_PaidIsTheRiseOfF() external view returns (bool) {
        uint256 last = queue.getLastRequestId();
        for (uint256 id = 1; id <= last; ++id) {
            IWithdrawalQueue.Position memory p = queue.position(id);
            uint256 due = p.claimedShares == 0
                ? 0
                : queue.payout(p.startShares + p.claimedShares) - queue.payout(p.startShares);
            if (paidFor[id] != due) return false;
        }
        return true;
    }

    /// How many kinds of step one sequence got done: medusa reports the most it saw, and a walk that gets little done shows
    /// nothing.
    function optimize_KindsOfStepDone() external view returns (int256 kinds) {
        for (uint256 left = done; left != 0; left &= left - 1) {
            ++kinds;
        }
    }
}
