// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Zone } from "../../src/governance/IBraked.sol";
import { GovernanceFixture } from "../support/GovernanceFixture.sol";
import { IAccessManaged } from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

/// Escalation through the manager's own functions, by those who hold something and those who hold nothing.
contract RolesAttackTest is GovernanceFixture {
    address[] private attackers;

    function setUp() public override {
        super.setUp();
        attackers = [guardian, stranger, address(this), address(governor), address(brake)];
    }

    function _one(bytes4 selector) private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](1);
        selectors[0] = selector;
    }

    /// All that ADMIN may ask of the manager.
    function _adminCalls(address who) private view returns (bytes[] memory calls) {
        calls = new bytes[](10);
        calls[0] = abi.encodeCall(IAccessManager.grantRole, (0, who, 0));
        calls[1] = abi.encodeCall(IAccessManager.grantRole, (roles.UPGRADES(), who, 0));
        calls[2] = abi.encodeCall(IAccessManager.revokeRole, (0, address(timelock)));
        calls[3] = abi.encodeCall(
            IAccessManager.setTargetFunctionRole,
            (address(checkpoints), _one(checkpoints.setParameters.selector), roles.GUARDIAN())
        );
        calls[4] = abi.encodeCall(IAccessManager.setRoleAdmin, (roles.UPGRADES(), roles.GUARDIAN()));
        calls[5] = abi.encodeCall(IAccessManager.setRoleGuardian, (roles.UPGRADES(), roles.GUARDIAN()));
        calls[6] = abi.encodeCall(IAccessManager.setGrantDelay, (roles.UPGRADES(), 365 days));
        calls[7] = abi.encodeCall(IAccessManager.setTargetClosed, (address(brake), true));
        calls[8] = abi.encodeCall(IAccessManager.updateAuthority, (address(brake), address(this)));
        calls[9] = abi.encodeCall(IAccessManager.labelRole, (roles.GUARDIAN(), "admin"));
    }

    function test_Attack_NobodyGrantsOrRewires() public {
        for (uint256 i; i < attackers.length; ++i) {
            bytes[] memory calls = _adminCalls(attackers[i]);
            for (uint256 j; j < calls.length; ++j) {
                vm.prank(attackers[i]);
                (bool ok, bytes memory reason) = address(roles).call(calls[j]);
                assertFalse(ok, "directly");
                assertEq(
                    reason,
                    abi.encodeWithSelector(
                        IAccessManager.AccessManagerUnauthorizedAccount.selector, attackers[i], uint64(0)
                    ),
                    "why"
                );
            }
        }
    }

    /// The manager asked to call itself checks as if it were called directly.
    function test_Attack_ThroughExecuteToItself() public {
        for (uint256 i; i < attackers.length; ++i) {
            bytes[] memory calls = _adminCalls(attackers[i]);
            for (uint256 j; j < calls.length; ++j) {
                vm.prank(attackers[i]);
                vm.expectRevert(
                    abi.encodeWithSelector(
                        IAccessManager.AccessManagerUnauthorizedCall.selector,
                        attackers[i],
                        address(roles),
                        bytes4(calls[j])
                    )
                );
                roles.execute(address(roles), calls[j]);
            }
        }
    }

    /// Nor `execute` of `execute`, which would make the manager the caller.
    function test_Attack_ThroughNestedExecute() public {
        bytes memory inner = abi.encodeCall(
            IAccessManager.execute, (address(fees), abi.encodeCall(fees.setTreasury, (stranger)))
        );
        for (uint256 i; i < attackers.length; ++i) {
            vm.prank(attackers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccessManager.AccessManagerUnauthorizedCall.selector,
                    attackers[i],
                    address(roles),
                    IAccessManager.execute.selector
                )
            );
            roles.execute(address(roles), inner);
        }
        // even ADMIN: what is called within must have been asked for itself
        vm.prank(address(timelock));
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedCall.selector,
                address(roles),
                address(fees),
                fees.setTreasury.selector
            )
        );
        roles.execute(address(roles), inner);
    }

    function test_Attack_ThroughMulticall() public {
        for (uint256 i; i < attackers.length; ++i) {
            bytes[] memory calls = _adminCalls(attackers[i]);
            vm.prank(attackers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccessManager.AccessManagerUnauthorizedAccount.selector, attackers[i], uint64(0)
                )
            );
            roles.multicall(calls);
        }
    }

    /// A right asked for first, then another under its cover.
    function test_Attack_TwoCallsUnderOneRight() public {
        vm.prank(guardian);
        brake.pull(Zone.Deposit, 1 days, "test");
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(
            IAccessManager.execute, (address(brake), abi.encodeCall(brake.release, (Zone.Deposit)))
        );
        calls[1] = abi.encodeCall(
            IAccessManager.execute, (address(brake), abi.encodeCall(brake.rearm, (Zone.Deposit)))
        );
        vm.prank(guardian);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedCall.selector,
                guardian,
                address(brake),
                brake.rearm.selector
            )
        );
        roles.multicall(calls);
    }

    /// Nothing has a delay in the manager: nothing can be scheduled, and so nothing be cancelled.
    function test_Attack_NothingIsScheduledOrCancelled() public {
        bytes memory release = abi.encodeCall(brake.release, (Zone.Deposit));
        address[3] memory who = [guardian, stranger, address(timelock)];
        for (uint256 i; i < 3; ++i) {
            vm.startPrank(who[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccessManager.AccessManagerUnauthorizedCall.selector,
                    who[i],
                    address(brake),
                    brake.release.selector
                )
            );
            roles.schedule(address(brake), release, 0);
            bytes32 operation = roles.hashOperation(address(timelock), address(brake), release);
            vm.expectRevert(
                abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation)
            );
            roles.cancel(address(timelock), address(brake), release);
            vm.stopPrank();
        }
        vm.prank(address(brake));
        vm.expectRevert(
            abi.encodeWithSelector(IAccessManager.AccessManagerUnauthorizedConsume.selector, address(brake))
        );
        roles.consumeScheduledOp(address(timelock), release);
    }

    /// A scheduled call of somebody else, were there a delay: only its caller, an admin or its role's guardian cancels.
    function test_Attack_NobodyCancelsForOthers() public {
        uint64 forks = roles.FORKS();
        vm.prank(address(timelock));
        roles.grantRole(forks, keeper, 1 days);
        bytes memory call = abi.encodePacked(proofs.proposeFork.selector, new bytes(11 * 32));
        vm.prank(keeper);
        roles.schedule(address(proofs), call, 0);
        for (uint256 i; i < attackers.length; ++i) {
            vm.prank(attackers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccessManager.AccessManagerUnauthorizedCancel.selector,
                    attackers[i],
                    keeper,
                    address(proofs),
                    proofs.proposeFork.selector
                )
            );
            roles.cancel(keeper, address(proofs), call);
        }
        bytes32 operation = roles.hashOperation(keeper, address(proofs), call);
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotReady.selector, operation));
        roles.execute(address(proofs), call);
    }

    /// Everybody is in PUBLIC_ROLE; no function is given to it, and it cannot be granted or renounced to effect.
    function test_Attack_ThePublicRoleOpensNothing() public {
        uint64 open = roles.PUBLIC_ROLE();
        Row[] memory table = _table();
        for (uint256 i; i < table.length; ++i) {
            assertTrue(
                roles.getTargetFunctionRole(table[i].target, table[i].selector) != open, table[i].signature
            );
        }
        vm.startPrank(address(timelock));
        bytes memory locked = abi.encodeWithSelector(IAccessManager.AccessManagerLockedRole.selector, open);
        vm.expectRevert(locked);
        roles.grantRole(open, stranger, 0);
        vm.expectRevert(locked);
        roles.setRoleAdmin(open, 1);
        vm.expectRevert(locked);
        roles.setGrantDelay(open, 1);
        vm.stopPrank();
        vm.prank(stranger);
        vm.expectRevert(locked);
        roles.renounceRole(open, stranger);
    }

    /// A role's own holders can only give up what they have.
    function test_Attack_RenouncingForOthers() public {
        uint64 admin = roles.ADMIN();
        vm.startPrank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerBadConfirmation.selector));
        roles.renounceRole(admin, address(timelock));
        roles.renounceRole(roles.GUARDIAN(), guardian);
        vm.stopPrank();
        (bool held,) = roles.hasRole(admin, address(timelock));
        assertTrue(held, "untouched");
    }

    /// The brake and its manager: authority moves by ADMIN through the manager only.
    function test_Attack_TheBrakesAuthority() public {
        for (uint256 i; i < attackers.length; ++i) {
            vm.startPrank(attackers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, attackers[i])
            );
            brake.setAuthority(address(token));
            vm.stopPrank();
        }
        vm.prank(address(timelock));
        vm.expectRevert(
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(timelock))
        );
        brake.setAuthority(address(token));
    }

    /// Who was given one function of a target has no other, nor the same of another target.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_Attack_RightsDoNotSpread(bytes4 selector, uint256 seed) public {
        Row[] memory table = _table();
        address target = table[seed % table.length].target;
        vm.assume(selector != brake.pull.selector && selector != brake.release.selector);
        vm.assume(selector != governor.veto.selector);
        for (uint256 i; i < 2; ++i) {
            address who = i == 0 ? guardian : stranger;
            vm.prank(who);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccessManager.AccessManagerUnauthorizedCall.selector, who, target, selector
                )
            );
            roles.execute(target, abi.encodePacked(selector, new bytes(320)));
        }
    }
}
