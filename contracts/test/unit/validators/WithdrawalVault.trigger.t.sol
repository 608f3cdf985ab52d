// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IWithdrawalVault } from "../../../src/validators/IWithdrawalVault.sol";
import { WithdrawalVault } from "../../../src/validators/WithdrawalVault.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";

/// triggerWithdrawals, sweep, receive.
contract WithdrawalVaultTriggerTest is StackFixture {
    address private constant REQUESTS = 0x00000961Ef480Eb55e80D19ad83579A64c007002;

    function setUp() public override {
        super.setUp();
        vm.deal(address(withdrawals), 1 ether);
    }

    function _keys(uint256 count) private pure returns (bytes[] memory keys, uint64[] memory amounts) {
        keys = new bytes[](count);
        amounts = new uint64[](count);
        for (uint256 i; i < count; ++i) {
            (keys[i], amounts[i]) = (key(i + 1), uint64(i) * 5e9);
        }
    }

    function _trigger(uint256 value, bytes[] memory keys, uint64[] memory amounts) private {
        vm.prank(address(withdrawals));
        withdrawalVault.triggerWithdrawals{ value: value }(keys, amounts);
    }

    function test_Trigger_QueuesRequestsWithTheVaultAsSource() public {
        (bytes[] memory keys, uint64[] memory amounts) = _keys(2);
        assertEq(withdrawalVault.requestFee(), 1, "fee of an idle queue");
        vm.expectEmit(address(withdrawalVault));
        emit IWithdrawalVault.WithdrawalTriggered(keys[0], 0, 1);
        vm.expectEmit(address(withdrawalVault));
        emit IWithdrawalVault.WithdrawalTriggered(keys[1], 5e9, 1);
        _trigger(2, keys, amounts);
        assertEq(address(withdrawalVault).balance, 0, "the fees are passed on");
        // what the consensus layer is handed: source, key, little-endian amount
        assertEq(
            SystemContracts.endBlock(),
            abi.encodePacked(
                address(withdrawalVault),
                keys[0],
                hex"0000000000000000",
                address(withdrawalVault),
                keys[1],
                hex"00f2052a01000000"
            ),
            "both requests, in order"
        );
    }

    function test_Trigger_PaysARaisedFeeForEach() public {
        (bytes[] memory keys, uint64[] memory amounts) = _keys(60);
        _trigger(60, keys, amounts);
        SystemContracts.endBlock(); // 58 above the target: the fee rises
        uint256 fee = withdrawalVault.requestFee();
        assertGt(fee, 1, "a dear fee");
        (keys, amounts) = _keys(3);
        vm.expectEmit(address(withdrawalVault));
        emit IWithdrawalVault.WithdrawalTriggered(keys[2], 10e9, fee);
        _trigger(3 * fee, keys, amounts);
        assertEq(address(withdrawalVault).balance, 0, "nothing stays");
    }

    function test_Trigger_OfNoneDoesNothing() public {
        _trigger(0, new bytes[](0), new uint64[](0));
        assertEq(SystemContracts.endBlock().length, 0, "no request");
    }

    /// What lies in the vault is the pool's: fees never come out of it.
    function test_Trigger_NeverTouchesTheVaultsEther() public {
        vm.deal(address(withdrawalVault), 7 ether);
        (bytes[] memory keys, uint64[] memory amounts) = _keys(2);
        _trigger(2, keys, amounts);
        assertEq(address(withdrawalVault).balance, 7 ether, "untouched");
    }

    function test_RevertWhen_CallerIsNotWithdrawals() public {
        (bytes[] memory keys, uint64[] memory amounts) = _keys(1);
        address[4] memory others = [keeper, address(validators), address(checkpoints), governance];
        for (uint256 i; i < 4; ++i) {
            vm.deal(others[i], 1 ether);
            vm.expectRevert(
                abi.encodeWithSelector(IWithdrawalVault.VaultCallerNotAllowed.selector, others[i])
            );
            vm.prank(others[i]);
            withdrawalVault.triggerWithdrawals{ value: 1 }(keys, amounts);
        }
    }

    function test_RevertWhen_TheFeesAreNotPaidExactly() public {
        (bytes[] memory keys, uint64[] memory amounts) = _keys(2);
        vm.deal(address(withdrawalVault), 7 ether);
        uint256[3] memory wrong = [uint256(0), 1, 3];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IWithdrawalVault.WithdrawalFeeWrong.selector, wrong[i], uint256(2))
            );
            _trigger(wrong[i], keys, amounts);
        }
    }

    function test_RevertWhen_LengthsDiffer() public {
        (bytes[] memory keys,) = _keys(2);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalVault.WithdrawalLengthsDiffer.selector, uint256(2), uint256(1))
        );
        _trigger(2, keys, new uint64[](1));
    }

    function test_RevertWhen_TheRequestIsRefused() public {
        bytes[] memory keys = new bytes[](1);
        keys[0] = new bytes(47);
        uint64[] memory amounts = new uint64[](1);
        amounts[0] = 5e9;
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalVault.WithdrawalRequestRefused.selector, keys[0], uint64(5e9))
        );
        _trigger(1, keys, amounts);
    }

    function test_RevertWhen_TheFeeIsUnavailable() public {
        vm.etch(REQUESTS, "");
        bytes memory gone = abi.encodeWithSelector(IWithdrawalVault.WithdrawalFeeUnavailable.selector);
        vm.expectRevert(gone);
        withdrawalVault.requestFee();
        (bytes[] memory keys, uint64[] memory amounts) = _keys(1);
        vm.expectRevert(gone);
        _trigger(1, keys, amounts);
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

    function test_Deploy_KnowsItsThree() public view {
        assertEq(address(withdrawalVault.TOKEN()), address(token), "token");
        assertEq(withdrawalVault.WITHDRAWALS(), address(withdrawals), "withdrawals");
        assertEq(withdrawalVault.CHECKPOINTS(), address(checkpoints), "checkpoints");
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
        address[3] memory others = [keeper, address(validators), address(withdrawals)];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IWithdrawalVault.VaultCallerNotAllowed.selector, others[i])
            );
            vm.prank(others[i]);
            withdrawalVault.sweep();
        }
    }

    function test_Receive_TakesPlainEther() public {
        vm.prank(alice);
        (bool ok,) = address(withdrawalVault).call{ value: 1 ether }("");
        assertTrue(ok, "taken");
        assertEq(token.getTotalPooledEther(), SEED, "recognized by the next checkpoint only");
    }
}
