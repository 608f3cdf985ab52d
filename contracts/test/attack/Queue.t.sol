// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// The queue under griefing: tiny requests, wrong hints, order, and sold positions.
contract QueueAttackTest is StackFixture {
    function setUp() public override {
        super.setUp();
        stake(alice, 500 ether);
        stake(bob, 499 ether);
        vm.prank(alice);
        token.approve(address(queue), type(uint256).max);
    }

    function _gasOfClose() private returns (uint256 used) {
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        uint256 before = gasleft();
        checkpoints.close(s, address(this));
        used = before - gasleft();
    }

    /// 300 requests of 100 wei cost the close that finalizes them nothing.
    function test_Attack_TinyRequestsDoNotBurdenTheClose() public {
        uint256 state = vm.snapshotState();
        request(alice, 30_000);
        checkpoint();
        uint256 forOne = _gasOfClose();
        vm.revertToState(state);
        uint256[] memory tiny = new uint256[](300);
        for (uint256 i; i < 300; ++i) {
            tiny[i] = 100;
        }
        vm.prank(alice);
        queue.requestWithdrawals(tiny, alice);
        checkpoint();
        uint256 forMany = _gasOfClose();
        assertEq(queue.getLastFinalizedRequestId(), 300, "all of them");
        assertApproxEqAbs(forMany, forOne, 500, "O(1)");
        // and whoever comes after them claims at the usual cost
        uint256 id = request(bob, 10 ether);
        twoCheckpoints();
        assertEq(claim(bob, id), 10 ether, "unhindered");
    }

    /// forge-config: default.fuzz.runs = 96
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_Attack_AWrongHintNeverPays(uint256 hint, uint8 which) public {
        for (uint256 i; i < 4; ++i) {
            request(alice, 10 ether);
            checkpoint();
        }
        checkpoint(); // four points, four positions
        uint256 id = 1 + which % 4;
        uint256 right = queue.findCheckpointHints(ones(id), 1, 4)[0];
        vm.assume(hint != right);
        hint = hint % 2 == 0 ? hint % 6 : hint;
        vm.assume(hint != right);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.HintInvalid.selector, id, hint));
        queue.claimWithdrawals(ones(id), ones(hint));
        assertEq(claim(alice, id), 10 ether, "the right one pays");
    }

    /// W4: first come is not first served better.
    /// forge-config: default.fuzz.runs = 128
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_Attack_ClaimOrderMovesNothing(uint256 seed) public {
        uint256[4] memory ids;
        for (uint256 i; i < 4; ++i) {
            ids[i] = request(i % 2 == 0 ? alice : bob, 50 ether + i);
        }
        checkpoint();
        vm.deal(address(executionVault), 0.1 ether);
        checkpoint();
        uint256[4] memory due;
        for (uint256 i; i < 4; ++i) {
            due[i] = queue.payout(queue.position(ids[i]).endShares)
                - queue.payout(queue.position(ids[i]).startShares);
        }
        for (uint256 i; i < 4; ++i) {
            uint256 j = i + (seed >> (i * 8)) % (4 - i);
            (ids[i], ids[j]) = (ids[j], ids[i]);
            (due[i], due[j]) = (due[j], due[i]);
            assertEq(claim(queue.ownerOf(ids[i]), ids[i]), due[i], "W4");
        }
        assertEq(address(queue).balance, 0, "W2");
    }

    function test_Attack_APositionSoldBetweenFinalizationAndClaimPaysTheBuyer() public {
        uint256 id = request(alice, 100 ether);
        twoCheckpoints();
        vm.prank(alice);
        queue.transferFrom(alice, bob, id);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestNotOwned.selector, id, alice, bob));
        queue.claimWithdrawals(ones(id), ones(1));
        assertEq(claim(bob, id), 100 ether, "the owner of now");
    }

    /// A sale front-run by a partial claim: the position itself shows what is left.
    function test_Attack_APartClaimedBeforeTheSaleIsVisible() public {
        uint256 id = request(alice, 100 ether);
        checkpoint();
        vm.deal(address(token), 40 ether); // only so much is there
        vm.prank(address(checkpoints));
        token.finalizeShares(40e27);
        assertEq(claim(alice, id), 40 ether, "the seller takes the finalized part");
        vm.prank(alice);
        queue.transferFrom(alice, bob, id);
        IWithdrawalQueue.Position memory p = queue.position(id);
        assertEq(p.claimedShares, 40e27, "shown");
        vm.deal(address(token), 60 ether);
        vm.prank(address(checkpoints));
        token.finalizeShares(60e27);
        assertEq(claim(bob, id), 60 ether, "the buyer gets the rest and no more");
    }

    /// An approved operator of a position moves it, but only its owner claims.
    function test_Attack_AnApprovedAddressCannotClaim() public {
        uint256 id = request(alice, 100 ether);
        twoCheckpoints();
        vm.prank(alice);
        queue.approve(keeper, id);
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawalQueue.RequestNotOwned.selector, id, keeper, alice));
        queue.claimWithdrawalsTo(ones(id), ones(1), keeper);
    }

    /// A position whose claim reverts harms only itself.
    function test_Attack_ARefusingReceiverBlocksNobodyElse() public {
        uint256 stuck = request(alice, 100 ether);
        uint256 next = request(bob, 100 ether);
        vm.prank(alice);
        queue.transferFrom(alice, address(checkpoints), stuck); // takes no ether, claims nothing
        twoCheckpoints();
        assertEq(claim(bob, next), 100 ether, "the next in line is paid");
    }

    /// Nobody mints a position with a hook into another contract.
    function test_Attack_MintingAPositionCallsNobody() public {
        // a contract without onERC721Received still receives: no call is made
        vm.prank(alice);
        queue.requestWithdrawals(ones(1 ether), address(checkpoints));
        assertEq(queue.ownerOf(1), address(checkpoints), "minted");
    }
}
