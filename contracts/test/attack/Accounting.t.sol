// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { StateProof } from "../../src/validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../../src/validators/ICheckpointGate.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// Attempts on fees, the cover, the safeguard and the close itself. A pool of 10,000 ETH with one validator of 2,000.
contract AccountingAttackTest is StackFixture {
    uint32 private honest;
    uint40 private v;

    function setUp() public override {
        super.setUp();
        stake(alice, 9966 ether);
        honest = joinOperator();
        v = member(honest, 1, 2000e9);
        checkpoint();
    }

    // ------------------------------------------------------------ fees

    /// H11: stake that comes right before a close earns nothing of the period that ends with it.
    function test_Attack_StakeBeforeTheCloseEarnsNoFeeOfThePeriod() public {
        uint32 late = joinOperator();
        uint40 index = onboard(late, 2);
        _earn(1e9);
        askFunding(late, 2, 2000e9);
        fundNext(2, index);
        beacon.tick(1);
        fundNext(2, index);
        assertGt(validators.validator(keyRoot(2)).principalGwei, 1900e9, "as large as the other");
        checkpoint();
        assertEq(fees.operatorFees(late), 0, "came too late");
        assertGt(fees.operatorFees(honest), 0);
        assertGt(fees.weightOf(late).activeGwei, 1900e9, "from now on");
    }

    /// An operator whose validator exits right after a close keeps nothing running, and earns nothing after that period.
    function test_Attack_StakeThatLeftEarnsNoMore() public {
        beacon.setExiting(v, beacon.slot() / 32 + 5);
        beacon.tick(1);
        validators.observe(beacon.validatorsProof(one(v), true));
        _earn(1e9);
        checkpoint();
        uint256 last = fees.operatorFees(honest);
        _earn(1e9);
        checkpoint();
        assertEq(fees.operatorFees(honest), last);
        assertGt(fees.treasuryShares(), 0, "nobody works: the treasury's");
    }

    /// No fee is taken twice on the same ether: down and up again, the mark stands.
    /// forge-config: default.fuzz.runs = 48
    /// forge-config: nightly.fuzz.runs = 5000
    function testFuzz_Attack_NoFeeTwiceOnTheSameEther(uint256 seed) public {
        (uint128 markEther, uint128 markShares) = token.mark();
        for (uint256 i; i < 6; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (uint256 s0,) = token.ledger();
            _earn(int64(uint64(seed % 4e9)) - 2e9);
            checkpoint();
            (uint256 s1, uint256 e1) = token.ledger();
            // fee shares only if even after them the rate is not below the mark of before
            if (s1 > s0) assertGe(e1 * markShares, uint256(markEther) * s1, "A3");
            (markEther, markShares) = token.mark();
        }
    }

    /// A gift makes no fee beyond what the cap recognizes of it, and its giver no gain.
    function test_Attack_AGiftToTripTheCap() public {
        uint256 pool = token.getTotalPooledEther();
        vm.deal(address(withdrawalVault), 1000 ether);
        vm.deal(address(executionVault), 1000 ether);
        uint256 last = token.lastSnapshotTime();
        Snapshot memory s = checkpoint();
        uint256 most = pool * 3 * (s.openedAt - last) / (10_000 * 1 days);
        assertEq(token.getTotalPooledEther() - pool, most, "A6: the cap");
        assertEq(address(executionVault).balance + address(withdrawalVault).balance, 0, "swept");
        assertEq(token.ownEther() + 2000 ether - (pool + most), 2000 ether - most, "A1: the rest is reserve");
    }

    // ------------------------------------------------------------ a loss that is known

    /// Opened just before a slashing, closed after its proof: nobody leaves at the rate of before.
    function test_Attack_OpenedJustBeforeASlashing() public {
        request(alice, 500 ether);
        checkpoint();
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        vm.prank(address(penalties));
        checkpoints.noteUncoveredLoss(100e9, block.timestamp + 36 days); // as the proof of it does
        assertTrue(checkpoints.previewClose(s, address(this)).isGuarded);
        checkpoints.close(s, address(this));
        assertEq(queue.getLastFinalizedRequestId(), 0, "nobody left");
        vm.prank(alice);
        vm.expectRevert();
        token.instantExit(1 ether, 0, alice);
    }

    /// Funding cannot carry ether away from those who wait while the loss is not known.
    function test_Attack_FundingWhileALossIsUnknown() public {
        uint40 index = onboard(joinOperator(), 2);
        askFunding(2, 2, 32e9);
        _earn(-50e9);
        checkpoint();
        vm.expectRevert(ICheckpointGate.FundingWhileGuarded.selector);
        this.fundSecond(index);
    }

    function fundSecond(uint40 index) external {
        fundNext(2, index);
    }

    // ------------------------------------------------------------ members

    /// A join after the expiry gives the checkpoint up: it cannot be closed without the new member.
    function test_Attack_AJoinUnderAnExpiredCheckpointEndsIt() public {
        uint40 index = onboard(joinOperator(), 2);
        askFunding(2, 2, 32e9);
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        vm.expectPartialRevert(ICheckpointGate.CheckpointCanStillClose.selector);
        this.fundSecond(index);
        beacon.tick(EXPIRY / 12 + 1);
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.CheckpointAbandoned(s.id);
        fundNext(2, index);
        assertFalse(token.checkpointOpen(), "instant exits go on");
        vm.expectPartialRevert(ICheckpoints.SnapshotMismatch.selector);
        checkpoints.close(s, address(this));
        // a new one may be opened at once, and holds the member
        s = openCheckpoint();
        assertEq(s.memberCount, 2);
    }

    /// A top-up is no new member: it never waits, and the checkpoint's instant is not moved by it.
    function test_Attack_ATopUpWhileOneIsOpenChangesNothing() public {
        uint40 index = onboard(joinOperator(), 2);
        askFunding(2, 2, 500e9);
        fundNext(2, index);
        land();
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        ICheckpoints.Result memory r = checkpoints.previewClose(s, address(this));
        assertGt(fundNext(2, index), 0);
        assertEq(
            keccak256(abi.encode(checkpoints.previewClose(s, address(this)))),
            keccak256(abi.encode(r)),
            "to the wei"
        );
        checkpoints.close(s, address(this));
        assertTrue(validators.validator(keyRoot(2)).status == IValidatorManager.Status.Member);
    }

    // ------------------------------------------------------------ the close itself

    /// With too little gas nothing happens; no part of a close is caught and left out.
    /// forge-config: default.fuzz.runs = 64
    /// forge-config: nightly.fuzz.runs = 5000
    function testFuzz_Attack_StarvingTheCloseOfGas(uint256 gas_) public {
        request(alice, 100 ether);
        checkpoint();
        _earn(1e9);
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        (uint256 s0, uint256 e0) = token.ledger();
        uint256 fees0 = token.sharesOf(address(fees));
        gas_ = bound(gas_, 30_000, 450_000);
        try checkpoints.close{ gas: gas_ }(s, address(this)) {
            assertEq(queue.getLastFinalizedRequestId(), 1, "whole");
            assertGt(token.sharesOf(address(fees)), fees0, "whole");
        } catch {
            (uint256 s1, uint256 e1) = token.ledger();
            assertTrue(s0 == s1 && e0 == e1 && checkpoints.openSnapshotHash() != 0, "nothing");
            checkpoints.close(s, address(this));
        }
    }

    /// A state of another slot, or of this slot with another root, proves nothing about the frozen instant.
    function test_Attack_AStateOfAnotherSlot() public {
        StateProof memory older = beacon.stateProof();
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        beacon.tick(1);
        StateProof memory newer = beacon.stateProof();
        vm.expectRevert();
        checkpoints.proveState(s, older);
        vm.expectRevert();
        checkpoints.proveState(s, newer);
    }

    /// Everything is lost: the books stay open, and nothing that is paid in later can be taken by who comes then.
    function test_Attack_LosingEverythingAndAfter() public {
        uint256 id = request(alice, 100 ether);
        checkpoint();
        checkpoint();
        uint256 claimable = queue.getClaimableEther(ones(id), queue.findCheckpointHints(ones(id), 1, 1))[0];
        beacon.setBalance(v, 0);
        beacon.tick(1);
        vm.deal(address(token), 0);
        checkpoint();
        assertEq(token.getTotalPooledEther(), 0);
        assertTrue(checkpoints.isGuarded(), "a loss");
        // closing with an empty pool
        checkpoint();
        assertEq(token.getTotalPooledEther(), 0);
        // what comes back is seen, and recognized by no close: the cap is a share of nothing
        vm.deal(address(withdrawalVault), 500 ether);
        Snapshot memory s = checkpoint();
        assertEq(s.ownEther, 500 ether);
        assertEq(token.getTotalPooledEther(), 0);
        vm.deal(bob, 10 ether);
        vm.prank(bob);
        vm.expectRevert();
        token.submit{ value: 10 ether }(address(0));
        // what was finalized before is paid
        assertEq(claim(alice, id), claimable);
    }

    /// Nearly everything is lost: gains afterwards lift the pool again, as fast as the cap lets them, without a fee.
    function test_Attack_RecoveryAfterALoss() public {
        _earn(-1500e9);
        checkpoint();
        (uint256 s0, uint256 e0) = token.ledger();
        assertLt(e0, 8500 ether);
        _earn(1400e9);
        for (uint256 i; i < 5; ++i) {
            checkpoint();
        }
        (uint256 s1, uint256 e1) = token.ledger();
        assertGt(e1, e0 + 5 * 2 ether, "up again");
        assertEq(s1, s0, "A3: no fee below the mark");
        assertFalse(checkpoints.isGuarded());
    }

    function _earn(int64 byGwei) private {
        beacon.setBalance(v, uint64(int64(beacon.balanceOf(v)) + byGwei));
        beacon.tick(1);
    }
}
