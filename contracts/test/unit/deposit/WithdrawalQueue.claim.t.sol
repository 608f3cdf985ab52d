// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { ERC721 } from "solady/tokens/ERC721.sol";

contract WithdrawalQueueClaimTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 99 ether);
        stake(bob, 900 ether);
    }

    function _finalize(uint256 shares) private {
        vm.prank(address(checkpoints));
        token.finalizeShares(shares);
    }

    function _finalized(uint256 amount) private returns (uint256 id) {
        id = request(alice, amount);
        _finalize(0);
        _finalize(queue.finalizableShares());
    }

    function _two(uint256 a, uint256 b) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    function test_Claim_PaysTheOwnerAndBurnsThePosition() public {
        uint256 id = _finalized(10 ether);
        assertEq(queue.findCheckpointHints(ones(id), 1, 1)[0], 1, "hint");
        assertEq(queue.getClaimableEther(ones(id), ones(1))[0], 10 ether, "preview");
        uint256 before = alice.balance;
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.WithdrawalClaimed(id, alice, alice, 10 ether, 10e27);
        vm.prank(alice);
        queue.claimWithdrawals(ones(id), ones(1));
        assertEq(alice.balance - before, 10 ether, "paid");
        assertEq(address(queue).balance, 0, "W2");
        assertEq(queue.balanceOf(alice), 0, "burnt");
        IWithdrawalQueue.Position memory p = queue.position(id);
        assertEq(p.owner, address(0), "nobody's");
        assertEq(p.claimedShares, 10e27, "all claimed");
        assertEq(p.finalizedShares, 10e27, "all finalized");
        assertEq(queue.getClaimableEther(ones(id), ones(1))[0], 0, "nothing more");
    }

    function test_FindCheckpointHints_IsZeroForAClaimedPosition() public {
        uint256 id = _finalized(10 ether);
        claim(alice, id);
        assertEq(queue.findCheckpointHints(ones(id), 1, 1)[0], 0, "nothing more is to be claimed");
    }

    function test_ClaimTo_PaysTheReceiver() public {
        uint256 id = _finalized(10 ether);
        address receiver = makeAddr("receiver");
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.WithdrawalClaimed(id, alice, receiver, 10 ether, 10e27);
        vm.prank(alice);
        queue.claimWithdrawalsTo(ones(id), ones(1), receiver);
        assertEq(receiver.balance, 10 ether, "paid");
    }

    function test_Claim_InPartsPaysEachPartOnce() public {
        uint256 id = request(alice, 10 ether);
        _finalize(0);
        _finalize(4e27);
        assertEq(claim(alice, id), 4 ether, "first part");
        assertEq(queue.position(id).claimedShares, 4e27, "noted");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.NothingToClaim.selector, id, uint256(4e27)));
        queue.claimWithdrawals(ones(id), ones(1));
        _finalize(6e27);
        assertEq(claim(alice, id), 6 ether, "the rest");
        assertEq(address(queue).balance, 0, "W2");
    }

    function test_Claim_SeveralAtOnce() public {
        uint256 a = request(alice, 10 ether);
        uint256 b = request(alice, 20 ether);
        _finalize(0);
        _finalize(15e27);
        _finalize(15e27);
        uint256[] memory hints = queue.findCheckpointHints(_two(a, b), 1, 2);
        assertEq(hints[0], 1, "a ends in the first segment");
        assertEq(hints[1], 2, "b in the second");
        uint256[] memory ids = _two(b, a);
        (hints[0], hints[1]) = (hints[1], hints[0]); // claims may come in any order
        uint256 before = alice.balance;
        vm.prank(alice);
        queue.claimWithdrawals(ids, hints);
        assertEq(alice.balance - before, 30 ether, "both, b over two segments");
    }

    function test_RevertWhen_SomebodyElseClaims() public {
        uint256 id = _finalized(10 ether);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestNotOwned.selector, id, bob, alice));
        queue.claimWithdrawals(ones(id), ones(1));
    }

    function test_RevertWhen_ClaimedTwice() public {
        uint256 id = _finalized(10 ether);
        claim(alice, id);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestAlreadyClaimed.selector, id));
        queue.claimWithdrawals(ones(id), ones(1));
        id = _finalized(10 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestAlreadyClaimed.selector, id));
        queue.claimWithdrawals(_two(id, id), _two(2, 2));
    }

    function test_RevertWhen_NothingIsFinalized() public {
        uint256 id = request(alice, 10 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.NothingToClaim.selector, id, uint256(0)));
        queue.claimWithdrawals(ones(id), ones(1));
    }

    function test_RevertWhen_HintIsWrong() public {
        uint256 id = _finalized(10 ether);
        _finalized(10 ether);
        uint256[4] memory wrong = [uint256(0), 2, 3, type(uint256).max];
        for (uint256 i; i < 4; ++i) {
            vm.prank(alice);
            vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.HintInvalid.selector, id, wrong[i]));
            queue.claimWithdrawals(ones(id), ones(wrong[i]));
            if (wrong[i] == 0) continue;
            vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.HintInvalid.selector, id, wrong[i]));
            queue.getClaimableEther(ones(id), ones(wrong[i]));
        }
        assertEq(queue.getClaimableEther(ones(id), ones(0))[0], 0, "hint 0 means nothing");
    }

    function test_RevertWhen_LengthsDiffer() public {
        bytes memory differ =
            abi.encodeWithSelector(IWithdrawalQueue.LengthsDiffer.selector, uint256(1), uint256(2));
        vm.startPrank(alice);
        vm.expectRevert(differ);
        queue.claimWithdrawals(ones(1), _two(1, 1));
        vm.expectRevert(differ);
        queue.claimWithdrawalsTo(ones(1), _two(1, 1), bob);
        vm.expectRevert(differ);
        queue.getClaimableEther(ones(1), _two(1, 1));
    }

    function test_RevertWhen_IdIsUnknown() public {
        uint256 id = _finalized(10 ether);
        uint256[2] memory wrong = [uint256(0), id + 1];
        vm.startPrank(alice);
        for (uint256 i; i < 2; ++i) {
            bytes memory unknown =
                abi.encodeWithSelector(IWithdrawalQueue.RequestUnknown.selector, wrong[i], id);
            vm.expectRevert(unknown);
            queue.claimWithdrawals(ones(wrong[i]), ones(1));
            vm.expectRevert(unknown);
            queue.findCheckpointHints(ones(wrong[i]), 1, 1);
            vm.expectRevert(unknown);
            queue.getClaimableEther(ones(wrong[i]), ones(1));
        }
    }

    function test_RevertWhen_ReceiverIsZero() public {
        uint256 id = _finalized(10 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.ReceiverZero.selector));
        queue.claimWithdrawalsTo(ones(id), ones(1), address(0));
    }

    function test_RevertWhen_ReceiverRefusesTheEther() public {
        uint256 id = _finalized(10 ether);
        // the token refuses the queue's plain ether: a claim never mints
        address[2] memory refusing = [address(token), address(checkpoints)];
        for (uint256 i; i < 2; ++i) {
            vm.prank(alice);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IWithdrawalQueue.PaymentFailed.selector, refusing[i], uint256(10 ether)
                )
            );
            queue.claimWithdrawalsTo(ones(id), ones(1), refusing[i]);
        }
        assertEq(queue.ownerOf(id), alice, "still there");
    }

    function test_RevertWhen_RangeOfPointsIsInvalid() public {
        uint256 id = _finalized(10 ether);
        vm.expectRevert(
            abi.encodeWithSelector(
                IWithdrawalQueue.PointsRangeInvalid.selector, uint256(0), uint256(1), uint256(1)
            )
        );
        queue.findCheckpointHints(ones(id), 0, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IWithdrawalQueue.PointsRangeInvalid.selector, uint256(1), uint256(2), uint256(1)
            )
        );
        queue.findCheckpointHints(ones(id), 1, 2);
        assertEq(queue.findCheckpointHints(ones(id), 1, 0)[0], 0, "an empty range holds nothing");
    }

    /// W4: whatever the parts, a position is paid F(end) − F(start), and all of them together what was locked.
    function testFuzz_Claim_TotalDoesNotDependOnThePartsOrTheOrder(
        uint96[4] memory sizes,
        uint96[5] memory pieces,
        uint256 seed
    ) public {
        uint256[4] memory paid;
        for (uint256 i; i < 4; ++i) {
            request(alice, bound(sizes[i], 100, 20 ether));
        }
        _finalize(0);
        for (uint256 k; k < 5; ++k) {
            uint256 left = queue.finalizableShares();
            if (k != 0) rebase(k % 2 == 0 ? int256(0.5 ether) : -int256(7 ether));
            _finalize(k == 4 ? left : bound(pieces[k], 0, left));
            for (uint256 i; i < 4; ++i) {
                uint256 id = 1 + (i + seed) % 4;
                seed = uint256(keccak256(abi.encode(seed)));
                if (k < 4 && seed % 2 == 0) continue;
                IWithdrawalQueue.Position memory p = queue.position(id);
                if (p.owner == address(0) || p.finalizedShares <= p.claimedShares) continue;
                paid[id - 1] += claim(alice, id);
            }
        }
        for (uint256 id = 1; id <= 4; ++id) {
            // the last loop may have passed over one that it had claimed in part: claim what is left
            IWithdrawalQueue.Position memory p = queue.position(id);
            if (p.owner != address(0)) paid[id - 1] += claim(alice, id);
            assertEq(
                paid[id - 1], queue.payout(p.endShares) - queue.payout(p.startShares), "W4: F(end) - F(start)"
            );
        }
        assertEq(address(queue).balance, 0, "W2: nothing lost, nothing made");
    }
}
