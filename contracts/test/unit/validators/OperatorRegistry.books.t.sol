// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IOperatorRegistry } from "../../../src/validators/IOperatorRegistry.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { BondFixture } from "../../support/BondFixture.sol";

/// Random walks over everything that moves bonds, against books kept by hand.
/// forge-config: default.fuzz.runs = 256
/// forge-config: nightly.fuzz.runs = 20000
contract OperatorRegistryBooksTest is BondFixture {
    uint32 private constant OPERATORS = 3;

    struct Book {
        uint256 shares;
        uint256 asked;
        uint256 releaseAt;
        uint256 open;
        uint64 stakeGwei;
        uint256 members;
    }

    Book[4] private _books; // by operator
    uint256 private _paid;
    uint256 private _taken;

    function setUp() public override {
        super.setUp();
        for (uint32 i; i < OPERATORS; ++i) {
            joinOperator();
        }
        vm.prank(manager);
        registry.setRewardAddress(1, bob);
    }

    function testFuzz_Bond_AnyWalkKeepsTheBooks(uint256[32] memory seeds) public {
        for (uint256 i; i < 32; ++i) {
            uint32 id = uint32(seeds[i] % OPERATORS) + 1;
            _step(id, _books[id], seeds[i] / OPERATORS);
            uint256 sum;
            for (uint32 o = 1; o <= OPERATORS; ++o) {
                _compare(o);
                sum += _books[o].shares;
            }
            assertEq(token.sharesOf(address(registry)), sum, "what it holds is what it owes");
        }
        assertEq(token.sharesOf(keeper), _taken, "taken");
        assertEq(token.sharesOf(bob) + token.sharesOf(manager), _paid, "paid to the reward addresses");
    }

    function _step(uint32 id, Book storage b, uint256 seed) private {
        uint256 action = seed % 10;
        seed /= 10;
        if (action < 2) b.shares += topUp(id, bound(seed, 1 gwei, 100 ether));
        else if (action == 2) _ask(id, b, seed);
        else if (action == 3) _cancel(id, b);
        else if (action < 6) _claim(id, b);
        else if (action == 6) _take(id, b, seed);
        else if (action == 7) _slashing(id, b, seed % 3 != 0);
        else if (action == 8) _stake(id, b, seed);
        else skip(bound(seed, 1, 8 days));
    }

    /// 4 % to 1,024 ETH and 2 % above, at least 1 ETH a member; a share is a billionth of a wei here.
    function _locked(Book storage b) private view returns (uint256) {
        uint256 stake_ = b.stakeGwei;
        uint256 scaled = stake_ < 1024e9 ? stake_ * 400 : 1024e9 * 400 + (stake_ - 1024e9) * 200;
        uint256 needed = (scaled + 9999) / 10_000;
        if (needed < b.members * 1e9) needed = b.members * 1e9;
        return needed * 1e18;
    }

    function _ask(uint32 id, Book storage b, uint256 seed) private {
        uint256 shares = bound(seed, 1, b.shares + 1);
        uint256 locked = _locked(b);
        uint256 free = b.shares > locked ? b.shares - locked : 0;
        if (seed % 2 == 0 && free != 0) shares = bound(seed, 1, free);
        bool refused = true;
        if (b.open != 0) {
            vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondLocked.selector, id, b.open));
        } else if (shares > free) {
            vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondNotFree.selector, id, shares, free));
        } else {
            refused = false;
        }
        vm.prank(manager);
        registry.requestBondExit(id, uint128(shares));
        if (!refused) (b.asked, b.releaseAt) = (shares, block.timestamp + 7 days);
    }

    function _cancel(uint32 id, Book storage b) private {
        if (b.asked == 0) {
            vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondExitMissing.selector, id));
        }
        vm.prank(manager);
        registry.cancelBondExit(id);
        (b.asked, b.releaseAt) = (0, 0);
    }

    function _claim(uint32 id, Book storage b) private {
        uint256 shares = b.asked < b.shares ? b.asked : b.shares;
        uint256 locked = _locked(b);
        uint256 free = b.shares > locked ? b.shares - locked : 0;
        bool refused = true;
        if (b.asked == 0) {
            vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondExitMissing.selector, id));
        } else if (block.timestamp < b.releaseAt) {
            vm.expectRevert(
                abi.encodeWithSelector(IOperatorRegistry.BondExitTooEarly.selector, id, b.releaseAt)
            );
        } else if (block.timestamp > b.releaseAt + 7 days) {
            vm.expectRevert(
                abi.encodeWithSelector(IOperatorRegistry.BondExitTooLate.selector, id, b.releaseAt + 7 days)
            );
        } else if (b.open != 0) {
            vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondLocked.selector, id, b.open));
        } else if (shares > free) {
            vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondNotFree.selector, id, shares, free));
        } else {
            refused = false;
        }
        registry.claimBondExit(id);
        if (refused) return;
        b.shares -= shares;
        _paid += shares;
        (b.asked, b.releaseAt) = (0, 0);
    }

    function _take(uint32 id, Book storage b, uint256 seed) private {
        uint256 shares = bound(seed, 0, b.shares + b.shares / 4);
        asPenalties();
        uint256 taken = registry.takeBond(id, shares, keeper);
        assertEq(taken, shares < b.shares ? shares : b.shares, "up to what is there");
        b.shares -= taken;
        _taken += taken;
    }

    function _slashing(uint32 id, Book storage b, bool open) private {
        if (!open && b.open == 0) return;
        asPenalties();
        registry.noteSlashing(id, open);
        b.open = open ? b.open + 1 : b.open - 1;
    }

    /// A validator joins, or all leave.
    function _stake(uint32 id, Book storage b, uint256 seed) private {
        if (seed % 3 != 0 || b.members == 0) {
            uint64 principal = uint64(bound(seed, 1e9, 600e9));
            asValidators();
            registry.noteFunded(id, 0, principal, 0);
            b.stakeGwei += principal;
            ++b.members;
            return;
        }
        // the registry keeps sums only: all of it leaves with the first
        for (; b.members != 0; --b.members) {
            asValidators();
            registry.noteMoved(
                id, IValidatorManager.Status.Eligible, IValidatorManager.Status.Left, b.stakeGwei
            );
            b.stakeGwei = 0;
        }
    }

    function _compare(uint32 id) private view {
        Book storage b = _books[id];
        assertEq(bondShares(id), b.shares, "shares");
        assertEq(registry.bondExit(id).shares, b.asked, "asked");
        assertEq(registry.bondExit(id).releaseAt, b.releaseAt, "clock");
        assertEq(registry.operator(id).openSlashings, b.open, "open slashings");
        uint256 locked = _locked(b) + b.asked;
        uint256 free = b.open == 0 && b.shares > locked ? b.shares - locked : 0;
        assertEq(registry.freeBondShares(id), free, "free");
    }
}
