// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../src/deposit/IStakedEther.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// A captured accounting contract, sweeps that would mint, and the loss of everything.
contract RebaseAttackTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(bob, 9999 ether);
    }

    /// H8: whatever a hostile caller tries every day for a month, the rate rises by at most 10 bps a day.
    function testFuzz_Attack_AHostileCheckpointsContractIsHeldToTheBounds(uint256 seed) public {
        vm.prank(bob);
        token.transfer(address(checkpoints), 500 ether); // it even holds shares to burn
        (uint256 s0, uint256 e0) = token.ledger();
        uint256 start = block.timestamp;
        for (uint256 i; i < 40; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + 1 + seed % 2 days);
            (, uint256 e) = token.ledger();
            int256 recognized = int256((seed >> 16) % (e / 200)) - int256(e / 2000);
            uint256 burn = (seed >> 48) % 3 == 0 ? (seed >> 64) % 10e27 : 0;
            uint256 fee = (seed >> 52) % 3 == 0 ? (seed >> 96) % 1e27 : 0;
            uint40 time = uint40(block.timestamp - (seed >> 128) % 3 hours);
            vm.prank(address(checkpoints));
            (bool ok,) = address(token).call(abi.encodeCall(token.applyRebase, (time, recognized, burn, fee)));
            if (!ok) continue;
        }
        (uint256 s1, uint256 e1) = token.ledger();
        // compounding 10 bps over the whole time: (1 + x)^n ≤ 1 / (1 − n·x) for n·x < 1
        uint256 bps = 10 * (block.timestamp - start + 1 days) / 1 days;
        assertLe(e1 * s0 / s1, e0 * 10_000 / (10_000 - bps), "H8: bounded in time");
    }

    /// Rebasing four times a day gives no more than once.
    function test_Attack_MoreFrequentRebasesGiveNoMore() public {
        uint256 state = vm.snapshotState();
        for (uint256 i; i < 6; ++i) {
            vm.warp(block.timestamp + 4 hours);
            _max(4 hours);
        }
        uint256 often = token.getTotalPooledEther();
        vm.revertToState(state);
        vm.warp(block.timestamp + 1 days);
        _max(1 days);
        uint256 once = token.getTotalPooledEther();
        assertApproxEqRel(often, once, 1e12, "compounding of a day's sixths aside");
    }

    function _max(uint256 elapsed) private {
        uint256 e = token.getTotalPooledEther();
        vm.prank(address(checkpoints));
        token.applyRebase(uint40(block.timestamp), int256(e * 10 * elapsed / (10_000 * 1 days)), 0, 0);
    }

    /// H13: a sweep is a payment by a vault; it mints nothing and moves no total.
    function test_Attack_ASweepNeverMints() public {
        vm.deal(address(withdrawalVault), 100 ether);
        vm.deal(address(executionVault), 100 ether);
        (uint256 s, uint256 e) = token.ledger();
        vm.startPrank(address(checkpoints));
        withdrawalVault.sweep();
        executionVault.sweep(100 ether);
        vm.stopPrank();
        (uint256 s1, uint256 e1) = token.ledger();
        assertEq(s1, s, "no shares");
        assertEq(e1, e, "no ether");
        assertEq(token.sharesOf(address(withdrawalVault)), 0, "none for the vault");
        assertEq(token.sharesOf(address(executionVault)), 0, "none for the vault");
    }

    /// 100 %: everything but the token's own ether is lost, and the books still close.
    function test_Attack_LosingEverythingKeepsTheBooksOpen() public {
        uint32 operator = joinOperator();
        uint40 index = member(operator, 1, 2048e9);
        uint256 id = request(bob, 100 ether);
        checkpoint();
        beacon.setBalance(index, 0);
        vm.deal(address(token), 0); // and the idle ether too, by some miracle
        checkpoint();
        assertEq(token.getTotalPooledEther(), 0, "nothing is left");
        assertEq(token.balanceOf(bob), 0, "for anybody");
        assertEq(queue.position(id).finalizedShares, 0, "nothing is finalized");
        uint256 paused = token.stakingPausedUntil();
        vm.warp(paused);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.PoolTooSmall.selector, uint256(0), uint256(1 ether))
        );
        token.submit{ value: 1 ether }(address(0));
        // transfers of nothing and views still answer
        uint256 half = token.sharesOf(bob) / 2;
        vm.prank(bob);
        token.transferShares(alice, half);
        assertEq(token.freeEther(), 0, "none");
        assertEq(withdrawals.uncoveredDemand(), 0, "none");
        // ether found later is never recognized from zero: nobody can buy all of it for a wei
        vm.deal(address(withdrawalVault), 500 ether);
        beacon.tick(1);
        checkpoint();
        assertEq(token.getTotalPooledEther(), 0, "a new seed is governance's matter");
    }

    /// H6/M1: after a big loss nobody buys at a rate that is not final.
    function test_Attack_ABigLossCannotBeBoughtInto() public {
        uint32 operator = joinOperator();
        uint40 index = member(operator, 1, 2048e9);
        beacon.setBalance(index, 1000e9);
        checkpoint();
        uint256 until = token.stakingPausedUntil();
        assertEq(until, block.timestamp + 3 days, "stopped");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.StakingPaused.selector, until));
        token.submit{ value: 1 ether }(address(0));
        uint256 id = request(bob, 10 ether);
        assertEq(queue.ownerOf(id), bob, "G3: requests go on");
    }
}
