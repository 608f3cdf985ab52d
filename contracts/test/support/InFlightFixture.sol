// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IDepositsInFlight, InFlightProof } from "../../src/validators/IDepositsInFlight.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { StackFixture } from "./StackFixture.sol";

/// Four members of 32 ETH, each of an operator of its own, and the deposits that fly to them.
abstract contract InFlightFixture is StackFixture {
    uint256 internal constant MEMBERS = 4;

    /// By member, from 1 on.
    uint40[5] internal indexOf;
    uint32[5] internal operatorOf;

    function setUp() public virtual override {
        super.setUp();
        stake(alice, 40_000 ether);
        for (uint256 n = 1; n <= MEMBERS; ++n) {
            operatorOf[n] = joinOperator();
            indexOf[n] = member(operatorOf[n], n, 32e9);
        }
    }

    /// Deposits `amountGwei` more to member `n` in this slot.
    function topUp(uint256 n, uint64 amountGwei) internal {
        uint64 principal = validators.validator(keyRoot(n)).principalGwei;
        askFunding(operatorOf[n], n, principal + amountGwei);
        assertEq(fundNext(n, indexOf[n]), amountGwei, "the whole piece");
    }

    /// The number of the last deposit made.
    function lastNumber() internal view returns (uint32 number) {
        (number,,) = inFlight.inFlight();
    }

    /// Opens a checkpoint over the state as it is, and proves everything but what is in flight.
    function openAndProve() internal returns (Snapshot memory s) {
        waitForCheckpoint();
        s = openCheckpoint();
        checkpoints.proveState(s, beacon.stateProof());
        checkpoints.proveBalances(s, beacon.balancesProof(members));
    }

    function close(Snapshot memory s) internal {
        checkpoints.close(s, address(this));
    }

    /// What is in flight by the mock's own list, of deposits made at or before the head's slot, and what is too young. One
    /// before a landed one isn't, unless it was postponed.
    function trulyFlying() internal view returns (uint64 sum) {
        bool hasLanded;
        for (uint32 number = lastNumber(); number != 0; --number) {
            (bool isListed,) = shower.find(beacon.headPending(), number);
            bool isYoung = inFlight.deposit(number).slot > beacon.headSlot();
            bool exits = beacon.isExiting(inFlight.deposit(number).validatorIndex);
            if (isYoung || (isListed && (exits || !hasLanded))) sum += inFlight.deposit(number).amountGwei;
            if (!isYoung && !isListed && !exits) hasLanded = true;
        }
    }

    function exit(uint256 n) internal {
        beacon.setExiting(indexOf[n], beacon.slot() / 32 + 5);
    }

    function status(uint256 n) internal view returns (IValidatorManager.Status) {
        return validators.validator(keyRoot(n)).status;
    }

    function numbers(uint32 a) internal pure returns (uint32[] memory list) {
        list = new uint32[](1);
        list[0] = a;
    }

    function prove(InFlightProof memory proof) internal {
        inFlight.prove(proof);
    }

    function mustRefuse(InFlightProof memory proof, bytes memory reason) internal {
        vm.expectRevert(reason);
        inFlight.prove(proof);
    }

    function incomplete(Snapshot memory s, uint32 walkedTo) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IDepositsInFlight.InFlightIncomplete.selector, s.id, walkedTo);
    }
}
