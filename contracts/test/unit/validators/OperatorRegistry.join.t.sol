// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IOperatorRegistry } from "../../../src/validators/IOperatorRegistry.sol";
import { OperatorRegistry } from "../../../src/validators/OperatorRegistry.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract OperatorRegistryJoinTest is StackFixture {
    function test_Join_AnybodyGetsTheNextId() public {
        assertEq(registry.operatorCount(), 0, "none");
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.OperatorJoined(1, alice, bob);
        vm.prank(alice);
        assertEq(registry.join(bob), 1, "first");
        vm.prank(bob);
        assertEq(registry.join(bob), 2, "second");
        assertEq(registry.operatorCount(), 2, "two");
        IOperatorRegistry.Operator memory o = registry.operator(1);
        assertEq(o.manager, alice, "manager");
        assertEq(o.rewardAddress, bob, "rewards");
        assertEq(o.bondShares, 0, "no bond yet");
    }

    function test_RevertWhen_RewardAddressIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.RegistryAddressZero.selector));
        registry.join(address(0));
    }

    function test_RevertWhen_ValidatorsIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.RegistryAddressZero.selector));
        new OperatorRegistry(address(0));
    }

    function test_RevertWhen_OperatorIsUnknown() public {
        joinOperator();
        uint32[2] memory wrong = [uint32(0), 2];
        for (uint256 i; i < 2; ++i) {
            bytes memory unknown =
                abi.encodeWithSelector(IOperatorRegistry.OperatorUnknown.selector, wrong[i], uint32(1));
            vm.expectRevert(unknown);
            registry.operator(wrong[i]);
            vm.expectRevert(unknown);
            vm.prank(address(validators));
            registry.creditBond(wrong[i], 1);
        }
    }

    function test_CreditBond_AddsUp() public {
        uint32 id = joinOperator();
        vm.startPrank(address(validators));
        registry.creditBond(id, 5);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.BondCredited(id, 7, 12);
        registry.creditBond(id, 7);
        assertEq(registry.operator(id).bondShares, 12, "sum");
    }

    function test_RevertWhen_AnybodyElseCreditsBond() public {
        uint32 id = joinOperator();
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.RegistryCallerNotAllowed.selector, manager));
        vm.prank(manager);
        registry.creditBond(id, 1);
    }
}
