// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract StakedEtherFinalizeSharesTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 99 ether);
    }

    function _finalize(uint256 shares) private returns (uint256) {
        vm.prank(address(checkpoints));
        return token.finalizeShares(shares);
    }

    function test_FinalizeShares_BurnsAndLocks() public {
        request(alice, 30 ether);
        _finalize(0); // sets the horizon
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(address(queue), address(0), 20 ether);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(address(queue), address(0), 20e27);
        vm.expectEmit(address(token));
        emit IStakedEther.SharesFinalized(20e27, 20 ether, 80e27, 80 ether);
        assertEq(_finalize(20e27), 20 ether, "amount");
        assertEq(address(queue).balance, 20 ether, "locked");
        assertEq(token.sharesOf(address(queue)), 10e27, "left in the queue");
        assertEq(token.getTotalShares(), 80e27, "shares");
        assertEq(token.getTotalPooledEther(), 80 ether, "ether");
    }

    function test_FinalizeShares_ZeroOnlyMovesTheHorizon() public {
        request(alice, 30 ether);
        assertEq(queue.finalizableShares(), 0, "not yet");
        assertEq(_finalize(0), 0, "nothing");
        assertEq(queue.finalizableShares(), 30e27, "horizon");
        assertEq(token.getTotalShares(), 100e27, "nothing burnt");
        assertEq(queue.getLastCheckpointIndex(), 0, "no point");
    }

    function test_RevertWhen_CallerIsNotCheckpoints() public {
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.CallerNotAllowed.selector, alice));
        vm.prank(alice);
        token.finalizeShares(0);
    }

    function test_RevertWhen_TheQueueHoldsLess() public {
        request(alice, 30 ether);
        _finalize(0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IShareLedger.BalanceTooLow.selector, address(queue), uint256(30e27), uint256(30e27 + 1)
            )
        );
        _finalize(30e27 + 1);
    }

    function test_RevertWhen_BeyondTheHorizon() public {
        request(alice, 10 ether);
        _finalize(0);
        request(alice, 10 ether);
        vm.expectRevert(
            abi.encodeWithSelector(
                IWithdrawalQueue.HorizonExceeded.selector, uint256(10e27 + 1), uint256(10e27)
            )
        );
        _finalize(10e27 + 1);
    }

    /// L2: ether is floored, so the rate of those who stay does not fall.
    function testFuzz_FinalizeShares_NeverLowersTheRate(uint256 seed, uint256 amount, uint256 part) public {
        moveRate(seed);
        request(alice, bound(amount, 100, token.balanceOf(alice)));
        _finalize(0);
        (uint256 s0, uint256 e0) = token.ledger();
        uint256 shares = bound(part, 1, queue.finalizableShares());
        // on a gain the token's ether is less than what the shares are worth: it would come from validators
        vm.deal(address(token), e0);
        uint256 paid = _finalize(shares);
        (uint256 s1, uint256 e1) = token.ledger();
        assertEq(paid, shares * e0 / s0, "floor");
        assertEq(s1, s0 - shares, "shares");
        assertEq(e1, e0 - paid, "ether");
        assertGe(e1 * s0, e0 * s1, "L2");
        assertEq(address(queue).balance, paid, "W2: locked");
    }
}
