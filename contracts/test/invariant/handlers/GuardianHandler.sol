// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints } from "../../../src/accounting/ICheckpoints.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../../src/deposit/IWithdrawalQueue.sol";
import { Zone } from "../../../src/governance/IBraked.sol";
import { IDepositsInFlight } from "../../../src/validators/IDepositsInFlight.sol";
import { IPenalties } from "../../../src/validators/IPenalties.sol";
import { World } from "../../support/World.sol";
import { Actor } from "./Actor.sol";
import { Vm } from "forge-std/Vm.sol";

/// Anything that some actor does.
interface IStepper {
    function step(uint256 seed) external;
}

/// Stops a zone and lets the others try what they would do: G2. What they did is undone, so that the walk goes on.
contract GuardianHandler is Actor {
    IStepper private immutable STEPPER;

    constructor(World world, IStepper stepper) Actor(world) {
        STEPPER = stepper;
    }

    function brakeAndTry(uint256 which, uint256 seed) external {
        Zone zone = Zone(which % 3);
        uint256 state = vm.snapshotState();
        vm.prank(stack.token.BRAKE());
        stack.token.brake(zone, uint40(block.timestamp + 14 days));
        vm.recordLogs();
        vm.startStateDiffRecording();
        bool ok;
        try STEPPER.step(seed) {
            ok = true;
        } catch { }
        Vm.AccountAccess[] memory accesses = vm.stopAndReturnStateDiff();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        // the proof of a slashing goes on: it protects
        bool wrote =
            zone == Zone.Validators ? !_provedSlashing(logs) && _wroteRecords(accesses) : _said(zone, logs);
        vm.revertToStateAndDelete(state);
        WORLD.noteBraked(zone, ok, ok && wrote);
    }

    /// Whether anything was written in the contracts of the validators zone, whoever made them.
    function _wroteRecords(Vm.AccountAccess[] memory accesses) private view returns (bool) {
        for (uint256 i; i < accesses.length; ++i) {
            Vm.StorageAccess[] memory slots = accesses[i].storageAccesses;
            for (uint256 j; j < slots.length; ++j) {
                if (!slots[j].isWrite || slots[j].reverted) continue;
                address at = slots[j].account;
                if (
                    at == address(stack.registry) || at == address(stack.validators)
                        || at == address(stack.withdrawals) || at == address(stack.penalties)
                ) return true;
            }
        }
        return false;
    }

    function _provedSlashing(Vm.Log[] memory logs) private pure returns (bool) {
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == IPenalties.SlashingProven.selector) return true;
        }
        return false;
    }

    /// Whether an event tells of something that the zone may not do. (Other zones go on writing into it: a close books the
    /// rate and locks ether, a funding is noted as in flight.)
    function _said(Zone zone, Vm.Log[] memory logs) private view returns (bool) {
        for (uint256 i; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            if (zone == Zone.Deposit) {
                if (
                    topic == IStakedEther.Submitted.selector || topic == IStakedEther.InstantlyExited.selector
                        || topic == IWithdrawalQueue.WithdrawalRequested.selector
                ) return true;
            } else if (
                topic == ICheckpoints.CheckpointOpened.selector
                    || topic == ICheckpoints.CheckpointStateProven.selector
                    || topic == ICheckpoints.CheckpointBatchProven.selector
                    || topic == ICheckpoints.Rebased.selector
            ) {
                return true;
            } else if (
                logs[i].emitter == address(stack.inFlight)
                    && topic != IDepositsInFlight.DepositInFlight.selector
            ) {
                return true;
            }
        }
        return false;
    }
}
