// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { FeeSplit } from "../../../src/accounting/FeeSplit.sol";
import { IFeeSplit } from "../../../src/accounting/IFeeSplit.sol";
import { KeeperPay } from "../../../src/accounting/KeeperPay.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IOperatorRegistry } from "../../../src/validators/IOperatorRegistry.sol";
import { Modules } from "../../support/Modules.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// Who gets the fee: weights from the registry, shares as closes would send them, claims.
contract FeeSplitTest is StackFixture {
    uint32 private a;
    uint32 private b;

    function setUp() public override {
        super.setUp();
        stake(alice, 10_000 ether);
        a = _operator("a");
        b = _operator("b");
    }

    // ------------------------------------------------------------ weights

    function test_NoteWeight_CountsFromTheCloseAfterTheNext() public {
        _weigh(a, 100e9);
        IFeeSplit.Weight memory w = fees.weightOf(a);
        assertEq(w.activeGwei, 0, "not yet");
        assertEq(w.nextGwei, 100e9);
        _split(10e27, 0);
        assertEq(fees.operatorFees(a), 0, "came right before the close: nothing");
        assertEq(fees.treasuryShares(), 10e27, "nobody worked: the treasury's");
        assertEq(fees.weightOf(a).activeGwei, 100e9, "from now on");
        _split(10e27, 0);
        assertEq(fees.operatorFees(a), 10e27);
    }

    function test_NoteWeight_OfStakeThatLeftCountsOnceMore() public {
        _weigh(a, 100e9);
        _split(0, 0);
        _weigh(a, -100e9);
        _split(10e27, 0);
        assertEq(fees.operatorFees(a), 10e27, "what it ran in the period");
        _split(10e27, 0);
        assertEq(fees.operatorFees(a), 10e27, "and no more");
        assertEq(fees.totalWeight().activeGwei, 0);
    }

    function test_NoteWeight_ChangesOfOnePeriodAddUp() public {
        _weigh(a, 100e9);
        _weigh(b, 100e9);
        _split(0, 0);
        _weigh(a, 300e9);
        _weigh(a, -100e9);
        _split(8e27, 0);
        assertEq(fees.operatorFees(a), 4e27, "100 of 200 in the first");
        _split(8e27, 0);
        assertEq(fees.operatorFees(a), 4e27 + 6e27, "300 of 400 in the second");
        assertEq(fees.operatorFees(b), 4e27 + 2e27);
    }

    function test_NoteWeight_Emits() public {
        vm.expectEmit(address(fees));
        emit IFeeSplit.WeightChanged(a, 0, 100e9);
        _weigh(a, 100e9);
    }

    function test_RevertWhen_WeightComesFromAnybodyElse() public {
        vm.expectRevert(_notAllowed(address(this)));
        fees.noteWeight(a, 1);
    }

    /// The real thing: what a member's life does to its operator's weight.
    function test_NoteWeight_FollowsWhatWorks() public {
        uint32 operatorId = joinOperator();
        uint40 index = member(operatorId, 7, 500e9);
        assertEq(fees.weightOf(operatorId).nextGwei, 500e9, "funded");
        beacon.setBalance(index, 400e9);
        beacon.tick(1);
        validators.observe(beacon.validatorsProof(one(index), true));
        assertEq(fees.weightOf(operatorId).nextGwei, 400e9, "lowered");
        beacon.setExiting(index, beacon.slot() / 32 + 5);
        beacon.tick(1);
        validators.observe(beacon.validatorsProof(one(index), true));
        assertEq(fees.weightOf(operatorId).nextGwei, 0, "exiting");
        beacon.setBalance(index, 300e9);
        beacon.tick(1);
        validators.observe(beacon.validatorsProof(one(index), true));
        assertEq(fees.weightOf(operatorId).nextGwei, 0, "no lower");
    }

    // ------------------------------------------------------------ split

    function test_Split_ByWeight() public {
        _weigh(a, 100e9);
        _weigh(b, 300e9);
        _split(0, 0);
        vm.prank(alice);
        token.transferShares(address(fees), 10e27);
        vm.expectEmit(address(fees));
        emit IFeeSplit.FeesSplit(2, 8e27, 2e27, 8e27 * 1e9 / 400e9);
        vm.prank(address(checkpoints));
        fees.split(_of(8e27, 2e27));
        assertEq(fees.operatorFees(a), 2e27);
        assertEq(fees.operatorFees(b), 6e27);
        assertEq(fees.treasuryShares(), 2e27);
    }

    function test_RevertWhen_SplitByAnybodyElse() public {
        vm.expectRevert(_notAllowed(address(this)));
        fees.split(_of(1, 1));
    }

    /// Whatever weights and fees come in whatever order: each period's fee goes by the weights at its start, to the share;
    /// nobody is paid more than was split.
    function testFuzz_Split_IsWhatEachPeriodOwes(uint256 seed) public {
        uint32[2] memory ids = [a, b];
        uint256[2] memory active;
        uint256[2] memory next;
        uint256[2] memory owed;
        for (uint256 i; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 who = seed >> 8 & 1;
            if (seed % 3 == 0) {
                uint256 amount = (seed >> 16) % 2000 * 1e9;
                bool falls = seed >> 9 & 1 == 0 && amount <= next[who];
                _weigh(ids[who], falls ? -int256(amount) : int256(amount));
                next[who] = falls ? next[who] - amount : next[who] + amount;
            } else if (seed % 3 == 1) {
                uint256 shares = (seed >> 16) % 1e26;
                uint256 all = active[0] + active[1];
                for (uint256 k; k < 2 && all != 0; ++k) {
                    owed[k] += shares * active[k] / all;
                }
                _split(shares, 0);
                (active[0], active[1]) = (next[0], next[1]);
            } else if (fees.operatorFees(ids[who]) != 0) {
                owed[who] -= fees.claimOperatorFees(ids[who]);
            }
            for (uint256 k; k < 2; ++k) {
                // rounding takes less than 1e5 shares (1e-4 wei) a split
                assertApproxEqAbs(fees.operatorFees(ids[k]), owed[k], 24e5, "by the weights at the start");
            }
            uint256 promised = fees.operatorFees(a) + fees.operatorFees(b) + fees.treasuryShares();
            assertLe(promised, token.sharesOf(address(fees)), "held");
        }
    }

    // ------------------------------------------------------------ claims

    function test_ClaimOperatorFees_GoesToTheRewardAddress() public {
        _weigh(a, 100e9);
        _split(0, 0);
        _split(8e27, 0);
        address receiver = registry.operator(a).rewardAddress;
        vm.expectEmit(address(fees));
        emit IFeeSplit.OperatorFeesClaimed(a, receiver, 8e27);
        vm.prank(bob);
        assertEq(fees.claimOperatorFees(a), 8e27);
        assertEq(token.sharesOf(receiver), 8e27);
        assertEq(fees.operatorFees(a), 0);
        vm.expectRevert(IFeeSplit.NoFeesOwed.selector);
        fees.claimOperatorFees(a);
        _split(1e27, 0);
        assertEq(fees.operatorFees(a), 1e27, "it goes on");
    }

    function test_ClaimOperatorFees_InThePeriodOfAChange() public {
        _weigh(a, 100e9);
        _split(0, 0);
        _split(8e27, 0);
        _weigh(a, 100e9);
        assertEq(fees.claimOperatorFees(a), 8e27);
        _weigh(b, 200e9);
        _split(8e27, 0);
        _split(8e27, 0);
        assertEq(fees.operatorFees(a), 8e27 + 4e27, "alone, then half");
        assertEq(fees.operatorFees(b), 4e27);
    }

    function test_ClaimTreasury() public {
        _split(0, 3e27);
        vm.expectEmit(address(fees));
        emit IFeeSplit.TreasuryClaimed(treasury, 3e27, 0);
        assertEq(fees.claimTreasury(), 3e27);
        assertEq(token.sharesOf(treasury), 3e27);
        vm.expectRevert(IFeeSplit.NoFeesOwed.selector);
        fees.claimTreasury();
    }

    // ------------------------------------------------------------ keepers

    function test_PayKeepers_OpenerAndProver() public {
        _split(0, 10e27);
        _pay(alice, bob, 0.5e9);
        assertEq(token.sharesOf(bob), 0.5e27);
        assertEq(fees.treasuryShares(), 10e27 - 0.51e27);
    }

    function test_PayKeepers_OneWhoDidBoth() public {
        _split(0, 10e27);
        vm.expectEmit(address(fees));
        emit IFeeSplit.KeeperPaid(bob, 0.51e27, 10e27 - 0.51e27);
        _pay(bob, bob, 0.5e9);
    }

    function test_PayKeepers_AtMost() public {
        _split(0, 100e27);
        _pay(bob, bob, 1000e9);
        assertEq(token.sharesOf(bob), KeeperPay.MOST_PAY * 1e9);
    }

    function test_PayKeepers_OnlyWhatTheTreasuryHas() public {
        _split(0, 0.005e27);
        _pay(bob, keeper, 1e9);
        assertEq(token.sharesOf(bob), 0.005e27, "the opener first");
        assertEq(token.sharesOf(keeper), 0);
        assertEq(fees.treasuryShares(), 0);
    }

    // ------------------------------------------------------------ governance, deployment

    function test_SetTreasury() public {
        vm.prank(governance);
        vm.expectEmit(address(fees));
        emit IFeeSplit.TreasuryChanged(bob);
        fees.setTreasury(bob);
        assertEq(fees.treasury(), bob);
        vm.expectRevert(_notAllowed(address(this)));
        fees.setTreasury(alice);
        vm.prank(governance);
        vm.expectRevert(IFeeSplit.FeeSplitConfigZero.selector);
        fees.setTreasury(address(0));
    }

    function test_RevertWhen_DeployedWithoutAnAddress() public {
        for (uint256 i; i < 4; ++i) {
            FeeSplit.Config memory c = FeeSplit.Config(token, registry, address(1), governance);
            if (i == 0) c.token = IStakedEther(address(0));
            if (i == 1) c.registry = IOperatorRegistry(address(0));
            if (i == 2) c.checkpoints = address(0);
            if (i == 3) c.governance = address(0);
            vm.expectRevert(IFeeSplit.FeeSplitConfigZero.selector);
            new FeeSplit(c);
        }
        address implementation =
            address(new FeeSplit(FeeSplit.Config(token, registry, address(1), governance)));
        vm.expectRevert(IFeeSplit.FeeSplitConfigZero.selector);
        Modules.proxy(implementation, abi.encodeCall(FeeSplit.initialize, (address(0))));
    }

    // ------------------------------------------------------------ helpers

    function _operator(string memory name) private returns (uint32) {
        vm.prank(manager);
        return registry.join(makeAddr(name));
    }

    function _weigh(uint32 operatorId, int256 byGwei) private {
        vm.prank(address(registry));
        fees.noteWeight(operatorId, byGwei);
    }

    /// As a close: the shares come in the same transaction.
    function _split(uint256 operatorShares, uint256 treasuryShares) private {
        vm.prank(alice);
        token.transferShares(address(fees), operatorShares + treasuryShares);
        vm.prank(address(checkpoints));
        fees.split(_of(operatorShares, treasuryShares));
    }

    /// Of a pool without a rate: nobody is paid.
    function _of(uint256 operatorShares, uint256 treasuryShares)
        private
        pure
        returns (IFeeSplit.Split memory s)
    {
        (s.operatorShares, s.treasuryShares) = (operatorShares, treasuryShares);
    }

    /// At a rate of 1e9 shares a wei.
    function _pay(address opener, address prover, uint256 payGwei) private {
        IFeeSplit.Split memory s;
        (s.opener, s.prover, s.payGwei, s.poolShares, s.poolEther) = (opener, prover, payGwei, 1e27, 1 ether);
        vm.prank(address(checkpoints));
        fees.split(s);
    }

    function _notAllowed(address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IFeeSplit.FeeSplitCallerNotAllowed.selector, caller);
    }
}
