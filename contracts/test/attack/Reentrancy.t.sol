// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints } from "../../src/accounting/ICheckpoints.sol";
import { IStakedEther } from "../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { IWithdrawals } from "../../src/validators/IWithdrawals.sol";
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

    /// withdraw() and requestExits() return what is too much at their very end and hold no lock: what is called there
    /// sees finished books, and the same request again needs a newer balance than the one just used.
    function test_Attack_TheRefundOfAWithdrawalComesAfterAllEffects() public {
        uint40 index = member(operator, 1, 500e9);
        uint40 second = onboard(operator, 2);
        askFunding(operator, 2, 32e9);
        request(alice, 900 ether);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), true);
        ValidatorsProof memory funding = beacon.validatorsProof(one(second), true);
        bytes memory withdraw_ = abi.encodeCall(withdrawals.withdraw, (proof, keysOf(1), 1 gwei));
        hostile.arm(address(withdrawals), 1 gwei, withdraw_);
        hostile.arm(address(withdrawals), 0, abi.encodeCall(withdrawals.settleWithdrawals, (proof)));
        hostile.arm(address(validators), 0, abi.encodeCall(validators.fund, (funding, keysOf(2))));
        hostile.arm(address(token), 1 ether, abi.encodeCall(token.submit, (address(0))));
        uint256 rate = token.getPooledEthByShares(1e27);
        hostile.run(address(withdrawals), 1 ether, withdraw_);
        assertEq(hostile.tried(), 4, "it tried all");
        uint64 slot = proofs.currentSlot();
        for (uint256 i; i < 2; ++i) {
            assertFalse(hostile.succeeded(i), "refused");
        }
        bytes memory old = abi.encodeWithSelector(IWithdrawals.BalanceNotNewer.selector, slot - 1, slot);
        assertEq(hostile.reasons(1), old, "the request is of this slot");
        assertFalse(hostile.succeeded(2), "nothing is free while exits wait");
        assertTrue(hostile.succeeded(3), "a stake is a stake");
        assertEq(hostile.rateSeen(), rate, "read-only: the rate is the same inside");
        assertEq(withdrawals.openPartialsGwei(), 256e9, "asked once");
        assertEq(address(withdrawals).balance, 0, "nothing is stuck");
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
