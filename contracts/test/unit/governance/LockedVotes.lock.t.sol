// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { IWrappedStakedEther } from "../../../src/deposit/IWrappedStakedEther.sol";
import { IExitLine } from "../../../src/governance/IExitLine.sol";
import { ILockedVotes } from "../../../src/governance/ILockedVotes.sol";
import { LockedVotes } from "../../../src/governance/LockedVotes.sol";
import { GovernanceFixture } from "../../support/GovernanceFixture.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

contract LockedVotesLockTest is GovernanceFixture {
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    function setUp() public override {
        super.setUp();
        stake(alice, 200 ether);
        wrap(alice, 100 ether);
        vm.prank(alice);
        wrapped.approve(address(votes), type(uint256).max);
    }

    function test_Lock_AUnitIsAVoteOfItsOwner() public {
        vm.expectEmit(address(votes));
        emit ILockedVotes.VotesLocked(alice, 40 ether, 40 ether, uint48(block.timestamp) + UNLOCK);
        vm.prank(alice);
        votes.lock(40 ether);
        assertEq(votes.getVotes(alice), 40 ether, "votes");
        assertEq(votes.delegates(alice), alice, "her own delegate");
        assertEq(wrapped.balanceOf(alice), 60 ether, "taken");
        assertEq(wrapped.balanceOf(address(votes)), 40 ether, "held");
        assertEq(votes.totalLocked(), 40 ether, "all");
        (uint256 units, uint48 leavesFrom) = votes.lockOf(alice);
        assertEq(units, 40 ether, "locked");
        assertEq(leavesFrom, block.timestamp + UNLOCK, "can leave from");
    }

    function test_Lock_CountsAtPastTimesOnly() public {
        uint256 before = block.timestamp;
        elapse(12);
        vm.prank(alice);
        votes.lock(40 ether);
        uint256 locked = block.timestamp;
        elapse(12);
        assertEq(votes.getPastVotes(alice, before), 0, "before");
        assertEq(votes.getPastVotes(alice, locked), 40 ether, "since");
        assertEq(votes.getPastTotalSupply(locked), 40 ether, "all");
        assertEq(votes.clock(), block.timestamp, "a clock of seconds");
        assertEq(votes.CLOCK_MODE(), "mode=timestamp", "and says so");
    }

    function test_Lock_MoreBeginsTheTimeAnew() public {
        vm.startPrank(alice);
        votes.lock(10 ether);
        vm.stopPrank();
        elapse(3 days);
        vm.startPrank(alice);
        votes.lock(1);
        (uint256 units, uint48 leavesFrom) = votes.lockOf(alice);
        assertEq(units, 10 ether + 1, "added");
        assertEq(leavesFrom, block.timestamp + UNLOCK, "of the last lock");
    }

    function test_Lock_KeepsAnotherDelegate() public {
        vm.startPrank(alice);
        votes.delegate(bob);
        votes.lock(10 ether);
        assertEq(votes.getVotes(alice), 0, "not hers");
        assertEq(votes.getVotes(bob), 10 ether, "his");
        votes.lock(5 ether);
        assertEq(votes.getVotes(bob), 15 ether, "his too");
        votes.delegate(alice);
        assertEq(votes.getVotes(bob), 0, "moved");
        assertEq(votes.getVotes(alice), 15 ether, "whole");
    }

    /// A rebase moves the value of a unit, never the number of votes.
    function testFuzz_Lock_VotesFollowUnitsNotValue(uint256 seed, uint256 units) public {
        units = bound(units, 1, wrapped.balanceOf(alice));
        vm.prank(alice);
        votes.lock(units);
        moveRate(seed);
        assertEq(votes.getVotes(alice), units, "units");
        assertEq(wrapped.balanceOf(address(votes)), units, "held");
    }

    function test_RevertWhen_NothingIsLocked() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ILockedVotes.LockedUnitsZero.selector));
        votes.lock(0);
    }

    /// Amounts above 128 bits too: nothing is cut off.
    function testFuzz_RevertWhen_UnitsAreMissing(uint256 units) public {
        uint256 held = wrapped.balanceOf(alice);
        units = bound(units, held + 1, type(uint256).max);
        vm.prank(alice);
        if (units <= type(uint208).max) {
            vm.expectRevert(
                abi.encodeWithSelector(IWrappedStakedEther.WrappedBalanceTooLow.selector, alice, held, units)
            );
        } else {
            vm.expectRevert(
                abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, uint8(208), units)
            );
        }
        votes.lock(units);
    }

    function test_RevertWhen_NotAllowed() public {
        vm.startPrank(alice);
        wrapped.approve(address(votes), 9);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.AllowanceTooLow.selector, alice, address(votes), uint256(9), uint256(10)
            )
        );
        votes.lock(10);
    }

    // ------------------------------------------------------------ permit

    function _sign(uint256 key_, uint256 value, uint256 deadline)
        private
        view
        returns (uint8 v, bytes32 r, bytes32 s)
    {
        address owner = vm.addr(key_);
        bytes32 message =
            keccak256(abi.encode(PERMIT, owner, address(votes), value, wrapped.nonces(owner), deadline));
        return vm.sign(key_, keccak256(abi.encodePacked(hex"1901", wrapped.DOMAIN_SEPARATOR(), message)));
    }

    function test_LockWithPermit_NeedsNoApproval() public {
        (address carol, uint256 key_) = makeAddrAndKey("carol");
        vm.prank(alice);
        wrapped.transfer(carol, 10 ether);
        (uint8 v, bytes32 r, bytes32 s) = _sign(key_, 10 ether, block.timestamp);
        vm.prank(carol);
        votes.lockWithPermit(10 ether, block.timestamp, v, r, s);
        assertEq(votes.getVotes(carol), 10 ether, "locked");
        assertEq(wrapped.allowance(carol, address(votes)), 0, "used up");
    }

    function test_LockWithPermit_SurvivesAPermitSentBefore() public {
        (address carol, uint256 key_) = makeAddrAndKey("carol");
        vm.prank(alice);
        wrapped.transfer(carol, 10 ether);
        (uint8 v, bytes32 r, bytes32 s) = _sign(key_, 10 ether, block.timestamp);
        vm.prank(stranger);
        wrapped.permit(carol, address(votes), 10 ether, block.timestamp, v, r, s);
        vm.prank(carol);
        votes.lockWithPermit(10 ether, block.timestamp, v, r, s);
        assertEq(votes.getVotes(carol), 10 ether, "locked");
    }

    function test_RevertWhen_ThePermitIsAnothers() public {
        (address carol, uint256 key_) = makeAddrAndKey("carol");
        vm.prank(alice);
        wrapped.transfer(carol, 10 ether);
        (uint8 v, bytes32 r, bytes32 s) = _sign(key_, 10 ether, block.timestamp);
        vm.startPrank(stranger);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.PermitSignatureInvalid.selector,
                stranger,
                address(votes),
                uint256(10 ether),
                uint256(0)
            )
        );
        votes.lockWithPermit(10 ether, block.timestamp, v, r, s);
        vm.stopPrank();
        uint256 past = block.timestamp - 1;
        vm.startPrank(carol);
        vm.expectRevert(abi.encodeWithSelector(IAllowances.PermitExpired.selector, past, block.timestamp));
        votes.lockWithPermit(10 ether, past, v, r, s);
    }

    // ------------------------------------------------------------ deployment

    function test_RevertWhen_DeployedWrongly() public {
        IERC20 units = IERC20(address(wrapped));
        IExitLine line = IExitLine(address(queue));
        vm.expectRevert(_invalid("wrapped", 0));
        new LockedVotes(IERC20(address(0)), line, UNLOCK);
        vm.expectRevert(_invalid("queue", 0));
        new LockedVotes(units, IExitLine(address(0)), UNLOCK);
        vm.expectRevert(_invalid("unlockSeconds", 0));
        new LockedVotes(units, line, 0);
        vm.expectRevert(_invalid("unlockSeconds", 30 days + 1));
        new LockedVotes(units, line, 30 days + 1);
        assertEq(new LockedVotes(units, line, 30 days).UNLOCK_SECONDS(), 30 days, "longest");
    }

    function _invalid(string memory field, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILockedVotes.LockedVotesConfigInvalid.selector, field, value);
    }
}
