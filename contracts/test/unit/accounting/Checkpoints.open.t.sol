// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Checkpoints } from "../../../src/accounting/Checkpoints.sol";
import { ICheckpoints, Snapshot } from "../../../src/accounting/ICheckpoints.sol";
import { IFeeSplit } from "../../../src/accounting/IFeeSplit.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { BeaconRoots } from "../../../src/types/BeaconRoots.sol";
import { IBeaconProofs } from "../../../src/validators/IBeaconProofs.sol";
import { IDepositsInFlight } from "../../../src/validators/IDepositsInFlight.sol";
import { IExecutionRewardsVault } from "../../../src/validators/IExecutionRewardsVault.sol";
import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { IWithdrawalVault } from "../../../src/validators/IWithdrawalVault.sol";
import { Modules } from "../../support/Modules.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// Deployment and open.
contract CheckpointsOpenTest is StackFixture {
    uint32 private operator;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        stake(alice, 299 ether);
    }

    // ------------------------------------------------------------ deployment

    function _config(uint256 zero) private view returns (Checkpoints.Config memory) {
        return Checkpoints.Config({
            // the parameters' bounds are asked of it
            token: IStakedEther(zero == 0 ? address(0) : address(token)),
            queue: IWithdrawalQueue(zero == 1 ? address(0) : alice),
            validators: IValidatorManager(zero == 2 ? address(0) : alice),
            proofs: IBeaconProofs(zero == 3 ? address(0) : alice),
            withdrawalVault: IWithdrawalVault(zero == 4 ? address(0) : alice),
            executionVault: IExecutionRewardsVault(zero == 5 ? address(0) : alice),
            inFlight: IDepositsInFlight(zero == 6 ? address(0) : alice),
            fees: IFeeSplit(zero == 7 ? address(0) : alice),
            penalties: zero == 8 ? address(0) : alice,
            governance: zero == 9 ? address(0) : alice
        });
    }

    function test_RevertWhen_AnAddressIsZero() public {
        string[10] memory fields = [
            "token",
            "queue",
            "validators",
            "proofs",
            "withdrawalVault",
            "executionVault",
            "inFlight",
            "fees",
            "penalties",
            "governance"
        ];
        for (uint256 i; i < 10; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ICheckpoints.CheckpointConfigInvalid.selector, fields[i], uint256(0))
            );
            new Checkpoints(_config(i));
        }
    }

    function _expectInvalid(ICheckpoints.Parameters memory p, string memory field, uint256 value) private {
        address implementation = address(new Checkpoints(_config(99)));
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointConfigInvalid.selector, field, value));
        Modules.proxy(implementation, abi.encodeCall(Checkpoints.initialize, (p)));
    }

    function test_RevertWhen_AParameterIsOutOfBounds() public {
        ICheckpoints.Parameters memory p = _parameters();
        p.interval = 4 hours - 1;
        _expectInvalid(p, "interval", 4 hours - 1);
        p.interval = 7 days + 1;
        _expectInvalid(p, "interval", 7 days + 1);
        p = _parameters();
        p.expirySeconds = 0;
        _expectInvalid(p, "expirySeconds", 0);
        p.expirySeconds = INTERVAL / 2 + 1;
        _expectInvalid(p, "expirySeconds", INTERVAL / 2 + 1);
        p = _parameters();
        p.maxSnapshotAge = 1 hours - 1;
        _expectInvalid(p, "maxSnapshotAge", 1 hours - 1);
        p.maxSnapshotAge = 4 hours + 1;
        _expectInvalid(p, "maxSnapshotAge", 4 hours + 1);
        p = _parameters();
        p.maxRebaseBpsPerDay = 0;
        _expectInvalid(p, "maxRebaseBpsPerDay", 0);
        p.maxRebaseBpsPerDay = 11;
        _expectInvalid(p, "maxRebaseBpsPerDay", 11);
    }

    /// Bounds that the token's instant exits set, and the fee's.
    function test_RevertWhen_AParameterIsBeyondTheInstantExits() public {
        ICheckpoints.Parameters memory p = _parameters();
        p.interval = uint40(EXIT_SNAPSHOT_AGE / 2 - 1);
        _expectInvalid(p, "interval", EXIT_SNAPSHOT_AGE / 2 - 1);
        p = _parameters();
        p.maxRebaseBpsPerDay = uint16(EXIT_FEE_BPS / 3 + 1);
        _expectInvalid(p, "maxRebaseBpsPerDay", EXIT_FEE_BPS / 3 + 1);
        p = _parameters();
        p.lossThresholdBps = uint16(EXIT_FEE_BPS + 1);
        _expectInvalid(p, "lossThresholdBps", EXIT_FEE_BPS + 1);
        p = _parameters();
        (p.operatorFeeBps, p.treasuryFeeBps, p.insuranceFeeBps) = (500, 500, 501);
        _expectInvalid(p, "feeBps", 1501);
    }

    function test_Deploy_CountsAsAClose() public view {
        ICheckpoints.Parameters memory p = checkpoints.parameters();
        assertEq(keccak256(abi.encode(p)), keccak256(abi.encode(_parameters())), "parameters");
        (uint64 id, uint40 openedAt, uint40 lastCloseAt) = checkpoints.status();
        assertEq(id, 0, "none yet");
        assertEq(openedAt, 0, "none yet");
        assertEq(lastCloseAt, block.timestamp, "deployment");
        assertEq(checkpoints.opensAt(), block.timestamp + INTERVAL, "an interval later");
        assertEq(checkpoints.openSnapshotHash(), bytes32(0), "none open");
    }

    // ------------------------------------------------------------ open

    function test_Open_FreezesOneInstant() public {
        member(operator, 1, 32e9);
        waitForCheckpoint();
        vm.deal(address(withdrawalVault), 5 ether);
        vm.deal(address(executionVault), 2 ether);
        Snapshot memory expected = Snapshot({
            id: 1,
            openedAt: uint40(block.timestamp),
            beaconRoot: beacon.headRoot(),
            executionBlockHash: blockhash(block.number - 1),
            ownEther: uint128(300 ether - 31 ether + 7 ether),
            executionRewards: 2 ether,
            poolEther: 301 ether,
            inFlightGwei: 0,
            lastDeposit: 1,
            memberCount: 1,
            opener: bob
        });
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.CheckpointOpened(1, expected);
        vm.prank(bob); // anybody
        Snapshot memory s = checkpoints.open();
        assertEq(keccak256(abi.encode(s)), keccak256(abi.encode(expected)), "returned");
        assertEq(checkpoints.openSnapshotHash(), keccak256(abi.encode(expected)), "stored as one hash");
        assertTrue(token.checkpointOpen(), "marked");
        (uint64 id, uint40 openedAt,) = checkpoints.status();
        assertEq(id, 1, "id");
        assertEq(openedAt, block.timestamp, "time");
        assertEq(checkpoints.opensAt(), block.timestamp + EXPIRY + 1, "the next after its expiry");
        assertTrue(s.executionBlockHash != 0, "there is a block before");
    }

    function test_RevertWhen_ItIsTooEarly() public {
        uint256 opensAt = checkpoints.opensAt();
        vm.warp(opensAt - 1);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointTooEarly.selector, opensAt));
        checkpoints.open();
    }

    function test_RevertWhen_OneIsInProgress() public {
        waitForCheckpoint();
        openCheckpoint();
        uint256 again = block.timestamp + EXPIRY + 1;
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointInProgress.selector, again));
        checkpoints.open();
        vm.warp(again - 1);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointInProgress.selector, again));
        checkpoints.open();
    }

    /// A2: it is frozen with the rest.
    function test_Open_WithADepositInFlight() public {
        uint40 index = onboard(operator, 1);
        askFunding(operator, 1, 32e9);
        fundNext(1, index);
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        assertEq(s.inFlightGwei, 31e9, "in flight");
        assertEq(s.lastDeposit, 1, "up to this one");
        assertEq(s.ownEther, 300 ether - 31 ether, "no longer its own");
        proveCheckpoint(s);
        checkpoints.close(s, address(this));
        assertEq(token.getTotalPooledEther(), 301 ether, "A2: counted once");
    }

    function test_RevertWhen_TheBlocksRootIsUnavailable() public {
        waitForCheckpoint();
        vm.warp(block.timestamp + 1);
        uint256 now_ = block.timestamp;
        vm.expectRevert(abi.encodeWithSelector(BeaconRoots.BeaconRootUnavailable.selector, now_));
        checkpoints.open();
    }

    function test_Open_ReplacesAnExpiredOneWithoutATrace() public {
        waitForCheckpoint();
        Snapshot memory old = openCheckpoint();
        checkpoints.proveState(old, beacon.stateProof());
        (uint256 s, uint256 e) = token.ledger();
        beacon.tick(uint64(EXPIRY / 12 + 1));
        vm.expectEmit(address(checkpoints));
        emit ICheckpoints.CheckpointAbandoned(1);
        Snapshot memory fresh = openCheckpoint();
        assertEq(fresh.id, 2, "a new one");
        assertFalse(checkpoints.progress(address(this)).stateProven, "nothing is proven yet");
        bytes32 hash = checkpoints.openSnapshotHash();
        vm.expectRevert(
            abi.encodeWithSelector(ICheckpoints.SnapshotMismatch.selector, hash, keccak256(abi.encode(old)))
        );
        checkpoints.close(old, address(this));
        (uint256 s1, uint256 e1) = token.ledger();
        assertEq(s1, s, "no shares moved");
        assertEq(e1, e, "no ether moved");
    }

    function test_RevertWhen_TheLockIsHeld() public {
        waitForCheckpoint();
        vm.prank(address(validators));
        token.acquireLock();
        vm.expectRevert(abi.encodeWithSelector(IStakedEther.ReentrantCall.selector));
        checkpoints.open();
    }

    function test_RevertWhen_AnybodyButValidatorsAsksTheGate() public {
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointCallerNotAllowed.selector, alice));
        vm.prank(alice);
        checkpoints.beforeFunding(true);
        vm.expectRevert(abi.encodeWithSelector(ICheckpoints.CheckpointCallerNotAllowed.selector, alice));
        vm.prank(alice);
        checkpoints.beforeRemoval();
    }
}
