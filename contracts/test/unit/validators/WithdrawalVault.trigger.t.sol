// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IWithdrawalVault } from "../../../src/validators/IWithdrawalVault.sol";
import { WithdrawalVault } from "../../../src/validators/WithdrawalVault.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";

contract WithdrawalVaultTriggerTest is StackFixture {
    address private constant REQUESTS = 0x00000961Ef480Eb55e80D19ad83579A64c007002;

    function setUp() public override {
        super.setUp();
        vm.deal(address(validators), 1 ether);
    }

    function test_Trigger_QueuesTheRequestWithTheVaultAsSource() public {
        bytes memory pubkey = key(1);
        assertEq(withdrawalVault.requestFee(), 1, "fee of an idle queue");
        vm.expectEmit(address(withdrawalVault));
        emit IWithdrawalVault.WithdrawalTriggered(pubkey, 5e9, 1);
        vm.prank(address(validators));
        withdrawalVault.triggerWithdrawal{ value: 1 }(pubkey, 5e9);
        // what the consensus layer is handed: source, key, little-endian amount
        bytes memory requests = SystemContracts.endBlock();
        assertEq(
            requests,
            abi.encodePacked(address(withdrawalVault), pubkey, hex"00f2052a01000000"),
            "the one request"
        );
    }

    function test_RevertWhen_CallerIsNotValidators() public {
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalVault.VaultCallerNotAllowed.selector, keeper));
        vm.prank(keeper);
        withdrawalVault.triggerWithdrawal{ value: 1 }(key(1), 5e9);
    }

    function test_RevertWhen_FeeIsNotPaidExactly() public {
        uint256[2] memory wrong = [uint256(0), 2];
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IWithdrawalVault.WithdrawalFeeAbove.selector, uint256(1), wrong[i])
            );
            vm.prank(address(validators));
            withdrawalVault.triggerWithdrawal{ value: wrong[i] }(key(1), 5e9);
        }
    }

    function test_RevertWhen_TheRequestIsRefused() public {
        bytes memory pubkey = new bytes(47);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalVault.WithdrawalRequestRefused.selector, pubkey, uint64(5e9))
        );
        vm.prank(address(validators));
        withdrawalVault.triggerWithdrawal{ value: 1 }(pubkey, 5e9);
    }

    function test_RevertWhen_TheFeeIsUnavailable() public {
        vm.etch(REQUESTS, "");
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalVault.WithdrawalFeeUnavailable.selector));
        withdrawalVault.requestFee();
    }

    function test_RevertWhen_ConfigIsZero() public {
        bytes memory zero = abi.encodeWithSelector(IWithdrawalVault.VaultConfigZero.selector);
        vm.expectRevert(zero);
        new WithdrawalVault(IStakedEther(address(0)), alice, bob);
        vm.expectRevert(zero);
        new WithdrawalVault(IStakedEther(alice), address(0), bob);
        vm.expectRevert(zero);
        new WithdrawalVault(IStakedEther(alice), bob, address(0));
    }

    function test_Sweep_PaysEverythingIntoTheTokenWithoutMinting() public {
        vm.deal(address(withdrawalVault), 7 ether);
        vm.expectEmit(address(withdrawalVault));
        emit IWithdrawalVault.WithdrawalsSwept(7 ether);
        vm.expectEmit(address(token));
        emit IStakedEther.EtherReceived(address(withdrawalVault), 7 ether);
        vm.prank(address(checkpoints));
        assertEq(withdrawalVault.sweep(), 7 ether, "amount");
        assertEq(address(token).balance, SEED + 7 ether, "in the token");
        assertEq(token.getTotalShares(), SEED * 1e9, "no shares");
        vm.prank(address(checkpoints));
        assertEq(withdrawalVault.sweep(), 0, "nothing left");
    }

    function test_RevertWhen_AnybodyElseSweeps() public {
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalVault.VaultCallerNotAllowed.selector, address(validators))
        );
        vm.prank(address(validators));
        withdrawalVault.sweep();
    }

    function test_Receive_TakesPlainEther() public {
        vm.prank(alice);
        (bool ok,) = address(withdrawalVault).call{ value: 1 ether }("");
        assertTrue(ok, "taken");
        assertEq(token.getTotalPooledEther(), SEED, "recognized by the next checkpoint only");
    }
}
