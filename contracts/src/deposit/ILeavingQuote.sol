// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { InstantExitQuote } from "./IStakedEther.sol";

/// @notice What each way out offers for an amount of caETH, in one call.
interface ILeavingQuote {
    /// @param requestId Number the request would get: its place in the line.
    /// @param requestsAhead Requests before it that are not finalized whole.
    /// @param etherAhead Wei those are worth at the stored rate.
    /// @param covered Whether the ether that the token and both vaults hold pays them all and this one too.
    /// @param uncovered Wei that must still come from validators for that, 0 if covered.
    /// @param value Wei the request is worth at the stored rate, 0 if it is too small for the queue; until finalized it
    /// earns and may lose.
    struct QueueQuote {
        uint256 requestId;
        uint256 requestsAhead;
        uint256 etherAhead;
        bool covered;
        uint256 uncovered;
        uint256 value;
    }

    /// @param amount Wei of caETH.
    /// @return instant At once, for a fee ({IStakedEther.instantExit}).
    /// @return queue By the queue, without a fee: paid by a checkpoint opened at least one interval after the request.
    function quote(uint256 amount)
        external
        view
        returns (InstantExitQuote memory instant, QueueQuote memory queue);
}
