// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IStakedEther } from "../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { BalancesProof, StateProof, ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// Calls back while it is being paid, and keeps what came of it.
contract Hostile {
    struct Call {
        address to;
        uint256 value;
        bytes data;
    }

    Call[] private _calls;
    bool[] public succeeded;
    bytes[] public reasons;
    uint256 public rateSeen;
    IStakedEther private immutable TOKEN;

    constructor(IStakedEther token) {
        TOKEN = token;
    }

    function arm(address to, uint256 value, bytes memory data) external {
        _calls.push(Call(to, value, data));
    }

    function tried() external view returns (uint256) {
        return succeeded.length;
    }

    function run(address to, uint256 value, bytes memory data) external {
        (bool ok, bytes memory reason) = to.call{ value: value }(data);
        if (!ok) {
            assembly {
                revert(add(reason, 0x20), mload(reason))
            }
        }
    }

    receive() external payable {
        rateSeen = TOKEN.getPooledEthByShares(1e27);
        for (uint256 i = succeeded.length; i < _calls.length; ++i) {
            succeeded.push();
            reasons.push();
            (bool ok, bytes memory reason) = _calls[i].to.call{ value: _calls[i].value }(_calls[i].data);
            (succeeded[i], reasons[i]) = (ok, reason);
        }
    }
}

contract ReentrancyAttackTest is StackFixture {
    Hostile private hostile;
    uint32 private operator;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        hostile = new Hostile(token);
        stake(alice, 999 ether);
        vm.deal(address(hostile), 100 ether);
        hostile.run(address(token), 50 ether, abi.encodeCall(token.submit, (address(0))));
        hostile.run(address(token), 0, abi.encodeCall(token.approve, (address(queue), 100 ether)));
    }

    function _two(uint256 a, uint256 b) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    // ------------------------------------------------------------ claim

    function test_Attack_ReceiverOfAClaimCannotBePaidTwice() public {
        hostile.run(
            address(queue), 0, abi.encodeCall(queue.requestWithdrawals, (_two(5 ether, 5 ether), address(0)))
        );
        twoCheckpoints();
        bytes memory again = abi.encodeCall(queue.claimWithdrawals, (ones(1), ones(1)));
        hostile.arm(address(queue), 0, again);
        hostile.arm(address(queue), 0, abi.encodeCall(queue.claimWithdrawals, (_two(1, 2), _two(1, 1))));
        uint256 rate = token.getPooledEthByShares(1e27);
        uint256 before = address(hostile).balance;
        hostile.run(address(queue), 0, again);
        assertEq(hostile.tried(), 2, "it tried");
        for (uint256 i; i < 2; ++i) {
            assertFalse(hostile.succeeded(i), "refused");
            assertEq(
                hostile.reasons(i),
                abi.encodeWithSelector(IWithdrawalQueue.RequestAlreadyClaimed.selector, uint256(1)),
                "effects came first"
            );
        }
        assertEq(address(hostile).balance - before, 5 ether, "once");
        assertEq(hostile.rateSeen(), rate, "read-only: the rate is the same inside");
        assertEq(address(queue).balance, 5 ether, "W2: the second position is still covered");
    }

    /// A claim takes no lock: what it calls may stake, request and claim another position, each in full effect.
    function test_Attack_ReceiverOfAClaimMayActAndGainsNothingByIt() public {
        hostile.run(
            address(queue), 0, abi.encodeCall(queue.requestWithdrawals, (_two(5 ether, 5 ether), address(0)))
        );
        twoCheckpoints();
        hostile.arm(address(token), 1 ether, abi.encodeCall(token.submit, (address(0))));
        hostile.arm(address(queue), 0, abi.encodeCall(queue.requestWithdrawals, (ones(1 ether), address(0))));
        hostile.arm(address(queue), 0, abi.encodeCall(queue.claimWithdrawals, (ones(2), ones(1))));
        uint256 wealth = address(hostile).balance + token.balanceOf(address(hostile)) + 10 ether;
        hostile.run(address(queue), 0, abi.encodeCall(queue.claimWithdrawals, (ones(1), ones(1))));
        for (uint256 i; i < 3; ++i) {
            assertTrue(hostile.succeeded(i), "allowed");
        }
        uint256 after_ = address(hostile).balance + token.balanceOf(address(hostile)) + 1 ether;
        assertLe(after_, wealth, "L3");
        assertEq(address(queue).balance, 0, "W2");
    }

    // ------------------------------------------------------------ the refund of withdraw

    /// withdraw() pays its refund with the lock held: nothing that enters through the lock can be called.
    function test_Attack_HostileKeeperCannotReenterTheStack() public {
        uint40 index = member(operator, 1, 500e9);
        uint40 second = onboard(operator, 2);
        askFunding(operator, 2, 32e9);
        request(alice, 900 ether);
        waitForCheckpoint();
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), true);
        ValidatorsProof memory funding = beacon.validatorsProof(one(second), true);
        Snapshot memory none;
        StateProof memory state;
        BalancesProof memory balances;
        bytes memory withdraw_ = abi.encodeCall(validators.withdraw, (proof, keysOf(1), 1 gwei));
        hostile.arm(address(token), 1 ether, abi.encodeCall(token.submit, (address(0))));
        hostile.arm(address(token), 1 ether, abi.encodeCall(token.stake, (address(hostile), 0)));
        hostile.arm(address(token), 1 ether, "");
        hostile.arm(address(validators), 0, abi.encodeCall(validators.fund, (funding, key(2))));
        hostile.arm(address(validators), 1 gwei, withdraw_);
        hostile.arm(address(checkpoints), 0, abi.encodeCall(checkpoints.open, ()));
        hostile.arm(address(checkpoints), 0, abi.encodeCall(checkpoints.proveState, (none, state)));
        hostile.arm(address(checkpoints), 0, abi.encodeCall(checkpoints.proveBalances, (none, balances)));
        hostile.arm(address(checkpoints), 0, abi.encodeCall(checkpoints.close, (none, address(this))));
        uint256 rate = token.getPooledEthByShares(1e27);
        hostile.run(address(validators), 1 ether, withdraw_);
        assertEq(hostile.tried(), 9, "it tried all");
        for (uint256 i; i < 9; ++i) {
            assertFalse(hostile.succeeded(i), "refused");
            assertEq(
                hostile.reasons(i),
                abi.encodeWithSelector(IStakedEther.ReentrantCall.selector),
                "by the one lock"
            );
        }
        assertEq(hostile.rateSeen(), rate, "read-only: the rate is the same inside");
        assertEq(validators.openPartialsGwei(), 256e9, "asked once");
    }

    /// The lock cannot be opened from inside.
    function test_Attack_HostileKeeperCannotReleaseTheLock() public {
        uint40 index = member(operator, 1, 500e9);
        request(alice, 900 ether);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), true);
        hostile.arm(address(token), 0, abi.encodeCall(token.releaseLock, ()));
        hostile.run(
            address(validators), 1 ether, abi.encodeCall(validators.withdraw, (proof, keysOf(1), 1 gwei))
        );
        assertFalse(hostile.succeeded(0), "refused");
        assertEq(
            hostile.reasons(0),
            abi.encodeWithSelector(IStakedEther.CallerNotAllowed.selector, address(hostile)),
            "not its"
        );
    }

    /// What needs no lock may be called in the refund, and sees finished books.
    function test_Attack_SettlingInsideTheRefundIsRefusedByTheSlot() public {
        uint40 index = member(operator, 1, 500e9);
        request(alice, 900 ether);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), true);
        hostile.arm(address(validators), 0, abi.encodeCall(validators.settleWithdrawals, (proof)));
        hostile.run(
            address(validators), 1 ether, abi.encodeCall(validators.withdraw, (proof, keysOf(1), 1 gwei))
        );
        uint64 slot = proofs.currentSlot();
        assertEq(
            hostile.reasons(0),
            abi.encodeWithSelector(IValidatorManager.ProofNotNewer.selector, slot - 1, slot),
            "the request is of this slot"
        );
        assertEq(validators.openPartialsGwei(), 256e9, "still open");
    }

    /// After everything the lock is free again.
    function test_Attack_TheLockIsFreeAfterEachEntry() public {
        ICheckpoints.Parameters memory p = checkpoints.parameters();
        assertEq(p.interval, INTERVAL, "as deployed");
        checkpoint();
        stake(bob, 1 ether);
        vm.prank(address(validators));
        token.acquireLock();
    }
}
