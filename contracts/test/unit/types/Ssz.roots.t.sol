// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBeaconDeposit } from "../../../src/types/IBeaconDeposit.sol";
import { Ssz, Validator } from "../../../src/types/Ssz.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";
import { BeaconDepositsHarness, SszHarness } from "../../support/TypesHarness.sol";
import { Test } from "forge-std/Test.sol";

contract SszRootsTest is Test {
    SszHarness private ssz = new SszHarness();

    /// Byte by byte, not by shifts.
    function _naiveLeaf(uint64 value) private pure returns (bytes32 leaf) {
        bytes memory b = new bytes(32);
        for (uint256 i; i < 8; ++i) {
            b[i] = bytes1(uint8(value >> (8 * i)));
        }
        leaf = bytes32(b);
    }

    function test_Leaf_IsLittleEndian() public view {
        assertEq(ssz.leaf(0x0102030405060708), bytes32(uint256(0x0807060504030201) << 192), "byte order");
        assertEq(ssz.leaf(0), bytes32(0), "zero");
        assertEq(ssz.leaf(type(uint64).max), bytes32(uint256(type(uint64).max) << 192), "far future");
    }

    function testFuzz_Leaf_EqualsNaive(uint64 value) public view {
        assertEq(ssz.leaf(value), _naiveLeaf(value), "leaf");
    }

    function testFuzz_BalanceAt_ReadsEachPosition(uint64[4] memory balances) public view {
        bytes32 chunk;
        for (uint256 i; i < 4; ++i) {
            chunk |= _naiveLeaf(balances[i]) >> (64 * i);
        }
        for (uint256 i; i < 4; ++i) {
            assertEq(ssz.balanceAt(chunk, i), balances[i], "balance at its position");
        }
    }

    function testFuzz_HashPair_IsSha256OfBoth(bytes32 a, bytes32 b) public view {
        assertEq(ssz.hashPair(a, b), sha256(abi.encodePacked(a, b)), "pair");
    }

    function testFuzz_PubkeyRoot_PadsToTwoChunks(bytes32 head, bytes16 tail) public view {
        bytes memory pubkey = abi.encodePacked(head, tail);
        assertEq(ssz.pubkeyRoot(pubkey), sha256(abi.encodePacked(head, tail, bytes16(0))), "root");
    }

    function testFuzz_RevertWhen_PubkeyHasAnotherLength(uint8 length) public {
        vm.assume(length != 48);
        vm.expectRevert(abi.encodeWithSelector(Ssz.PubkeyLengthWrong.selector, uint256(length)));
        ssz.pubkeyRoot(new bytes(length));
    }

    function testFuzz_ValidatorRoot_EqualsNaiveTreeOfEightFields(Validator memory v) public view {
        bytes32[8] memory fields = [
            v.pubkeyRoot,
            v.withdrawalCredentials,
            _naiveLeaf(v.effectiveBalance),
            _naiveLeaf(v.slashed ? 1 : 0),
            _naiveLeaf(v.activationEligibilityEpoch),
            _naiveLeaf(v.activationEpoch),
            _naiveLeaf(v.exitEpoch),
            _naiveLeaf(v.withdrawableEpoch)
        ];
        for (uint256 width = 8; width > 1; width /= 2) {
            for (uint256 i; i < width / 2; ++i) {
                fields[i] = sha256(abi.encodePacked(fields[2 * i], fields[2 * i + 1]));
            }
        }
        assertEq(ssz.validatorRoot(v), fields[0], "container root");
    }

    function testFuzz_ValidatorRoot_EveryFieldCounts(Validator memory v, uint256 field) public view {
        bytes32 before = ssz.validatorRoot(v);
        field = bound(field, 0, 7);
        if (field == 0) v.pubkeyRoot ^= bytes32(uint256(1));
        if (field == 1) v.withdrawalCredentials ^= bytes32(uint256(1));
        if (field == 2) v.effectiveBalance ^= 1;
        if (field == 3) v.slashed = !v.slashed;
        if (field == 4) v.activationEligibilityEpoch ^= 1;
        if (field == 5) v.activationEpoch ^= 1;
        if (field == 6) v.exitEpoch ^= 1;
        if (field == 7) v.withdrawableEpoch ^= 1;
        assertTrue(ssz.validatorRoot(v) != before, "the field is part of the root");
    }

    function testFuzz_RevertWhen_SignatureHasAnotherLength(uint8 length) public {
        vm.assume(length != 96);
        vm.expectRevert(abi.encodeWithSelector(Ssz.SignatureLengthWrong.selector, uint256(length)));
        ssz.depositDataRoot(0, 0, 1e9, new bytes(length));
    }

    /// The real deposit contract recomputes the root and refuses another.
    function testFuzz_DepositDataRoot_IsWhatTheDepositContractComputes(
        bytes32 head,
        bytes16 tail,
        bytes32 credentials,
        uint64 amountGwei,
        bytes32[3] memory signature
    ) public {
        SystemContracts.etch();
        amountGwei = uint64(bound(amountGwei, 1e9, 100_000e9));
        bytes memory pubkey = abi.encodePacked(head, tail);
        bytes memory sig = abi.encodePacked(signature[0], signature[1], signature[2]);
        IBeaconDeposit to = IBeaconDeposit(SystemContracts.depositContract());
        bytes32 keyRoot = sha256(abi.encodePacked(pubkey, bytes16(0)));
        bytes32 root = ssz.depositDataRoot(keyRoot, credentials, amountGwei, sig);
        vm.deal(address(this), 200_000 ether);
        to.deposit{ value: uint256(amountGwei) * 1 gwei }(pubkey, abi.encode(credentials), sig, root);
        assertEq(address(to).balance, uint256(amountGwei) * 1 gwei, "taken");

        vm.expectRevert(
            "DepositContract: reconstructed DepositData does not match supplied deposit_data_root"
        );
        to.deposit{ value: uint256(amountGwei) * 1 gwei }(
            pubkey, abi.encode(credentials), sig, root ^ bytes32(uint256(1))
        );
    }

    function test_Send_EmptySignatureBecomesZeroBytes() public {
        SystemContracts.etch();
        BeaconDepositsHarness harness = new BeaconDepositsHarness();
        address to = SystemContracts.depositContract();
        bytes memory pubkey = new bytes(48);
        vm.deal(address(this), 1 ether);
        vm.expectEmit(to);
        emit DepositEvent(
            pubkey,
            abi.encode(bytes32(uint256(5))),
            hex"00ca9a3b00000000",
            new bytes(96),
            hex"0000000000000000"
        );
        harness.send{ value: 1 ether }(IBeaconDeposit(to), pubkey, bytes32(uint256(5)), 1e9, "");
    }

    event DepositEvent(
        bytes pubkey, bytes withdrawal_credentials, bytes amount, bytes signature, bytes index
    );
}
