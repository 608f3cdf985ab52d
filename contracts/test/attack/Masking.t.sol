// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { FundingRefusal, IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// Demand that is masked starves exits: what counts as coming is never more than what will come, and never for ever.
contract MaskingAttackTest is StackFixture {
    uint32 private operator;
    uint40 private index;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        stake(alice, 2500 ether);
        index = member(operator, 1, 1500e9);
    }

    function _fillTargetGwei() internal pure override returns (uint64) {
        return 1500e9;
    }

    function _proof() private view returns (ValidatorsProof memory) {
        return beacon.validatorsProof(one(index), true);
    }

    function _withdraw() private returns (uint64) {
        ValidatorsProof memory proof = _proof();
        vm.prank(keeper);
        return withdrawals.withdraw{ value: 1 ether }(proof, keysOf(1), 1 ether);
    }

    function _exits() private {
        beacon.setExiting(index, beacon.slot() / 32 + 50_000);
        beacon.tick(1);
    }

    /// A validator that has paid much and then exits counts with what it holds.
    function test_Attack_AnExitingOneCountsWithWhatItHolds() public {
        request(alice, 2400 ether);
        beacon.setBalance(index, 500e9);
        vm.deal(address(withdrawalVault), 1000 ether);
        _exits();
        uint256 before = withdrawals.uncoveredDemand();
        assertEq(_withdraw(), 0, "passed over, and marked");
        assertEq(validators.exitingGwei(), 500e9, "what is there");
        assertLe(before - withdrawals.uncoveredDemand(), 500 ether, "and covers no more");
    }

    /// An exit shown by a state from before a landing says nothing of the balance; a newer one corrects it.
    function test_Attack_AnOldStateFreezesNoPrincipal() public {
        uint40 other = onboard(joinOperator(), 2);
        askFunding(2, 2, 32e9);
        fundNext(2, other);
        beacon.setBalance(index, 500e9);
        _exits();
        ValidatorsProof memory old = _proof();
        beacon.tick(1);
        land();
        validators.observe(old);
        assertTrue(
            validators.validator(keyRoot(1)).status == IValidatorManager.Status.Exiting, "the exit is seen"
        );
        validators.observe(_proof());
        assertEq(validators.exitingGwei(), 500e9, "and what is there");
        assertEq(registry.operator(operator).exitingGwei, 500e9, "in both books");
        beacon.setBalance(index, 0); // paid: nothing is coming any more, before anybody removes it
        beacon.tick(1);
        validators.observe(_proof());
        assertEq(validators.exitingGwei(), 0, "came");
    }

    /// Small requests on top do not prolong what a reward or a gift hides of an earlier one.
    function test_Attack_NewRequestsProlongNoOldOnes() public {
        request(alice, 1000 ether + token.ownEther());
        assertEq(_withdraw(), 256e9, "asked");
        uint40 expires = withdrawals.partialRequest(keyRoot(1)).expiresAt;
        beacon.tick(20 * 7200);
        beacon.setBalance(index, 1500e9 - 256e9 + 3e9); // paid, with 3 ETH of rewards
        beacon.tick(1);
        uint64 more = _withdraw();
        assertGt(more, 0, "another");
        assertEq(withdrawals.partialRequest(keyRoot(1)).expiresAt, expires, "no later than the first");
        vm.warp(expires);
        bytes32[] memory roots = new bytes32[](1);
        roots[0] = keyRoot(1);
        withdrawals.endExpired(roots);
        assertEq(withdrawals.openPartialsGwei(), 0, "nothing is hidden for ever");
    }

    /// No partial is paid of a validator with an exit epoch: its request ends when it is passed over.
    function test_Attack_APassedOverExitCountsOnce() public {
        request(alice, 2000 ether);
        assertEq(_withdraw(), 256e9, "asked");
        _exits();
        _withdraw();
        assertEq(withdrawals.openPartialsGwei(), 0, "ended");
        assertLe(
            uint256(withdrawals.openPartialsGwei()) + validators.exitingGwei(),
            beacon.balanceOf(index),
            "never more than it holds"
        );
    }

    /// A top-up that has landed, before anybody has shown it, would count twice in the level at which a request is paid.
    function test_Attack_AnUnprovenLandingEndsNoRequestUnpaid() public {
        stake(bob, 2000 ether);
        askFunding(operator, 1, 1800e9);
        assertEq(fundNext(1, index), 300e9, "a top-up");
        beacon.processPending(1); // landed, not shown yet
        beacon.tick(1);
        assertEq(beacon.balanceOf(index), 1800e9, "landed");
        request(bob, 1900 ether);
        request(alice, 2000 ether);
        assertEq(_withdraw(), 0, "passed over until it is clear what it holds");
        takeForLanded();
        beacon.tick(1);
        assertEq(_withdraw(), 256e9, "asked in the next round");
    }

    /// Asking for the exit of a small key, ignored by the consensus layer for 27 hours, makes no room for another.
    function test_Attack_AFeignedExitFillsNoTarget() public {
        uint32 other = joinOperator();
        uint40 small = onboard(other, 2);
        askFunding(other, 2, 32e9);
        fundNext(2, small);
        vm.prank(manager);
        withdrawals.requestExits{ value: 1 }(keysOf(2), 1);
        uint40 next = onboard(other, 3);
        askFunding(other, 3, 32e9);
        ValidatorsProof memory proof = beacon.validatorsProof(one(next), true);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.TicketUnfundable.selector, uint64(3), FundingRefusal.OthersUnfilled
            )
        );
        validators.fund(proof, keysOf(3));
    }
}
