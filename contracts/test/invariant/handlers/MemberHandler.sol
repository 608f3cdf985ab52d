// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { IPenalties } from "../../../src/validators/IPenalties.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { World } from "../../support/World.sol";
import { Actor } from "./Actor.sol";

/// What becomes of members: exits asked for, seen and done, slashings, idle epochs, bonds; honest people and hostile ones,
/// who do all of it at the wrong time and with the wrong keys too.
contract MemberHandler is Actor {
    uint64 private constant HALF_VECTOR = 4096;

    bytes32[] private _slashed;

    constructor(World world) Actor(world) { }

    function _member(uint256 seed) private view returns (bool found, uint256 n, uint40 index) {
        uint40[] memory members = WORLD.memberList();
        if (members.length == 0) return (false, 0, 0);
        index = members[seed % members.length];
        n = 1;
        while (WORLD.indexOf(n) != index + 1) ++n;
        found = true;
    }

    // ------------------------------------------------------------ exits

    function requestExit(uint256 seed, bool byManager) external watched {
        (bool found, uint256 n, uint40 index) = _member(seed);
        if (!found || seed % 20 != 0) return;
        bytes[] memory keys = new bytes[](1);
        keys[0] = WORLD.keyOf(n);
        address caller = byManager ? stack.manager : address(this);
        vm.deal(address(this), 1 gwei);
        vm.prank(caller);
        // unpaid
        try stack.withdrawals.requestExits(keys, 1 gwei) { } catch { }
        vm.prank(caller);
        // refused to strangers, and for one that is exiting already
        try stack.withdrawals.requestExits{ value: 1 gwei }(keys, 1 gwei) {
            // now and then the consensus layer ignores it
            if (seed % 3 != 0) stack.beacon.setExiting(index, stack.beacon.slot() / 32 + 5);
            stack.beacon.tick(1);
        } catch { }
    }

    function observe(uint256 seed) external watched {
        (bool found,, uint40 index) = _member(seed);
        if (found) stack.validators.observe(stack.beacon.validatorsProof(_index(index), true));
    }

    /// Removes a member if everything allows it; at the wrong time it is refused.
    function leave(uint256 seed) external watched {
        (bool found, uint256 n, uint40 index) = _member(seed);
        if (!found) return;
        try stack.validators.leave(stack.beacon.validatorsProof(_index(index), true)) {
            WORLD.noteLeft(n);
        } catch { }
    }

    /// The consensus layer has paid a leaving member out: its withdrawable epoch has passed.
    function payOut(uint256 seed) external watched {
        (bool found, uint256 n, uint40 index) = _member(seed);
        bytes32 root = WORLD.rootOf(n);
        if (!found || stack.validators.validator(root).status < IValidatorManager.Status.Exiting) return;
        // a slashed one is paid after its settlement's window
        if (stack.penalties.slashing(root).phase == IPenalties.Phase.Open) return;
        stack.beacon.setWithdrawableEpoch(index, stack.beacon.slot() / 32);
        uint64 balance = stack.beacon.balanceOf(index);
        stack.beacon.setBalance(index, 0);
        vm.deal(stack.withdrawalVault, stack.withdrawalVault.balance + uint256(balance) * 1 gwei);
        stack.beacon.tick(1);
    }

    // ------------------------------------------------------------ slashings

    /// Slashed in one block, proven by somebody in the next.
    function slash(uint256 seed, bool late) external watched {
        (bool found, uint256 n, uint40 index) = _member(seed);
        if (!found || seed % 8 != 0) return;
        bytes32 root = WORLD.rootOf(n);
        if (stack.validators.validator(root).status == IValidatorManager.Status.Slashed) return;
        ValidatorsProof memory before = stack.beacon.validatorsProof(_index(index), true);
        uint64 penalty = stack.beacon.balanceOf(index) / 4096;
        stack.beacon.setSlashed(index);
        // near the time of its correlation penalty, so that a walk lives to see it
        stack.beacon.setWithdrawableEpoch(index, stack.beacon.slot() / 32 + HALF_VECTOR + 2);
        stack.beacon.setBalance(index, stack.beacon.balanceOf(index) - penalty);
        WORLD.noteGain(-int256(uint256(penalty) * 1 gwei));
        stack.beacon.tick(1);
        ValidatorsProof memory afterwards = stack.beacon.validatorsProof(_index(index), true);
        if (late) {
            // alone it counts only when it is old
            vm.prank(stack.keeper);
            try stack.penalties.proveSlashingLate(afterwards) { } catch { }
        }
        vm.prank(stack.keeper);
        try stack.penalties.proveSlashing(before, afterwards) {
            _slashed.push(root);
        } catch { }
        // twice is refused
        try stack.penalties.proveSlashing(before, afterwards) {
            WORLD.noteSlashedTwice();
        } catch { }
    }

    function settle(uint256 seed, uint64 more) external watched {
        if (_slashed.length == 0) return;
        bytes32 root = _slashed[seed % _slashed.length];
        uint40 index = stack.validators.validator(root).index;
        uint64 balance = stack.beacon.balanceOf(index);
        if (stack.penalties.slashing(root).phase == IPenalties.Phase.Open) {
            stack.beacon.tick(96); // behind the correlation penalty
            more = uint64(bound(more, 0, balance / 20));
            stack.beacon.setBalance(index, balance - more);
            WORLD.noteGain(-int256(uint256(more) * 1 gwei));
            stack.beacon.tick(1);
        }
        // refused when it is too late, or when nothing is added
        try stack.penalties.settleSlashing(stack.beacon.validatorsProof(_index(index), true)) {
            WORLD.noteSettled();
        } catch { }
    }

    function forfeit(uint256 seed) external watched {
        if (_slashed.length == 0) return;
        try stack.penalties.forfeitBond(_slashed[seed % _slashed.length]) { } catch { }
    }

    // ------------------------------------------------------------ idle

    function idle(uint256 seed) external watched {
        (bool found,, uint40 index) = _member(seed);
        if (!found) return;
        stack.beacon.setParticipation(index, seed % 3 == 0 ? 7 : 0);
        stack.beacon.setFinalizedEpoch(uint64(stack.beacon.slot() / 32 - seed % 5));
        // the newest provable state is then the last of its epoch
        stack.beacon.tick(32 - stack.beacon.slot() % 32);
        stack.beacon.setParticipation(index, 7);
        // refused when it took part, when finality is old, and for one that is leaving
        try stack.penalties.proveIdle(stack.beacon.participationProof(_index(index))) {
            WORLD.noteIdle();
        } catch { }
        try stack.penalties.proveIdle(stack.beacon.participationProof(_index(index))) {
            WORLD.noteSlashedTwice();
        } catch { }
    }

    // ------------------------------------------------------------ bonds and tickets

    function topUp(uint256 seed, uint256 amount) external watched {
        if (!_poolAlive()) return;
        amount = bound(amount, 1 gwei, 20 ether);
        vm.deal(address(this), amount);
        try stack.registry.topUpBondWithEther{ value: amount }(WORLD.operatorOf(seed)) {
            WORLD.noteStaked(amount);
        } catch { }
    }

    function requestBondExit(uint256 seed, uint128 shares) external watched {
        uint32 operator = WORLD.operatorOf(seed);
        uint256 held = stack.registry.operator(operator).bondShares;
        shares = uint128(bound(shares, 0, held + 1));
        vm.prank(stack.manager);
        try stack.registry.requestBondExit(operator, shares) { } catch { }
    }

    function claimBondExit(uint256 seed, bool wait) external watched {
        if (wait && seed % 4 == 0) stack.beacon.tick(50_401);
        uint32 operator = WORLD.operatorOf(seed);
        try stack.registry.claimBondExit(operator) {
            if (stack.registry.bondEther(operator) + 2 < stack.registry.requiredBond(operator)) {
                WORLD.noteBondEscaped();
            }
        } catch { }
    }

    function requeue(uint256 seed) external watched {
        uint256 made = WORLD.keysMade();
        if (made == 0) return;
        // refused for any but the head's key, and when the head can be served
        try stack.validators.requeueTicket(WORLD.rootOf(1 + seed % made)) { } catch { }
    }
}
