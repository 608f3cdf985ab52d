// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { StackFixture } from "../support/StackFixture.sol";
import { SystemContracts } from "../support/SystemContracts.sol";

/// Keys: front-run credentials, reuse, stale proofs, and the partial of zero.
/// forge-config: default.fuzz.runs = 48
/// forge-config: nightly.fuzz.runs = 10000
contract KeyAttackTest is StackFixture {
    uint32 private operator;

    function setUp() public override {
        super.setUp();
        operator = joinOperator();
        stake(alice, 999 ether);
    }

    /// V4: the front-run costs the operator 1 ETH and the pool nothing, whatever is tried afterwards.
    function test_Attack_CredentialFrontRunCostsOnlyTheOperator() public {
        uint256 pool = token.getTotalPooledEther();
        predeposit(operator, 1);
        uint40 index = beacon.addValidator(key(1), bytes32(uint256(0x01) << 248 | 0xbad), 2e9);
        beacon.tick(1);
        validators.prove(beacon.validatorsProof(one(index), false));
        bytes32 root = keyRoot(1);
        bytes[] memory pubkeys = keysOf(1);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = new bytes(96);
        vm.startPrank(manager);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, root, IValidatorManager.Status.Lost
            )
        );
        validators.requestFunding(operator, root, 32e9);
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.KeyAlreadyKnown.selector, root));
        validators.predeposit{ value: 1 ether }(operator, pubkeys, signatures, 0);
        vm.stopPrank();
        assertEq(token.getTotalPooledEther(), pool, "V4");
        assertEq(address(token).balance, pool, "V4: not a wei was sent");
    }

    /// The credentials are proven again at each funding, against the key itself.
    function test_Attack_AnEligibleKeyCannotLendItsProofToAnother() public {
        uint40 mine = onboard(operator, 1);
        uint40 foreign = beacon.addValidator(key(2), bytes32(uint256(0x01) << 248 | 0xbad), 32e9);
        askFunding(operator, 1, 32e9);
        beacon.tick(1);
        ValidatorsProof memory proof = beacon.validatorsProof(one(mine), true);
        bytes[] memory other = keysOf(2);
        (bytes32 r1, bytes32 r2) = (keyRoot(1), keyRoot(2));
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.PubkeyMismatch.selector, r2, r1));
        validators.fund(proof, other);
        proof = beacon.validatorsProof(one(foreign), true);
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.TicketNotProven.selector, uint64(1), mine));
        validators.fund(proof, other);
    }

    /// V1: not by another operator, not after it has become a member.
    function test_Attack_AKeyIsNeverReused() public {
        member(operator, 1, 32e9);
        uint32 other = joinOperator();
        bytes32 root = keyRoot(1);
        bytes[] memory pubkeys = keysOf(1);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = new bytes(96);
        vm.startPrank(manager);
        vm.expectRevert(abi.encodeWithSelector(IValidatorManager.KeyAlreadyKnown.selector, root));
        validators.predeposit{ value: 1 ether }(other, pubkeys, signatures, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IValidatorManager.KeyStatusWrong.selector, root, IValidatorManager.Status.Member
            )
        );
        validators.requestFunding(other, root, 64e9);
    }

    /// H10: amount 0 is a full exit. What reaches the consensus layer is never 0, for any demand.
    function testFuzz_Attack_APartialOfZeroIsNeverSent(uint256 demand, uint64 balanceGwei) public {
        uint40 index = member(operator, 1, 300e9);
        balanceGwei = uint64(bound(balanceGwei, 0, 2048e9));
        beacon.setBalance(index, balanceGwei);
        beacon.tick(1);
        demand = bound(demand, 0, 200 ether);
        request(alice, token.ownEther() + demand);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), true);
        vm.prank(keeper);
        try withdrawals.withdraw{ value: 1 }(proof, keysOf(1), 1) { } catch { }
        bytes memory requests = SystemContracts.endBlock();
        assertTrue(requests.length == 0 || requests.length == 76, "one at most");
        if (requests.length == 0) return;
        // the last eight bytes: the amount, little-endian
        uint64 amount;
        for (uint256 i; i < 8; ++i) {
            amount |= uint64(uint8(requests[68 + i])) << uint64(8 * i);
        }
        assertGe(amount, 1e9, "H10");
        assertLe(uint256(amount) + 32e9, balanceGwei, "32 ETH stay");
        assertEq(amount, withdrawals.partialRequest(keyRoot(1)).amountGwei, "as booked");
    }

    /// H3: predeposited and proven keys burden no checkpoint.
    function test_Attack_IdleKeysAreNoMembers() public {
        for (uint256 n = 1; n <= 5; ++n) {
            onboard(operator, n);
        }
        assertEq(validators.memberCount(), 0, "none");
        checkpoint(); // without a single balance
    }

    /// M11: a validator slashed since an old root is not funded by it.
    function test_Attack_AnOldRootCannotHideASlashingForLong() public {
        uint40 index = onboard(operator, 1);
        askFunding(operator, 1, 32e9);
        beacon.setSlashed(index);
        beacon.tick(64);
        ValidatorsProof memory now_ = beacon.validatorsProof(one(index), true);
        assertEq(validators.fund(now_, keysOf(1)), 0, "shown slashed, it gets nothing");
        assertTrue(
            validators.validator(keyRoot(1)).status == IValidatorManager.Status.Dropped, "and is dropped"
        );
    }

    /// A ticket whose validator leaves is closed by anybody and does not block the line (H9).
    function test_Attack_ALeavingHeadDoesNotBlockTheLine() public {
        uint32 other = joinOperator();
        uint40 a = onboard(operator, 1);
        uint40 b = onboard(other, 2);
        askFunding(operator, 1, 32e9);
        askFunding(other, 2, 32e9);
        beacon.setExiting(a, 99_999);
        beacon.tick(1);
        assertEq(fundNext(1, a), 0, "closed");
        assertEq(fundNext(2, b), 31e9, "the next is served");
    }
}
