// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Checkpoints } from "../../src/accounting/Checkpoints.sol";
import { FeeSplit } from "../../src/accounting/FeeSplit.sol";
import { BeaconProofs } from "../../src/validators/BeaconProofs.sol";
import { ForkEntry } from "../../src/validators/ForkTable.sol";
import { OperatorRegistry } from "../../src/validators/OperatorRegistry.sol";
import { GovernanceFixture } from "../support/GovernanceFixture.sol";
import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import { ERC1967Utils } from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import { ProxyAdmin } from "@openzeppelin/contracts/proxy/transparent/ProxyAdmin.sol";
import {
    ITransparentUpgradeableProxy
} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import { Initializable } from "solady/utils/Initializable.sol";

/// What would take everything, were it a module.
contract Thief {
    function steal(address to) external {
        payable(to).transfer(address(this).balance);
    }
}

contract UpgradeAttackTest is GovernanceFixture {
    bytes32 private constant IMPLEMENTATION =
        0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;

    address private thief;

    function setUp() public override {
        super.setUp();
        stake(bob, 899 ether);
        lockFrom(alice, 100 ether);
        elapse(12);
        thief = address(new Thief());
    }

    function _implementationOf(address module) private view returns (address) {
        return address(uint160(uint256(vm.load(module, IMPLEMENTATION))));
    }

    function _upgradeCall(address module, address implementation) private pure returns (bytes memory) {
        return abi.encodeCall(
            ProxyAdmin.upgradeAndCall, (ITransparentUpgradeableProxy(module), implementation, "")
        );
    }

    // ------------------------------------------------------------ initializers

    /// Neither a proxy nor the bare code behind it takes an initializer from anybody.
    function test_Attack_InitializedByAnother() public {
        bytes memory reason = abi.encodeWithSelector(Initializable.InvalidInitialization.selector);
        address[2] memory who = [stranger, address(roles)];
        for (uint256 i; i < 2; ++i) {
            vm.startPrank(who[i]);
            for (uint256 j; j < 2; ++j) {
                OperatorRegistry r =
                    j == 0 ? registry : OperatorRegistry(_implementationOf(address(registry)));
                vm.expectRevert(reason);
                r.initialize(_permissionless(), _curated());
                BeaconProofs p = j == 0 ? proofs : BeaconProofs(_implementationOf(address(proofs)));
                vm.expectRevert(reason);
                p.initialize(new ForkEntry[](1));
                Checkpoints c = j == 0 ? checkpoints : Checkpoints(_implementationOf(address(checkpoints)));
                vm.expectRevert(reason);
                c.initialize(_parameters());
                FeeSplit f = j == 0 ? fees : FeeSplit(_implementationOf(address(fees)));
                vm.expectRevert(reason);
                f.initialize(stranger);
            }
            vm.stopPrank();
        }
    }

    // ------------------------------------------------------------ who upgrades

    function test_Attack_UpgradedByAnother() public {
        address[8] memory all = modules();
        address[5] memory who = [stranger, address(this), guardian, alice, address(governor)];
        for (uint256 i; i < 8; ++i) {
            address admin = adminOf(all[i]);
            bytes memory call = _upgradeCall(all[i], thief);
            for (uint256 j; j < 5; ++j) {
                vm.startPrank(who[j]);
                vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, who[j]));
                ProxyAdmin(admin).upgradeAndCall(ITransparentUpgradeableProxy(all[i]), thief, "");
                vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, who[j]));
                ProxyAdmin(admin).transferOwnership(who[j]);
                vm.expectRevert(
                    abi.encodeWithSelector(
                        IAccessManager.AccessManagerUnauthorizedCall.selector,
                        who[j],
                        admin,
                        ProxyAdmin.upgradeAndCall.selector
                    )
                );
                roles.execute(admin, call);
                // the proxy's own function is its admin's; for others it is the module's, which has none
                (bool ok,) =
                    all[i].call(abi.encodeCall(ITransparentUpgradeableProxy.upgradeToAndCall, (thief, "")));
                assertFalse(ok, "past the admin");
                vm.stopPrank();
            }
        }
    }

    /// The admin of one module is not that of another.
    function test_Attack_OneAdminForAnother() public {
        address admin = adminOf(address(fees));
        address before = _implementationOf(address(checkpoints));
        vm.prank(address(timelock));
        (bool ok,) = address(roles)
            .call(abi.encodeCall(IAccessManager.execute, (admin, _upgradeCall(address(checkpoints), thief))));
        assertFalse(ok, "refused");
        assertEq(_implementationOf(address(checkpoints)), before, "as it was");
    }

    function test_Attack_UpgradedToNoCode() public {
        address[8] memory all = modules();
        for (uint256 i; i < 8; ++i) {
            address before = _implementationOf(all[i]);
            vm.startPrank(address(timelock));
            vm.expectRevert(
                abi.encodeWithSelector(ERC1967Utils.ERC1967InvalidImplementation.selector, stranger)
            );
            roles.execute(adminOf(all[i]), _upgradeCall(all[i], stranger));
            vm.stopPrank();
            assertEq(_implementationOf(all[i]), before, "as it was");
        }
    }

    /// An upgrade is announced, and whoever doesn't want it is out before it acts.
    function test_Attack_AnUpgradeWaitsForThoseWhoLeave() public {
        Proposal memory p =
            proposalOf(adminOf(address(checkpoints)), _upgradeCall(address(checkpoints), thief));
        passAndQueue(alice, p);
        uint256 id = request(bob, 500 ether);
        twoCheckpoints();
        elapse(DELAY);
        execute(p);
        assertEq(_implementationOf(address(checkpoints)), thief, "the majority's choice");
        assertEq(claim(bob, id), 500 ether, "without him");
    }

    // ------------------------------------------------------------ given up for good

    function test_Attack_UpgradedAfterItWasGivenUp() public {
        address[8] memory all = modules();
        for (uint256 i; i < 8; ++i) {
            address admin = adminOf(all[i]);
            vm.startPrank(address(timelock));
            roles.execute(admin, abi.encodeCall(Ownable.renounceOwnership, ()));
            assertEq(Ownable(admin).owner(), address(0), "nobody's");
            bytes memory reason =
                abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(roles));
            vm.expectRevert(reason);
            roles.execute(admin, _upgradeCall(all[i], thief));
            vm.expectRevert(reason);
            roles.execute(admin, abi.encodeCall(Ownable.transferOwnership, (address(timelock))));
            vm.stopPrank();
        }
        twoCheckpoints(); // all runs on
    }
}
