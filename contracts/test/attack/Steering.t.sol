// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { FundingRefusal, IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { IWithdrawals } from "../../src/validators/IWithdrawals.sol";
import { StackFixture } from "../support/StackFixture.sol";
import { SystemContracts } from "../support/SystemContracts.sol";

/// Who pays for the queue, and who is funded: nobody can choose. Full queues, blocked heads, pending partials that keep
/// an ejected validator alive.
contract SteeringAttackTest is StackFixture {
    address private mallory = makeAddr("mallory");
    uint32[4] private operators;
    uint40[4] private indices;

    function setUp() public override {
        super.setUp();
        stake(alice, 2999 ether);
        for (uint256 i = 1; i < 4; ++i) {
            operators[i] = joinOperator();
            indices[i] = member(operators[i], i, 300e9);
        }
        vm.deal(mallory, 100 ether);
    }

    function _withdraw(uint256 n) private returns (uint64) {
        ValidatorsProof memory proof = beacon.validatorsProof(one(indices[n]), true);
        vm.prank(mallory);
        return withdrawals.withdraw{ value: 1000 }(proof, keysOf(n), 100);
    }

    function _expectNotNext(uint256 n, uint256 next) private {
        ValidatorsProof memory proof = beacon.validatorsProof(one(indices[n]), true);
        vm.prank(mallory);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawals.NotNextInRotation.selector, indices[n], indices[next])
        );
        withdrawals.withdraw{ value: 1000 }(proof, keysOf(n), 100);
    }

    /// M7: a call for a wei of demand does not pass the turn on; a rival can't be named.
    function test_Attack_SmallDemandsDoNotMoveTheRotation() public {
        request(alice, token.ownEther() + 1);
        _expectNotNext(2, 1);
        _withdraw(1);
        for (uint256 i; i < 5; ++i) {
            request(alice, 2 ether);
            beacon.tick(1);
            _expectNotNext(2, 1);
            _withdraw(1);
        }
        assertEq(
            withdrawals.partialRequest(keyRoot(2)).amountGwei, 0, "the rival pays nothing before its turn"
        );
        assertGe(withdrawals.partialRequest(keyRoot(1)).amountGwei, 10e9, "the first pays all of it");
    }

    /// Leaving out one's own validator is refused also inside a batch.
    function test_Attack_ABatchCannotLeaveOneOut() public {
        request(alice, token.ownEther() + 600 ether);
        uint40[] memory some = new uint40[](2);
        (some[0], some[1]) = (indices[1], indices[3]);
        bytes[] memory keys = new bytes[](2);
        (keys[0], keys[1]) = (key(1), key(3));
        ValidatorsProof memory proof = beacon.validatorsProof(some, true);
        vm.prank(mallory);
        vm.expectRevert(
            abi.encodeWithSelector(IWithdrawals.NotNextInRotation.selector, indices[3], indices[2])
        );
        withdrawals.withdraw{ value: 1000 }(proof, keys, 100);
    }

    /// Asking for one's own exit dodges the turn, but anybody makes the exit real, and it earns no more fee.
    function test_Attack_AFeignedExitBecomesReal() public {
        request(alice, token.ownEther() + 100 ether);
        vm.prank(manager);
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
        SystemContracts.endBlock();
        assertEq(_withdraw(1), 0, "passed over");
        assertEq(_withdraw(2), 100e9, "the next pays");
        vm.prank(mallory);
        withdrawals.requestExits{ value: 1000 }(keysOf(1), 1000);
        bytes memory sent = SystemContracts.endBlock();
        assertEq(sent.length, 152, "the partial of the one, the exit of the other");
    }

    /// H10: an operator about to be ejected keeps a partial pending, made by a demand of its own: after the exit was asked
    /// no new one can be made, so the pending one is paid and the repeated exit goes through.
    function test_Attack_PendingPartialsCannotKeepAnEjectedOneAlive() public {
        request(alice, token.ownEther() + 10 ether);
        assertEq(_withdraw(1), 10e9, "one is pending");
        orderExit(1);
        vm.prank(mallory);
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1); // ignored by the consensus layer
        request(alice, 20 ether);
        beacon.tick(1);
        uint40 next = withdrawals.nextInRotation();
        if (next == indices[1]) assertEq(_withdraw(1), 0, "none for one that is to exit");
        assertEq(withdrawals.partialRequest(keyRoot(1)).amountGwei, 10e9, "only the old one");
        SystemContracts.endBlock();
        vm.prank(mallory);
        withdrawals.requestExits{ value: 1000 }(keysOf(1), 1000);
        assertEq(SystemContracts.endBlock().length, 76, "repeated by anybody");
    }

    /// H9: heads that can never be served, one behind the other: each is sent to the back, and the next is served.
    function test_Attack_BlockedHeadsDoNotBlockTheLine() public {
        for (uint256 i = 1; i < 4; ++i) {
            askFunding(operators[i], i, 2048e9);
        }
        for (uint256 i = 1; i < 3; ++i) {
            vm.prank(address(penalties));
            registry.noteSlashing(operators[i], true);
        }
        for (uint256 i = 1; i < 3; ++i) {
            vm.prank(mallory);
            validators.requeueTicket(keyRoot(i));
        }
        assertEq(fundNext(3, indices[3]), 1748e9, "the third is served");
        bytes32 root = keyRoot(1);
        ValidatorsProof memory proof = beacon.validatorsProof(one(indices[1]), true);
        (uint64 number,,,) = validators.nextTicket();
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.TicketUnfundable.selector, number, FundingRefusal.SlashingOpen
            )
        );
        validators.fund(proof, keysOf(1));
        vm.prank(address(penalties));
        registry.noteSlashing(operators[1], false);
        uint256 free = token.freeEther() / 1 gwei;
        assertGt(free, 32e9, "there is ether");
        beacon.tick(1);
        assertGt(fundNext(1, indices[1]), 0, "settled, it has not lost its place");
        assertGt(validators.validator(root).principalGwei, 300e9, "and grows");
    }

    /// Dead keys: predeposited by the hundred and never seen on the beacon chain, they stand in nobody's way.
    function test_Attack_DeadKeysStandInNobodysWay() public {
        uint32 hostile = joinOperator();
        bytes[] memory keys = new bytes[](100);
        bytes[] memory signatures = new bytes[](100);
        for (uint256 i; i < 100; ++i) {
            (keys[i], signatures[i]) = (key(1000 + i), new bytes(96));
        }
        vm.prank(manager);
        validators.predeposit{ value: 100 ether }(hostile, keys, signatures, 2048e9);
        (,,, uint64 waiting) = validators.nextTicket();
        assertEq(waiting, 0, "no ticket without a proof");
        assertEq(validators.memberCount(), 3, "no burden for checkpoints");
        askFunding(operators[1], 1, 332e9);
        assertEq(fundNext(1, indices[1]), 32e9, "others go on");
    }

    /// V4, pubkey race: who copies a predeposit from the mempool pays for it and becomes liable; the victim is refunded
    /// whole by the revert and takes another key.
    function test_Attack_ACopiedPredepositCostsOnlyTheThief() public {
        uint32 victim = joinOperator();
        vm.prank(mallory);
        uint32 thief = registry.join(mallory);
        bytes[] memory keys = keysOf(50);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = new bytes(96);
        vm.prank(mallory);
        validators.predeposit{ value: 1 ether }(thief, keys, signatures, 0);
        uint256 before = manager.balance;
        bytes32 root = keyRoot(50);
        vm.prank(manager);
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.KeyAlreadyKnown.selector, root));
        validators.predeposit{ value: 1 ether }(victim, keys, signatures, 0);
        assertEq(manager.balance, before, "nothing is lost");
        assertEq(mallory.balance, 99 ether, "the thief has paid");
    }
}
