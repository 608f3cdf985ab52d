// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { ICheckpointGate } from "../../../src/validators/ICheckpointGate.sol";
import { IFeeWeights } from "../../../src/validators/IFeeWeights.sol";
import { IOperatorRegistry, Tier, TierTerms } from "../../../src/validators/IOperatorRegistry.sol";
import { FundingRefusal } from "../../../src/validators/IValidatorManager.sol";
import { OperatorRegistry } from "../../../src/validators/OperatorRegistry.sol";
import { BondFixture } from "../../support/BondFixture.sol";
import { Modules } from "../../support/Modules.sol";

/// Deployment, join, hand-over, reward address, leave.
contract OperatorRegistryJoinTest is BondFixture {
    function _config(uint256 zero) private view returns (OperatorRegistry.Config memory) {
        return OperatorRegistry.Config({
            token: IStakedEther(zero == 0 ? address(0) : alice),
            validators: zero == 1 ? address(0) : alice,
            penalties: zero == 2 ? address(0) : alice,
            gate: ICheckpointGate(zero == 3 ? address(0) : alice),
            feeWeights: IFeeWeights(zero == 4 ? address(0) : alice),
            governance: zero == 5 ? address(0) : alice,
            fillTargetGwei: FILL_TARGET
        });
    }

    // ------------------------------------------------------------ deployment

    function test_RevertWhen_AnAddressIsZero() public {
        for (uint256 i; i < 6; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.RegistryAddressZero.selector));
            new OperatorRegistry(_config(i));
        }
    }

    function test_RevertWhen_TheFillTargetIsOutOfBounds() public {
        OperatorRegistry.Config memory config = _config(9);
        uint64[3] memory wrong = [uint64(0), 32e9 - 1, 2047e9 + 1];
        for (uint256 i; i < 3; ++i) {
            config.fillTargetGwei = wrong[i];
            vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.FillTargetInvalid.selector, wrong[i]));
            new OperatorRegistry(config);
        }
        uint64[2] memory bounds = [uint64(32e9), 2047e9];
        for (uint256 i; i < 2; ++i) {
            config.fillTargetGwei = bounds[i];
            OperatorRegistry r = new OperatorRegistry(config);
            assertEq(r.FILL_TARGET_GWEI(), bounds[i], "a bound is allowed");
        }
    }

    function test_RevertWhen_TermsAreOutOfBoundsAtDeployment() public {
        TierTerms memory wrong = _permissionless();
        wrong.operatorShareBps = 2501;
        bytes memory invalid = abi.encodeWithSelector(
            IOperatorRegistry.TierTermInvalid.selector, "operatorShareBps", uint256(2501)
        );
        address implementation = address(new OperatorRegistry(_config(9)));
        vm.expectRevert(invalid);
        Modules.proxy(implementation, abi.encodeCall(OperatorRegistry.initialize, (wrong, _curated())));
        vm.expectRevert(invalid);
        Modules.proxy(implementation, abi.encodeCall(OperatorRegistry.initialize, (_permissionless(), wrong)));
    }

    function test_Deploy_HoldsTermsOfBothTiers() public {
        assertEq(address(registry.TOKEN()), address(token), "token");
        assertEq(registry.VALIDATORS(), address(validators), "validators");
        assertEq(registry.PENALTIES(), address(penalties), "penalties");
        assertEq(address(registry.GATE()), address(checkpoints), "gate");
        assertEq(address(registry.FEE_WEIGHTS()), address(fees), "fee weights");
        assertEq(registry.GOVERNANCE(), governance, "governance");
        bytes32 open = keccak256(abi.encode(registry.tierTerms(Tier.Permissionless)));
        assertEq(open, keccak256(abi.encode(_permissionless())), "permissionless");
        bytes32 curated = keccak256(abi.encode(registry.tierTerms(Tier.Curated)));
        assertEq(curated, keccak256(abi.encode(_curated())), "curated");
        vm.expectEmit();
        emit IOperatorRegistry.TierTermsChanged(Tier.Permissionless, _permissionless());
        vm.expectEmit();
        emit IOperatorRegistry.TierTermsChanged(Tier.Curated, _curated());
        Modules.registry(_config(9), _permissionless(), _curated());
    }

    // ------------------------------------------------------------ join

    function test_Join_AnybodyGetsTheNextId() public {
        assertEq(registry.operatorCount(), 0, "none");
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.OperatorJoined(1, alice, bob);
        vm.prank(alice);
        assertEq(registry.join(bob), 1, "first");
        vm.prank(alice);
        assertEq(registry.join(bob), 2, "the same may again");
        assertEq(registry.operatorCount(), 2, "two");
        IOperatorRegistry.Operator memory o = registry.operator(1);
        IOperatorRegistry.Operator memory expected;
        (expected.manager, expected.rewardAddress, expected.tier) = (alice, bob, Tier.Permissionless);
        assertEq(keccak256(abi.encode(o)), keccak256(abi.encode(expected)), "all else is zero");
        (address manager_, bool leaving_) = registry.managerOf(1);
        assertEq(manager_, alice, "manager");
        assertFalse(leaving_, "stays");
        assertEq(registry.requiredBond(1), 0, "no bond is needed");
        assertEq(registry.bondEther(1), 0, "nor there");
        assertFalse(registry.isEjectable(1), "nothing to eject");
    }

    function test_RevertWhen_RewardAddressIsZero() public {
        bytes memory zero = abi.encodeWithSelector(IOperatorRegistry.RegistryAddressZero.selector);
        vm.expectRevert(zero);
        registry.join(address(0));
        uint32 id = joinOperator();
        vm.expectRevert(zero);
        vm.prank(manager);
        registry.setRewardAddress(id, address(0));
    }

    function test_RevertWhen_OperatorIsUnknown() public {
        joinOperator();
        bytes[] memory calls = new bytes[](15);
        for (uint32 wrong; wrong < 3; wrong += 2) {
            calls[0] = abi.encodeCall(registry.operator, (wrong));
            calls[1] = abi.encodeCall(registry.managerOf, (wrong));
            calls[2] = abi.encodeCall(registry.requiredBond, (wrong));
            calls[3] = abi.encodeCall(registry.bondEther, (wrong));
            calls[4] = abi.encodeCall(registry.freeBondShares, (wrong));
            calls[5] = abi.encodeCall(registry.fundingRoom, (wrong, true));
            calls[6] = abi.encodeCall(registry.isEjectable, (wrong));
            calls[7] = abi.encodeCall(registry.proposeManager, (wrong, alice));
            calls[8] = abi.encodeCall(registry.setRewardAddress, (wrong, alice));
            calls[9] = abi.encodeCall(registry.leave, (wrong));
            calls[10] = abi.encodeCall(registry.topUpBond, (wrong, 1));
            calls[11] = abi.encodeCall(registry.topUpBondWithEther, (wrong));
            calls[12] = abi.encodeCall(registry.requestBondExit, (wrong, 1));
            calls[13] = abi.encodeCall(registry.cancelBondExit, (wrong));
            calls[14] = abi.encodeCall(registry.setTier, (wrong, Tier.Curated));
            for (uint256 i; i < 15; ++i) {
                if (i == 14) vm.prank(governance);
                (bool ok, bytes memory reason) = address(registry).call(calls[i]);
                assertFalse(ok, "refused");
                assertEq(
                    reason,
                    abi.encodeWithSelector(IOperatorRegistry.OperatorUnknown.selector, wrong, uint32(1)),
                    "unknown"
                );
            }
        }
    }

    // ------------------------------------------------------------ hand-over

    function test_ProposeManager_OnlyOffers() public {
        uint32 id = joinOperator();
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.ManagerProposed(id, alice);
        vm.prank(manager);
        registry.proposeManager(id, alice);
        assertEq(registry.proposedManager(id), alice, "offered");
        assertEq(registry.operator(id).manager, manager, "not yet taken");
    }

    function test_AcceptManager_HandsEverythingOver() public {
        uint32 id = joinOperator();
        vm.prank(manager);
        registry.proposeManager(id, alice);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.ManagerChanged(id, alice);
        vm.prank(alice);
        registry.acceptManager(id);
        assertEq(registry.operator(id).manager, alice, "taken");
        assertEq(registry.operator(id).rewardAddress, manager, "rewards stay until she says otherwise");
        assertEq(registry.proposedManager(id), address(0), "no offer is left");
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.ManagerNotProposed.selector, id, alice));
        vm.prank(alice);
        registry.acceptManager(id);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.OperatorManagerOnly.selector, id, manager));
        vm.prank(manager);
        registry.proposeManager(id, bob);
    }

    function test_RevertWhen_TheOfferWasTakenBackOrWentToAnother() public {
        uint32 id = joinOperator();
        vm.startPrank(manager);
        registry.proposeManager(id, alice);
        registry.proposeManager(id, address(0));
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.ManagerNotProposed.selector, id, alice));
        vm.prank(alice);
        registry.acceptManager(id);
        vm.prank(manager);
        registry.proposeManager(id, bob);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.ManagerNotProposed.selector, id, alice));
        vm.prank(alice);
        registry.acceptManager(id);
    }

    /// Nobody is proposed for an operator that is not there; not even the zero address takes one.
    function test_RevertWhen_NothingWasProposed() public {
        uint32 id = joinOperator();
        for (uint32 i = id; i < id + 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.ManagerNotProposed.selector, i, alice));
            vm.prank(alice);
            registry.acceptManager(i);
        }
    }

    // ------------------------------------------------------------ manager only

    function test_SetRewardAddress_ChangesWhoIsPaid() public {
        uint32 id = joinOperator();
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.RewardAddressChanged(id, bob);
        vm.prank(manager);
        registry.setRewardAddress(id, bob);
        assertEq(registry.operator(id).rewardAddress, bob, "rewards");
    }

    function test_Leave_IsForGoodAndStopsFunding() public {
        uint32 id = bonded(100 ether);
        vm.expectEmit(address(registry));
        emit IOperatorRegistry.OperatorLeaving(id);
        vm.prank(manager);
        registry.leave(id);
        assertTrue(registry.operator(id).leaving, "leaving");
        (, bool leaving_) = registry.managerOf(id);
        assertTrue(leaving_, "for readers too");
        assertRoom(id, true, 0, FundingRefusal.Leaving);
        assertRoom(id, false, 0, FundingRefusal.Leaving);
        assertEq(registry.freeBondShares(id), 100e27, "a bond that secures nothing is free");
    }

    function test_RevertWhen_CallerIsNotTheManager() public {
        uint32 id = bonded(10 ether);
        bytes[] memory calls = new bytes[](5);
        calls[0] = abi.encodeCall(registry.proposeManager, (id, bob));
        calls[1] = abi.encodeCall(registry.setRewardAddress, (id, bob));
        calls[2] = abi.encodeCall(registry.leave, (id));
        calls[3] = abi.encodeCall(registry.requestBondExit, (id, 1));
        calls[4] = abi.encodeCall(registry.cancelBondExit, (id));
        address[3] memory others = [bob, governance, address(penalties)];
        for (uint256 i; i < 15; ++i) {
            address other = others[i % 3];
            vm.prank(other);
            (bool ok, bytes memory reason) = address(registry).call(calls[i / 3]);
            assertFalse(ok, "refused");
            assertEq(
                reason,
                abi.encodeWithSelector(IOperatorRegistry.OperatorManagerOnly.selector, id, other),
                "manager only"
            );
        }
    }

    function test_RevertWhen_CallerIsNotTheRightContract() public {
        uint32 id = bonded(10 ether);
        bytes[] memory calls = new bytes[](7);
        calls[0] = abi.encodeCall(registry.noteFunded, (id, 0, 32e9, 1));
        calls[1] = abi.encodeWithSelector(registry.noteLowered.selector, id, 3, uint64(32e9), uint64(31e9));
        calls[2] = abi.encodeWithSelector(registry.noteMoved.selector, id, 3, 4, uint64(32e9));
        calls[3] = abi.encodeCall(registry.noteSlashing, (id, true));
        calls[4] = abi.encodeCall(registry.takeBond, (id, 1, bob));
        calls[5] = abi.encodeCall(registry.setTier, (id, Tier.Curated));
        calls[6] = abi.encodeCall(registry.setTierTerms, (Tier.Curated, _curated()));
        // none of the three may do what is another's
        address[5] memory callers = [address(validators), address(penalties), governance, manager, keeper];
        uint256[7] memory allowed = [uint256(0), 0, 0, 1, 1, 2, 2];
        for (uint256 i; i < 35; ++i) {
            if (allowed[i / 5] == i % 5) continue;
            vm.prank(callers[i % 5]);
            (bool ok, bytes memory reason) = address(registry).call(calls[i / 5]);
            assertFalse(ok, "refused");
            assertEq(
                reason,
                abi.encodeWithSelector(IOperatorRegistry.RegistryCallerNotAllowed.selector, callers[i % 5]),
                "caller"
            );
        }
    }
}
