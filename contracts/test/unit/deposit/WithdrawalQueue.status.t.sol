// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// What wallets and pages read: status, lists, numbers, cards' notices.
contract WithdrawalQueueStatusTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 100 ether);
        stake(bob, 99 ether);
    }

    function _finalize(uint256 shares) private {
        vm.prank(address(checkpoints));
        token.finalizeShares(shares);
    }

    function _status(uint256 id) private view returns (IWithdrawalQueue.WithdrawalRequestStatus memory) {
        return queue.getWithdrawalStatus(ones(id))[0];
    }

    function test_Status_FollowsARequestFromWaitingToClaimed() public {
        uint256 id = request(alice, 10 ether);
        IWithdrawalQueue.WithdrawalRequestStatus memory s = _status(id);
        assertEq(s.amountOfStETH, 10 ether, "worth");
        assertEq(s.amountOfShares, 10e27, "shares");
        assertEq(s.owner, alice, "owner");
        assertEq(s.timestamp, 0, "stands in the event");
        assertFalse(s.isFinalized, "waits");
        assertFalse(s.isClaimed, "not claimed");
        _finalize(0);
        _finalize(4e27);
        rebase(0.5 ether); // only the waiting part earns: 6 of 196
        s = _status(id);
        uint256 waiting = token.getPooledEthByShares(6e27);
        assertGt(waiting, 6 ether, "it earns");
        assertEq(s.amountOfStETH, 4 ether + waiting, "locked and waiting");
        assertFalse(s.isFinalized, "not whole");
        claim(alice, id);
        assertEq(_status(id).amountOfStETH, 4 ether + waiting, "the same after a partial claim");
        assertFalse(_status(id).isClaimed, "not whole");
        _finalize(6e27);
        s = _status(id);
        assertTrue(s.isFinalized, "whole");
        assertEq(s.amountOfStETH, 4 ether + waiting, "what was locked");
        claim(alice, id);
        s = _status(id);
        assertTrue(s.isClaimed, "claimed");
        assertTrue(s.isFinalized, "and finalized");
        assertEq(s.owner, address(0), "nobody's");
        assertEq(s.amountOfStETH, 4 ether + waiting, "what was paid");
    }

    function test_RevertWhen_StatusOfAnUnknownRequest() public {
        request(alice, 10 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.RequestUnknown.selector, uint256(2), uint256(1))
        );
        queue.getWithdrawalStatus(ones(2));
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.RequestUnknown.selector, uint256(0), uint256(1))
        );
        queue.getWithdrawalStatus(ones(0));
    }

    /// All lists against one made by asking for the owner of every id.
    function testFuzz_Requests_AreThoseOfTheOwner(uint256 seed, uint256 first, uint256 last) public {
        uint256 count = 1 + seed % 12;
        for (uint256 i; i < count; ++i) {
            request((seed >> i) % 2 == 0 ? alice : bob, 1 ether);
        }
        _finalize(0);
        _finalize(uint256(1e27) * (seed % (count + 1)));
        for (uint256 id = 1; id <= seed % (count + 1); id += 2) {
            claim(queue.ownerOf(id), id); // some are gone
        }
        first = bound(first, 0, count + 1);
        last = bound(last, 0, count + 3);
        uint256[] memory page = queue.getWithdrawalRequests(alice, first, last);
        uint256[] memory all = queue.getWithdrawalRequests(alice);
        uint256 inPage;
        uint256 inAll;
        for (uint256 id = 1; id <= count; ++id) {
            if (queue.position(id).owner != alice) continue;
            assertEq(all[inAll++], id, "all, rising");
            if (id >= first && id <= last) assertEq(page[inPage++], id, "the page's, rising");
        }
        assertEq(all.length, inAll, "no more");
        assertEq(page.length, inPage, "no more in the page");
        assertEq(all.length, queue.balanceOf(alice), "as many as she owns");
    }

    function test_Requests_OfSomebodyWithout() public view {
        assertEq(queue.getWithdrawalRequests(alice).length, 0, "none");
        assertEq(queue.getWithdrawalRequests(alice, 1, 100).length, 0, "none in any page");
    }

    function test_Numbers_OfTheLine() public {
        assertEq(queue.unfinalizedRequestNumber(), 0, "none");
        assertEq(queue.unfinalizedStETH(), 0, "nothing");
        request(alice, 10 ether);
        request(bob, 20 ether);
        request(bob, 5 ether);
        assertEq(queue.unfinalizedRequestNumber(), 3, "all");
        assertEq(queue.unfinalizedStETH(), 35 ether, "their worth");
        _finalize(0);
        _finalize(12e27);
        assertEq(queue.getLastFinalizedRequestId(), 1, "whole ones only");
        assertEq(queue.unfinalizedRequestNumber(), 2, "a part counts as waiting");
        assertEq(queue.unfinalizedStETH(), 23 ether, "the rest");
        assertEq(queue.MIN_STETH_WITHDRAWAL_AMOUNT(), 100, "smallest");
        assertEq(queue.MAX_STETH_WITHDRAWAL_AMOUNT(), type(uint128).max, "as large as a pool can be");
    }

    function test_PreviewRequest_IsWhatARequestAppends() public {
        moveRate(3);
        uint256 preview = queue.previewRequest(1 ether / 2);
        uint256 id = request(alice, 1 ether / 2);
        IWithdrawalQueue.Position memory p = queue.position(id);
        assertEq(p.endShares - p.startShares, preview, "preview");
        uint256 pool = token.getTotalPooledEther();
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestTooLarge.selector, pool + 1, pool));
        queue.previewRequest(pool + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.RequestTooSmall.selector, uint256(99), uint256(100))
        );
        queue.previewRequest(99);
    }

    function test_Finalize_TellsMarketsThatCardsChanged() public {
        request(alice, 10 ether);
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.BatchMetadataUpdate(1, type(uint256).max);
        _finalize(0);
        assertTrue(queue.supportsInterface(0x49064906), "ERC-4906");
        assertTrue(queue.supportsInterface(0x80ac58cd), "ERC-721");
        assertTrue(queue.supportsInterface(0x5b5e139f), "its metadata");
        assertTrue(queue.supportsInterface(0x01ffc9a7), "ERC-165");
        assertFalse(queue.supportsInterface(0xffffffff), "not everything");
    }

    /// A sale in the same hour as a partial claim: markets hear that the card changed.
    function test_Claim_OfAPartTellsMarketsThatTheCardChanged() public {
        uint256 id = request(alice, 10 ether);
        _finalize(0);
        _finalize(4e27);
        vm.expectEmit(address(queue));
        emit IWithdrawalQueue.MetadataUpdate(id);
        vm.prank(alice);
        queue.claimWithdrawal(id);
    }

    /// A page costs what it holds, not what somebody has pushed onto its owner.
    function test_Requests_APageIsNotMadeDearByGifts() public {
        request(bob, 1 ether);
        uint256 before = gasleft();
        queue.getWithdrawalRequests(bob, 1, 1);
        uint256 alone = before - gasleft();
        uint256[] memory dust = new uint256[](2000);
        for (uint256 i; i < 2000; ++i) {
            dust[i] = 100;
        }
        vm.startPrank(alice);
        token.approve(address(queue), 1 ether);
        queue.requestWithdrawals(dust, bob);
        vm.stopPrank();
        before = gasleft();
        uint256[] memory page = queue.getWithdrawalRequests(bob, 1, 1);
        assertLe(before - gasleft(), alone + 2000, "no dearer");
        assertEq(page.length, 1, "the page");
        assertEq(queue.getWithdrawalRequests(bob, 5, 4).length, 0, "an empty page");
    }

    // ------------------------------------------------------------ claims without a hint

    function test_ClaimWithdrawal_FindsItsHint() public {
        uint256 a = request(alice, 10 ether);
        uint256 b = request(alice, 10 ether);
        _finalize(0);
        _finalize(12e27);
        _finalize(3e27);
        uint256 before = alice.balance;
        vm.startPrank(alice);
        queue.claimWithdrawal(b);
        assertEq(alice.balance - before, 5 ether, "the finalized part of b");
        queue.claimWithdrawal(a);
        assertEq(alice.balance - before, 15 ether, "all of a");
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.NothingToClaim.selector, b, uint256(15e27)));
        queue.claimWithdrawal(b);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestAlreadyClaimed.selector, a));
        queue.claimWithdrawal(a);
        vm.stopPrank();
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestNotOwned.selector, b, bob, alice));
        queue.claimWithdrawal(b);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.RequestUnknown.selector, uint256(3), uint256(2))
        );
        queue.claimWithdrawal(3);
    }

    function test_RevertWhen_IdsAreUnsortedOrRepeated() public {
        request(alice, 10 ether);
        request(alice, 10 ether);
        uint256[] memory ids = new uint256[](2);
        (ids[0], ids[1]) = (2, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.RequestIdsNotSorted.selector, uint256(2), uint256(1))
        );
        queue.findCheckpointHints(ids, 1, 0);
        (ids[0], ids[1]) = (2, 2);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawalQueue.RequestIdsNotSorted.selector, uint256(2), uint256(2))
        );
        queue.findCheckpointHints(ids, 1, 0);
        // a claim may name them in any order, but each once
        _finalize(0);
        _finalize(20e27);
        uint256[] memory hints = new uint256[](2);
        (hints[0], hints[1]) = (1, 1);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestAlreadyClaimed.selector, uint256(2)));
        queue.claimWithdrawals(ids, hints);
    }

    function test_RevertWhen_NothingIsNamedToClaim() public {
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestsEmpty.selector));
        queue.claimWithdrawals(new uint256[](0), new uint256[](0));
    }
}
