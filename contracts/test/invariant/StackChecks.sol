// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IOperatorRegistry, Tier } from "../../src/validators/IOperatorRegistry.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { SystemContracts } from "../support/SystemContracts.sol";
import { DepositChecks } from "./DepositChecks.sol";

/// The numbered sentences of the whole protocol. What a failure says begins with the number that it broke.
abstract contract StackChecks is DepositChecks {
    function _checkStack() internal {
        _checkDepositZone();
        _checkLine();
        _checkKeys();
        _checkStakes();
        _checkRotation();
        _checkMembers();
        _checkTotals();
        _checkFees();
        _checkCloses();
        _checkWaysOut();
    }

    function _checkLine() private view {
        assertFalse(world.lineShrank(), "W3");
        assertFalse(world.finalizedEarly(), "W5");
    }

    /// V1, V2, V4: the deposit contract got what operators and pool sent, the pool's only for keys that are ours.
    function _checkKeys() private view {
        assertFalse(world.keyTakenTwice(), "V1");
        assertEq(
            SystemContracts.depositContract().balance, world.predeposited() + world.deposited(), "V2: sums"
        );
        uint256 made = world.keysMade();
        for (uint256 n = 1; n <= made; ++n) {
            IValidatorManager.ValidatorRecord memory r = stack.validators.validator(world.rootOf(n));
            if (!world.frontRun(n)) continue;
            assertEq(r.lastDeposit, 0, "V2: nothing went to foreign credentials");
            assertTrue(r.status != IValidatorManager.Status.Eligible, "V2: never eligible");
            assertTrue(r.status != IValidatorManager.Status.Member, "V2: never a member");
        }
    }

    /// V3: what limits and bonds are computed from is what the validators' records say.
    function _checkStakes() private view {
        assertFalse(world.fundedBeyondLimits(), "V3");
        assertFalse(world.bondEscaped(), "V3: what a member requires stays");
        assertFalse(world.penalizedTwice(), "V3: nothing is charged twice");
        uint256 made = world.keysMade();
        uint64 exiting;
        uint64 open;
        uint256 bonds;
        uint64 tier;
        for (uint32 id = 1; id <= 3; ++id) {
            IOperatorRegistry.Operator memory expected;
            for (uint256 n = 1; n <= made; ++n) {
                if (world.operatorOf(n) != id) continue;
                bytes32 root = world.rootOf(n);
                IValidatorManager.ValidatorRecord memory r = stack.validators.validator(root);
                expected.stakeGwei += r.principalGwei;
                if (r.status == IValidatorManager.Status.ToExit) expected.askedGwei += r.principalGwei;
                if (r.status == IValidatorManager.Status.Exiting) expected.exitingGwei += r.principalGwei;
                if (r.status == IValidatorManager.Status.Slashed) expected.slashedGwei += r.principalGwei;
                bool counts = r.status >= IValidatorManager.Status.Member
                    && r.status <= IValidatorManager.Status.Slashed;
                if (counts) ++expected.members;
                bool works = r.status == IValidatorManager.Status.Member
                    || r.status == IValidatorManager.Status.ToExit;
                if (works && r.principalGwei < 32e9) ++expected.belowTarget;
                open += stack.withdrawals.partialRequest(root).amountGwei;
            }
            IOperatorRegistry.Operator memory o = stack.registry.operator(id);
            assertEq(o.stakeGwei, expected.stakeGwei, "V3: stake");
            assertEq(o.askedGwei, expected.askedGwei, "V3: asked");
            assertEq(o.exitingGwei, expected.exitingGwei, "V3: exiting");
            assertEq(o.slashedGwei, expected.slashedGwei, "V3: slashed");
            assertEq(o.members, expected.members, "V3: members");
            assertEq(o.belowTarget, expected.belowTarget, "V3: below target");
            exiting += expected.exitingGwei;
            tier += expected.stakeGwei;
            bonds += o.bondShares;
        }
        assertEq(stack.validators.exitingGwei(), exiting, "V3: all exiting");
        assertEq(stack.registry.tierStakeGwei(Tier.Permissionless), tier, "V3: the tier");
        assertEq(stack.withdrawals.openPartialsGwei(), open, "V3: open requests");
        assertLe(bonds, stack.token.sharesOf(address(stack.registry)), "V3: bonds are held");
    }

    /// The next member is found as by looking at every index.
    function _checkRotation() private view {
        uint40[] memory members = world.memberList();
        uint40 from;
        for (uint256 i; i < members.length; ++i) {
            assertEq(stack.validators.nextMember(from), members[i], "V5: in order");
            from = members[i] + 1;
        }
        if (members.length != 0) assertEq(stack.validators.nextMember(from), members[0], "V5: around");
    }

    function _checkMembers() private view {
        uint256 bits = stack.validators.memberWords(hex"00000000")[0];
        uint40[] memory members = world.memberList();
        uint256 expected;
        for (uint256 i; i < members.length; ++i) {
            expected |= 1 << members[i];
        }
        assertEq(bits, expected, "V5: exactly the funded keys");
        assertEq(stack.validators.memberCount(), members.length, "V5: count");
    }

    /// A1 at every moment, not only at a close: owned on both layers = pool + what no close has recognized yet.
    function _checkTotals() private view {
        assertEq(
            int256(world.ownedNow()), int256(stack.token.getTotalPooledEther()) + world.unrecognized(), "A1"
        );
        (,, uint64 flying) = stack.inFlight.inFlight();
        uint40[] memory members = world.memberList();
        assertLe(uint256(flying) * 1 gwei, world.deposited(), "A2");
        if (members.length == 0) assertEq(flying, 0, "A2: nobody to fly to");
    }

    function _checkFees() private view {
        assertFalse(world.feeInexact(), "A3");
        // what was promised to operators and the treasury is there
        uint256 promised = stack.fees.treasuryShares();
        for (uint32 id = 1; id <= stack.registry.operatorCount(); ++id) {
            promised += stack.fees.operatorFees(id);
        }
        assertLe(promised, stack.token.sharesOf(address(stack.fees)), "A3: backed");
    }

    /// What the world noticed while checkpoints closed and zones were braked.
    function _checkCloses() private view {
        assertFalse(world.closeInexact(), "A1: pool + reserve = owned at the snapshot");
        assertFalse(world.incomeInexact(), "A5");
        assertFalse(world.capExceeded(), "A6");
        assertFalse(world.brakeFailed(), "G2");
    }

    /// Whatever has happened, the safeguard on or off: shares move and requests are taken.
    function _checkWaysOut() private {
        address holder = world.staker(0);
        uint256 balance = stack.token.balanceOf(holder);
        if (balance < 200) return;
        uint256 state = vm.snapshotState();
        vm.startPrank(holder);
        stack.token.transfer(world.staker(1), 1);
        stack.token.approve(address(stack.queue), 100);
        uint256[] memory amounts = new uint256[](1);
        amounts[0] = 100;
        stack.queue.requestWithdrawals(amounts, holder);
        vm.stopPrank();
        vm.revertToStateAndDelete(state);
    }
}
