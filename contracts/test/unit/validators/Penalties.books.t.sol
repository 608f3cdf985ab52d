// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { Tier } from "../../../src/validators/IOperatorRegistry.sol";
import { IPenalties } from "../../../src/validators/IPenalties.sol";
import { BondFixture } from "../../support/BondFixture.sol";

/// Random walks of slashings of two operators, against books kept by hand.
/// forge-config: default.fuzz.runs = 24
/// forge-config: nightly.fuzz.runs = 1000
contract PenaltiesBooksTest is BondFixture {
    struct Book {
        IPenalties.Phase phase;
        uint64 withdrawable;
        uint64 lossGwei;
        uint64 expectedGwei;
    }

    Book[4] private _books; // by validator, whose key is one more
    uint256[3] private _bonds; // shares by operator
    uint64[3] private _uncovered;
    uint256 private _pot;
    uint256 private _rewards;

    function setUp() public override {
        super.setUp();
        // 1 % of three full validators and of one, each of which brings 1 ETH
        bonded(62 ether);
        bonded(21 ether);
        for (uint32 id = 1; id < 3; ++id) {
            vm.prank(governance);
            registry.setTier(id, Tier.Curated);
        }
        for (uint256 v; v < 4; ++v) {
            member(_operatorOf(v), v + 1, FULL);
        }
        // and most of which is gone already, so that losses are often not covered
        asPenalties();
        registry.takeBond(1, 50e27, bob);
        asPenalties();
        registry.takeBond(2, 18e27, bob);
        (_bonds[1], _bonds[2]) = (15e27, 4e27);
    }

    function _operatorOf(uint256 v) private pure returns (uint32) {
        return v < 3 ? 1 : 2;
    }

    function testFuzz_Penalties_AnyWalkKeepsTheBooks(uint256[12] memory seeds) public {
        for (uint256 i; i < 12; ++i) {
            _step(seeds[i]);
            _compare();
        }
    }

    function _step(uint256 seed) private {
        uint256 v = seed % 4;
        Book storage b = _books[v];
        seed /= 4;
        uint32 id = _operatorOf(v);
        if (seed % 8 == 0) {
            _bonds[id] += topUp(id, bound(seed, 1 gwei, 20 ether));
        } else if (b.phase == IPenalties.Phase.None) {
            _prove(v, b, id);
        } else if (b.phase != IPenalties.Phase.Forfeited && epochNow() < b.withdrawable) {
            _settle(v, b, id, uint64(bound(seed, 0, 12e9)));
        } else if (b.phase == IPenalties.Phase.Open) {
            _forfeit(v, b, id);
        }
    }

    function _expected() private view returns (uint64) {
        uint256 slashed = FULL; // this one, and twice each of the others: for itself and for what it brings them
        for (uint256 v; v < 4; ++v) {
            if (_books[v].phase == IPenalties.Phase.Open) slashed += 2 * FULL;
        }
        // 2,048 / 4,096, 2,048 × 3 × slashed / 25,000,000, 0.21 %
        return uint64(0.5e9 + uint256(2048e9) * 3 * slashed / 25_000_000e9 + 4.3008e9);
    }

    function _prove(uint256 v, Book storage b, uint32 id) private {
        uint64 expected = _expected();
        IPenalties.Slashing memory s = slash(uint40(v));
        assertEq(s.expectedGwei, expected, "expected");
        (b.phase, b.withdrawable, b.expectedGwei) = (IPenalties.Phase.Open, s.withdrawableEpoch, expected);
        _rewards += _charge(id, 0.05e27);
        _update(id);
    }

    function _settle(uint256 v, Book storage b, uint32 id, uint64 more) private {
        ValidatorsProof memory proof = windowProof(uint40(v), more);
        uint64 loss = FULL - beacon.balanceOf(uint40(v));
        if (b.phase == IPenalties.Phase.Settled && loss == b.lossGwei) {
            bytes32 root = keyRoot(v + 1);
            vm.expectRevert(IPenalties.NothingToCharge.selector);
            penalties.settleSlashing(proof);
            return;
        }
        penalties.settleSlashing(proof);
        _pot += _charge(id, uint256(loss - b.lossGwei) * 1e18);
        (b.phase, b.lossGwei, b.expectedGwei) = (IPenalties.Phase.Settled, loss, 0);
        _update(id);
    }

    function _forfeit(uint256 v, Book storage b, uint32 id) private {
        uint64 from = b.withdrawable + ROOTS_EPOCHS + 1;
        if (epochNow() < from) toEpoch(from);
        penalties.forfeitBond(keyRoot(v + 1));
        _pot += _charge(id, type(uint256).max);
        (b.phase, b.expectedGwei) = (IPenalties.Phase.Forfeited, 0);
        _update(id);
    }

    function _charge(uint32 id, uint256 shares) private returns (uint256 taken) {
        taken = shares < _bonds[id] ? shares : _bonds[id];
        _bonds[id] -= taken;
    }

    /// What its open slashings may cost beyond its bond, as of its last proof, settlement or forfeiture.
    function _update(uint32 id) private {
        uint256 expected;
        for (uint256 v; v < 4; ++v) {
            if (_operatorOf(v) == id) expected += _books[v].expectedGwei;
        }
        uint256 bond = _bonds[id] / 1e18;
        _uncovered[id] = expected > bond ? uint64(expected - bond) : 0;
    }

    function _compare() private view {
        uint16[3] memory open;
        for (uint256 v; v < 4; ++v) {
            Book storage b = _books[v];
            IPenalties.Slashing memory s = penalties.slashing(keyRoot(v + 1));
            assertEq(uint8(s.phase), uint8(b.phase), "phase");
            assertEq(s.lossGwei, b.lossGwei, "loss");
            assertEq(s.expectedGwei, b.expectedGwei, "expected while open");
            bool settled = b.phase > IPenalties.Phase.Open;
            assertEq(penalties.isSettled(keyRoot(v + 1)), settled, "settled");
            if (b.phase == IPenalties.Phase.Open) ++open[_operatorOf(v)];
        }
        for (uint32 id = 1; id < 3; ++id) {
            assertEq(registry.operator(id).openSlashings, open[id], "open slashings");
            assertEq(bondShares(id), _bonds[id], "bond");
        }
        assertEq(penalties.uncoveredLossGwei(), _uncovered[1] + _uncovered[2], "uncovered");
        assertEq(token.sharesOf(address(checkpoints)), _pot, "pot");
        assertEq(token.sharesOf(keeper), _rewards, "rewards");
    }
}
