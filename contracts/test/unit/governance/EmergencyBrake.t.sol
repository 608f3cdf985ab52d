// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { EmergencyBrake } from "../../../src/governance/EmergencyBrake.sol";
import { IBraked, Zone } from "../../../src/governance/IBraked.sol";
import { IEmergencyBrake } from "../../../src/governance/IEmergencyBrake.sol";
import { Roles } from "../../../src/governance/Roles.sol";
import { IAccessManaged } from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import { Test } from "forge-std/Test.sol";

/// Deadlines, as the token keeps them.
contract Braked is IBraked {
    mapping(Zone => uint40) public brakedUntil;

    function brake(Zone zone, uint40 until) external {
        brakedUntil[zone] = until;
        emit ZoneBrakedUntil(zone, until);
    }

    function requireReleased(Zone zone) external view {
        if (block.timestamp < brakedUntil[zone]) revert ZoneBraked(zone, brakedUntil[zone]);
    }
}

contract EmergencyBrakeTest is Test {
    Roles private roles;
    Braked private token;
    EmergencyBrake private brake;
    address private guardian = makeAddr("guardian");
    address private timelock = makeAddr("timelock");
    uint40 private mandate;

    function setUp() public {
        vm.warp(1_700_000_000);
        roles = new Roles(address(this));
        token = new Braked();
        mandate = uint40(block.timestamp + 100 days);
        brake = new EmergencyBrake(address(roles), token, mandate);
        _allow(brake.pull.selector, roles.GUARDIAN());
        _allow(brake.release.selector, roles.RELEASER());
        _allow(brake.rearm.selector, roles.PARAMETERS());
        _allow(brake.renewMandate.selector, roles.PARAMETERS());
        roles.grantRole(roles.GUARDIAN(), guardian, 0);
        roles.grantRole(roles.RELEASER(), guardian, 0);
        roles.grantRole(roles.RELEASER(), timelock, 0);
        roles.grantRole(roles.PARAMETERS(), timelock, 0);
    }

    function _allow(bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        roles.setTargetFunctionRole(address(brake), selectors, role);
    }

    function _pull(Zone zone, uint40 durationSeconds) private {
        vm.prank(guardian);
        brake.pull(zone, durationSeconds, "a proof is forged");
    }

    // ------------------------------------------------------------ pull

    function testFuzz_Pull_StopsOneZoneOnceForAWhile(uint256 seed, uint40 durationSeconds) public {
        Zone zone = Zone(seed % 3);
        durationSeconds = uint40(bound(durationSeconds, 1 days, 14 days));
        uint40 until = uint40(block.timestamp) + durationSeconds;
        vm.expectEmit(address(brake));
        emit IEmergencyBrake.BrakePulled(zone, guardian, until, "a proof is forged");
        vm.expectEmit(address(token));
        emit IBraked.ZoneBrakedUntil(zone, until);
        _pull(zone, durationSeconds);
        assertEq(token.brakedUntil(zone), until, "stopped");
        for (uint256 i; i < 3; ++i) {
            assertEq(brake.isArmed(Zone(i)), Zone(i) != zone, "each for itself");
        }
        vm.expectRevert(abi.encodeWithSelector(IEmergencyBrake.BrakeUsed.selector, zone));
        _pull(zone, durationSeconds);
    }

    function testFuzz_RevertWhen_TheTimeIsOutOfBounds(uint40 durationSeconds) public {
        bool isValid = durationSeconds >= 1 days && durationSeconds <= 14 days;
        if (!isValid) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IEmergencyBrake.BrakeDurationInvalid.selector,
                    uint256(durationSeconds),
                    uint256(1 days),
                    uint256(14 days)
                )
            );
        }
        _pull(Zone.Accounting, durationSeconds);
    }

    function test_RevertWhen_TheReasonIsMissingOrTooLong() public {
        vm.startPrank(guardian);
        vm.expectRevert(
            abi.encodeWithSelector(IEmergencyBrake.BrakeReasonInvalid.selector, uint256(0), uint256(500))
        );
        brake.pull(Zone.Deposit, 1 days, "");
        vm.expectRevert(
            abi.encodeWithSelector(IEmergencyBrake.BrakeReasonInvalid.selector, uint256(501), uint256(500))
        );
        brake.pull(Zone.Deposit, 1 days, string(new bytes(501)));
        brake.pull(Zone.Deposit, 1 days, string(new bytes(500)));
    }

    function test_RevertWhen_TheMandateIsOver() public {
        vm.warp(mandate);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyBrake.MandateEnded.selector, uint256(mandate)));
        _pull(Zone.Deposit, 1 days);
        vm.warp(mandate - 1);
        _pull(Zone.Deposit, 14 days); // the last second is good for the whole time
    }

    function test_RevertWhen_AnotherPulls() public {
        address[3] memory others = [timelock, address(this), address(roles)];
        for (uint256 i; i < 3; ++i) {
            vm.prank(others[i]);
            vm.expectRevert(_unauthorized(others[i]));
            brake.pull(Zone.Deposit, 1 days, "x");
        }
    }

    // ------------------------------------------------------------ release

    function test_Release_LetsTheZoneGoOn() public {
        _pull(Zone.Deposit, 10 days);
        _pull(Zone.Validators, 10 days);
        address[2] memory releasers = [guardian, timelock];
        for (uint256 i; i < 2; ++i) {
            vm.expectEmit(address(brake));
            emit IEmergencyBrake.BrakeReleased(Zone(i), releasers[i]);
            vm.prank(releasers[i]);
            brake.release(Zone(i));
            assertEq(token.brakedUntil(Zone(i)), block.timestamp, "ended now");
            token.requireReleased(Zone(i));
            assertFalse(brake.isArmed(Zone(i)), "not ready again");
        }
    }

    function test_RevertWhen_NothingIsStopped() public {
        vm.prank(guardian);
        vm.expectRevert(
            abi.encodeWithSelector(IEmergencyBrake.BrakeNotPulled.selector, Zone.Deposit, uint256(0))
        );
        brake.release(Zone.Deposit);
        _pull(Zone.Deposit, 1 days);
        uint256 endedAt = block.timestamp + 1 days;
        vm.warp(endedAt);
        vm.prank(guardian);
        vm.expectRevert(
            abi.encodeWithSelector(IEmergencyBrake.BrakeNotPulled.selector, Zone.Deposit, endedAt)
        );
        brake.release(Zone.Deposit);
    }

    function test_RevertWhen_AStrangerReleases() public {
        _pull(Zone.Deposit, 1 days);
        vm.expectRevert(_unauthorized(address(this)));
        brake.release(Zone.Deposit);
    }

    // ------------------------------------------------------------ rearm, mandate

    function test_Rearm_AllowsOneMorePull() public {
        vm.prank(timelock);
        brake.rearm(Zone.Deposit); // nothing to do
        _pull(Zone.Deposit, 1 days);
        vm.warp(block.timestamp + 60 days);
        vm.expectEmit(address(brake));
        emit IEmergencyBrake.BrakeRearmed(Zone.Deposit);
        vm.prank(timelock);
        brake.rearm(Zone.Deposit);
        assertTrue(brake.isArmed(Zone.Deposit), "ready");
        _pull(Zone.Deposit, 2 days);
        assertEq(token.brakedUntil(Zone.Deposit), block.timestamp + 2 days, "anew");
        assertFalse(brake.isArmed(Zone.Deposit), "once");
    }

    function testFuzz_RenewMandate_AYearAtMost(uint40 endsAt) public {
        uint256 latest = block.timestamp + 365 days;
        if (endsAt > latest) {
            vm.expectRevert(
                abi.encodeWithSelector(IEmergencyBrake.MandateTooLong.selector, uint256(endsAt), latest)
            );
        } else {
            vm.expectEmit(address(brake));
            emit IEmergencyBrake.MandateRenewed(endsAt);
        }
        vm.prank(timelock);
        brake.renewMandate(endsAt);
        assertEq(brake.mandateEndsAt(), endsAt > latest ? mandate : endsAt, "set");
    }

    function test_RevertWhen_AGuardianRearmsOrRenews() public {
        vm.startPrank(guardian);
        vm.expectRevert(_unauthorized(guardian));
        brake.rearm(Zone.Deposit);
        vm.expectRevert(_unauthorized(guardian));
        brake.renewMandate(mandate);
    }

    // ------------------------------------------------------------ deployment

    function test_RevertWhen_DeployedWrongly() public {
        vm.expectRevert(abi.encodeWithSelector(IEmergencyBrake.BrakeConfigZero.selector));
        new EmergencyBrake(address(0), token, mandate);
        vm.expectRevert(abi.encodeWithSelector(IEmergencyBrake.BrakeConfigZero.selector));
        new EmergencyBrake(address(roles), IBraked(address(0)), mandate);
        uint256 latest = block.timestamp + 365 days;
        vm.expectRevert(abi.encodeWithSelector(IEmergencyBrake.MandateTooLong.selector, latest + 1, latest));
        new EmergencyBrake(address(roles), token, uint40(latest + 1));
        assertEq(new EmergencyBrake(address(roles), token, 0).mandateEndsAt(), 0, "without guardians");
    }

    function _unauthorized(address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
    }
}
