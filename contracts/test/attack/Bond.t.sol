// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../src/deposit/IAllowances.sol";
import { ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { IOperatorRegistry, Tier } from "../../src/validators/IOperatorRegistry.sol";
import { IPenalties } from "../../src/validators/IPenalties.sol";
import { FundingRefusal, IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { IWithdrawals } from "../../src/validators/IWithdrawals.sol";
import { BondFixture } from "../support/BondFixture.sol";

/// H3, H4, H9: what stands in for a loss must be there when it shows, and limits can't be talked around.
contract BondAttackTest is BondFixture {
    uint32 private id;
    uint40 private index;
    bytes32 private root;

    function setUp() public override {
        super.setUp();
        id = bonded(79 ether); // 80 with the validator's own, 61.44 required
        index = member(id, 1, FULL);
        root = keyRoot(1);
    }

    function _ask(uint128 shares) private {
        vm.prank(manager);
        registry.requestBondExit(id, shares);
    }

    function _expectNotFree(uint256 asked, uint256 free) private {
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondNotFree.selector, id, asked, free));
    }

    // ------------------------------------------------------------ out before the loss

    /// It knows of its slashing before anybody else, and asks for all that is free at once.
    function test_Attack_BondAskedOutBeforeTheSlashingIsProven() public {
        beacon.tick(1);
        slashOnChain(index);
        _expectNotFree(80e27, 18.56e27);
        _ask(80e27);
        _ask(18.56e27);
        beacon.tick(300 * 32); // nobody looks for a day and more: the delay is longer
        ValidatorsProof memory proof = balanced(index);
        vm.prank(keeper);
        penalties.proveSlashingLate(proof);
        skip(7 days);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondLocked.selector, id, uint256(1)));
        registry.claimBondExit(id);
        settle(index, 70e9); // 70.5: more than what was required
        assertEq(bondShares(id), 80e27 - 0.05e27 - 70.5e27, "what was asked out was charged too");
        assertEq(registry.freeBondShares(id), 0, "nothing of the rest is free");
        vm.expectPartialRevert(IOperatorRegistry.BondExitTooLate.selector);
        registry.claimBondExit(id);
    }

    /// A request kept ready lapses 7 days after its delay: it can't wait for a slashing to be claimed before the proof.
    function test_Attack_ARipeRequestDoesNotStayRipe() public {
        _ask(18.56e27);
        uint256 last = registry.bondExit(id).releaseAt + 7 days;
        vm.warp(last + 1);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondExitTooLate.selector, id, last));
        registry.claimBondExit(id);
        _ask(18.56e27);
        assertEq(registry.bondExit(id).releaseAt, block.timestamp + 7 days, "a new clock");
        vm.warp(block.timestamp + 14 days);
        assertEq(registry.claimBondExit(id), 18.56e27, "in the last second of its window");
    }

    /// A claim in the very block of the proof comes too late, whoever makes it.
    function test_Attack_ClaimRunsBesideTheProof() public {
        _ask(18.56e27);
        skip(7 days);
        beacon.tick((uint64(block.timestamp - beacon.timeOf(beacon.slot())) / 12) + 1);
        IPenalties.Slashing memory s = slash(index);
        assertEq(uint8(s.phase), uint8(IPenalties.Phase.Open), "proven first");
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondLocked.selector, id, uint256(1)));
        registry.claimBondExit(id);
        // nor by asking anew, or by handing the operator over
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondLocked.selector, id, uint256(1)));
        _ask(1);
        vm.prank(manager);
        registry.proposeManager(id, bob);
        vm.startPrank(bob);
        registry.acceptManager(id);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.BondLocked.selector, id, uint256(1)));
        registry.requestBondExit(id, 1);
    }

    /// Settled early with a small loss: what is required stays until it has left, for what is proven later.
    function test_Attack_SettledEarlyAndTheRestTakenOut() public {
        slash(index);
        settle(index, 0);
        uint256 free = registry.freeBondShares(id);
        assertEq(free, 80e27 - 0.05e27 - 0.5e27 - 61.44e27, "free after an early settlement");
        _ask(uint128(free));
        skip(7 days);
        registry.claimBondExit(id);
        beacon.tick((uint64(block.timestamp - beacon.timeOf(beacon.slot())) / 12) + 1);
        uint256 pot = token.sharesOf(address(checkpoints));
        settle(index, 40e9);
        assertEq(token.sharesOf(address(checkpoints)) - pot, 40e27, "all of it is there");
    }

    /// A bond borrowed for one block carries a funding, and is then locked for as long as what it carried is run.
    function test_Attack_ABorrowedBond() public {
        uint32 poor = bonded(0.28 ether);
        uint40 young = onboard(poor, 2);
        askFunding(poor, 2, FULL);
        fundNext(2, young);
        land();
        ValidatorsProof memory proof = balanced(young);
        bytes[] memory keys = keysOf(2);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.TicketUnfundable.selector, uint64(2), FundingRefusal.BondShort
            )
        );
        validators.fund(proof, keys);
        topUp(poor, 60.16 ether);
        assertEq(validators.fund(proof, keys), 2016e9, "funded with it");
        assertEq(registry.freeBondShares(poor), 0, "none is free");
        vm.expectRevert(
            abi.encodeWithSelector(IOperatorRegistry.BondNotFree.selector, poor, uint256(1), uint256(0))
        );
        vm.prank(manager);
        registry.requestBondExit(poor, 1);
    }

    // ------------------------------------------------------------ leaving

    /// A leaving operator keeps its bond here as long as it runs anything.
    function test_Attack_ALeavingOperatorWithMembersTakesItsBond() public {
        vm.prank(manager);
        registry.leave(id);
        _expectNotFree(18.56e27 + 1, 18.56e27);
        _ask(18.56e27 + 1);
        beacon.setExiting(index, epochNow() + 5);
        beacon.tick(1);
        validators.observe(balanced(index));
        assertEq(registry.freeBondShares(id), 18.56e27, "exiting is not left");
        beacon.setBalance(index, 0);
        toEpoch(epochNow() + 5 + 256 + 1);
        assertEq(registry.freeBondShares(id), 18.56e27, "nor is empty, unproven");
        validators.leave(balanced(index));
        assertEq(registry.freeBondShares(id), 80e27, "it has left");
        _ask(80e27);
        skip(7 days);
        registry.claimBondExit(id);
        assertEq(token.sharesOf(manager), 80e27, "all of it");
    }

    /// H4: lowering the stake by partial withdrawals of the queue does not free the 1 ETH of a live validator.
    function test_Attack_BondOfAnEmptiedValidator() public {
        beacon.setBalance(index, 32e9);
        beacon.tick(1);
        validators.observe(balanced(index));
        assertEq(registry.requiredBond(id), 1.28 ether, "4 % of 32");
        vm.prank(governance);
        registry.setTier(id, Tier.Curated);
        assertEq(registry.requiredBond(id), 1 ether, "1 % of 32 is less than its own");
        assertEq(registry.freeBondShares(id), 79e27, "all but that");
    }

    // ------------------------------------------------------------ hand-over

    /// Neither somebody once offered nor the seller gets an operator that was sold to another.
    function test_Attack_AnOldOfferIsAcceptedAfterTheSale() public {
        vm.startPrank(manager);
        registry.proposeManager(id, manager); // kept for later
        registry.proposeManager(id, bob);
        vm.stopPrank();
        vm.prank(bob);
        registry.acceptManager(id);
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.ManagerNotProposed.selector, id, manager));
        vm.prank(manager);
        registry.acceptManager(id);
    }

    /// What the seller asked out is paid to whom the buyer names, or not at all.
    function test_Attack_TheSellerAsksTheBondOutBeforeTheSale() public {
        _ask(18.56e27);
        vm.prank(manager);
        registry.proposeManager(id, bob);
        vm.startPrank(bob);
        registry.acceptManager(id);
        registry.setRewardAddress(id, bob);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.OperatorManagerOnly.selector, id, manager));
        vm.prank(manager);
        registry.setRewardAddress(id, manager);
        uint256 state = vm.snapshotState();
        skip(7 days);
        vm.prank(manager);
        registry.claimBondExit(id);
        assertEq(token.sharesOf(manager), 0, "nothing for the seller");
        assertEq(token.sharesOf(bob), 18.56e27, "to the buyer");
        vm.revertToState(state);
        vm.prank(bob);
        registry.cancelBondExit(id);
        assertEq(registry.bondEther(id), 80 ether, "kept");
    }

    /// The old manager can do nothing any more, at any contract.
    function test_Attack_TheOldManagerActsAfterTheSale() public {
        uint40 second = onboard(id, 2);
        vm.prank(manager);
        registry.proposeManager(id, bob);
        vm.prank(bob);
        registry.acceptManager(id);
        bytes memory only =
            abi.encodeWithSelector(IOperatorRegistry.OperatorManagerOnly.selector, id, manager);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = new bytes(96);
        vm.expectRevert(only);
        vm.prank(manager);
        validators.predeposit{ value: 1 ether }(id, keysOf(3), signatures, 0);
        bytes32 r = keyRoot(2);
        vm.expectRevert(only);
        vm.prank(manager);
        validators.requestFunding(id, r, 32e9);
        vm.expectRevert(abi.encodeWithSelector(IWithdrawals.ExitNotAllowed.selector, root, manager));
        vm.prank(manager);
        withdrawals.requestExits{ value: 1 }(keysOf(1), 1);
        assertEq(second, 1, "the key stays the operator's");
    }

    // ------------------------------------------------------------ somebody else's bond

    /// A gift is the operator's: it neither comes back nor disturbs what runs.
    function test_Attack_DustIntoSomebodyElsesBond() public {
        _ask(18.56e27);
        uint40 releaseAt = registry.bondExit(id).releaseAt;
        vm.deal(bob, 1 ether);
        vm.prank(bob);
        registry.topUpBondWithEther{ value: 1 wei }(id);
        assertEq(registry.bondExit(id).releaseAt, releaseAt, "the clock runs on");
        assertEq(registry.bondExit(id).shares, 18.56e27, "as much as was asked");
        vm.expectRevert(abi.encodeWithSelector(IOperatorRegistry.OperatorManagerOnly.selector, id, bob));
        vm.prank(bob);
        registry.requestBondExit(id, 1e9);
        skip(7 days);
        assertEq(registry.claimBondExit(id), 18.56e27, "paid in full");
        assertEq(bondShares(id), 61.44e27 + 1e9, "the dust stays");
    }

    /// Nobody tops up with shares of another who has allowed the registry to take his.
    function test_Attack_TopUpWithAnothersAllowance() public {
        vm.prank(alice);
        token.approve(address(registry), type(uint256).max);
        address spender = address(registry);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.AllowanceTooLow.selector, bob, spender, uint256(0), uint256(1 ether)
            )
        );
        vm.prank(bob);
        registry.topUpBond(id, 1e27);
        assertEq(token.balanceOf(alice), 39_999 ether, "untouched");
    }

    // ------------------------------------------------------------ limits

    /// Twenty identities get no more than the tier has, each with its bond and its own share.
    function test_Attack_SybilsShareTheTiersLimit() public {
        for (uint256 n = 2; n <= 16; ++n) {
            uint32 sybil = bonded(61 ether);
            member(sybil, n, FULL);
        }
        assertEq(registry.tierStakeGwei(Tier.Permissionless), 32_768e9, "16 full validators");
        uint32 next = bonded(61 ether);
        assertRoom(next, true, 0, FundingRefusal.TierLimit);
        uint40 seventeenth = onboard(next, 17);
        askFunding(next, 17, FULL);
        ValidatorsProof memory proof = balanced(seventeenth);
        bytes[] memory keys = keysOf(17);
        uint64 ticket = validators.ticketOf(next);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.TicketUnfundable.selector, ticket, FundingRefusal.TierLimit
            )
        );
        validators.fund(proof, keys);
        // its ticket stands in nobody's way
        validators.requeueTicket(keyRoot(17));
        assertEq(validators.ticketOf(next), ticket + 1, "at the back");
    }

    /// Limits are shares of what the last close saw: ether that comes and goes in between raises nothing.
    function test_Attack_FlashStakeRaisesNoLimit() public {
        for (uint256 i; i < 4; ++i) {
            beacon.tick(7200);
            stake(alice, 50_000 ether);
        }
        checkpoint();
        (uint64 one_, uint64 all) = registry.limitsGwei(Tier.Permissionless);
        assertGt(one_, 2048e9, "above the floor");
        beacon.tick(7100);
        stake(bob, 40_000 ether);
        (uint64 oneAfter, uint64 allAfter) = registry.limitsGwei(Tier.Permissionless);
        assertEq(oneAfter, one_, "of an operator");
        assertEq(allAfter, all, "of the tier");
        assertRoom(id, false, 928e9, FundingRefusal.BondShort);
    }
}
