// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ExitRefusal } from "../../src/deposit/IStakedEther.sol";
import { BondFixture } from "../support/BondFixture.sol";

/// A loss that a settlement makes known, and no close has booked yet.
contract SettlementAttackTest is BondFixture {
    function _poolEther() internal pure override returns (uint256) {
        return 5000 ether;
    }

    /// H6, H7: a slashing is settled in the first hour of its window, and its loss, which no bond covers, is in no rate
    /// yet. The settlement must not open the instant exit before the close that books it.
    function test_Attack_ASettlementOpensNoExitAtTheOldRate() public {
        uint32 id = bonded(61 ether);
        uint40 index = member(id, 1, FULL);
        asPenalties();
        registry.takeBond(id, 62e27, bob);
        uint64 withdrawable = slash(index).withdrawableEpoch;
        assertGt(token.exitsPausedUntil(), block.timestamp, "exits wait");
        toEpoch(withdrawable - VECTOR / 2 - 40);
        checkpoint(); // the initial penalty is booked
        uint256 rate = token.getPooledEthByShares(1e36);
        assertTrue(token.quoteInstantExit(1 ether).refusal == ExitRefusal.Paused, "and still wait");
        settle(index, 100e9); // the correlation penalty: 2 % of the pool
        bool isOpen = token.quoteInstantExit(10 ether).refusal == ExitRefusal.None;
        uint256 state = vm.snapshotState();
        checkpoint();
        assertLt(token.getPooledEthByShares(1e36) * 1000, rate * 981, "the close then books 2 %");
        vm.revertToState(state);
        assertFalse(isOpen, "H6: nobody leaves at the old rate, for a fee of 10 bps");
    }
}
