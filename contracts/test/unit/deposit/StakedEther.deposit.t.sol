// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { Ssz } from "../../../src/types/Ssz.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";

contract StakedEtherDepositTest is StackFixture {
    address private depositContract;

    function setUp() public override {
        super.setUp();
        depositContract = SystemContracts.depositContract();
        stake(alice, 199 ether); // 200 in the pool
    }

    function _first(bytes memory pubkey) private returns (uint256) {
        vm.prank(address(validators));
        return token.depositFirst(pubkey);
    }

    function _more(uint64 amountGwei) private {
        bytes memory pubkey = key(1);
        vm.prank(address(validators));
        token.depositMore(pubkey, amountGwei);
    }

    function test_DepositFirst_SendsThirtyOneAndMintsTheBond() public {
        vm.expectEmit(address(token));
        emit IShareLedger.Transfer(address(0), address(registry), 1 ether);
        vm.expectEmit(address(token));
        emit IShareLedger.TransferShares(address(0), address(registry), 1e27);
        vm.expectEmit(address(token));
        emit IStakedEther.ValidatorFunded(key(1), 31e9, 1e27);
        assertEq(_first(key(1)), 1e27, "bond shares");
        assertEq(depositContract.balance, 31 ether, "deposited");
        assertEq(address(token).balance, 169 ether, "left");
        assertEq(token.sharesOf(address(registry)), 1e27, "bond holder");
        assertEq(token.getTotalPooledEther(), 201 ether, "the operator's own ether entered");
        assertEq(token.getTotalShares(), 201e27, "with its shares");
    }

    function test_DepositFirst_BondSharesAreFlooredAtTheRate() public {
        rebase(int256(0.3 ether));
        (uint256 s, uint256 e) = token.ledger();
        uint256 shares = _first(key(1));
        assertEq(shares, s * 1 ether / e, "floor");
        assertLt(shares, 1e27, "a share is worth more now");
    }

    function test_DepositMore_SendsTheAmount() public {
        vm.expectEmit(address(token));
        emit IStakedEther.ValidatorFunded(key(1), 100e9, 0);
        _more(100e9);
        assertEq(depositContract.balance, 100 ether, "deposited");
        assertEq(token.getTotalPooledEther(), 200 ether, "no total moves");
        assertEq(token.getTotalShares(), 200e27, "nothing is minted");
    }

    function test_RevertWhen_CallerIsNotValidators() public {
        bytes memory pubkey = key(1);
        vm.startPrank(address(checkpoints));
        bytes memory refused =
            abi.encodeWithSelector(IStakedEther.CallerNotAllowed.selector, address(checkpoints));
        vm.expectRevert(refused);
        token.depositFirst(pubkey);
        vm.expectRevert(refused);
        token.depositMore(pubkey, 32e9);
    }

    function test_RevertWhen_AmountIsBelowOneEther() public {
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.DepositTooSmall.selector, uint256(1e9 - 1), uint256(1e9))
        );
        _more(1e9 - 1);
    }

    function test_RevertWhen_FreeEtherIsTooLow() public {
        // the floor is 50 bps of 200
        assertEq(token.freeEther(), 199 ether, "free");
        vm.expectRevert(
            abi.encodeWithSelector(
                IStakedEther.FreeEtherTooLow.selector, 199 ether + 1 gwei, uint256(199 ether)
            )
        );
        _more(199e9 + 1);
        _more(199e9);

        // nothing is left for a first deposit: the pool is 200, its balance 1
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.FreeEtherTooLow.selector, uint256(31 ether), uint256(0))
        );
        _first(key(1));
    }

    function test_RevertWhen_PubkeyHasAnotherLength() public {
        vm.expectRevert(abi.encodeWithSelector(Ssz.PubkeyLengthWrong.selector, uint256(47)));
        _first(new bytes(47));
    }

    function test_FreeEther_ExcludesTheQueueAndTheFloor() public {
        request(alice, 50 ether);
        assertEq(token.freeEther(), 149 ether, "queued ether is not free");
        vm.deal(address(withdrawalVault), 10 ether);
        vm.deal(address(executionVault), 5 ether);
        assertEq(token.ownEther(), 215 ether, "own ether counts both vaults");
        assertEq(token.freeEther(), 164 ether, "they cover the queue too");
        vm.deal(address(withdrawalVault), 1000 ether);
        assertEq(token.freeEther(), address(token).balance, "but only the token's balance can be spent");
        request(alice, 149 ether);
        vm.deal(address(withdrawalVault), 0);
        vm.deal(address(executionVault), 0);
        assertEq(token.freeEther(), 0, "never below zero: 200 own, 199 queued, 1 floor");
    }

    function testFuzz_FreeEther_IsTheDefinition(uint256 seed, uint96 queued, uint96 a, uint96 b, uint96 c)
        public
    {
        moveRate(seed);
        uint256 balance = token.balanceOf(alice);
        if (balance >= 100) request(alice, bound(queued, 100, balance));
        vm.deal(address(token), a);
        vm.deal(address(withdrawalVault), b);
        vm.deal(address(executionVault), c);
        (uint256 s, uint256 e) = token.ledger();
        uint256 owed = (queue.unfinalizedShares() * e + s - 1) / s + e * 50 / 10_000;
        uint256 own = uint256(a) + b + c;
        uint256 expected = own > owed ? own - owed : 0;
        assertEq(token.freeEther(), expected < a ? expected : a, "free ether");
    }
}
