// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Indices, Snapshot } from "../../../src/accounting/ICheckpoints.sol";
import { BalancesProof, StateProof, ValidatorsProof } from "../../../src/validators/IBeaconProofs.sol";
import { IDepositsInFlight, InFlightProof } from "../../../src/validators/IDepositsInFlight.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { World } from "../../support/World.sol";
import { Actor } from "./Actor.sol";

/// Keepers: fund, land, each step of a checkpoint by itself, withdraw, settle. And time.
contract KeeperHandler is Actor {
    constructor(World world) Actor(world) {
        world.noteHolder(address(this)); // closes pay it in shares
    }

    function passTime(uint256 slots) external watched {
        stack.beacon.tick(uint64(bound(slots, 1, 2400)));
    }

    function waitForOpen() external watched {
        uint256 at = stack.checkpoints.opensAt();
        if (block.timestamp < at) stack.beacon.tick(uint64((at - block.timestamp) / 12 + 1));
    }

    // ------------------------------------------------------------ funding

    function fund() external watched {
        (uint64 number,, uint40 index,) = stack.validators.nextTicket();
        if (number == 0) return;
        uint256 n = _keyAt(index);
        bytes32 root = WORLD.rootOf(n);
        stack.beacon.tick(1); // no key gets two deposits in one slot
        bool joins = stack.validators.validator(root).status == IValidatorManager.Status.Eligible;
        bytes[] memory keys = new bytes[](1);
        keys[0] = WORLD.keyOf(n);
        // too little free ether, the safeguard, or a checkpoint that can still close: all are refusals
        try stack.validators.fund(stack.beacon.validatorsProof(_index(index), true), keys) returns (
            uint64 amountGwei
        ) {
            WORLD.noteFunded(n, amountGwei, joins);
            if (amountGwei == 0) return;
            stack.beacon.addPending(root, amountGwei, stack.beacon.slot());
            WORLD.noteFundingOf(WORLD.operatorOf(n));
        } catch { }
    }

    /// So many of the deposits in flight arrive on their balances; those to exiting members are postponed.
    function land(uint256 most) public watched {
        uint40[] memory members = WORLD.memberList();
        uint64[] memory before = new uint64[](members.length);
        for (uint256 i; i < members.length; ++i) {
            before[i] = stack.beacon.balanceOf(members[i]);
        }
        stack.beacon.processPending(bound(most, 0, stack.beacon.pendingCount()));
        for (uint256 i; i < members.length; ++i) {
            if (stack.beacon.balanceOf(members[i]) > before[i]) stack.beacon.activate(members[i], 1);
        }
        stack.beacon.tick(1);
    }

    // ------------------------------------------------------------ checkpoints

    function open(bool foreignPayload) external watched {
        if (block.timestamp < stack.checkpoints.opensAt()) return;
        if (foreignPayload) stack.beacon.setForeignExecutionBlock(keccak256("foreign"));
        stack.beacon.tick(1);
        Snapshot memory s = stack.checkpoints.open();
        // as a keeper does: the proofs are of this root, however much later they are sent
        bytes memory balances;
        if (s.memberCount != 0) balances = abi.encode(stack.beacon.balancesProof(WORLD.memberList()));
        bytes memory flying;
        if (s.inFlightGwei != 0) flying = abi.encode(stack.shower.whole());
        WORLD.noteOpened(s, abi.encode(stack.beacon.stateProof()), balances, flying);
    }

    function proveState() external watched {
        if (!WORLD.isOpen() || stack.checkpoints.progress(address(this)).stateProven) return;
        Snapshot memory s = WORLD.snapshot();
        stack.checkpoints.proveState(s, abi.decode(WORLD.stateProof(), (StateProof)));
    }

    function proveBalances() external watched {
        ICheckpoints.Progress memory p = stack.checkpoints.progress(address(this));
        if (!WORLD.isOpen() || !p.stateProven || p.nextWord != 0) return;
        Snapshot memory s = WORLD.snapshot();
        if (s.memberCount == 0) return;
        stack.checkpoints.proveBalances(s, abi.decode(WORLD.balancesProof(), (BalancesProof)));
    }

    function proveInFlight() external watched {
        Snapshot memory s = WORLD.snapshot();
        IDepositsInFlight.Facts memory f = stack.inFlight.facts();
        if (!WORLD.isOpen() || !stack.checkpoints.progress(address(this)).stateProven) return;
        if (s.inFlightGwei == 0 || (f.checkpoint == s.id && f.isComplete)) return;
        stack.inFlight.prove(abi.decode(WORLD.inFlightProof(), (InFlightProof)));
    }

    /// Whether a close would find all that is in flight accounted for, and since when nobody may dispute it.
    function _settles(Snapshot memory s) private view returns (bool isComplete, uint256 from) {
        if (s.inFlightGwei == 0) return (true, 0);
        IDepositsInFlight.Facts memory f = stack.inFlight.facts();
        isComplete = f.checkpoint == s.id && f.isComplete;
        bool allShown = f.shownGwei == f.passedGwei + stack.inFlight.shortGwei();
        from = allShown ? 0 : f.absentSince + stack.inFlight.DISPUTE_DELAY();
    }

    function close() public {
        Snapshot memory s = WORLD.snapshot();
        ICheckpoints.Progress memory p = stack.checkpoints.progress(address(this));
        if (!WORLD.isOpen() || !p.stateProven || p.provenCount != s.memberCount) return;
        (bool isComplete, uint256 from) = _settles(s);
        if (!isComplete || block.timestamp < from) return;
        ICheckpoints.Result memory r = stack.checkpoints.previewClose(s, address(this));
        (, uint256 e0) = stack.token.ledger();
        (uint256 doneBefore, uint256 lockedBefore) = _line();
        uint256 points = stack.queue.getLastCheckpointIndex();
        _close(s, r);

        (uint256 s1, uint256 e1) = stack.token.ledger();
        (uint256 done, uint256 locked) = _line();
        uint256 rebased = e1 + locked - lockedBefore;
        WORLD.noteClosed(e0, int256(rebased) - int256(e0), r.reserve);
        if (rebased != r.poolEtherAfter) WORLD.notePreviewWrong();
        // from the rebased ledger to the finalized one: no rebase in between
        WORLD.noteRate(r.poolSharesAfter, r.poolEtherAfter, s1, e1);
        if (r.poolSharesAfter - s1 != r.sharesToFinalize || done - doneBefore != r.sharesToFinalize) {
            WORLD.notePreviewWrong();
        }
        if (locked < lockedBefore || done < doneBefore || stack.queue.getLastCheckpointIndex() < points) {
            WORLD.noteLineShrank();
        }
        WORLD.noteFinalized(doneBefore, done);
    }

    function _close(Snapshot memory s, ICheckpoints.Result memory r) private {
        (uint128 markEther, uint128 markShares) = stack.token.mark();
        Indices memory before = stack.checkpoints.indices();
        stack.checkpoints.close(s, address(this));
        WORLD.noteFee(r, markEther, markShares);
        WORLD.noteIncome(r, before, stack.checkpoints.indices());
    }

    /// All of it in one block, as a lone keeper does, or an hour later, if something may be disputed.
    function wholeCheckpoint() external {
        this.waitForOpen();
        this.open(false);
        this.proveState();
        this.proveBalances();
        this.proveInFlight();
        (, uint256 from) = _settles(WORLD.snapshot());
        if (block.timestamp < from) stack.beacon.tick(uint64((from - block.timestamp) / 12 + 1));
        close();
    }

    function _line() private view returns (uint256 done, uint256 locked) {
        uint256 last = stack.queue.getLastRequestId();
        if (last == 0) return (0, 0);
        done = stack.queue.position(last).endShares - stack.queue.unfinalizedShares();
        locked = stack.queue.payout(done);
    }

    // ------------------------------------------------------------ withdrawals

    function withdraw(uint256 seed) external watched {
        uint40[] memory members = WORLD.memberList();
        if (members.length == 0) return;
        uint256 n = _keyAt(members[seed % members.length]);
        bytes[] memory keys = new bytes[](1);
        keys[0] = WORLD.keyOf(n);
        uint40 index = WORLD.indexOf(n) - 1;
        ValidatorsProof memory proof = stack.beacon.validatorsProof(_index(index), true);
        vm.prank(stack.keeper);
        // refused without demand, above 32 ETH, age, or while one is open
        try stack.withdrawals.withdraw{ value: 1 gwei }(proof, keys, 1 gwei) { } catch { }
    }

    function settle(uint256 seed) external watched {
        uint40[] memory members = WORLD.memberList();
        if (members.length == 0) return;
        uint40 index = members[seed % members.length];
        // refused while it is open and unpaid
        try stack.withdrawals.settleWithdrawals(stack.beacon.validatorsProof(_index(index), true)) { }
            catch { }
    }

    function _keyAt(uint40 index) private view returns (uint256 n) {
        n = 1;
        while (WORLD.indexOf(n) != index + 1) ++n;
    }
}
