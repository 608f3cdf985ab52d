// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ExitRefusal, IStakedEther, InstantExitQuote } from "../../../src/deposit/IStakedEther.sol";
import { IBraked, Zone } from "../../../src/governance/IBraked.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// The brake's deadlines, which stand in the token; and what the deposit zone does and does not while it is stopped.
contract StakedEtherBrakeTest is StackFixture {
    uint40 private until;

    function setUp() public override {
        super.setUp();
        stake(alice, 500 ether);
        until = uint40(block.timestamp + 2 days);
    }

    function _brakeZone(Zone zone, uint256 timestamp) private {
        vm.prank(_brake());
        token.brake(zone, uint40(timestamp));
    }

    function _braked(Zone zone) private view returns (bytes memory) {
        return abi.encodeWithSelector(IBraked.ZoneBraked.selector, zone, uint256(until));
    }

    // ------------------------------------------------------------ deadlines

    function test_Brake_StopsOneZoneUntilItsTime() public {
        for (uint256 i; i < 3; ++i) {
            Zone zone = Zone(i);
            vm.expectEmit(address(token));
            emit IBraked.ZoneBrakedUntil(zone, until);
            _brakeZone(zone, until);
            for (uint256 j; j < 3; ++j) {
                assertEq(token.brakedUntil(Zone(j)), j <= i ? until : 0, "each for itself");
            }
            vm.expectRevert(_braked(zone));
            token.requireReleased(zone);
        }
        vm.warp(until - 1);
        vm.expectRevert(_braked(Zone.Deposit));
        token.requireReleased(Zone.Deposit);
        vm.warp(until);
        for (uint256 i; i < 3; ++i) {
            token.requireReleased(Zone(i)); // the clock ends it
        }
    }

    function test_Brake_CanBeEndedEarly() public {
        for (uint256 i; i < 3; ++i) {
            _brakeZone(Zone(i), until);
            _brakeZone(Zone(i), 0);
            token.requireReleased(Zone(i));
        }
    }

    function testFuzz_Brake_IsBounded(uint40 asked, uint256 seed) public {
        Zone zone = Zone(seed % 3);
        uint256 latest = block.timestamp + 14 days;
        if (asked > latest) {
            vm.expectRevert(abi.encodeWithSelector(IBraked.BrakeTooLong.selector, uint256(asked), latest));
        }
        vm.prank(_brake());
        token.brake(zone, asked);
        assertEq(token.brakedUntil(zone), asked > latest ? 0 : asked, "whole");
    }

    function test_RevertWhen_AnotherBrakes() public {
        address[4] memory others = [alice, governance, address(checkpoints), address(validators)];
        for (uint256 i; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IStakedEther.CallerNotAllowed.selector, others[i]));
            vm.prank(others[i]);
            token.brake(Zone.Deposit, until);
        }
    }

    // ------------------------------------------------------------ deposit

    /// G2: no way in, and no way out but those that were open before.
    function test_Brake_StopsStakesExitsAndRequests() public {
        vm.prank(alice);
        token.approve(address(queue), type(uint256).max);
        wrap(alice, 10 ether);
        vm.prank(alice);
        wrapped.approve(address(queue), type(uint256).max);
        _brakeZone(Zone.Deposit, until);
        bytes memory braked = _braked(Zone.Deposit);
        vm.startPrank(alice);
        vm.expectRevert(braked);
        token.submit{ value: 1 ether }(address(0));
        vm.expectRevert(braked);
        token.stake{ value: 1 ether }(bob, 0);
        (bool ok, bytes memory reason) = address(token).call{ value: 1 ether }("");
        assertFalse(ok, "plain ether");
        assertEq(reason, braked, "plain ether");
        vm.expectRevert(braked);
        wrapped.stakeAndWrap{ value: 1 ether }(alice, 0);
        vm.expectRevert(braked);
        queue.requestWithdrawals(ones(1 ether), alice);
        vm.expectRevert(braked);
        queue.requestWithdrawalsWstETH(ones(1 ether), alice);
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.InstantExitPaused.selector, uint256(until)));
        token.instantExit(1 ether, 0, alice);
        vm.stopPrank();
        vm.warp(until);
        stake(bob, 1 ether);
        request(alice, 1 ether);
    }

    function test_Brake_ShowsInEveryView() public {
        _brakeZone(Zone.Deposit, until);
        assertTrue(token.isStakingPaused(), "paused");
        assertEq(token.getCurrentStakeLimit(), 0, "nothing can be staked");
        assertEq(token.stakingPausedUntil(), until, "until");
        assertEq(token.exitsPausedUntil(), until, "exits too");
        InstantExitQuote memory q = token.quoteInstantExit(1 ether);
        assertTrue(q.refusal == ExitRefusal.Paused, "refused");
        assertEq(q.retryAt, until, "until");
        assertEq(q.available, 0, "nothing");
        // the later of two pauses counts, and the brake's end ends only the brake
        vm.prank(address(checkpoints));
        token.pauseExits(until + 1);
        assertEq(token.exitsPausedUntil(), until + 1, "the safeguard's is later");
        _brakeZone(Zone.Deposit, 0);
        assertEq(token.exitsPausedUntil(), until + 1, "and stays");
        assertEq(token.stakingPausedUntil(), 0, "staking goes on");
    }

    /// G3 and G2: transfers, allowances, wrapping, unwrapping, closes and claims go on.
    function test_Brake_StopsNothingElse() public {
        uint256 id = request(alice, 10 ether);
        _brakeZone(Zone.Deposit, block.timestamp + 14 days);
        vm.prank(alice);
        token.transfer(bob, 5 ether);
        assertEq(token.balanceOf(bob), 5 ether, "L4: a transfer");
        uint256 units = wrap(bob, 4 ether);
        vm.prank(bob);
        wrapped.transfer(alice, units / 2);
        vm.prank(alice);
        wrapped.unwrap(units / 2);
        twoCheckpoints();
        assertEq(claim(alice, id), 10 ether, "finalized and claimed");
        assertGt(token.brakedUntil(Zone.Deposit), block.timestamp, "still stopped");
    }

    // ------------------------------------------------------------ lock

    function test_Brake_TheLockIsRefusedToABrakedZone() public {
        _brakeZone(Zone.Validators, until);
        vm.prank(address(validators));
        vm.expectRevert(_braked(Zone.Validators));
        token.acquireLock();
        vm.prank(address(checkpoints));
        token.acquireLock();
        vm.prank(address(checkpoints));
        token.releaseLock();

        _brakeZone(Zone.Validators, 0);
        _brakeZone(Zone.Accounting, until);
        vm.startPrank(address(checkpoints));
        vm.expectRevert(_braked(Zone.Accounting));
        token.acquireLock();
        vm.expectRevert(_braked(Zone.Accounting));
        token.markCheckpoint(true);
        token.markCheckpoint(false); // giving one up is no opening
        vm.stopPrank();
        vm.prank(address(validators));
        token.acquireLock();
    }
}
