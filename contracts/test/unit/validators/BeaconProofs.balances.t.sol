// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Multiproof } from "../../../src/types/Multiproof.sol";
import { BalancesProof, IBeaconProofs } from "../../../src/validators/IBeaconProofs.sol";
import { BeaconProofsFixture } from "../../support/BeaconProofsFixture.sol";

contract BeaconProofsBalancesTest is BeaconProofsFixture {
    uint256 private constant G_BALANCES = 716;

    function _root() private view returns (bytes32) {
        return beacon.node(G_BALANCES);
    }

    function _bits(uint40[] memory members) private pure returns (uint256[] memory bitmaps) {
        bitmaps = new uint256[](1);
        for (uint256 i; i < members.length; ++i) {
            bitmaps[0] |= 1 << members[i];
        }
    }

    function _call(BalancesProof memory p, uint256[] memory bitmaps) private view returns (bytes memory) {
        return abi.encodeCall(IBeaconProofs.verifyBalances, (_root(), p, bitmaps));
    }

    function _expect(BalancesProof memory p, uint256[] memory bitmaps, bytes memory error) private {
        bytes32 root = _root();
        vm.expectRevert(error);
        proofs.verifyBalances(root, p, bitmaps);
    }

    function test_VerifyBalances_AddsUpTheMembers() public view {
        uint40[] memory members = _list(1, 2, 9);
        (uint64 sum, uint32 count) =
            proofs.verifyBalances(_root(), beacon.balancesProof(members), _bits(members));
        assertEq(sum, beacon.balanceOf(1) + beacon.balanceOf(2) + beacon.balanceOf(9), "sum");
        assertEq(count, 3, "count");
    }

    /// forge-config: default.fuzz.runs = 100
    /// forge-config: nightly.fuzz.runs = 10000
    function testFuzz_VerifyBalances_AnySetOfMembers(uint256 set) public view {
        set &= (1 << COUNT) - 1;
        if (set == 0) set = 1;
        uint40[] memory members = new uint40[](COUNT);
        uint256 n;
        uint64 expected;
        for (uint256 i; i < COUNT; ++i) {
            if (set >> i & 1 == 0) continue;
            members[n++] = uint40(i);
            expected += beacon.balanceOf(uint40(i));
        }
        assembly {
            mstore(members, n)
        }
        (uint64 sum, uint32 count) = proofs.verifyBalances(_root(), beacon.balancesProof(members), ones(set));
        assertEq(sum, expected, "sum");
        assertEq(count, n, "count");
    }

    function test_RevertWhen_AnyFieldOfABalancesProofIsChanged() public view {
        uint40[] memory members = _list(1, 2, 9);
        uint256[] memory bits = _bits(members);
        BalancesProof memory p = beacon.balancesProof(members);
        bytes32 root = _root();
        p.length += 1;
        _mustMismatch(_call(p, bits), root, "length");
        p.length -= 1;
        for (uint256 i; i < p.chunks.length; ++i) {
            // also in the balances of the chunk that are not asked for
            for (uint256 k; k < 4; ++k) {
                p.chunks[i] ^= bytes32(uint256(1) << (k * 64 + 3));
                _mustMismatch(_call(p, bits), root, "chunk");
                p.chunks[i] ^= bytes32(uint256(1) << (k * 64 + 3));
            }
        }
        (p.chunks[0], p.chunks[1]) = (p.chunks[1], p.chunks[0]);
        _mustMismatch(_call(p, bits), root, "order of chunks");
        (p.chunks[0], p.chunks[1]) = (p.chunks[1], p.chunks[0]);
        for (uint256 i; i < p.nodes.length; ++i) {
            p.nodes[i] ^= bytes32(uint256(1) << (i * 5 % 256));
            _mustMismatch(_call(p, bits), root, "node");
            p.nodes[i] ^= bytes32(uint256(1) << (i * 5 % 256));
        }
        p.words = hex"00000001";
        _mustMismatch(_callWithLength(p, bits, 600), root, "word");
    }

    function _callWithLength(BalancesProof memory p, uint256[] memory bits, uint64 length)
        private
        view
        returns (bytes memory)
    {
        p.length = length;
        return _call(p, bits);
    }

    function test_RevertWhen_NodesAreTooFewOrTooMany() public {
        uint40[] memory members = _list(1, 2, 9);
        BalancesProof memory p = beacon.balancesProof(members);
        uint256 n = p.nodes.length;
        bytes32[] memory longer = new bytes32[](n + 1);
        for (uint256 i; i < n; ++i) {
            longer[i] = p.nodes[i];
        }
        p.nodes = longer;
        _expect(p, _bits(members), abi.encodeWithSelector(Multiproof.ProofTooLong.selector, n + 1, n));
        assembly {
            mstore(longer, sub(n, 1))
        }
        _expect(p, _bits(members), abi.encodeWithSelector(Multiproof.ProofTooShort.selector, n - 1));
    }

    function test_RevertWhen_ChunksAreTooFewOrTooMany() public {
        uint40[] memory members = _list(1, 2, 9); // two chunks
        BalancesProof memory p = beacon.balancesProof(members);
        bytes32[] memory chunks = new bytes32[](3);
        (chunks[1], chunks[2]) = (p.chunks[0], p.chunks[1]);
        p.chunks = chunks;
        _expect(
            p,
            _bits(members),
            abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(3), uint256(2))
        );
        chunks = new bytes32[](1);
        p.chunks = chunks;
        _expect(
            p,
            _bits(members),
            abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(1), uint256(2))
        );
    }

    /// Far too few: the walk back through the calldata would pass its beginning.
    function test_RevertWhen_ThereAreNoChunksAtAll() public {
        BalancesProof memory p = beacon.balancesProof(one(0));
        p.chunks = new bytes32[](0);
        p.length = 1_000_000;
        bytes memory error =
            abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(0), uint256(1));
        _expect(p, ones(type(uint256).max), error);
        p.nodes = new bytes32[](0);
        p.words = hex"00000000000000010000000200000003";
        uint256[] memory full = new uint256[](4);
        (full[0], full[1], full[2], full[3]) =
        (type(uint256).max, type(uint256).max, type(uint256).max, type(uint256).max);
        _expect(p, full, error);
    }

    function test_RevertWhen_AMemberLiesBeyondTheList() public {
        uint40[] memory members = _list(1, 2, 9);
        BalancesProof memory p = beacon.balancesProof(members);
        uint256[] memory bits = ones(1 << 1 | 1 << 2 | 1 << 11); // in the same chunk as 9
        _expect(
            p, bits, abi.encodeWithSelector(IBeaconProofs.ValidatorIndexInvalid.selector, uint256(11), COUNT)
        );
        p.length = 9; // a shorter list would leave 9 out
        _expect(
            p,
            _bits(members),
            abi.encodeWithSelector(IBeaconProofs.ValidatorIndexInvalid.selector, uint256(9), uint256(9))
        );
    }

    /// No chain holds that much; a sum that wrapped round would be another sum.
    function test_RevertWhen_TheSumDoesNotFit() public {
        beacon.setBalance(1, type(uint64).max);
        beacon.setBalance(9, 2);
        beacon.setBalance(2, 0);
        beacon.tick(1);
        uint40[] memory members = _list(1, 2, 9);
        BalancesProof memory p = beacon.balancesProof(members);
        _expect(
            p,
            _bits(members),
            abi.encodeWithSelector(IBeaconProofs.BalancesTooLarge.selector, uint256(type(uint64).max) + 2)
        );
        beacon.setBalance(9, 0);
        beacon.tick(1);
        (uint64 sum,) = proofs.verifyBalances(_root(), beacon.balancesProof(members), _bits(members));
        assertEq(sum, type(uint64).max, "the largest that fits");
    }

    function test_RevertWhen_WordsAndMembersDoNotFit() public {
        uint40[] memory members = _list(1, 2, 9);
        BalancesProof memory p = beacon.balancesProof(members);
        _expect(p, new uint256[](0), abi.encodeWithSelector(IBeaconProofs.ProofEmpty.selector));
        uint256[] memory two = new uint256[](2);
        (two[0], two[1]) = (_bits(members)[0], 1);
        _expect(
            p, two, abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(4), uint256(8))
        );
        p.words = hex"0000000000";
        _expect(
            p,
            _bits(members),
            abi.encodeWithSelector(IBeaconProofs.ProofLengthsDiffer.selector, uint256(5), uint256(4))
        );
    }

    function test_RevertWhen_AWordIsEmptyRepeatedOrOutOfOrder() public {
        uint40[] memory members = _list(1, 2, 9);
        BalancesProof memory p = beacon.balancesProof(members);
        bytes memory first = abi.encodeWithSelector(IBeaconProofs.IndicesNotAscending.selector, uint256(0));
        _expect(p, ones(0), first); // no member in it
        uint256[] memory two = new uint256[](2);
        (two[0], two[1]) = (_bits(members)[0], _bits(members)[0]);
        p.length = 5000;
        p.chunks = new bytes32[](4);
        p.words = hex"0000000700000007"; // repeated
        _expect(p, two, first);
        p.words = hex"0000000800000007"; // descending
        _expect(p, two, first);
        two[0] = 0;
        p.words = hex"0000000600000007";
        _expect(p, two, first); // an empty word among others
    }
}

/// More than one word of the bitmap.
contract BeaconProofsManyWordsTest is BeaconProofsFixture {
    function setUp() public override {
        super.setUp();
        for (uint256 i = COUNT; i < 530; ++i) {
            beacon.addValidator(key(i), bytes32(i + 1), uint64(32e9 + i * 1_000_003));
        }
        beacon.tick(1);
    }

    function _check(uint40[] memory members, uint256[] memory bitmaps) private view {
        uint64 expected;
        for (uint256 i; i < members.length; ++i) {
            expected += beacon.balanceOf(members[i]);
        }
        (uint64 sum, uint32 count) =
            proofs.verifyBalances(beacon.node(716), beacon.balancesProof(members), bitmaps);
        assertEq(sum, expected, "sum");
        assertEq(count, members.length, "count");
    }

    function test_VerifyBalances_OverSeveralWords() public view {
        uint256[] memory bitmaps = new uint256[](2);
        (bitmaps[0], bitmaps[1]) = (1 << 255 | 1, 1 << 17);
        _check(_list(0, 255, 529), bitmaps); // word 1 is left out
        bitmaps = new uint256[](3);
        (bitmaps[0], bitmaps[1], bitmaps[2]) = (1 << 255, 1, 1);
        _check(_list(255, 256, 512), bitmaps);
    }

    function test_RevertWhen_TheLastWordIsEmptyOrWordsAreSwapped() public {
        BalancesProof memory p = beacon.balancesProof(_list(0, 255, 529));
        uint256[] memory bitmaps = new uint256[](2);
        bitmaps[0] = 1 << 255 | 1;
        bytes32 root = beacon.node(716);
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.IndicesNotAscending.selector, uint256(1)));
        proofs.verifyBalances(root, p, bitmaps);
        bitmaps[1] = 1 << 17;
        p.words = hex"0000000200000000";
        (bitmaps[0], bitmaps[1]) = (bitmaps[1], bitmaps[0]);
        vm.expectRevert(abi.encodeWithSelector(IBeaconProofs.IndicesNotAscending.selector, uint256(0)));
        proofs.verifyBalances(root, p, bitmaps);
    }
}
