// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Allowances } from "../../../src/deposit/Allowances.sol";
import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// A contract that owns tokens and takes one signature of one digest, with whatever bytes as its yes.
contract Wallet {
    bytes32 private _known;
    bytes private _yes;

    function know(bytes32 digest, bytes calldata signature, bytes calldata yes) external {
        (_known, _yes) = (keccak256(abi.encode(digest, signature)), yes);
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        if (keccak256(abi.encode(digest, signature)) != _known) return 0xffffffff;
        bytes memory yes = _yes;
        assembly {
            return(add(yes, 0x20), mload(yes))
        }
    }
}

struct Permit {
    address owner;
    address spender;
    uint256 value;
    uint256 nonce;
    uint256 deadline;
}

/// Everything here holds for both tokens.
abstract contract AllowancesPermitTest is StackFixture {
    uint256 private constant KEY = 0xCA1;
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    bool private immutable isWrapped;
    Allowances private t;
    Allowances private other;
    string private tokenName;
    uint256 private chain = block.chainid;
    address private owner = vm.addr(KEY);
    Permit private usual;
    Wallet private wallet = new Wallet();

    constructor(bool wcaEth) {
        isWrapped = wcaEth;
    }

    function setUp() public override {
        super.setUp();
        (t, other, tokenName) = (token, wrapped, "Cairn Staked Ether");
        if (isWrapped) (t, other, tokenName) = (wrapped, token, "Wrapped Cairn Staked Ether");
        usual = Permit(owner, bob, 5 ether, 0, block.timestamp + 1 hours);
        vm.deal(owner, 10 ether);
        stake(owner, 10 ether);
        wrap(owner, 5 ether);
    }

    /// The formula of EIP-712, written again.
    function separator() private view returns (bytes32) {
        string memory fields = "string name,string version,uint256 chainId,address verifyingContract";
        bytes32 typeHash = keccak256(abi.encodePacked("EIP712Domain(", fields, ")"));
        bytes32 nameHash = keccak256(bytes(tokenName));
        return keccak256(abi.encode(typeHash, nameHash, keccak256("1"), chain, address(t)));
    }

    function digest(Permit memory p) private view returns (bytes32) {
        string memory fields = "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline";
        bytes32 typeHash = keccak256(abi.encodePacked("Permit(", fields, ")"));
        bytes32 message = keccak256(abi.encode(typeHash, p.owner, p.spender, p.value, p.nonce, p.deadline));
        return keccak256(abi.encodePacked(hex"1901", separator(), message));
    }

    function sign(uint256 signer, Permit memory p) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signer, digest(p));
        return abi.encodePacked(r, s, v);
    }

    /// ERC-2098.
    function short(bytes memory signature) private pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        return abi.encodePacked(r, s | bytes32(uint256(uint8(signature[64]) - 27) << 255));
    }

    function send(Permit memory p, bytes memory sig, bool split) private {
        if (!split) return t.permit(p.owner, p.spender, p.value, p.deadline, sig);
        (bytes32 r, bytes32 s) = abi.decode(sig, (bytes32, bytes32));
        t.permit(p.owner, p.spender, p.value, p.deadline, uint8(sig[64]), r, s);
    }

    /// Refused as bytes and, where there are 65 of them, as v, r, s; and nothing is written.
    function refused(Permit memory p, bytes memory signature, string memory why) private {
        (uint256 nonce, uint256 allowed) = (t.nonces(p.owner), t.allowance(p.owner, p.spender));
        bytes4 invalid = IAllowances.PermitSignatureInvalid.selector;
        for (uint256 form; form < (signature.length == 65 ? 2 : 1); ++form) {
            vm.expectRevert(abi.encodeWithSelector(invalid, p.owner, p.spender, p.value, nonce));
            send(p, signature, form == 1);
        }
        assertEq(t.nonces(p.owner), nonce, string.concat(why, ": nonce"));
        assertEq(t.allowance(p.owner, p.spender), allowed, string.concat(why, ": allowance"));
    }

    function taken(Permit memory p, bytes memory signature, string memory why) private {
        vm.expectEmit(address(t));
        emit IAllowances.Approval(p.owner, p.spender, p.value);
        send(p, signature, false);
        assertEq(t.allowance(p.owner, p.spender), p.value, string.concat(why, ": allowance"));
        assertEq(t.nonces(p.owner), p.nonce + 1, string.concat(why, ": nonce"));
    }

    function spend(uint256 amount) private {
        vm.prank(bob);
        IShareLedger(address(t)).transferFrom(owner, bob, amount);
    }

    function testFuzz_Approve_SetsEmitsAndOverwrites(uint256 first, uint256 second) public {
        vm.startPrank(owner);
        for (uint256 i; i < 2; ++i) {
            uint256 amount = i == 0 ? first : second;
            vm.expectEmit(address(t));
            emit IAllowances.Approval(owner, bob, amount);
            assertTrue(t.approve(bob, amount), "true");
            assertEq(t.allowance(owner, bob), amount, "set, not added to");
        }
        assertEq(t.allowance(bob, owner), 0, "one way only");
        assertEq(t.nonces(owner), 0, "no signature, no nonce");
    }

    function test_Approve_OnlyTheLargestIsNeverUsedUp() public {
        uint256 most = type(uint256).max;
        uint256[3] memory amounts = [most, most - 1, uint256(1 ether)];
        uint256[3] memory left = [most, most - 1 - 1 ether, uint256(0)];
        for (uint256 i; i < 3; ++i) {
            vm.prank(owner);
            t.approve(bob, amounts[i]);
            spend(0.4 ether);
            spend(0.6 ether);
            assertEq(t.allowance(owner, bob), left[i], "left");
        }
        bytes4 tooLow = IAllowances.AllowanceTooLow.selector;
        vm.expectRevert(abi.encodeWithSelector(tooLow, owner, bob, uint256(0), uint256(1)));
        spend(1);
    }

    function test_RevertWhen_SpenderIsZero() public {
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IAllowances.SpenderZero.selector));
        t.approve(address(0), 1);
        usual.spender = address(0);
        bytes memory signature = sign(KEY, usual);
        vm.expectRevert(abi.encodeWithSelector(IAllowances.SpenderZero.selector));
        send(usual, signature, false);
        assertEq(t.nonces(owner), 0, "no nonce is lost by it");
    }

    function test_Permit_TakesAllThreeFormsFromAnybody() public {
        bytes memory signature = sign(KEY, usual);
        uint256 fresh = vm.snapshotState();
        taken(usual, signature, "65 bytes");
        vm.revertToState(fresh);
        taken(usual, short(signature), "64 bytes");
        vm.revertToState(fresh);
        vm.prank(keeper);
        send(usual, signature, true);
        assertEq(t.allowance(owner, bob), 5 ether, "v, r, s");
        assertEq(t.nonces(owner), 1, "nonce");
        spend(3 ether);
        assertEq(t.allowance(owner, bob), 2 ether, "and it is an allowance like any other");
    }

    function testFuzz_Permit_AnyKeyAndValues(uint256 signer, Permit memory p, bool compact) public {
        signer = bound(signer, 1, ORDER - 1);
        vm.assume(p.spender != address(0));
        p.deadline = bound(p.deadline, block.timestamp, type(uint256).max);
        (p.owner, p.nonce) = (vm.addr(signer), 0);
        bytes memory signature = sign(signer, p);
        taken(p, compact ? short(signature) : signature, "first");
        refused(p, signature, "replay");
        refused(p, short(signature), "replay, compact");
        (p.nonce, p.value) = (1, ~p.value);
        taken(p, sign(signer, p), "second, which overwrites");
    }

    function testFuzz_RevertWhen_OneFieldIsNotAsSigned(uint256 which, uint256 by) public {
        bytes memory signature = sign(KEY, usual);
        by = bound(by, 1, type(uint128).max);
        Permit memory p = usual;
        if (which % 6 == 0) p.value += by;
        if (which % 6 == 1) p.value -= bound(by, 1, p.value);
        if (which % 6 == 2) p.spender = address(uint160(p.spender) ^ uint160(by));
        if (which % 6 == 3) p.deadline += by;
        if (which % 6 == 4) p.owner = address(uint160(p.owner) ^ uint160(by));
        refused(p, which % 6 == 5 ? sign(KEY + by, p) : signature, "another value or another signer");
        taken(usual, signature, "what was signed");
    }

    function testFuzz_RevertWhen_NonceIsNotTheNext(uint256 nonce) public {
        vm.assume(nonce != 1);
        taken(usual, sign(KEY, usual), "nonce 0");
        usual.nonce = nonce;
        refused(usual, sign(KEY, usual), "another nonce");
        usual.nonce = 1;
        taken(usual, sign(KEY, usual), "nonce 1");
    }

    function testFuzz_RevertWhen_DeadlineHasPassed(uint256 late) public {
        late = bound(late, 1, 365 days);
        bytes memory signature = sign(KEY, usual);
        vm.warp(usual.deadline + late);
        for (uint256 form; form < 2; ++form) {
            bytes4 expired = IAllowances.PermitExpired.selector;
            vm.expectRevert(abi.encodeWithSelector(expired, usual.deadline, block.timestamp));
            send(usual, signature, form == 1);
        }
        vm.warp(usual.deadline);
        taken(usual, signature, "in the last second");
    }

    function testFuzz_RevertWhen_SignatureIsGarbageOrOwnerZero(bytes memory garbage, uint8 v) public {
        refused(usual, garbage, "garbage");
        bytes memory signature = sign(KEY, usual);
        refused(usual, bytes.concat(signature, bytes1(0)), "66 bytes");
        refused(usual, "", "nothing");
        vm.assume(bytes1(v) != signature[64]);
        signature[64] = bytes1(v);
        refused(usual, signature, "another v");
        usual.owner = address(0);
        refused(usual, signature, "zero is what ecrecover returns for such a v");
    }

    function test_Domain_IsThatOfEip712AndEip5267() public view {
        assertEq(t.DOMAIN_SEPARATOR(), separator(), "the formula");
        assertTrue(t.DOMAIN_SEPARATOR() != other.DOMAIN_SEPARATOR(), "each token its own");
        (, bytes memory domain) = address(t).staticcall(abi.encodeCall(t.eip712Domain, ()));
        bytes memory expected = abi.encode(
            bytes1(0x0f), tokenName, "1", block.chainid, address(t), bytes32(0), new uint256[](0)
        );
        assertEq(domain, expected, "name, version, chain and contract; no salt, no extensions");
    }

    function testFuzz_RevertWhen_SignedForAnotherChain(uint64 chainId) public {
        vm.assume(chainId != chain && chainId != 0);
        bytes memory signature = sign(KEY, usual);
        chain = chainId;
        refused(usual, sign(KEY, usual), "signed for there, sent here");
        vm.chainId(chainId);
        refused(usual, signature, "signed for here, sent there");
        test_Domain_IsThatOfEip712AndEip5267(); // another than before
        taken(usual, sign(KEY, usual), "signed for there, sent there");
    }

    function test_RevertWhen_SignedForTheOtherToken() public {
        bytes memory signature = sign(KEY, usual);
        (t, other) = (other, t);
        refused(usual, signature, "the other token");
        (t, other) = (other, t);
        taken(usual, signature, "the one it is for");
    }

    function testFuzz_Permit_AContractDecidesForItself(bytes memory signature) public {
        usual.owner = address(wallet);
        refused(usual, signature, "unknown to the wallet");
        wallet.know(digest(usual), signature, abi.encode(bytes4(0x1626ba7e)));
        taken(usual, signature, "digest and bytes reach the wallet as they are");
        refused(usual, signature, "replay");
        (usual.nonce, usual.value) = (1, 7);
        refused(usual, signature, "not for another permit");
        bytes memory highS = abi.encodePacked(bytes32(0), type(uint256).max, uint8(9));
        wallet.know(digest(usual), highS, abi.encode(bytes4(0x1626ba7e)));
        send(usual, highS, true);
        assertEq(t.allowance(address(wallet), bob), 7, "v, r, s reach it packed, whatever they are");
    }

    function testFuzz_RevertWhen_AContractAnswersOtherwise(bytes32 answer) public {
        bytes32 yes = bytes32(bytes4(0x1626ba7e));
        vm.assume(answer != yes);
        usual.owner = address(wallet);
        bytes memory signature = sign(KEY, usual);
        bytes32 hash = digest(usual);
        bytes memory fourBytes = abi.encodePacked(bytes4(yes)); // instead of a word
        bytes[4] memory answers = [abi.encode(answer), fourBytes, abi.encode(uint256(yes) + 1), ""];
        for (uint256 i; i < 4; ++i) {
            wallet.know(hash, signature, answers[i]);
            refused(usual, signature, "no yes");
        }
        wallet.know(hash, signature, abi.encode(yes)); // what the revert carries
        vm.mockCallRevert(address(wallet), abi.encodePacked(bytes4(yes)), abi.encode(yes));
        refused(usual, signature, "a yes in a revert is none");
        usual.owner = address(queue);
        refused(usual, signature, "a contract that cannot be asked");
    }
}

contract CaEthPermitTest is AllowancesPermitTest(false) { }

contract WcaEthPermitTest is AllowancesPermitTest(true) { }
