// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakerGovernor } from "../../../src/governance/IStakerGovernor.sol";
import { Roles } from "../../../src/governance/Roles.sol";
import { GovernanceFixture } from "../../support/GovernanceFixture.sol";
import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";
import { IAccessManaged } from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";

/// Each row of contracts/roles.json against each actor: let through, or refused for the right reason.
contract RolesTest is GovernanceFixture {
    bytes32 private constant IMPLEMENTATION =
        0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;

    address[] private actors;

    function setUp() public override {
        super.setUp();
        actors = [
            address(timelock),
            guardian,
            address(governor),
            address(roles),
            address(brake),
            address(this), // it deployed all of this
            address(names),
            stranger
        ];
    }

    // ------------------------------------------------------------ who may

    /// What the design says, apart from the fixture's own grants.
    function _holds(address who, string memory role) private view returns (bool) {
        if (who == address(timelock)) return !is_(role, "GUARDIAN") && !is_(role, "GOVERNOR");
        if (who == guardian) return is_(role, "GUARDIAN") || is_(role, "RELEASER");
        return who == address(governor) && is_(role, "GOVERNOR");
    }

    /// The manager's own power: it is what the modules obey, so it passes on whatever it was asked rightly.
    function test_Table_EveryRowForEveryActor() public {
        Row[] memory table = _table();
        for (uint256 i; i < table.length; ++i) {
            for (uint256 j; j < actors.length; ++j) {
                uint256 state = vm.snapshotState();
                bool passed = _attempt(table[i], actors[j]);
                vm.revertToState(state);
                string memory what =
                    string.concat(table[i].place, ".", table[i].signature, " by ", vm.getLabel(actors[j]));
                assertEq(passed, _holds(actors[j], table[i].role), what);
            }
        }
    }

    /// @return Whether the call reached what it asks for; it may fail there for its empty arguments.
    function _attempt(Row memory row, address who) private returns (bool) {
        bytes memory call = abi.encodePacked(row.selector, new bytes(12 * 32));
        bytes memory reason;
        bool ok;
        bool isDirect = _isDirect(row);
        if (!isDirect) {
            // the target itself would refuse empty arguments: here only who asks matters
            vm.mockCall(row.target, abi.encodePacked(row.selector), abi.encode(uint256(1)));
        }
        vm.prank(who);
        if (isDirect) (ok, reason) = row.target.call(call);
        else (ok, reason) = address(roles).call(abi.encodeCall(IAccessManager.execute, (row.target, call)));
        if (!isDirect) vm.clearMockedCalls();
        if (ok) return true;
        if (isDirect) return !_isRefusal(row, who, reason);
        assertEq(
            reason,
            abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedCall.selector, who, row.target, row.selector
            ),
            "only for who asked"
        );
        return false;
    }

    /// Who knows itself who may call it; modules and their admins know the manager only.
    function _isDirect(Row memory row) private pure returns (bool) {
        if (row.selector == IAccessManaged.setAuthority.selector) return false;
        return is_(row.place, "emergencyBrake") || is_(row.place, "stakerGovernor")
            || is_(row.place, "timelock") || is_(row.place, "accessManager");
    }

    function _isRefusal(Row memory row, address who, bytes memory reason) private pure returns (bool) {
        bytes4 why = bytes4(reason);
        if (
            why != IAccessManaged.AccessManagedUnauthorized.selector
                && why != IStakerGovernor.VetoNotAllowed.selector
                && why != IGovernor.GovernorOnlyExecutor.selector
                && why != TimelockController.TimelockUnauthorizedCaller.selector
                && why != IAccessControl.AccessControlUnauthorizedAccount.selector
                && why != IAccessManager.AccessManagerUnauthorizedAccount.selector
        ) return false;
        address named;
        assembly ("memory-safe") {
            named := mload(add(reason, 0x24))
        }
        assertEq(named, who, string.concat(row.signature, ": the caller is named"));
        return true;
    }

    /// Nobody goes round the manager.
    function test_Table_NobodyReachesAModuleOrItsAdminDirectly() public {
        Row[] memory table = _table();
        for (uint256 i; i < table.length; ++i) {
            if (_isDirect(table[i])) continue;
            for (uint256 j; j < actors.length; ++j) {
                if (actors[j] == address(roles)) continue;
                vm.prank(actors[j]);
                (bool ok, bytes memory reason) =
                    table[i].target.call(abi.encodePacked(table[i].selector, _arguments(table[i])));
                assertFalse(ok, table[i].signature);
                assertEq(_namedIn(reason), actors[j], string.concat(table[i].place, table[i].signature));
            }
        }
    }

    /// Arguments that can be decoded; only the bytes of an upgrade are not plain words.
    function _arguments(Row memory row) private pure returns (bytes memory) {
        return is_(row.signature, "upgradeAndCall(address,address,bytes)")
            ? abi.encode(address(1), address(1), "")
            : new bytes(12 * 32);
    }

    function _namedIn(bytes memory reason) private pure returns (address named) {
        if (reason.length < 36) return address(0);
        assembly ("memory-safe") {
            named := mload(add(reason, 0x24))
        }
    }

    // ------------------------------------------------------------ the table itself

    /// Each function is one that the contract has: its selector stands in the code.
    function test_Table_FunctionsExist() public view {
        Row[] memory table = _table();
        for (uint256 i; i < table.length; ++i) {
            address implementation = address(uint160(uint256(vm.load(table[i].target, IMPLEMENTATION))));
            bytes memory code = (implementation == address(0) ? table[i].target : implementation).code;
            assertTrue(_has(code, table[i].selector), string.concat(table[i].place, ".", table[i].signature));
        }
    }

    function _has(bytes memory code, bytes4 selector) private pure returns (bool) {
        uint256 end = code.length - 4;
        for (uint256 i; i < end; ++i) {
            bytes4 word;
            assembly ("memory-safe") {
                word := mload(add(add(code, 0x20), i))
            }
            if (word == selector) return true;
        }
        return false;
    }

    function test_Table_NamesAFunctionOnce() public view {
        Row[] memory table = _table();
        assertGt(table.length, 50, "read");
        for (uint256 i; i < table.length; ++i) {
            for (uint256 j; j < i; ++j) {
                assertFalse(
                    table[i].target == table[j].target && table[i].selector == table[j].selector,
                    string.concat(table[i].place, ".", table[i].signature)
                );
            }
        }
    }

    function test_Table_TheManagerSaysTheSame() public view {
        Row[] memory table = _table();
        for (uint256 i; i < table.length; ++i) {
            (uint64 id, bool known) = idOfRole(roles, table[i].role);
            if (!known || is_(table[i].place, "accessManager")) continue;
            assertEq(
                roles.getTargetFunctionRole(table[i].target, table[i].selector),
                id,
                string.concat(table[i].place, ".", table[i].signature)
            );
        }
    }

    // ------------------------------------------------------------ the roles

    function test_Roles_AreThose() public view {
        uint64[8] memory ids = [
            roles.ADMIN(),
            roles.GUARDIAN(),
            roles.RELEASER(),
            roles.PARAMETERS(),
            roles.FORKS(),
            roles.OPERATORS(),
            roles.UPGRADES(),
            roles.OSSIFY()
        ];
        for (uint64 i; i < 8; ++i) {
            assertEq(ids[i], i, "their numbers");
            (bool held, uint32 delay) = roles.hasRole(i, address(timelock));
            assertEq(held, i != roles.GUARDIAN(), "the timelock");
            assertEq(delay, 0, "its own delay stands before");
            (held,) = roles.hasRole(i, guardian);
            assertEq(held, i == roles.GUARDIAN() || i == roles.RELEASER(), "the guardians");
            (held,) = roles.hasRole(i, address(this));
            assertFalse(held, "the deployer");
            assertEq(roles.getRoleAdmin(i), roles.ADMIN(), "granted by the timelock");
            assertEq(roles.getRoleGuardian(i), roles.ADMIN(), "no second guardian");
        }
    }

    function test_Roles_TheTimelockIsTheGovernorsOnly() public view {
        bytes32[3] memory own =
            [timelock.PROPOSER_ROLE(), timelock.EXECUTOR_ROLE(), timelock.CANCELLER_ROLE()];
        for (uint256 i; i < 3; ++i) {
            assertTrue(timelock.hasRole(own[i], address(governor)), "the governor");
            assertFalse(timelock.hasRole(own[i], address(0)), "not open");
            for (uint256 j; j < actors.length; ++j) {
                if (actors[j] == address(governor)) continue;
                assertFalse(timelock.hasRole(own[i], actors[j]), "nobody else");
            }
        }
        assertTrue(timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(timelock)), "its own admin");
        assertFalse(timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(this)), "not the deployer");
        assertFalse(timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(governor)), "nor the governor");
        assertEq(timelock.getMinDelay(), DELAY, "its delay");
    }

    function test_Roles_EachModuleIsUpgradedByTheManager() public view {
        string[8] memory modules = [
            "operatorRegistry",
            "beaconProofs",
            "validatorManager",
            "checkpoints",
            "withdrawals",
            "penalties",
            "depositsInFlight",
            "feeSplit"
        ];
        for (uint256 i; i < 8; ++i) {
            assertEq(Ownable(adminOf(addressOf(modules[i]))).owner(), address(roles), modules[i]);
        }
    }

    /// A row does what it is for, from a vote to the module.
    function test_Roles_AVoteReachesAModule() public {
        stake(bob, 899 ether);
        lockFrom(alice, 100 ether);
        elapse(12);
        enact(alice, proposalOf(address(fees), abi.encodeCall(fees.setTreasury, (stranger))));
        assertEq(fees.treasury(), stranger, "set");
    }
}
