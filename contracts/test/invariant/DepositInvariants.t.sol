// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { World } from "../support/World.sol";
import { DepositChecks } from "./DepositChecks.sol";
import { QueueHandler } from "./handlers/QueueHandler.sol";
import { RebaseHandler } from "./handlers/RebaseHandler.sol";
import { StakerHandler } from "./handlers/StakerHandler.sol";
import { WrapperHandler } from "./handlers/WrapperHandler.sol";

/// The deposit zone alone, with results booked straight at the token: no proofs, so many and long runs.
/// forge-config: default.invariant.runs = 48
/// forge-config: default.invariant.depth = 100
/// forge-config: nightly.invariant.runs = 5000
contract DepositInvariants is DepositChecks {
    function setUp() public {
        world = new World();
        world.setUp();
        stack = world.stack();
        StakerHandler stakers = new StakerHandler(world);
        targetContract(address(stakers));
        targetContract(address(new QueueHandler(world)));
        targetContract(address(new WrapperHandler(world)));
        targetContract(address(new RebaseHandler(world)));
        for (uint256 i; i < 5; ++i) {
            stakers.stake(i, i, 400 ether, false);
        }
    }

    function invariant_AllSentences() public view {
        _checkDepositZone();
    }

    /// The walk reaches what the numbers speak of.
    function test_Handlers_ReachTheDeepStates() public {
        vm.pauseGasMetering();
        StakerHandler stakers = new StakerHandler(world);
        QueueHandler users = new QueueHandler(world);
        WrapperHandler holders = new WrapperHandler(world);
        RebaseHandler rebases = new RebaseHandler(world);
        uint256 seed = 20_260_102;
        uint256 fees;
        bool low;
        bool high;
        for (uint256 i; i < 1500; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (uint256 a, uint256 b, uint256 c) = (seed >> 32, seed >> 96, seed >> 160);
            uint256 which = seed % 16;
            if (which == 0) stakers.stake(a, b, c, false);
            if (which == 1) stakers.instantExit(a, b, c);
            if (which == 2) users.request(a, b, c, a >> 8);
            if (which == 3) users.claimAll();
            if (which == 4) users.claim(a);
            if (which == 5) holders.wrap(a, b);
            if (which == 6) holders.stakeAndWrap(a, b, c);
            if (which == 7) holders.request(a, b, c);
            if (which == 8) holders.withdrawOrRedeem(a, b, c, a % 2 == 0);
            if (which == 9) holders.depositOrMint(a, b, c, a % 2 == 0);
            if (which <= 12 && which >= 10) rebases.gain(a, b, c);
            if (which == 13 && a % 8 == 0) rebases.loss(b, c);
            if (which == 14) rebases.finalize(a);
            if (which == 15) users.transferPosition(a, b);
            (uint256 s, uint256 e) = stack.token.ledger();
            low = low || e * 1e9 < s;
            high = high || e * 1e9 > s;
            fees = stack.token.sharesOf(address(stack.checkpoints));
        }
        assertGt(world.exited(), 0, "some leave at once");
        assertGt(world.claimed(), 0, "some through the queue");
        assertGt(stack.queue.getLastCheckpointIndex(), 10, "finalized in many parts");
        assertGt(fees, 0, "fees are minted");
        assertTrue(high, "the rate was above one");
        assertTrue(low, "and below");
        _checkDepositZone();
    }
}
