// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { StackFixture } from "../support/StackFixture.sol";

/// First depositor, inflation, donations, forced ether: the rate is stored, so none of them has a handle.
contract InflationAttackTest is StackFixture {
    function _rateIsOne() private view {
        (uint256 s, uint256 e) = token.ledger();
        assertEq(s, e * 1e9, "the rate did not move");
    }

    function test_Attack_FirstDepositorCannotRoundTheSecondAway() public {
        stake(alice, 1); // one wei
        // the classic: a donation as large as the victim's stake, in all three ways
        vm.deal(address(token), address(token).balance + 1000 ether);
        vm.prank(alice);
        (bool ok,) = address(withdrawalVault).call{ value: 1000 ether }("");
        assertTrue(ok, "donated");
        vm.prank(alice);
        (ok,) = address(executionVault).call{ value: 1000 ether }("");
        assertTrue(ok, "donated");
        _rateIsOne();
        uint256 shares = stake(bob, 10 ether);
        assertEq(shares, 10e27, "full shares");
        assertEq(token.balanceOf(bob), 10 ether, "full value");
        assertEq(token.balanceOf(alice), 1, "the attacker owns a wei");
    }

    function test_Attack_DonationIsRecognizedSlowlyAndForEverybody() public {
        stake(alice, 1);
        stake(bob, 99 ether);
        vm.prank(alice);
        (bool ok,) = address(withdrawalVault).call{ value: 1000 ether }("");
        assertTrue(ok, "donated");
        for (uint256 i; i < 3; ++i) {
            uint256 before = token.getTotalPooledEther();
            checkpoint();
            uint256 rise = token.getTotalPooledEther() - before;
            assertLe(rise * 10_000, before * 3 * 25 / 24, "A6: three bps a day");
        }
        assertLe(token.balanceOf(alice), 1, "the donor's wei is still a wei");
        assertGt(token.balanceOf(bob), 99 ether, "the others have it");
        // nobody can be diluted by a later small stake rounding to nothing
        vm.deal(keeper, 1 ether);
        assertGt(stake(keeper, 1), 0, "one wei still buys shares");
    }

    function test_Attack_GivingCaEthToTheQueueOrAVaultMovesNothing() public {
        stake(alice, 100 ether);
        stake(bob, 100 ether);
        address[4] memory targets =
            [address(queue), address(withdrawalVault), address(registry), address(fees)];
        for (uint256 i; i < 4; ++i) {
            vm.prank(alice);
            token.transfer(targets[i], 10 ether);
        }
        _rateIsOne();
        assertEq(queue.unfinalizedShares(), 0, "nothing is queued by it");
        uint256 id = request(bob, 50 ether);
        twoCheckpoints();
        assertEq(claim(bob, id), 50 ether, "the queue is not confused");
        assertEq(token.balanceOf(bob), 50 ether, "nor are balances");
        _rateIsOne();
    }

    /// What is given to the checkpoints lies in the pot: later closes burn it for everybody, under the cap and without a
    /// fee. The giver only loses.
    function test_Attack_GivingCaEthToTheCheckpointsRaisesTheRateUnderTheCap() public {
        stake(alice, 100 ether);
        stake(bob, 100 ether);
        vm.prank(alice);
        token.transfer(address(checkpoints), 10 ether);
        _rateIsOne();
        assertEq(checkpoints.cover().potShares, 10e27, "in the pot");
        for (uint256 i; i < 2; ++i) {
            uint256 last = token.lastSnapshotTime();
            uint256 before = token.getPooledEthByShares(1e36);
            checkpoint();
            uint256 rise = token.getPooledEthByShares(1e36) - before;
            assertGt(rise, 0, "burnt for everybody");
            uint256 elapsed = token.lastSnapshotTime() - last;
            assertLe(rise, before * 3 * elapsed / (10_000 * 1 days), "A6: three bps a day");
        }
        assertEq(token.sharesOf(address(fees)), 0, "A3: no fee on it");
        assertLt(token.balanceOf(alice), 90.1 ether, "the giver has lost it");
        assertEq(token.getTotalPooledEther(), 201 ether, "no ether was made");
    }

    /// Ether forced into queue, registry, manager: it belongs to nobody and is counted by nothing.
    function test_Attack_EtherForcedElsewhereIsNotCounted() public {
        stake(alice, 100 ether);
        vm.deal(address(queue), 50 ether);
        vm.deal(address(registry), 50 ether);
        vm.deal(address(validators), 50 ether);
        vm.deal(address(checkpoints), 50 ether);
        uint256 id = request(alice, 30 ether);
        twoCheckpoints();
        assertEq(claim(alice, id), 30 ether, "exactly the line's");
        assertEq(address(queue).balance, 50 ether, "what was forced in stays");
        _rateIsOne();
    }

    /// The reserve of a large donation cannot be jumped on: stake, wait, leave gains no more than the cap a day.
    /// forge-config: default.fuzz.runs = 96
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_Attack_SandwichingADonationGainsAtMostTheCap(uint256 donated) public {
        donated = bound(donated, 1 ether, 5000 ether);
        stake(bob, 9999 ether);
        vm.deal(address(withdrawalVault), donated);
        stake(alice, 10_000 ether);
        uint256 id = request(alice, 10_000 ether);
        twoCheckpoints();
        uint256 out = claim(alice, id);
        // two closes, each at most 3 bps a day of 23 hours and a bit
        assertLe(out, uint256(10_000 ether) * 10_007 / 10_000, "bounded by the cap, whatever was donated");
    }
}
