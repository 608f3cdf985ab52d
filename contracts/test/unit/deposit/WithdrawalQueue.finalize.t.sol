// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { StackFixture } from "../../support/StackFixture.sol";

contract WithdrawalQueueFinalizeTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 99 ether);
    }

    function _finalize(uint256 shares) private {
        vm.prank(address(checkpoints));
        token.finalizeShares(shares);
    }

    function test_Finalize_AppendsAPointAndMovesTheHorizon() public {
        request(alice, 10 ether);
        _finalize(0);
        request(alice, 5 ether);
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.WithdrawalsFinalized(1, 4e27, 4 ether, 15e27);
        _finalize(4e27);
        assertEq(queue.getLastCheckpointIndex(), 1, "point");
        assertEq(queue.unfinalizedShares(), 11e27, "left");
        assertEq(queue.finalizableShares(), 11e27, "up to the new horizon");
        assertEq(queue.payout(4e27), 4 ether, "F");
        assertEq(queue.payout(0), 0, "F(0)");
        assertEq(queue.getLastFinalizedRequestId(), 0, "none whole");
        assertEq(queue.position(1).finalizedShares, 4e27, "in part");
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.WithdrawalsFinalized(2, 10e27, 10 ether, 15e27);
        _finalize(6e27);
        assertEq(queue.getLastFinalizedRequestId(), 1, "the first one whole");
        assertEq(queue.position(2).finalizedShares, 0, "the second not at all");
    }

    function test_Finalize_WithoutSharesAppendsNothing() public {
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.WithdrawalsFinalized(0, 0, 0, 0);
        _finalize(0);
        assertEq(queue.getLastCheckpointIndex(), 0, "no point");
    }

    /// W5: what was requested after the close before is not in reach.
    function test_RevertWhen_SharesLieBeyondTheHorizon() public {
        request(alice, 10 ether);
        vm.deal(address(token), 200 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.HorizonExceeded.selector, uint256(1), uint256(0))
        );
        _finalize(1);
        _finalize(0);
        _finalize(10e27);
        request(alice, 10 ether);
        _finalize(0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IWithdrawalQueue.HorizonExceeded.selector, uint256(20e27 + 1), uint256(20e27)
            )
        );
        vm.prank(address(token));
        queue.finalize(10e27 + 1);
    }

    function test_RevertWhen_CallerIsNotTheToken() public {
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.QueueCallerNotToken.selector, address(checkpoints))
        );
        vm.prank(address(checkpoints));
        queue.finalize(0);
    }

    function test_RevertWhen_PayoutIsAskedBeyondWhatIsFinalized() public {
        request(alice, 10 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.NothingToClaim.selector, uint256(0), uint256(0))
        );
        queue.payout(1);
        _finalize(0);
        _finalize(4e27);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.NothingToClaim.selector, uint256(0), uint256(4e27))
        );
        queue.payout(4e27 + 1);
    }

    /// The search for the last whole request agrees with a walk over all.
    function testFuzz_GetLastFinalizedRequestId_EqualsAWalk(uint96[8] memory sizes, uint256 part) public {
        for (uint256 i; i < 8; ++i) {
            request(alice, bound(sizes[i], 100, 12 ether));
        }
        _finalize(0);
        uint256 all = queue.finalizableShares();
        uint256 shares = bound(part, 0, all);
        _finalize(shares);
        uint256 last;
        for (uint256 id = 1; id <= 8; ++id) {
            if (queue.position(id).endShares <= shares) last = id;
        }
        assertEq(queue.getLastFinalizedRequestId(), last, "last");
        assertEq(queue.unfinalizedShares(), all - shares, "left");
    }

    /// W2, W3: points only grow, and the ether is there.
    function testFuzz_Finalize_InAnyPieces(uint96[6] memory pieces) public {
        request(alice, 90 ether);
        _finalize(0);
        uint256 locked;
        for (uint256 i; i < 6; ++i) {
            uint256 left = queue.finalizableShares();
            uint256 piece = bound(pieces[i], 0, left / 2);
            uint256 points = queue.getLastCheckpointIndex();
            _finalize(piece);
            assertEq(queue.getLastCheckpointIndex(), points + (piece == 0 ? 0 : 1), "W3: one point each");
            uint256 done = 90e27 - queue.unfinalizedShares();
            assertGe(queue.payout(done), locked, "W3: F grows");
            locked = queue.payout(done);
            assertEq(address(queue).balance, locked, "W2: nothing is claimed yet");
        }
    }
}
