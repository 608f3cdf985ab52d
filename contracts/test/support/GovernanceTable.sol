// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Roles } from "../../src/governance/Roles.sol";
import { IAccessManaged } from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import { Test } from "forge-std/Test.sol";

/// contracts/roles.json as Solidity reads it.
abstract contract GovernanceTable is Test {
    struct Row {
        string place;
        address target;
        string signature;
        bytes4 selector;
        string role;
    }

    bytes32 internal constant ADMIN_SLOT = 0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103;
    string internal constant TABLE = "contracts/roles.json";

    /// Where a contract of the table is.
    function addressOf(string memory name) public view virtual returns (address);

    function _table() internal view returns (Row[] memory table) {
        string memory json = vm.readFile(TABLE);
        uint256 length;
        while (vm.keyExistsJson(json, string.concat("$[", vm.toString(length), "]"))) ++length;
        table = new Row[](length);
        for (uint256 i; i < length; ++i) {
            string memory at = string.concat("$[", vm.toString(i), "].");
            Row memory row = table[i];
            row.place = vm.parseJsonString(json, string.concat(at, "contract"));
            row.signature = vm.parseJsonString(json, string.concat(at, "function"));
            row.role = vm.parseJsonString(json, string.concat(at, "role"));
            row.target = _resolve(row.place);
            row.selector = bytes4(keccak256(bytes(row.signature)));
        }
    }

    function _resolve(string memory place) private view returns (address) {
        string[] memory parts = vm.split(place, ".");
        address target = addressOf(parts[0]);
        if (parts.length == 1) return target;
        assertEq(parts[1], "proxyAdmin", place);
        return adminOf(target);
    }

    /// The ProxyAdmin of a module (ERC-1967).
    function adminOf(address module) internal view returns (address) {
        return address(uint160(uint256(vm.load(module, ADMIN_SLOT))));
    }

    function is_(string memory a, string memory b) internal pure returns (bool) {
        return keccak256(bytes(a)) == keccak256(bytes(b));
    }

    /// The manager's number of a role, and whether the manager keeps it.
    function idOfRole(Roles roles, string memory role) internal view returns (uint64 id, bool known) {
        if (is_(role, "ADMIN")) return (roles.ADMIN(), true);
        if (is_(role, "GUARDIAN")) return (roles.GUARDIAN(), true);
        if (is_(role, "RELEASER")) return (roles.RELEASER(), true);
        if (is_(role, "PARAMETERS")) return (roles.PARAMETERS(), true);
        if (is_(role, "FORKS")) return (roles.FORKS(), true);
        if (is_(role, "OPERATORS")) return (roles.OPERATORS(), true);
        if (is_(role, "UPGRADES")) return (roles.UPGRADES(), true);
        if (is_(role, "OSSIFY")) return (roles.OSSIFY(), true);
        bool own = is_(role, "TIMELOCK") || is_(role, "GOVERNOR");
        assertTrue(own, string.concat("unknown role ", role));
        return (0, false);
    }

    /// Tells the manager who may call what, as its first admin. What the table leaves to ADMIN is ADMIN's anyhow.
    function _wire(Roles roles) internal {
        Row[] memory table = _table();
        for (uint256 i; i < table.length; ++i) {
            (uint64 id, bool known) = idOfRole(roles, table[i].role);
            if (!known || id == roles.ADMIN() || table[i].selector == IAccessManaged.setAuthority.selector) {
                continue;
            }
            bytes4[] memory selectors = new bytes4[](1);
            selectors[0] = table[i].selector;
            roles.setTargetFunctionRole(table[i].target, selectors, id);
        }
    }
}
