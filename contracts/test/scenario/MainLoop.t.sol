// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// One ETH end to end: stake → fund → earn → checkpoint → request → withdraw → finalize → claim.
contract MainLoopTest is StackFixture {
    function test_MainLoop_EtherGoesOutAndComesBack() public {
        uint32 operator = joinOperator();
        stake(alice, 1000 ether);
        stake(bob, 500 ether);
        uint40 a = member(operator, 1, 1000e9);
        uint40 b = member(operator, 2, 32e9);
        assertEq(validators.memberCount(), 2, "both keys are members");
        assertEq(owned(), token.getTotalPooledEther(), "nothing gained yet");

        // rewards on both layers
        beacon.setBalance(a, beacon.balanceOf(a) + 0.05e9);
        beacon.setBalance(b, beacon.balanceOf(b) + 0.002e9);
        vm.deal(address(executionVault), 0.01 ether);
        uint256 before = token.getTotalPooledEther();
        checkpoint();
        assertEq(token.getTotalPooledEther(), before + 0.062 ether, "A1: the gain to the wei");
        assertEq(owned(), token.getTotalPooledEther(), "A1: pool = owned");
        assertEq(address(executionVault).balance, 0, "rewards are swept");

        // a request above what the token holds
        uint256 balance = token.balanceOf(alice);
        uint256 id = request(alice, balance);
        uint256 demand = withdrawals.uncoveredDemand();
        assertGt(demand, 0, "more than own ether is asked");
        checkpoint();
        assertEq(queue.getLastFinalizedRequestId(), 0, "W5: not before a whole interval");

        ValidatorsProof memory proof = beacon.validatorsProof(one(a), true);
        vm.prank(keeper);
        withdrawals.withdraw{ value: 1 ether }(proof, keysOf(1), 1 gwei);
        uint64 asked = withdrawals.partialRequest(keyRoot(1)).amountGwei;
        assertEq(asked, 256e9, "one chunk");
        assertEq(keeper.balance, 1000 ether - 1, "the rest of the fee came back");

        // paid by the consensus layer; the interval goes by
        beacon.setBalance(a, beacon.balanceOf(a) - asked);
        vm.deal(address(withdrawalVault), uint256(asked) * 1 gwei);
        beacon.tick(2);
        withdrawals.settleWithdrawals(beacon.validatorsProof(one(a), true));
        assertEq(withdrawals.openPartialsGwei(), 0, "settled");
        checkpoint();
        uint256 paid = claim(alice, id);
        assertGt(paid, uint256(asked) * 1 gwei, "what came back and what was there");
        assertEq(owned(), token.getTotalPooledEther(), "A1 after finalization");
        assertEq(address(queue).balance, queue.payout(queue.position(id).finalizedShares) - paid, "W2");
    }

    function test_MainLoop_FrontRunPredepositCostsThePoolNothing() public {
        uint32 operator = joinOperator();
        stake(alice, 100 ether);
        uint256 before = token.getTotalPooledEther();
        predeposit(operator, 7);
        // somebody with the key had the validator made with credentials of his own
        uint40 index = beacon.addValidator(key(7), bytes32(uint256(0x01 << 248)), 2e9);
        beacon.tick(1);
        validators.prove(beacon.validatorsProof(one(index), false));
        assertTrue(validators.validator(keyRoot(7)).status == IValidatorManager.Status.Lost, "lost");
        assertEq(token.getTotalPooledEther(), before, "V4");
        bytes32 root = keyRoot(7);
        vm.prank(manager);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, root, IValidatorManager.Status.Lost
            )
        );
        validators.requestFunding(operator, root, 32e9);
    }
}
