// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// C1: borrowed ether must not take the day's yield.
contract FlashLoanAttackTest is StackFixture {
    uint32 private operator;
    uint40 private index;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        stake(bob, 9999 ether);
        index = member(operator, 1, 1000e9);
        checkpoint();
        beacon.setBalance(index, beacon.balanceOf(index) + 0.8e9); // a day's gain
        waitForCheckpoint();
    }

    /// stake → request → open → prove → close → claim in one block with 40,000 borrowed.
    function test_Attack_StakeRequestCheckpointClaimInOneTransactionPaysNothing() public {
        stake(alice, 40_000 ether);
        uint256 id = request(alice, 40_000 ether);
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        checkpoints.close(s, address(this));
        assertEq(queue.position(id).finalizedShares, 0, "C1: not in reach of this close");
        uint256 newest = queue.getLastCheckpointIndex();
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.NothingToClaim.selector, id, uint256(0)));
        queue.claimWithdrawals(ones(id), ones(newest));
    }

    /// The same, slipped in between the steps of somebody else's checkpoint.
    function test_Attack_JoiningAfterTheProofPaysNothing() public {
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        stake(alice, 40_000 ether);
        uint256 id = request(alice, 40_000 ether);
        checkpoints.close(s, address(this));
        assertEq(queue.position(id).finalizedShares, 0, "C1");
    }

    /// W5: also a request of a minute before open waits for a checkpoint opened an interval later.
    function test_Attack_ARequestAlwaysWaitsAWholeInterval() public {
        stake(alice, 40_000 ether);
        uint256 id = request(alice, 40_000 ether);
        uint256 requestedAt = block.timestamp;
        beacon.tick(5);
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        checkpoints.close(s, address(this));
        assertEq(queue.position(id).finalizedShares, 0, "not by this one");
        s = checkpoint();
        assertGe(s.openedAt, requestedAt + INTERVAL, "W5");
        assertEq(queue.position(id).finalizedShares, queue.position(id).endShares, "by the next");
    }

    /// The request burdens the attacker with what happens meanwhile.
    function test_Attack_AQueuedRequestSharesALossSeenMeanwhile() public {
        stake(alice, 10_000 ether);
        uint256 id = request(alice, 10_000 ether);
        checkpoint();
        beacon.setBalance(index, beacon.balanceOf(index) - 200e9);
        checkpoint();
        assertEq(
            queue.position(id).finalizedShares, 0, "nobody leaves by the close that books so large a loss"
        );
        checkpoint();
        uint256 out = claim(alice, id);
        assertLt(out, 9920 ether, "half of the loss is hers");
    }
}
