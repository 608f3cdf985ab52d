// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ModuleProxy } from "../../../src/governance/ModuleProxy.sol";
import { Roles } from "../../../src/governance/Roles.sol";
import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";
import { IERC1967 } from "@openzeppelin/contracts/interfaces/IERC1967.sol";
import { ERC1967Utils } from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import { ProxyAdmin } from "@openzeppelin/contracts/proxy/transparent/ProxyAdmin.sol";
import {
    ITransparentUpgradeableProxy,
    TransparentUpgradeableProxy
} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import { Test } from "forge-std/Test.sol";
import { Initializable } from "solady/utils/Initializable.sol";

/// A module with an immutable, storage and an initializer.
contract Module is Initializable {
    uint256 public immutable VERSION;
    uint256 public value;

    constructor(uint256 version) {
        _disableInitializers();
        VERSION = version;
    }

    function initialize(uint256 first) external initializer {
        value = first;
    }

    function migrate(uint256 next) external {
        value = next;
    }

    /// The same selector as the proxy's one function, which only its admin reaches.
    function upgradeToAndCall(address, bytes calldata) external payable {
        value = 99;
    }
}

contract ModuleProxyTest is Test {
    bytes32 private constant IMPLEMENTATION =
        0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    bytes32 private constant ADMIN = 0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103;

    address private owner = makeAddr("owner");
    address private stranger = makeAddr("stranger");
    Module private first;
    Module private second;
    Module private module;
    ProxyAdmin private admin;

    function setUp() public {
        first = new Module(1);
        second = new Module(2);
        bytes memory init = abi.encodeCall(Module.initialize, (42));
        module = Module(address(new ModuleProxy(address(first), owner, init)));
        admin = ProxyAdmin(address(uint160(uint256(vm.load(address(module), ADMIN)))));
    }

    function _upgrade(address implementation, bytes memory data) private {
        vm.prank(owner);
        admin.upgradeAndCall(ITransparentUpgradeableProxy(address(module)), implementation, data);
    }

    function test_Proxy_RunsItsImplementationOnItsOwnStorage() public view {
        assertEq(module.VERSION(), 1, "the implementation's immutables");
        assertEq(module.value(), 42, "initialized");
        assertEq(first.value(), 0, "not the implementation's storage");
        assertEq(
            address(uint160(uint256(vm.load(address(module), IMPLEMENTATION)))), address(first), "ERC-1967"
        );
        assertEq(admin.owner(), owner, "its admin's owner");
    }

    function test_Proxy_WithoutInitializer() public {
        Module bare = Module(address(new ModuleProxy(address(first), owner, "")));
        assertEq(bare.value(), 0, "nothing set");
        assertEq(bare.VERSION(), 1, "runs");
    }

    function test_Upgrade_KeepsTheStorage() public {
        vm.expectEmit(address(module));
        emit IERC1967.Upgraded(address(second));
        _upgrade(address(second), "");
        assertEq(module.VERSION(), 2, "new code");
        assertEq(module.value(), 42, "the same storage");
    }

    function test_Upgrade_WithACallInTheSameTransaction() public {
        _upgrade(address(second), abi.encodeCall(Module.migrate, (43)));
        assertEq(module.value(), 43, "migrated");
    }

    function test_Upgrade_GivenUpForGood() public {
        vm.prank(owner);
        admin.renounceOwnership();
        assertEq(admin.owner(), address(0), "nobody's");
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, owner));
        _upgrade(address(second), "");
        assertEq(module.VERSION(), 1, "as it is for ever");
    }

    /// Only the admin reaches the proxy's function; everybody else the module's of that name.
    function test_Proxy_NamesDoNotClash() public {
        vm.prank(stranger);
        module.upgradeToAndCall(address(second), "");
        assertEq(module.value(), 99, "the module's");
        assertEq(module.VERSION(), 1, "not upgraded");
        vm.prank(address(admin));
        vm.expectRevert(abi.encodeWithSelector(TransparentUpgradeableProxy.ProxyDeniedAdminAccess.selector));
        module.value();
    }

    function test_RevertWhen_AStrangerUpgrades() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger));
        admin.upgradeAndCall(ITransparentUpgradeableProxy(address(module)), address(second), "");
    }

    function test_RevertWhen_TheImplementationHasNoCode() public {
        bytes memory reason =
            abi.encodeWithSelector(ERC1967Utils.ERC1967InvalidImplementation.selector, stranger);
        vm.expectRevert(reason);
        _upgrade(stranger, "");
        vm.expectRevert(reason);
        new ModuleProxy(stranger, owner, "");
    }

    function test_RevertWhen_InitializedAgain() public {
        vm.expectRevert(abi.encodeWithSelector(Initializable.InvalidInitialization.selector));
        module.initialize(1);
        vm.expectRevert(abi.encodeWithSelector(Initializable.InvalidInitialization.selector));
        first.initialize(1);
        vm.expectRevert(abi.encodeWithSelector(Initializable.InvalidInitialization.selector));
        _upgrade(address(second), abi.encodeCall(Module.initialize, (1)));
    }

    function test_RevertWhen_NobodyOwnsIt() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableInvalidOwner.selector, address(0)));
        new ModuleProxy(address(first), address(0), "");
    }
}
