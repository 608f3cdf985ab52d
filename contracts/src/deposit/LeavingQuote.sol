// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ILeavingQuote } from "./ILeavingQuote.sol";
import { IStakedEther, InstantExitQuote } from "./IStakedEther.sol";
import { IWithdrawalQueue } from "./IWithdrawalQueue.sol";

/// Owns: nothing; it only reads, so it can be replaced when another way out joins.
/// Does not own: any of what it tells.
/// Trusts: the token and the queue it reads.
contract LeavingQuote is ILeavingQuote {
    IStakedEther public immutable TOKEN;
    IWithdrawalQueue public immutable QUEUE;

    constructor(IStakedEther token, IWithdrawalQueue queue) {
        TOKEN = token;
        QUEUE = queue;
    }

    /// @inheritdoc ILeavingQuote
    function quote(uint256 amount)
        external
        view
        returns (InstantExitQuote memory instant, QueueQuote memory queue)
    {
        instant = TOKEN.quoteInstantExit(amount);
        queue.requestId = QUEUE.getLastRequestId() + 1;
        queue.requestsAhead = QUEUE.unfinalizedRequestNumber();
        queue.etherAhead = QUEUE.unfinalizedStETH();
        // too small for a request: no value, and the rest of the quote stands
        try QUEUE.previewRequest(amount) returns (uint256 shares) {
            queue.value = TOKEN.getPooledEthByShares(shares);
        } catch { }
        uint256 owed = queue.etherAhead + queue.value;
        uint256 own = TOKEN.ownEther();
        queue.covered = own >= owed;
        queue.uncovered = queue.covered ? 0 : owed - own;
    }
}
