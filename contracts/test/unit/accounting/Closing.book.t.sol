// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Indices, Snapshot } from "../../../src/accounting/ICheckpoints.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// What closes book: fee and its parts, insurance, pot, income by source. A pool of 10,000 ETH with one validator.
contract ClosingBookTest is StackFixture {
    uint32 internal operatorId;
    uint40 internal v;

    function setUp() public override {
        super.setUp();
        stake(alice, 9966 ether);
        operatorId = joinOperator();
        v = member(operatorId, 1, 2000e9);
        assertEq(token.getTotalPooledEther(), 9968 ether, "with seed and bond");
        checkpoint(); // the operator's weight counts from the next one on
    }

    // ------------------------------------------------------------ fee

    function test_Close_FeeIsMintedExactlyAndSplit() public {
        (uint256 s0, uint256 e0) = token.ledger();
        _earn(1e9);
        checkpoint();
        (uint256 s1, uint256 e1) = token.ledger();
        assertEq(e1, e0 + 1 ether, "the gain");
        uint256 feeShares = s1 - s0;
        assertApproxEqAbs(token.getPooledEthByShares(feeShares), 0.1 ether, 1, "A3: 10 %");
        uint256 insured = checkpoints.cover().insuranceShares;
        assertApproxEqAbs(insured, feeShares / 10, 1, "1 %");
        assertApproxEqAbs(fees.operatorFees(operatorId), feeShares / 2, 1e5, "5 %");
        // 4 %, of which opener and prover were paid (base fee 0: the opener's part alone)
        uint256 paid = token.sharesOf(keeper);
        assertApproxEqAbs(fees.treasuryShares() + paid, feeShares * 4 / 10, 2, "4 %");
        assertApproxEqAbs(token.getPooledEthByShares(paid), 0.01 ether, 1, "the opener");
        assertEq(token.sharesOf(address(checkpoints)), insured, "nothing else stays");
    }

    function test_Close_NoFeeOnTheWayBackToTheMark() public {
        _earn(-1e9);
        checkpoint();
        (uint256 s0,) = token.ledger();
        _earn(1e9);
        checkpoint();
        (uint256 s1,) = token.ledger();
        // the first fee refilled nothing: what insurance had none of was lost, and is back without a fee
        assertEq(s1, s0, "A3: below the mark");
        _earn(1e9);
        checkpoint();
        (uint256 s2,) = token.ledger();
        assertGt(s2, s1, "above it");
    }

    // ------------------------------------------------------------ insurance and pot

    function test_Close_InsuranceCoversALossWhole() public {
        _insure(1 ether);
        uint256 rate = _rate();
        uint256 insured = checkpoints.cover().insuranceShares;
        _earn(-0.5e9);
        Snapshot memory s = _openAndProve();
        ICheckpoints.Result memory r = checkpoints.previewClose(s, address(this));
        assertApproxEqAbs(r.penaltiesCovered, 0.5 ether, 1);
        checkpoints.close(s, address(this));
        assertApproxEqAbs(_rate(), rate, 1e14, "nobody lost: less than a wei of the pool");
        ICheckpoints.Cover memory c = checkpoints.cover();
        assertEq(c.insuranceShares, insured - r.insuranceBurnt);
        assertEq(c.spentShares, r.insuranceBurnt);
    }

    function test_Close_BondsRefillWhatInsuranceBurnt() public {
        _insure(1 ether);
        _earn(-0.5e9);
        checkpoint();
        uint256 spent = checkpoints.cover().spentShares;
        vm.prank(alice);
        token.transferShares(address(checkpoints), spent + 1e26); // as a bond would
        assertEq(checkpoints.cover().potShares, spent + 1e26);
        uint256 insured = checkpoints.cover().insuranceShares;
        _earn(0.01e9);
        (uint256 s0,) = token.ledger();
        Snapshot memory s = _openAndProve();
        ICheckpoints.Result memory r = checkpoints.previewClose(s, address(this));
        assertEq(r.insuranceRefilled, spent);
        assertEq(r.potBurnt, 1e26);
        vm.expectEmit(true, false, false, false, address(checkpoints));
        emit ICheckpoints.CoverChanged(s.id, 0, 0);
        checkpoints.close(s, address(this));
        ICheckpoints.Cover memory c = checkpoints.cover();
        assertGe(c.insuranceShares, insured + spent);
        assertEq(c.spentShares, 0);
        assertEq(c.potShares, 0);
        (uint256 s1,) = token.ledger();
        assertEq(s1, s0 + r.feeShares - 1e26);
    }

    /// A pot larger than the cap is burnt over many closes, none of which raises the rate beyond it (A6).
    function test_Close_PotIsBurntUnderTheCap() public {
        vm.prank(alice);
        token.transferShares(address(checkpoints), 20e27);
        for (uint256 i; i < 9; ++i) {
            uint256 rate = _rate();
            uint256 last = token.lastSnapshotTime();
            _earn(0.5e9);
            Snapshot memory s = checkpoint();
            uint256 elapsed = s.openedAt - last;
            assertLe(_rate(), rate + rate * 3 * elapsed / (10_000 * 1 days) + 1, "A6");
            assertGt(_rate(), rate, "something is burnt");
        }
        assertLt(checkpoints.cover().potShares, 1e26, "all but the last of it");
    }

    function test_Close_ADonationToTheContractIsEverybodys() public {
        uint256 rate = _rate();
        vm.prank(alice);
        token.transferShares(address(checkpoints), 1e27);
        checkpoint();
        assertGt(_rate(), rate);
        assertEq(checkpoints.cover().potShares, 0);
    }

    // ------------------------------------------------------------ income by source

    /// A5: what a holder's balance grew by is the sum of its sources, to the wei.
    /// forge-config: default.fuzz.runs = 48
    /// forge-config: nightly.fuzz.runs = 5000
    function testFuzz_Close_IndicesAddUpToBalances(uint256 seed) public {
        uint256 shares = token.sharesOf(alice);
        uint256 before = token.balanceOf(alice);
        Indices memory i0 = checkpoints.indices();
        vm.prank(alice);
        token.transferShares(address(checkpoints), 1e26);
        shares -= 1e26;
        before = token.balanceOf(alice);
        for (uint256 i; i < 4; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            _earn(int64(uint64(seed % 4e9)) - 1e9);
            vm.deal(address(executionVault), (seed >> 64) % 1 ether);
            checkpoint();
        }
        Indices memory i1 = checkpoints.indices();
        int256 sum = int256(i1.consensus) - i0.consensus + i1.execution - i0.execution;
        sum += int256(i1.penalties) - i0.penalties + i1.fees - i0.fees;
        int256 grown = int256(token.balanceOf(alice)) - int256(before);
        assertApproxEqAbs(int256(shares) * sum / 1e36, grown, 1, "A5");
        assertLe(i1.fees, 0, "fees only take");
        assertGe(i1.execution, 0);
        assertGe(i1.penalties, 0);
    }

    function test_Close_SourcesAreTold() public {
        _insure(1 ether);
        Indices memory i0 = checkpoints.indices();
        _earn(1e9);
        vm.deal(address(executionVault), 0.5 ether);
        checkpoint();
        Indices memory i1 = checkpoints.indices();
        uint256 pool = 9969 ether;
        assertApproxEqRel(uint256(int256(i1.execution - i0.execution)) * pool / 1e27, 0.5 ether, 0.001e18);
        assertApproxEqRel(uint256(int256(i1.consensus - i0.consensus)) * pool / 1e27, 1 ether, 0.001e18);
        assertEq(i1.penalties, i0.penalties);
        _earn(-0.2e9);
        checkpoint();
        Indices memory i2 = checkpoints.indices();
        assertApproxEqRel(uint256(int256(i2.penalties - i1.penalties)) * pool / 1e27, 0.2 ether, 0.001e18);
    }

    // ------------------------------------------------------------ simulate = apply

    /// Every figure of the preview is what the close does.
    /// forge-config: default.fuzz.runs = 64
    /// forge-config: nightly.fuzz.runs = 5000
    function testFuzz_Close_DoesWhatThePreviewSays(uint256 seed) public {
        _earn(2.8e9);
        checkpoint();
        if (seed >> 8 & 1 == 0) request(alice, 100 + (seed >> 16) % 5000 ether);
        checkpoint();
        vm.prank(alice);
        token.transferShares(address(checkpoints), (seed >> 32) % 1e28);
        _earn(int64(uint64((seed >> 64) % 10e9)) - 5e9);
        vm.deal(address(executionVault), (seed >> 96) % 2 ether);
        Snapshot memory s = _openAndProve();
        stake(bob, 1 + (seed >> 128) % 100 ether);
        if (seed >> 9 & 1 == 0) vm.warp(block.timestamp + (seed >> 160) % 4 hours);
        ICheckpoints.Result memory r = checkpoints.previewClose(s, address(this));
        ICheckpoints.Progress memory p = checkpoints.progress(address(this));
        ICheckpoints.Result memory t = checkpoints.previewTotals(s, p.provenGwei, 0);
        assertEq(keccak256(abi.encode(r)), keccak256(abi.encode(t)), "by totals");
        _expectRebased(s, r, p.slot);
        uint256 queued = queue.unfinalizedShares();
        uint256 locked = address(queue).balance;
        checkpoints.close(s, address(this));
        (uint256 s1, uint256 e1) = token.ledger();
        assertEq(s1, r.poolSharesAfter - r.sharesToFinalize, "shares");
        assertEq(e1, r.poolEtherAfter - r.etherToFinalize, "ether");
        assertEq(queue.unfinalizedShares(), queued - r.sharesToFinalize, "finalized");
        assertEq(address(queue).balance, locked + r.etherToFinalize, "paid");
        if (r.isGuarded) assertEq(r.sharesToFinalize, 0, "safeguard");
    }

    function _expectRebased(Snapshot memory s, ICheckpoints.Result memory r, uint64 slot) private {
        uint256 elapsed = s.openedAt - token.lastSnapshotTime();
        (r.poolSharesBefore, r.poolEtherBefore) = token.ledger();
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.Rebased(
            s.id,
            slot,
            elapsed,
            r.poolSharesBefore,
            r.poolEtherBefore,
            r.poolSharesAfter,
            r.poolEtherAfter,
            r.recognized - int256(r.executionRewards),
            r.executionRewards,
            r.penaltiesCovered,
            r.reserve,
            r.feeShares
        );
    }

    // ------------------------------------------------------------ parameters

    function test_SetParameters_HoldFromNowOn() public {
        ICheckpoints.Parameters memory p = checkpoints.parameters();
        p.operatorFeeBps = 0;
        p.treasuryFeeBps = 0;
        p.insuranceFeeBps = 0;
        vm.expectRevert(
            abi.encodeWithSelector(ICheckpoints.CheckpointCallerNotAllowed.selector, address(this))
        );
        checkpoints.setParameters(p);
        vm.prank(governance);
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.ParametersChanged(p);
        checkpoints.setParameters(p);
        (uint256 s0,) = token.ledger();
        _earn(1e9);
        checkpoint();
        (uint256 s1,) = token.ledger();
        assertEq(s1, s0, "no fee");
    }

    function test_RevertWhen_AParameterLeavesItsBounds() public {
        for (uint256 i; i < 12; ++i) {
            ICheckpoints.Parameters memory p = checkpoints.parameters();
            string memory field = "interval";
            if (i == 0) p.interval = 4 hours - 1;
            if (i == 1) p.interval = 7 days + 1;
            if (i == 2) p.interval = 22 hours; // half the age that instant exits allow
            if (i == 3) (p.expirySeconds, field) = (p.interval / 2 + 1, "expirySeconds");
            if (i == 4) (p.expirySeconds, field) = (0, "expirySeconds");
            if (i == 5) (p.maxSnapshotAge, field) = (2 hours - 1, "maxSnapshotAge");
            if (i == 6) (p.maxSnapshotAge, field) = (4 hours + 1, "maxSnapshotAge");
            if (i == 7) (p.maxRebaseBpsPerDay, field) = (0, "maxRebaseBpsPerDay");
            if (i == 8) (p.maxRebaseBpsPerDay, field) = (11, "maxRebaseBpsPerDay");
            if (i == 9) (p.maxRebaseBpsPerDay, field) = (4, "maxRebaseBpsPerDay"); // × 3 above the exit's fee
            if (i == 10) (p.lossThresholdBps, field) = (11, "lossThresholdBps");
            if (i == 11) (p.insuranceFeeBps, field) = (601, "feeBps");
            uint256 value = _value(p, i);
            vm.prank(governance);
            vm.expectRevert(
                abi.encodeWithSelector(ICheckpoints.CheckpointConfigInvalid.selector, field, value)
            );
            checkpoints.setParameters(p);
        }
    }

    function _value(ICheckpoints.Parameters memory p, uint256 i) private pure returns (uint256) {
        if (i < 3) return p.interval;
        if (i < 5) return p.expirySeconds;
        if (i < 7) return p.maxSnapshotAge;
        if (i < 10) return p.maxRebaseBpsPerDay;
        return i == 10 ? p.lossThresholdBps : 1501;
    }

    // ------------------------------------------------------------ helpers

    function _openAndProve() private returns (Snapshot memory s) {
        waitForCheckpoint();
        s = openCheckpoint();
        proveCheckpoint(s);
    }

    function _earn(int64 byGwei) private {
        beacon.setBalance(v, uint64(int64(beacon.balanceOf(v)) + byGwei));
        beacon.tick(1);
    }

    /// Closes with gains until the insurance holds `amount`.
    function _insure(uint256 amount) private {
        while (token.getPooledEthByShares(checkpoints.cover().insuranceShares) < amount) {
            _raise(100e9);
        }
    }

    /// A gain recognized at the cap, until nothing is left of it.
    function _raise(uint64 byGwei) private {
        _earn(int64(byGwei));
        uint256 last;
        do {
            last = token.getTotalPooledEther();
            checkpoint();
        } while (token.getTotalPooledEther() != last);
    }

    /// Ether of 1e45 shares.
    function _rate() private view returns (uint256) {
        (uint256 s, uint256 e) = token.ledger();
        return e * 1e45 / s;
    }
}
