// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../src/deposit/IStakedEther.sol";
import { IBraked, Zone } from "../../src/governance/IBraked.sol";
import { IEmergencyBrake } from "../../src/governance/IEmergencyBrake.sol";
import { GovernanceFixture } from "../support/GovernanceFixture.sol";
import { IAccessManaged } from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

/// G2: a guardian, or who has stolen its key, can stop for a while; nothing else.
contract BrakeAttackTest is GovernanceFixture {
    function setUp() public override {
        super.setUp();
        stake(bob, 899 ether);
        lockFrom(alice, 100 ether);
        elapse(12);
    }

    function _pull(Zone zone, uint40 durationSeconds) private {
        vm.prank(guardian);
        brake.pull(zone, durationSeconds, "attack");
    }

    function test_Attack_PulledTwice() public {
        _pull(Zone.Deposit, 1 days);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyBrake.BrakeUsed.selector, Zone.Deposit));
        _pull(Zone.Deposit, 14 days);
        elapse(1 days);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyBrake.BrakeUsed.selector, Zone.Deposit));
        _pull(Zone.Deposit, 14 days);
        stake(bob, 1 ether);
    }

    function test_Attack_ReleasedAndPulledAgain() public {
        _pull(Zone.Deposit, 14 days);
        vm.startPrank(guardian);
        brake.release(Zone.Deposit);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyBrake.BrakeUsed.selector, Zone.Deposit));
        brake.pull(Zone.Deposit, 14 days, "attack");
    }

    function test_Attack_PulledForEver() public {
        uint40[3] memory long = [uint40(14 days + 1), uint40(365 days), type(uint40).max];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IEmergencyBrake.BrakeDurationInvalid.selector,
                    uint256(long[i]),
                    uint256(1 days),
                    uint256(14 days)
                )
            );
            _pull(Zone.Deposit, long[i]);
        }
    }

    /// All three zones, one after the other: a zone is stopped for 14 days whatever the order, and then goes on.
    function test_Attack_AChainOfPullsEnds() public {
        uint256 begin = block.timestamp;
        _pull(Zone.Deposit, 14 days);
        elapse(14 days);
        _pull(Zone.Validators, 14 days);
        stake(bob, 1 ether);
        elapse(14 days);
        _pull(Zone.Accounting, 14 days);
        stake(bob, 1 ether);
        elapse(14 days);
        for (uint256 i; i < 3; ++i) {
            assertLe(token.brakedUntil(Zone(i)), block.timestamp, "goes on");
            vm.expectRevert(abi.encodeWithSelector(IEmergencyBrake.BrakeUsed.selector, Zone(i)));
            _pull(Zone(i), 1 days);
        }
        assertLe(block.timestamp - begin, 42 days + 36, "three times 14 days");
        twoCheckpoints();
    }

    function test_Attack_PulledAfterTheMandate() public {
        uint256 endedAt = brake.mandateEndsAt();
        vm.warp(endedAt);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyBrake.MandateEnded.selector, endedAt));
        _pull(Zone.Deposit, 1 days);
    }

    /// Neither rearms, renews, nor names another brake, directly or through the manager.
    function test_Attack_AGuardianHelpsItselfToMore() public {
        bytes[3] memory calls = [
            abi.encodeCall(brake.rearm, (Zone.Deposit)),
            abi.encodeCall(brake.renewMandate, (uint40(block.timestamp + 365 days))),
            abi.encodeCall(IAccessManaged.setAuthority, (address(this)))
        ];
        for (uint256 i; i < 3; ++i) {
            vm.prank(guardian);
            (bool ok, bytes memory reason) = address(brake).call(calls[i]);
            assertFalse(ok, "refused");
            assertEq(
                reason,
                abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, guardian),
                "directly"
            );
            vm.prank(guardian);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccessManager.AccessManagerUnauthorizedCall.selector,
                    guardian,
                    address(brake),
                    bytes4(calls[i])
                )
            );
            roles.execute(address(brake), calls[i]);
        }
    }

    function test_Attack_AStrangerReleases() public {
        _pull(Zone.Accounting, 14 days);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        brake.release(Zone.Accounting);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedCall.selector,
                stranger,
                address(brake),
                brake.release.selector
            )
        );
        roles.execute(address(brake), abi.encodeCall(brake.release, (Zone.Accounting)));
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.CallerNotAllowed.selector, stranger));
        token.brake(Zone.Accounting, 0);
    }

    /// Not even governance stops a zone past the brake.
    function test_Attack_TheTimelockBrakesDirectly() public {
        vm.startPrank(address(timelock));
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.CallerNotAllowed.selector, address(roles)));
        roles.execute(address(token), abi.encodeCall(IBraked.brake, (Zone.Deposit, type(uint40).max)));
    }

    /// Everything stopped: claims, transfers, unwrapping, unlocking and voting go on.
    function test_Attack_NothingThatIsOnesOwnIsStopped() public {
        uint256 id = request(bob, 50 ether);
        twoCheckpoints();
        elapse(UNLOCK);
        vm.prank(alice);
        votes.startUnlock(20 ether);
        elapse(UNLOCK);
        for (uint256 i; i < 3; ++i) {
            _pull(Zone(i), 14 days);
        }
        assertEq(claim(bob, id), 50 ether, "claims");
        vm.prank(bob);
        token.transfer(stranger, 1 ether);
        assertApproxEqAbs(token.balanceOf(stranger), 1 ether, 1, "transfers");
        vm.startPrank(alice);
        votes.withdraw();
        wrapped.transfer(stranger, 5 ether);
        wrapped.unwrap(15 ether);
        vm.stopPrank();
        assertApproxEqAbs(token.balanceOf(alice), 15 ether, 1, "unwrapping");
        Proposal memory p = proposalOf(address(brake), abi.encodeCall(brake.release, (Zone.Deposit)));
        enact(alice, p);
        stake(bob, 1 ether);
    }

    /// A position made before can be paid as soon as checkpoints go on.
    function test_Attack_AStoppedDepositZoneFinalizesOn() public {
        uint256 id = request(bob, 50 ether);
        _pull(Zone.Deposit, 14 days);
        twoCheckpoints();
        assertEq(claim(bob, id), 50 ether, "paid meanwhile");
    }
}
