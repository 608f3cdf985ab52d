// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { TierTerms } from "../../../src/validators/IOperatorRegistry.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { IWithdrawals } from "../../../src/validators/IWithdrawals.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";

/// requestExits: who may, what reaches the consensus layer, repeats.
contract WithdrawalsExitTest is StackFixture {
    uint32 private operator;
    uint40 private index;
    bytes32 private root;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        vm.prank(manager);
        registry.topUpBondWithEther{ value: 3 ether }(operator);
        stake(alice, 999 ether);
        index = member(operator, 1, 64e9);
        root = keyRoot(1);
    }

    /// 4 % of bond: 2.56 ETH for 64.
    function _permissionless() internal pure override returns (TierTerms memory) {
        return TierTerms({
            operatorShareBps: 2500,
            tierShareBps: 10_000,
            operatorFloorGwei: 50_000e9,
            tierFloorGwei: 100_000e9,
            kneeGwei: 1024e9,
            bondBps: 400,
            bondBpsAbove: 200
        });
    }

    function _exit(address who) private {
        vm.deal(who, 1 ether);
        vm.prank(who);
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
    }

    function _expectRefused(address who) private {
        vm.deal(who, 1 ether);
        vm.prank(who);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.ExitNotAllowed.selector, root, who));
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
    }

    function _status() private view returns (IValidatorManager.Status) {
        return validators.validator(root).status;
    }

    function test_RequestExits_ByTheManager() public {
        vm.deal(manager, 1 ether);
        vm.expectEmit(address(validators));
        emit IValidatorManager.ValidatorMoved(
            root, IValidatorManager.Status.Member, IValidatorManager.Status.ToExit
        );
        vm.expectEmit(address(withdrawals));
        emit IWithdrawals.ExitRequested(root, manager);
        vm.prank(manager);
        withdrawals.requestExits{ value: 10 }(keysOf(1), 1);
        assertEq(manager.balance, 1 ether - 1, "the fee, and nothing stuck");
        assertTrue(_status() == IValidatorManager.Status.ToExit, "to exit");
        assertEq(registry.operator(operator).askedGwei, 64e9, "exposure");
        assertEq(registry.operator(operator).stakeGwei, 64e9, "still its stake");
        assertEq(withdrawals.uncoveredDemand(), 0, "none");
        bytes memory sent = SystemContracts.endBlock();
        assertEq(
            keccak256(sent),
            keccak256(abi.encodePacked(address(withdrawalVault), key(1), uint64(0))),
            "a full exit: amount 0"
        );
    }

    function test_OrderExits_LetsAnybodySendThem() public {
        _expectRefused(bob);
        vm.expectEmit(address(withdrawals));
        emit IWithdrawals.ExitOrdered(root);
        orderExit(1);
        assertTrue(_status() == IValidatorManager.Status.ToExit, "to exit");
        assertEq(SystemContracts.endBlock().length, 0, "governance pays no fee");
        _exit(bob);
        assertEq(SystemContracts.endBlock().length, 76, "sent");
        orderExit(1);
        assertEq(registry.operator(operator).askedGwei, 64e9, "ordered twice, counted once");
    }

    function test_RevertWhen_ExitsAreOrderedByAnother() public {
        bytes32[] memory roots = new bytes32[](1);
        roots[0] = root;
        address[3] memory others = [manager, bob, address(this)];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IWithdrawals.WithdrawalsCallerNotAllowed.selector, others[i])
            );
            vm.prank(others[i]);
            withdrawals.orderExits(roots);
        }
        roots[0] = keccak256("no key");
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, roots[0], IValidatorManager.Status.Unknown
            )
        );
        vm.prank(governance);
        withdrawals.orderExits(roots);
    }

    /// For cause is no way to send requests: governance itself may not.
    function test_RevertWhen_GovernanceRequestsExits() public {
        _expectRefused(governance);
    }

    function test_RequestExits_ByAnybodyOnceAsked() public {
        _expectRefused(bob);
        _exit(manager);
        for (uint256 i; i < 3; ++i) {
            SystemContracts.endBlock();
            _exit(bob);
            assertEq(SystemContracts.endBlock().length, 76, "sent again");
        }
        assertTrue(_status() == IValidatorManager.Status.ToExit, "until it is seen");
        assertEq(registry.operator(operator).askedGwei, 64e9, "counted once");
    }

    function test_RequestExits_ByAnybodyWhenTheBondIsFarTooSmall() public {
        // 4 ETH of bond for 2.56: taken down to 80 % of it, and a share less
        uint256 shares = registry.operator(operator).bondShares;
        uint256 kept = token.getSharesByPooledEth(2.048 ether) + 1e9;
        vm.prank(address(penalties));
        registry.takeBond(operator, shares - kept, address(checkpoints));
        _expectRefused(bob);
        vm.prank(address(penalties));
        registry.takeBond(operator, 3e18, address(checkpoints));
        _exit(bob);
        assertTrue(_status() == IValidatorManager.Status.ToExit, "to exit");
    }

    function test_RequestExits_ByAnybodyWhenASlashingIsOpen() public {
        _expectRefused(bob);
        vm.prank(address(penalties));
        registry.noteSlashing(operator, true);
        _exit(bob);
        assertTrue(_status() == IValidatorManager.Status.ToExit, "to exit");
    }

    function test_RequestExits_SeveralOfSeveralOperators() public {
        uint32 other = joinOperator();
        vm.prank(manager);
        registry.topUpBondWithEther{ value: 3 ether }(other);
        member(other, 2, 32e9);
        bytes[] memory keys = new bytes[](2);
        (keys[0], keys[1]) = (key(1), key(2));
        vm.prank(manager);
        registry.proposeManager(other, bob);
        vm.prank(bob);
        registry.acceptManager(other);
        bytes32 second = keyRoot(2);
        vm.prank(manager);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.ExitNotAllowed.selector, second, manager));
        withdrawals.requestExits{ value: 2 }(keys, 1);
        orderExit(2);
        vm.prank(manager);
        withdrawals.requestExits{ value: 2 }(keys, 1);
        assertEq(SystemContracts.endBlock().length, 152, "both");
    }

    function test_RevertWhen_ItIsNoMemberOrExitsAlready() public {
        onboard(operator, 2);
        (bytes32 r2, bytes32 r3) = (keyRoot(2), keyRoot(3));
        vm.startPrank(manager);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, r2, IValidatorManager.Status.Eligible
            )
        );
        withdrawals.requestExits{ value: 1 }(keysOf(2), 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, r3, IValidatorManager.Status.Unknown
            )
        );
        withdrawals.requestExits{ value: 1 }(keysOf(3), 1);
        vm.stopPrank();
        beacon.setExiting(index, 20_000);
        beacon.tick(1);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), true);
        validators.observe(proof);
        vm.prank(manager);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, root, IValidatorManager.Status.Exiting
            )
        );
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
    }

    function test_RevertWhen_TheFeeIsTooHighOrUnpaid() public {
        vm.startPrank(manager);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawals.WithdrawalFeeTooHigh.selector, uint256(1), uint256(0))
        );
        withdrawals.requestExits{ value: 1 }(keysOf(1), 0);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawals.WithdrawalPaymentTooLow.selector, uint256(0), uint256(1))
        );
        withdrawals.requestExits(keysOf(1), 1);
    }

    /// Fee spikes: the fee rises within a block's requests only from block to block; the caller's maximum holds.
    function test_RequestExits_AfterASpikeTheCallersMaximumHolds() public {
        _exit(manager);
        bytes[] memory many = new bytes[](60);
        for (uint256 i; i < 60; ++i) {
            many[i] = key(1);
        }
        for (uint256 i; i < 6; ++i) {
            uint256 now_ = withdrawalVault.requestFee();
            vm.deal(bob, now_ * 60);
            vm.prank(bob);
            withdrawals.requestExits{ value: now_ * 60 }(many, now_);
            SystemContracts.endBlock();
        }
        uint256 fee = withdrawalVault.requestFee();
        assertGt(fee, 1000, "driven up");
        vm.deal(alice, fee);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawals.WithdrawalFeeTooHigh.selector, fee, uint256(1000))
        );
        withdrawals.requestExits{ value: fee }(keysOf(1), 1000);
        assertEq(alice.balance, fee, "nothing is lost");
    }
}
