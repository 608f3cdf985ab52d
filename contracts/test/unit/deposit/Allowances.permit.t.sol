// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "../../../src/deposit/IAllowances.sol";
import { StackFixture } from "../../support/StackFixture.sol";

/// The readers of both tokens that IAllowances does not name.
interface IToken is IAllowances {
    function eip712Domain()
        external
        view
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// A contract that owns tokens. It knows one pair of digest and signature, and may answer otherwise than it should.
contract Wallet {
    enum Answer {
        Honest,
        Reverts,
        Nothing,
        FourBytes,
        DirtyWord,
        True
    }

    Answer public answer;
    bytes32 public known;

    function know(bytes32 digest, bytes calldata signature, Answer answer_) external {
        (known, answer) = (keccak256(abi.encode(digest, signature)), answer_);
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        require(answer != Answer.Reverts, "no");
        uint256 size = 32;
        bytes32 word = bytes32(uint256(1));
        if (answer == Answer.Nothing) size = 0;
        else if (answer == Answer.FourBytes) (size, word) = (4, bytes32(bytes4(0x1626ba7e)));
        else if (answer == Answer.DirtyWord) word = bytes32(bytes4(0x1626ba7e)) | bytes32(uint256(1));
        else if (answer == Answer.Honest) word = bytes32(_check(digest, signature));
        assembly {
            mstore(0, word)
            return(0, size)
        }
    }

    function _check(bytes32 digest, bytes calldata signature) private view returns (bytes4) {
        return keccak256(abi.encode(digest, signature)) == known ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
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
    uint256 internal constant KEY = 0xCA1;
    uint256 internal constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    IToken internal t;
    IToken internal other;
    string internal tokenName;
    address internal owner = vm.addr(KEY);
    Permit internal usual;

    function setUp() public override {
        super.setUp();
        usual = Permit(owner, bob, 5 ether, 0, block.timestamp + 1 hours);
        stake(owner_(), 10 ether);
        wrap(owner_(), 5 ether);
    }

    /// Rich enough to have something to take.
    function owner_() private returns (address) {
        vm.deal(owner, 100 ether);
        return owner;
    }

    // ------------------------------------------------------------ the formula of EIP-712, written again

    function separator(IToken at, string memory name, uint256 chainId) internal pure returns (bytes32) {
        string memory fields = "string name,string version,uint256 chainId,address verifyingContract";
        return keccak256(
            abi.encode(
                keccak256(abi.encodePacked("EIP712Domain(", fields, ")")),
                keccak256(bytes(name)),
                keccak256("1"),
                chainId,
                address(at)
            )
        );
    }

    function digestOn(Permit memory p, uint256 chainId) internal view returns (bytes32) {
        string memory fields = "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline";
        bytes32 typeHash = keccak256(abi.encodePacked("Permit(", fields, ")"));
        bytes32 message = keccak256(abi.encode(typeHash, p.owner, p.spender, p.value, p.nonce, p.deadline));
        return keccak256(abi.encodePacked(hex"1901", separator(t, tokenName, chainId), message));
    }

    function sign(uint256 signer, Permit memory p) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(signer, digestOn(p, block.chainid));
        return abi.encodePacked(r, s, v);
    }

    function send(Permit memory p, bytes memory signature) internal {
        t.permit(p.owner, p.spender, p.value, p.deadline, signature);
    }

    /// Refused in the form of bytes and, where it has 65 of them, as v, r, s; and nothing is written.
    function refused(Permit memory p, bytes memory signature, string memory why) internal {
        uint256 nonce = t.nonces(p.owner);
        uint256 allowed = t.allowance(p.owner, p.spender);
        bytes memory reason = abi.encodeWithSelector(
            IAllowances.PermitSignatureInvalid.selector, p.owner, p.spender, p.value, nonce
        );
        vm.expectRevert(reason);
        send(p, signature);
        if (signature.length == 65) {
            (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
            vm.expectRevert(reason);
            t.permit(p.owner, p.spender, p.value, p.deadline, uint8(signature[64]), r, s);
        }
        assertEq(t.nonces(p.owner), nonce, string.concat(why, ": nonce"));
        assertEq(t.allowance(p.owner, p.spender), allowed, string.concat(why, ": allowance"));
    }

    function taken(Permit memory p, bytes memory signature, string memory why) internal {
        vm.expectEmit(address(t));
        emit IAllowances.Approval(p.owner, p.spender, p.value);
        send(p, signature);
        assertEq(t.allowance(p.owner, p.spender), p.value, string.concat(why, ": allowance"));
        assertEq(t.nonces(p.owner), p.nonce + 1, string.concat(why, ": nonce"));
    }

    // ------------------------------------------------------------ approve

    function testFuzz_Approve_SetsEmitsAndOverwrites(uint256 first, uint256 second, address spender) public {
        vm.assume(spender != address(0));
        vm.startPrank(owner);
        vm.expectEmit(address(t));
        emit IAllowances.Approval(owner, spender, first);
        assertTrue(t.approve(spender, first), "true");
        assertEq(t.allowance(owner, spender), first, "set");
        vm.expectEmit(address(t));
        emit IAllowances.Approval(owner, spender, second);
        assertTrue(t.approve(spender, second), "true");
        assertEq(t.allowance(owner, spender), second, "overwritten, not added to");
        if (spender != owner) assertEq(t.allowance(spender, owner), 0, "one way only");
        assertEq(t.nonces(owner), 0, "no signature, no nonce");
    }

    function test_Approve_TheLargestIsNeverUsedUp() public {
        vm.prank(owner);
        t.approve(bob, type(uint256).max);
        vm.startPrank(bob);
        t.transferFrom(owner, bob, 1 ether);
        t.transferFrom(owner, bob, 2 ether);
        assertEq(t.allowance(owner, bob), type(uint256).max, "as it was");
    }

    function test_Approve_AnySmallerIsUsedUp() public {
        vm.prank(owner);
        t.approve(bob, type(uint256).max - 1);
        vm.prank(bob);
        t.transferFrom(owner, bob, 1 ether);
        assertEq(t.allowance(owner, bob), type(uint256).max - 1 - 1 ether, "less by what was taken");
        vm.prank(owner);
        t.approve(bob, 2 ether);
        vm.startPrank(bob);
        t.transferFrom(owner, bob, 2 ether);
        assertEq(t.allowance(owner, bob), 0, "to the last wei");
        bytes4 tooLow = IAllowances.AllowanceTooLow.selector;
        vm.expectRevert(abi.encodeWithSelector(tooLow, owner, bob, uint256(0), uint256(1)));
        t.transferFrom(owner, bob, 1);
    }

    function test_RevertWhen_SpenderIsZero() public {
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IAllowances.SpenderZero.selector));
        t.approve(address(0), 1);
        usual.spender = address(0);
        bytes memory signature = sign(KEY, usual);
        vm.expectRevert(abi.encodeWithSelector(IAllowances.SpenderZero.selector));
        send(usual, signature);
        assertEq(t.nonces(owner), 0, "no nonce is lost by it");
    }

    // ------------------------------------------------------------ permit

    function test_Permit_TakesAllThreeFormsFromAnybody() public {
        bytes memory signature = sign(KEY, usual);
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        uint8 v = uint8(signature[64]);
        uint256 fresh = vm.snapshotState();
        vm.expectEmit(address(t));
        emit IAllowances.Approval(owner, bob, 5 ether);
        vm.prank(keeper);
        t.permit(owner, bob, 5 ether, usual.deadline, v, r, s);
        assertEq(t.allowance(owner, bob), 5 ether, "v, r, s");
        assertEq(t.nonces(owner), 1, "nonce");
        vm.revertToState(fresh);
        taken(usual, signature, "65 bytes");
        vm.revertToState(fresh);
        taken(usual, abi.encodePacked(r, s | bytes32(uint256(v - 27) << 255)), "64 bytes");
        vm.prank(bob);
        t.transferFrom(owner, bob, 3 ether);
        assertEq(t.allowance(owner, bob), 2 ether, "and it is an allowance like any other");
    }

    function testFuzz_Permit_AnyKeyAndValues(uint256 signer, Permit memory p, bool short) public {
        signer = bound(signer, 1, N - 1);
        vm.assume(p.spender != address(0));
        p.deadline = bound(p.deadline, block.timestamp, type(uint256).max);
        (p.owner, p.nonce) = (vm.addr(signer), 0);
        bytes memory signature = sign(signer, p);
        if (short) {
            (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
            signature = abi.encodePacked(r, s | bytes32(uint256(uint8(signature[64]) - 27) << 255));
        }
        taken(p, signature, "first");
        refused(p, signature, "replay");
        p.nonce = 1;
        refused(p, signature, "nor with the next nonce in mind");
        p.value = ~p.value;
        taken(p, sign(signer, p), "second, which overwrites");
    }

    function testFuzz_RevertWhen_OneFieldIsNotAsSigned(uint256 which, uint256 by) public {
        bytes memory signature = sign(KEY, usual);
        by = bound(by, 1, type(uint128).max);
        Permit memory p = usual;
        if (which % 5 == 0) p.value += by;
        if (which % 5 == 1) p.value -= bound(by, 1, p.value);
        if (which % 5 == 2) p.spender = address(uint160(p.spender) ^ uint160(by));
        if (which % 5 == 3) p.deadline += by;
        if (which % 5 == 4) p.owner = address(uint160(p.owner) ^ uint160(by));
        refused(p, signature, "not what was signed");
        taken(usual, signature, "what was signed");
    }

    function testFuzz_RevertWhen_SignerIsNotTheOwner(uint256 signer) public {
        signer = bound(signer, 1, N - 1);
        vm.assume(signer != KEY);
        refused(usual, sign(signer, usual), "another key");
    }

    function testFuzz_RevertWhen_NonceIsNotTheNext(uint256 nonce) public {
        taken(usual, sign(KEY, usual), "nonce 0");
        vm.assume(nonce != 1);
        usual.nonce = nonce;
        refused(usual, sign(KEY, usual), "another nonce");
        usual.nonce = 1;
        taken(usual, sign(KEY, usual), "nonce 1");
    }
}
