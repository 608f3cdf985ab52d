// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { Zone } from "../../src/governance/IBraked.sol";
import { World } from "../support/World.sol";
import { StackChecks } from "./StackChecks.sol";
import { ChainHandler } from "./handlers/ChainHandler.sol";
import { GuardianHandler, IStepper } from "./handlers/GuardianHandler.sol";
import { KeeperHandler } from "./handlers/KeeperHandler.sol";
import { MemberHandler } from "./handlers/MemberHandler.sol";
import { OperatorHandler } from "./handlers/OperatorHandler.sol";
import { QueueHandler } from "./handlers/QueueHandler.sol";
import { StakerHandler } from "./handlers/StakerHandler.sol";
import { WrapperHandler } from "./handlers/WrapperHandler.sol";

/// The numbered sentences of the protocol, after every call of every actor.
/// forge-config: default.invariant.runs = 7
/// forge-config: nightly.invariant.runs = 1000
contract StackInvariants is StackChecks, IStepper {
    address[8] private handlers;
    bool private asked;
    bool private partly;

    function setUp() public {
        world = new World();
        world.setUp();
        stack = world.stack();
        StakerHandler stakers = new StakerHandler(world);
        OperatorHandler operators = new OperatorHandler(world);
        KeeperHandler keepers = new KeeperHandler(world);
        handlers = [
            address(stakers),
            address(operators),
            address(keepers),
            address(new QueueHandler(world)),
            address(new ChainHandler(world)),
            address(new WrapperHandler(world)),
            address(new MemberHandler(world)),
            address(new GuardianHandler(world, this))
        ];
        for (uint256 i; i < 8; ++i) {
            targetContract(handlers[i]);
        }
        // a running start: two funded validators, so that short runs reach the deep states
        for (uint256 i; i < 5; ++i) {
            stakers.stake(i, i, 400 ether, false);
        }
        for (uint256 n = 1; n <= 2; ++n) {
            operators.predeposit(false);
            operators.prove(n - 1);
            operators.askFunding(n - 1, 900);
            keepers.fund();
        }
        keepers.land(type(uint256).max);
        keepers.fund();
        keepers.fund();
        keepers.land(type(uint256).max);
        require(world.memberList().length == 2, "running start");
    }

    // Every sentence at each step of a walk: functions of their own would walk the very same way, for the seed decides it.

    /// The seed of foundry.toml; a new one every night.
    function invariant_AllSentences() public {
        _checkStack();
    }

    /// forge-config: default.fuzz.seed = "0x5eed2"
    /// forge-config: nightly.invariant.runs = 1
    function invariant_AllSentences_SecondSeed() public {
        _checkStack();
    }

    /// forge-config: default.fuzz.seed = "0x5eed3"
    /// forge-config: nightly.invariant.runs = 1
    function invariant_AllSentences_ThirdSeed() public {
        _checkStack();
    }

    /// Runs that never close would show nothing: a lone keeper can always finish a checkpoint.
    function afterInvariant() public {
        KeeperHandler keeper = new KeeperHandler(world);
        uint256 before = world.closes();
        for (uint256 i; i < 2; ++i) {
            keeper.wholeCheckpoint();
            // one that was left open must first expire
            if (world.closes() == before) continue;
            break;
        }
        assertGt(world.closes(), before, "a checkpoint can always be closed");
        _checkStack();
    }

    /// The handlers are no empty shells: one long walk with a fixed seed reaches what the invariants speak of.
    function test_Handlers_ReachTheDeepStates() public {
        vm.pauseGasMetering(); // longer than a block's gas
        uint256 seed = 2;
        for (uint256 i; i < 4000; ++i) {
            if (i % 50 == 0 && bytes(_unreached()).length == 0) break;
            seed = uint256(keccak256(abi.encode(seed)));
            this.step(seed);
            if (i % 8 == 0) {
                GuardianHandler(handlers[7]).brakeAndTry(i / 8, uint256(keccak256(abi.encode(seed, i))));
            }
        }
        assertEq(_unreached(), "", "not reached");
        _checkStack();
    }

    /// The first of the deep states that the walk has not been in yet; empty: it has been in all.
    function _unreached() private view returns (string memory) {
        if (world.closes() <= 10) return "checkpoints are closed";
        if (world.closesWithFlows() <= 2) return "some with stakes between open and close";
        if (world.closesInFlight() <= 2) return "some with deposits in flight";
        if (world.closesWithFee() <= 2) return "some with a fee";
        if (world.recognized() == 0) return "results are booked";
        if (stack.queue.getLastCheckpointIndex() <= 3) return "requests are finalized";
        if (world.claimed() == 0) return "and claimed";
        if (!partly) return "some in part";
        if (!asked) return "partial withdrawals are asked for";
        if (world.memberList().length + world.departed() <= 2) return "keys join";
        if (world.exited() == 0) return "some leave at once";
        if (stack.wrapped.totalSupply() == 0) return "some hold wcaETH";
        if (world.keysMade() <= 6) return "keys are made";
        if (world.departed() <= 1) return "members leave";
        if (world.settled() == 0) return "slashings are settled";
        if (world.idled() == 0) return "idle epochs are charged";
        for (uint256 zone; zone < 3; ++zone) {
            if (world.refusedBraked(Zone(zone)) == 0) return "a braked zone refuses";
            if (world.doneBraked(Zone(zone)) <= 5) return "and the others go on";
        }
        for (uint256 n = 1; n <= world.keysMade(); ++n) {
            if (world.frontRun(n)) return "";
        }
        return "one is front-run";
    }

    /// One call, and a look at what lasts only a while. External, so that its memory ends with it.
    function step(uint256 seed) external {
        _step(seed);
        asked = asked || stack.withdrawals.openPartialsGwei() != 0;
        uint256 last = stack.queue.getLastRequestId();
        for (uint256 id = 1; !partly && id <= last; ++id) {
            IWithdrawalQueue.Position memory p = stack.queue.position(id);
            partly = p.claimedShares != 0 && p.claimedShares < p.endShares - p.startShares;
        }
    }

    function _step(uint256 seed) private {
        uint256 a = seed >> 32;
        uint256 b = seed >> 96;
        uint256 c = seed >> 160;
        uint256 which = seed % 44;
        StakerHandler stakers = StakerHandler(handlers[0]);
        OperatorHandler operators = OperatorHandler(handlers[1]);
        KeeperHandler keepers = KeeperHandler(handlers[2]);
        QueueHandler users = QueueHandler(handlers[3]);
        ChainHandler chain = ChainHandler(handlers[4]);
        if (which == 0) stakers.stake(a, b, c, a % 2 == 0);
        if (which == 1) stakers.transfer(a, b, c);
        if (which == 2) stakers.transferSharesFrom(a, b, b >> 8, c);
        if (which == 3) operators.predeposit(a % 2 == 0);
        if (which == 4) operators.prove(a);
        if (which == 5) operators.askFunding(a, uint64(b));
        if (which == 6 || which == 7) keepers.fund();
        if (which == 8 || which == 24) keepers.land(a);
        if (which == 9 || which == 25) keepers.open(a % 8 == 0);
        if (which == 10 || which == 26) keepers.proveState();
        if (which == 11 || which == 27) keepers.proveBalances();
        if (which == 11 || which == 27) keepers.proveInFlight();
        if (which == 12 || which == 28) keepers.close();
        if (which == 13 && a % 4 == 0) keepers.wholeCheckpoint();
        if (which == 13 && a % 4 != 0) keepers.waitForOpen();
        if (which == 14) keepers.withdraw(a);
        if (which == 15) keepers.settle(a);
        if (which == 16 || which == 17) users.request(a, b, c, a >> 8);
        if (which == 18 && a % 2 == 0) users.claim(b);
        if (which == 18 && a % 2 == 1) users.claimAll();
        if (which == 19) users.transferPosition(a, b);
        if (which == 20) chain.payPartials();
        if (which == 21) chain.reward(a, uint64(b));
        if (which == 22) chain.penalty(a | 1, uint64(b));
        if (which == 23) chain.executionRewards(a);
        if (which == 29) stakers.instantExit(a, b, c);
        if (which >= 30 && which < 36) _wrapperStep(which, a, b, c);
        if (which >= 36) _memberStep(which, a, b);
    }

    function _wrapperStep(uint256 which, uint256 a, uint256 b, uint256 c) private {
        WrapperHandler holders = WrapperHandler(handlers[5]);
        if (which == 30) holders.wrap(a, b);
        if (which == 31) holders.unwrap(a, b);
        if (which == 32) holders.stakeAndWrap(a, b, c);
        if (which == 33) holders.depositOrMint(a, b, c, a % 2 == 0);
        if (which == 34) holders.withdrawOrRedeem(a, b, c, a % 2 == 0);
        if (which == 35) holders.request(a, b, c);
    }

    function _memberStep(uint256 which, uint256 a, uint256 b) private {
        MemberHandler members = MemberHandler(handlers[6]);
        if (which == 36) members.requestExit(a, b % 4 != 0);
        if (which == 37) members.observe(a);
        if (which == 38) members.leave(a);
        if (which == 39) members.payOut(a);
        if (which == 40 && a % 3 == 0) members.slash(b, a % 2 == 0);
        if (which == 41) members.settle(a, uint64(b));
        if (which == 42) members.idle(a);
        if (which == 43 && a % 3 == 0) members.topUp(a, b);
        if (which == 43 && a % 3 == 1) members.requestBondExit(a, uint128(b));
        if (which == 43 && a % 3 == 2) members.claimBondExit(a, b % 2 == 0);
    }
}
