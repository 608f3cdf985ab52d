// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { IWrappedStakedEther } from "../../../src/deposit/IWrappedStakedEther.sol";
import { WithdrawalQueue } from "../../../src/deposit/WithdrawalQueue.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract WithdrawalQueueRequestTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 99 ether);
        vm.prank(alice);
        token.approve(address(queue), type(uint256).max);
    }

    function _amounts(uint256 a, uint256 b) private pure returns (uint256[] memory amounts) {
        amounts = new uint256[](2);
        (amounts[0], amounts[1]) = (a, b);
    }

    function test_Request_MintsOnePositionForEachAmount() public {
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.WithdrawalRequested(1, alice, bob, 2 ether, 2e27, 2e27);
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.WithdrawalRequested(2, alice, bob, 3 ether, 3e27, 5e27);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(alice, address(queue), 5e27);
        vm.prank(alice);
        uint256[] memory ids = queue.requestWithdrawals(_amounts(2 ether, 3 ether), bob);
        assertEq(ids[0], 1, "first id");
        assertEq(ids[1], 2, "second id");
        assertEq(queue.ownerOf(1), bob, "owner");
        assertEq(queue.balanceOf(bob), 2, "two positions");
        assertEq(queue.getLastRequestId(), 2, "last");
        assertEq(queue.unfinalizedShares(), 5e27, "on the line");
        assertEq(token.sharesOf(address(queue)), 5e27, "in the queue");
        assertEq(token.getTotalShares(), 100e27, "queued shares stay in the pool");
        IWithdrawalQueue.Position memory p = queue.position(2);
        assertEq(p.owner, bob, "owner");
        assertEq(p.startShares, 2e27, "start");
        assertEq(p.endShares, 5e27, "end");
        assertEq(p.claimedShares, 0, "claimed");
        assertEq(p.finalizedShares, 0, "finalized");
    }

    function test_Request_OwnerZeroMeansTheCaller() public {
        vm.prank(alice);
        queue.requestWithdrawals(ones(1 ether), address(0));
        assertEq(queue.ownerOf(1), alice, "caller");
    }

    function test_Request_QueuedSharesEarnAndLose() public {
        request(alice, 50 ether);
        uint256 worth = token.balanceOf(address(queue));
        rebase(int256(0.1 ether));
        assertGt(token.balanceOf(address(queue)), worth, "earns");
        rebase(-int256(10 ether));
        assertLt(token.balanceOf(address(queue)), worth, "loses");
    }

    function test_Request_SmallestOne() public {
        vm.prank(alice);
        queue.requestWithdrawals(ones(100), alice);
        assertEq(queue.position(1).endShares, 100e9, "a hundred units");
    }

    function test_RevertWhen_RequestIsTooSmall() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.RequestTooSmall.selector, uint256(99), uint256(100))
        );
        queue.requestWithdrawals(_amounts(1 ether, 99), alice);
    }

    function test_RevertWhen_NothingIsRequested() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestsEmpty.selector));
        queue.requestWithdrawals(new uint256[](0), alice);
    }

    function test_RevertWhen_OwnerIsQueueOrToken() public {
        address[2] memory owners = [address(queue), address(token)];
        for (uint256 i; i < 2; ++i) {
            vm.prank(alice);
            vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestOwnerInvalid.selector, owners[i]));
            queue.requestWithdrawals(ones(1 ether), owners[i]);
        }
    }

    function test_RevertWhen_LineIsTooLong() public {
        // after the loss a wei is 4.9e13 shares: seventeen times the whole pool is more than 2^95 units
        stake(alice, 49_000 ether);
        rebase(-int256(token.getTotalPooledEther() - 1 ether));
        vm.warp(block.timestamp + 3 days);
        stake(alice, 49_999 ether);
        (uint256 s, uint256 e) = token.ledger();
        uint256[] memory amounts = new uint256[](17);
        uint256 end;
        for (uint256 i; i < 17; ++i) {
            amounts[i] = e;
            if (end <= 1 << 95) end += s / 1e9;
        }
        assertGt(end, 1 << 95, "long enough");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.LineTooLong.selector, end));
        queue.requestWithdrawals(amounts, alice);
    }

    function test_RevertWhen_AllowanceIsTooLow() public {
        stake(bob, 10 ether);
        vm.startPrank(bob);
        token.approve(address(queue), 1 ether - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.AllowanceTooLow.selector,
                bob,
                address(queue),
                uint256(1 ether - 1),
                uint256(1 ether)
            )
        );
        queue.requestWithdrawals(ones(1 ether), bob);
    }

    function test_RevertWhen_BalanceIsTooLow() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IShareLedger.BalanceTooLow.selector, alice, uint256(99e27), uint256(100e27)
            )
        );
        queue.requestWithdrawals(ones(100 ether), alice);
    }

    function test_RevertWhen_TokenIsZero() public {
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.ReceiverZero.selector));
        new WithdrawalQueue(IStakedEther(address(0)), IWrappedStakedEther(address(1)));
    }

    /// Floored to units of 1e9 shares; what is left over stays with the caller, and no total moves.
    function testFuzz_Request_TakesAtMostTheAmount(uint256 seed, uint256 amount) public {
        moveRate(seed);
        uint256 before = token.sharesOf(alice);
        uint256 balance = token.balanceOf(alice);
        vm.assume(balance >= 100);
        amount = bound(amount, 100, balance);
        (uint256 s, uint256 e) = token.ledger();
        vm.prank(alice);
        queue.requestWithdrawals(ones(amount), alice);
        uint256 size = amount * s / (e * 1e9) * 1e9;
        assertEq(queue.position(1).endShares, size, "units");
        assertEq(before - token.sharesOf(alice), size, "taken from the caller");
        assertEq(token.sharesOf(address(queue)), size, "held by the queue");
        assertEq(queue.unfinalizedShares(), size, "on the line");
        assertEq(token.getTotalShares(), s, "pool shares");
        assertEq(token.getTotalPooledEther(), e, "pool ether");
    }

    function testFuzz_Request_IntervalsFollowEachOther(uint96[6] memory amounts) public {
        uint256[] memory list = new uint256[](6);
        for (uint256 i; i < 6; ++i) {
            list[i] = bound(amounts[i], 100, 15 ether);
        }
        vm.prank(alice);
        queue.requestWithdrawals(list, alice);
        uint256 end;
        for (uint256 id = 1; id <= 6; ++id) {
            assertEq(queue.position(id).startShares, end, "starts where the one before ends");
            end = queue.position(id).endShares;
            assertEq(end - queue.position(id).startShares, list[id - 1] * 1e9, "its size");
        }
        assertEq(queue.unfinalizedShares(), end, "end of the line");
    }

    function test_RevertWhen_RequestIsUnknown() public {
        for (uint256 id; id < 2; ++id) {
            vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestUnknown.selector, id, uint256(0)));
            queue.position(id);
        }
    }
}
