// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { IWrappedStakedEther } from "../../../src/deposit/IWrappedStakedEther.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract WithdrawalQueueRequestWrappedTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 100 ether);
        wrap(alice, 50 ether);
        vm.prank(alice);
        wrapped.approve(address(queue), type(uint256).max);
    }

    function test_RequestWrapped_AUnitIsAUnitOfTheLine() public {
        rebase(0.1 ether);
        uint256 units = wrapped.balanceOf(alice);
        uint256 value = token.getPooledEthByShares(10e27);
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.WithdrawalRequested(1, alice, bob, value, 10e27, 10e27);
        vm.prank(alice);
        uint256[] memory ids = queue.requestWithdrawalsWstETH(ones(10 ether), bob);
        assertEq(ids.length, 1, "one position");
        assertEq(queue.ownerOf(ids[0]), bob, "owner");
        assertEq(queue.position(ids[0]).endShares, 10e27, "its interval");
        assertEq(token.sharesOf(address(queue)), 10e27, "exactly its shares are in the queue");
        assertEq(wrapped.balanceOf(alice), units - 10 ether, "units taken");
        assertEq(wrapped.balanceOf(address(queue)), 0, "the queue holds no wcaETH");
        assertEq(wrapped.totalSupply(), units - 10 ether, "burnt");
    }

    function test_RequestWrapped_ZeroOwnerIsTheCaller() public {
        vm.prank(alice);
        queue.requestWithdrawalsWstETH(ones(100), address(0));
        assertEq(queue.ownerOf(1), alice, "the caller");
    }

    /// Whatever the rate: the queue gets the units' shares, and both ways into the line end at the same place.
    function testFuzz_RequestWrapped_MovesExactlyTheUnits(uint256 seed, uint256[3] memory sizes) public {
        moveRate(seed);
        uint256 left = wrapped.balanceOf(alice);
        uint256[] memory units = new uint256[](3);
        uint256 total;
        for (uint256 i; i < 3; ++i) {
            units[i] = bound(sizes[i], 100, left / 4);
            total += units[i];
        }
        vm.prank(alice);
        uint256[] memory ids = queue.requestWithdrawalsWstETH(units, alice);
        uint256 end;
        for (uint256 i; i < 3; ++i) {
            end += units[i] * 1e9;
            assertEq(queue.position(ids[i]).endShares, end, "end of each");
        }
        assertEq(token.sharesOf(address(queue)), total * 1e9, "W2: its shares");
        assertEq(wrapped.totalSupply() * 1e9, token.sharesOf(address(wrapped)), "L5: to the share");
    }

    function test_RequestWrapped_IsPaidAsAnyOther() public {
        vm.prank(alice);
        uint256 id = queue.requestWithdrawalsWstETH(ones(10 ether), alice)[0];
        twoCheckpoints();
        assertEq(claim(alice, id), 10 ether, "paid");
    }

    function test_RevertWhen_UnitsAreTooFew() public {
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.RequestTooSmall.selector, uint256(99), uint256(100))
        );
        queue.requestWithdrawalsWstETH(ones(99), alice);
    }

    function test_RevertWhen_NothingIsAsked() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestsEmpty.selector));
        queue.requestWithdrawalsWstETH(new uint256[](0), alice);
    }

    function test_RevertWhen_OwnerIsTheStack() public {
        address[3] memory refused = [address(queue), address(token), address(wrapped)];
        for (uint256 i; i < 3; ++i) {
            vm.prank(alice);
            vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestOwnerInvalid.selector, refused[i]));
            queue.requestWithdrawalsWstETH(ones(100), refused[i]);
        }
    }

    function test_RevertWhen_UnitsAreMissing() public {
        uint256 units = wrapped.balanceOf(alice);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(IWrappedStakedEther.WrappedBalanceTooLow.selector, alice, units, units + 1)
        );
        queue.requestWithdrawalsWstETH(ones(units + 1), alice);
    }

    function test_RevertWhen_TheQueueIsNotAllowed() public {
        vm.prank(alice);
        wrapped.approve(address(queue), 99);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.AllowanceTooLow.selector, alice, address(queue), uint256(99), uint256(100)
            )
        );
        queue.requestWithdrawalsWstETH(ones(100), alice);
    }

    // ------------------------------------------------------------ with permit

    function _permit(IAllowances at, uint256 key_, uint256 value, uint256 deadline)
        private
        view
        returns (IWithdrawalQueue.PermitInput memory p)
    {
        address owner = vm.addr(key_);
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 digest = keccak256(
            abi.encodePacked(
                hex"1901",
                at.DOMAIN_SEPARATOR(),
                keccak256(abi.encode(typeHash, owner, address(queue), value, at.nonces(owner), deadline))
            )
        );
        (p.value, p.deadline) = (value, deadline);
        (p.v, p.r, p.s) = vm.sign(key_, digest);
    }

    function test_RequestWithPermit_NeedsNoApproval() public {
        (address carol, uint256 key_) = makeAddrAndKey("carol");
        vm.deal(carol, 100 ether);
        stake(carol, 20 ether);
        IWithdrawalQueue.PermitInput memory p = _permit(token, key_, 10 ether, block.timestamp);
        vm.prank(carol);
        uint256[] memory ids = queue.requestWithdrawalsWithPermit(ones(10 ether), carol, p);
        assertEq(queue.position(ids[0]).endShares, 10e27, "requested");
        assertEq(token.allowance(carol, address(queue)), 0, "used up");

        wrap(carol, 5 ether);
        p = _permit(wrapped, key_, 5 ether, block.timestamp);
        vm.prank(carol);
        ids = queue.requestWithdrawalsWstETHWithPermit(ones(5 ether), carol, p);
        assertEq(queue.position(ids[0]).endShares, 15e27, "requested from wcaETH");
        assertEq(wrapped.allowance(carol, address(queue)), 0, "used up");
    }

    function test_RevertWhen_ThePermitIsExpired() public {
        (address carol, uint256 key_) = makeAddrAndKey("carol");
        vm.deal(carol, 100 ether);
        stake(carol, 20 ether);
        uint256 past = block.timestamp - 1;
        IWithdrawalQueue.PermitInput memory p = _permit(token, key_, 10 ether, past);
        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IAllowances.PermitExpired.selector, past, block.timestamp));
        queue.requestWithdrawalsWithPermit(ones(10 ether), carol, p);
    }
}
