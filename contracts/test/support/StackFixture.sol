// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { BeaconMock } from "./BeaconMock.sol";
import { StackDeployment } from "./StackDeployment.sol";
import { SystemContracts } from "./SystemContracts.sol";

/// The whole stack on real system contracts and a mock consensus layer, and the verbs its actors use.
abstract contract StackFixture is StackDeployment {
    /// All members, ascending.
    uint40[] internal members;

    function setUp() public virtual {
        SystemContracts.etch();
        beacon = new BeaconMock(START_SLOT);
        _deploy();
        vm.deal(alice, 1_000_000 ether);
        vm.deal(bob, 1_000_000 ether);
        vm.deal(keeper, 1000 ether);
        vm.deal(manager, 1000 ether);
    }

    // ------------------------------------------------------------ actors

    function key(uint256 n) internal pure returns (bytes memory) {
        return abi.encodePacked(bytes16("cairn test key"), keccak256(abi.encode("key", n)));
    }

    function keyRoot(uint256 n) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(key(n), bytes16(0)));
    }

    function one(uint40 index) internal pure returns (uint40[] memory indices) {
        indices = new uint40[](1);
        indices[0] = index;
    }

    function ones(uint256 value) internal pure returns (uint256[] memory values) {
        values = new uint256[](1);
        values[0] = value;
    }

    function keysOf(uint256 n) internal pure returns (bytes[] memory keys) {
        keys = new bytes[](1);
        keys[0] = key(n);
    }

    function stake(address who, uint256 amount) internal returns (uint256 shares) {
        vm.prank(who);
        return token.submit{ value: amount }(address(0));
    }

    function joinOperator() internal returns (uint32 operatorId) {
        vm.prank(manager);
        return registry.join(manager);
    }

    function predeposit(uint32 operatorId, uint256 n) internal {
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = new bytes(96);
        vm.prank(manager);
        validators.predeposit{ value: 1 ether }(operatorId, keysOf(n), signatures, 0);
    }

    /// Predeposit → on the beacon chain → proven.
    function onboard(uint32 operatorId, uint256 n) internal returns (uint40 index) {
        predeposit(operatorId, n);
        index = beacon.addValidator(key(n), token.withdrawalCredentials(), 1e9);
        beacon.tick(1);
        validators.prove(beacon.validatorsProof(one(index), false));
    }

    function askFunding(uint32 operatorId, uint256 n, uint64 targetGwei) internal {
        bytes32 root = keyRoot(n); // sha256 is a call: it would use up the prank
        vm.prank(manager);
        validators.requestFunding(operatorId, root, targetGwei);
    }

    function fundNext(uint256 n, uint40 index) internal returns (uint64 amountGwei) {
        bool joins = validators.validator(keyRoot(n)).status == IValidatorManager.Status.Eligible;
        amountGwei = validators.fund(beacon.validatorsProof(one(index), true), keysOf(n));
        if (joins && amountGwei != 0) _addMember(index);
        if (amountGwei != 0) beacon.addPending(keyRoot(n), amountGwei, beacon.slot());
    }

    /// All deposits in flight arrive on their balances, and are taken for landed, as by a close.
    function land() internal {
        beacon.processPending(beacon.pendingCount());
        beacon.tick(1);
        takeForLanded();
    }

    /// What a close does to the line, without one: tests of other things need no three days for a funding.
    function takeForLanded() internal {
        (uint32 count,,) = inFlight.inFlight();
        takeForLanded(count);
    }

    /// The same for the deposits up to this number.
    function takeForLanded(uint32 upTo) internal {
        (uint32 count,,) = inFlight.inFlight();
        uint256 pushed = inFlight.deposit(count).cumulativeGwei;
        uint256 sum = inFlight.deposit(upTo).cumulativeGwei;
        // slot 0: count, landed, pushed, landed, short; slot 2: id of the last close, slot of its state
        vm.store(address(inFlight), 0, bytes32(sum << 128 | pushed << 64 | uint256(upTo) << 32 | count));
        uint256 closed = uint256(vm.load(address(inFlight), bytes32(uint256(2)))) & type(uint64).max;
        vm.store(address(inFlight), bytes32(uint256(2)), bytes32(uint256(beacon.headSlot()) << 64 | closed));
        (uint32 made, uint32 landed, uint64 flying) = inFlight.inFlight();
        assertTrue(made == count && landed == upTo && flying == pushed - sum, "the line's storage");
        assertEq(inFlight.landedSlot(), beacon.headSlot(), "the line's storage");
    }

    /// A member with `targetGwei` on its balance, active since long ago.
    function member(uint32 operatorId, uint256 n, uint64 targetGwei) internal returns (uint40 index) {
        index = onboard(operatorId, n);
        askFunding(operatorId, n, targetGwei);
        fundNext(n, index);
        land();
        if (targetGwei > 32e9) {
            fundNext(n, index);
            land();
        }
        beacon.activate(index, 1);
        beacon.tick(1);
    }

    function _addMember(uint40 index) private {
        members.push(index);
        for (uint256 i = members.length - 1; i > 0 && members[i] < members[i - 1]; --i) {
            (members[i], members[i - 1]) = (members[i - 1], members[i]);
        }
    }

    /// Governance has a member exited for cause.
    function orderExit(uint256 n) internal {
        bytes32[] memory roots = new bytes32[](1);
        roots[0] = keyRoot(n);
        vm.prank(governance);
        withdrawals.orderExits(roots);
    }

    // ------------------------------------------------------------ checkpoints

    /// A request of `who` is finalized whole by the second checkpoint from now, if the token's ether suffices.
    function twoCheckpoints() internal {
        checkpoint();
        checkpoint();
    }

    function waitForCheckpoint() internal {
        uint256 opensAt = checkpoints.opensAt();
        if (block.timestamp < opensAt) {
            beacon.tick(uint64((opensAt - block.timestamp) / beacon.SECONDS_PER_SLOT() + 1));
        }
    }

    function openCheckpoint() internal returns (Snapshot memory snapshot) {
        vm.prank(keeper);
        return checkpoints.open();
    }

    function proveCheckpoint(Snapshot memory snapshot) internal {
        checkpoints.proveState(snapshot, beacon.stateProof());
        if (members.length != 0) checkpoints.proveBalances(snapshot, beacon.balancesProof(members));
        if (snapshot.inFlightGwei != 0) shower.showAll();
    }

    /// Waits, opens, proves and closes, all in one block.
    function checkpoint() internal returns (Snapshot memory snapshot) {
        waitForCheckpoint();
        snapshot = openCheckpoint();
        proveCheckpoint(snapshot);
        checkpoints.close(snapshot, address(this));
    }

    /// Books a result at the token itself, as the checkpoints contract would, three days later.
    function rebase(int256 recognized) internal {
        vm.warp(block.timestamp + 3 days);
        vm.prank(address(checkpoints));
        token.applyRebase(uint40(block.timestamp), recognized, 0, 0);
    }

    /// Moves the rate far below one (a loss of up to all but 1 ETH) or above it (30 bps at a time).
    function moveRate(uint256 seed) internal {
        uint256 poolEther = token.getTotalPooledEther();
        if (seed % 4 == 0) {
            for (uint256 i; i < seed % 60; ++i) {
                rebase(int256(token.getTotalPooledEther() * 30 / 10_000));
            }
        } else {
            rebase(-int256(bound(seed, 0, poolEther - 1.0001 ether)));
        }
        vm.warp(block.timestamp + 3 days); // a big loss stops staking for that long
    }

    // ------------------------------------------------------------ wrapper

    function wrap(address who, uint256 amount) internal returns (uint256 units) {
        vm.startPrank(who);
        token.approve(address(wrapped), amount);
        units = wrapped.wrap(amount);
        vm.stopPrank();
    }

    // ------------------------------------------------------------ exits

    function request(address who, uint256 amount) internal returns (uint256 id) {
        vm.startPrank(who);
        token.approve(address(queue), amount);
        id = queue.requestWithdrawals(ones(amount), who)[0];
        vm.stopPrank();
    }

    function claim(address who, uint256 id) internal returns (uint256 paid) {
        uint256 before = who.balance;
        uint256[] memory hints = queue.findCheckpointHints(ones(id), 1, queue.getLastCheckpointIndex());
        vm.prank(who);
        queue.claimWithdrawals(ones(id), hints);
        return who.balance - before;
    }

    /// What the pool owns on both layers, in wei: whatever is pending is for one of its validators.
    function owned() internal view returns (uint256 total) {
        total = token.ownEther();
        for (uint256 i; i < members.length; ++i) {
            total += uint256(beacon.balanceOf(members[i])) * 1 gwei;
        }
        for (uint256 i; i < beacon.pendingCount(); ++i) {
            total += uint256(beacon.pendingAt(i).amountGwei) * 1 gwei;
        }
    }
}
