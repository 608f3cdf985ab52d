// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Allowances } from "../../src/deposit/Allowances.sol";
import { IAllowances } from "../../src/deposit/IAllowances.sol";
import { IShareLedger } from "../../src/deposit/IShareLedger.sol";
import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { StackFixture } from "../support/StackFixture.sol";

/// Says yes to everything, and when it is asked with `trap` as the signature, first calls back. It is asked by a static
/// call and so can remember nothing: it says no if any of its calls had an effect, and if the nonce is not used up yet.
contract HostileWallet {
    struct Call {
        address to;
        bytes data;
    }

    Call[] private _calls;
    bytes32 private _trap;
    Allowances private immutable TOKEN;

    constructor(Allowances token) {
        TOKEN = token;
    }

    function arm(address to, bytes memory data) external {
        _calls.push(Call(to, data));
    }

    function set(bytes memory trap) external {
        _trap = keccak256(trap);
    }

    function run(uint256 i) public returns (bool ok) {
        // a write in a static call takes all gas it is given
        (ok,) = _calls[i].to.call{ gas: 200_000 }(_calls[i].data);
    }

    function isValidSignature(bytes32, bytes calldata signature) external returns (bytes4) {
        if (keccak256(signature) != _trap) return 0x1626ba7e;
        if (TOKEN.nonces(address(this)) != 1) return 0xffffffff;
        for (uint256 i; i < _calls.length; ++i) {
            if (run(i)) return 0xffffffff;
        }
        return 0x1626ba7e;
    }
}

contract PermitAttackTest is StackFixture {
    uint256 private constant KEY = 0xCA1;
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    address private owner = vm.addr(KEY);
    address private thief = makeAddr("thief");
    uint256 private deadline;

    function setUp() public override {
        super.setUp();
        deadline = block.timestamp + 1 hours;
        vm.deal(owner, 100 ether);
        stake(owner, 100 ether);
        wrap(owner, 50 ether);
    }

    function digest(Allowances t, address spender, uint256 value) private view returns (bytes32) {
        bytes32 message = keccak256(abi.encode(PERMIT, owner, spender, value, t.nonces(owner), deadline));
        return keccak256(abi.encodePacked(hex"1901", t.DOMAIN_SEPARATOR(), message));
    }

    function signed(Allowances t, address spender, uint256 value)
        private
        view
        returns (IWithdrawalQueue.PermitInput memory p)
    {
        (p.value, p.deadline) = (value, deadline);
        (p.v, p.r, p.s) = vm.sign(KEY, digest(t, spender, value));
    }

    function both() private view returns (Allowances[2] memory) {
        return [Allowances(token), Allowances(wrapped)];
    }

    function send(Allowances t, address spender, IWithdrawalQueue.PermitInput memory p) private {
        t.permit(owner, spender, p.value, p.deadline, p.v, p.r, p.s);
    }

    function sendPacked(Allowances t, address spender, IWithdrawalQueue.PermitInput memory p) private {
        t.permit(owner, spender, p.value, p.deadline, abi.encodePacked(p.r, p.s, p.v));
    }

    function sendCompact(Allowances t, address spender, IWithdrawalQueue.PermitInput memory p) private {
        bytes32 vs = p.s | bytes32(uint256(p.v - 27) << 255);
        t.permit(owner, spender, p.value, p.deadline, abi.encodePacked(p.r, vs));
    }

    function invalid(address from, address spender, uint256 value, uint256 nonce)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(
            IAllowances.PermitSignatureInvalid.selector, from, spender, value, nonce
        );
    }

    /// Refused in all three forms.
    function refused(Allowances t, address spender, IWithdrawalQueue.PermitInput memory p) private {
        uint256 nonce = t.nonces(owner);
        vm.expectRevert(invalid(owner, spender, p.value, nonce));
        send(t, spender, p);
        vm.expectRevert(invalid(owner, spender, p.value, nonce));
        sendPacked(t, spender, p);
        vm.expectRevert(invalid(owner, spender, p.value, nonce));
        sendCompact(t, spender, p);
        assertEq(t.nonces(owner), nonce, "no nonce is used up");
    }

    // ------------------------------------------------------------ replay and malleability

    function test_Attack_APermitWorksOnceInWhateverForm() public {
        for (uint256 i; i < 2; ++i) {
            Allowances t = both()[i];
            IWithdrawalQueue.PermitInput memory p = signed(t, thief, 1 ether);
            send(t, thief, p);
            refused(t, thief, p);
            vm.startPrank(thief);
            IShareLedger(address(t)).transferFrom(owner, thief, 1 ether);
            refused(t, thief, p);
            vm.stopPrank();
            assertEq(t.allowance(owner, thief), 0, "spent once, and not given again");
        }
    }

    /// An owner who takes an allowance back is not overruled by the permit that gave it.
    function test_Attack_AReplayDoesNotUndoARevocation() public {
        for (uint256 i; i < 2; ++i) {
            Allowances t = both()[i];
            IWithdrawalQueue.PermitInput memory p = signed(t, thief, 1 ether);
            sendCompact(t, thief, p);
            vm.prank(owner);
            t.approve(thief, 0);
            refused(t, thief, p);
            assertEq(t.allowance(owner, thief), 0, "revoked");
        }
    }

    /// (r, n − s) with the other v is what anybody can make of a signature, and ecrecover takes it: the token does not.
    function testFuzz_Attack_TheTwinWithAHighSIsRefused(uint256 value, address spender) public {
        vm.assume(spender != address(0));
        for (uint256 i; i < 2; ++i) {
            Allowances t = both()[i];
            IWithdrawalQueue.PermitInput memory p = signed(t, spender, value);
            IWithdrawalQueue.PermitInput memory twin = signed(t, spender, value);
            (twin.v, twin.s) = (p.v ^ 7, bytes32(ORDER - uint256(p.s))); // 27 ^ 7 = 28
            bytes32 hash = digest(t, spender, value);
            assertEq(ecrecover(hash, twin.v, twin.r, twin.s), owner, "the twin is the owner's too");
            refused(t, spender, twin);
            twin.v = p.v;
            refused(t, spender, twin);
            send(t, spender, p);
            refused(t, spender, twin);
            twin.v = p.v ^ 7;
            refused(t, spender, twin);
            assertEq(t.nonces(owner), 1, "one permit");
        }
    }

    // ------------------------------------------------------------ front-running

    /// Whoever sees the permit in the pool of transactions may send it first: the request goes through all the same.
    function testFuzz_Attack_AFrontRunPermitDoesNotStopARequest(uint8 form, bool frontRun) public {
        IWithdrawalQueue.PermitInput memory p = signed(token, address(queue), 7 ether);
        IWithdrawalQueue.PermitInput memory w = signed(wrapped, address(queue), 8 ether);
        if (frontRun) {
            vm.startPrank(thief);
            if (form % 3 == 0) send(token, address(queue), p);
            if (form % 3 == 1) sendPacked(token, address(queue), p);
            if (form % 3 == 2) sendCompact(token, address(queue), p);
            sendPacked(wrapped, address(queue), w);
            vm.stopPrank();
        }
        vm.startPrank(owner);
        queue.requestWithdrawalsWithPermit(ones(7 ether), owner, p);
        queue.requestWithdrawalsWstETHWithPermit(ones(8 ether), owner, w);
        assertEq(queue.ownerOf(1), owner, "caETH");
        assertEq(queue.ownerOf(2), owner, "wcaETH");
        assertEq(queue.unfinalizedShares(), 15e27, "both on the line");
        assertEq(token.allowance(owner, address(queue)), 0, "used up");
        assertEq(wrapped.allowance(owner, address(queue)), 0, "used up");
        assertEq(token.nonces(owner) + wrapped.nonces(owner), 2, "each once");
    }

    function test_RevertWhen_ThePermitFailsAndTheAllowanceIsShort() public {
        IWithdrawalQueue.PermitInput memory p = signed(token, address(queue), 7 ether);
        IWithdrawalQueue.PermitInput memory w = signed(wrapped, address(queue), 7 ether);
        (p.v, w.v) = (p.v ^ 7, w.v ^ 7);
        vm.startPrank(owner);
        token.approve(address(queue), 7 ether - 1);
        wrapped.approve(address(queue), 7 ether - 1);
        bytes memory reason = invalid(owner, address(queue), 7 ether, 0);
        requestsRevert(p, w, reason);
        vm.warp(deadline + 1);
        (p.v, w.v) = (p.v ^ 7, w.v ^ 7);
        reason = abi.encodeWithSelector(IAllowances.PermitExpired.selector, deadline, deadline + 1);
        requestsRevert(p, w, reason);
        token.approve(address(queue), 7 ether);
        wrapped.approve(address(queue), 7 ether);
        queue.requestWithdrawalsWithPermit(ones(7 ether), owner, p);
        queue.requestWithdrawalsWstETHWithPermit(ones(7 ether), owner, w);
        assertEq(queue.unfinalizedShares(), 14e27, "with the allowance there, nobody needs the permit");
    }

    function requestsRevert(
        IWithdrawalQueue.PermitInput memory p,
        IWithdrawalQueue.PermitInput memory w,
        bytes memory reason
    ) private {
        vm.expectRevert(reason);
        queue.requestWithdrawalsWithPermit(ones(7 ether), owner, p);
        vm.expectRevert(reason);
        queue.requestWithdrawalsWstETHWithPermit(ones(7 ether), owner, w);
    }

    // ------------------------------------------------------------ in wrong hands

    /// The queue asks for the permit of its caller, so a stolen permit queues nobody's tokens but the thief's own.
    function test_Attack_APermitForTheQueueServesOnlyItsOwner() public {
        IWithdrawalQueue.PermitInput memory p = signed(token, address(queue), 7 ether);
        IWithdrawalQueue.PermitInput memory w = signed(wrapped, address(queue), 7 ether);
        vm.startPrank(thief);
        bytes memory reason = invalid(thief, address(queue), 7 ether, 0);
        requestsRevert(p, w, reason);
        send(token, address(queue), p);
        send(wrapped, address(queue), w);
        requestsRevert(p, w, reason);
        bytes4 tooLow = IAllowances.AllowanceTooLow.selector;
        vm.expectRevert(abi.encodeWithSelector(tooLow, thief, address(queue), uint256(0), uint256(7 ether)));
        queue.requestWithdrawals(ones(7 ether), thief);
        assertEq(token.balanceOf(owner), 50 ether, "all there");
        assertEq(wrapped.balanceOf(owner), 50 ether, "all there");
    }

    function test_Attack_APermitForOneSpenderIsNoOthers() public {
        for (uint256 i; i < 2; ++i) {
            Allowances t = both()[i];
            IWithdrawalQueue.PermitInput memory p = signed(t, bob, 5 ether);
            vm.startPrank(thief);
            refused(t, thief, p);
            send(t, bob, p);
            bytes4 tooLow = IAllowances.AllowanceTooLow.selector;
            vm.expectRevert(abi.encodeWithSelector(tooLow, owner, thief, uint256(0), uint256(1)));
            IShareLedger(address(t)).transferFrom(owner, thief, 1);
            vm.stopPrank();
            assertEq(t.allowance(owner, bob), 5 ether, "bob's");
        }
    }

    // ------------------------------------------------------------ a wallet that calls back

    function test_Attack_AWalletCannotReenterWhileItIsAsked() public {
        for (uint256 i; i < 2; ++i) {
            Allowances t = both()[i];
            HostileWallet wallet = new HostileWallet(t);
            address w = address(wallet);
            vm.prank(owner);
            t.approve(w, 1 ether);
            bytes4 permit_ = bytes4(keccak256("permit(address,address,uint256,uint256,bytes)"));
            wallet.arm(address(t), abi.encodeWithSelector(permit_, w, thief, 9, deadline, bytes("inner")));
            wallet.arm(address(t), abi.encodeCall(IShareLedger.transferFrom, (owner, w, 1 ether)));
            wallet.arm(address(t), abi.encodeCall(IAllowances.approve, (thief, 9)));
            wallet.set("outer");
            uint256 fresh = vm.snapshotState();
            for (uint256 j; j < 3; ++j) {
                assertTrue(wallet.run(j), "each call works outside");
            }
            assertEq(t.allowance(w, thief), 9, "and has its effect");
            vm.revertToState(fresh);
            t.permit(w, bob, 5 ether, deadline, "outer");
            assertEq(t.allowance(w, bob), 5 ether, "the one permit");
            assertEq(t.allowance(w, thief), 0, "and nothing else");
            assertEq(t.allowance(owner, w), 1 ether, "nothing is taken");
            assertEq(t.nonces(w), 1, "once");
        }
    }

    /// EIP-7702: an account that delegates its code keeps the permits of its own key, whatever that code answers.
    function test_Attack_DelegatingCodeDoesNotTakeAKeysPermitsAway() public {
        (address owner, uint256 key_) = makeAddrAndKey("delegator");
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 hashed = keccak256(abi.encode(typeHash, owner, bob, 1 ether, 0, block.timestamp));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), hashed));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key_, digest);
        vm.etch(owner, abi.encodePacked(hex"ef0100", address(queue))); // code that knows no ERC-1271
        token.permit(owner, bob, 1 ether, block.timestamp, v, r, s);
        assertEq(token.allowance(owner, bob), 1 ether, "allowed");
        vm.expectRevert(
            abi.encodeWithSelector(
                IAllowances.PermitSignatureInvalid.selector, owner, bob, uint256(1 ether), uint256(1)
            )
        );
        token.permit(owner, bob, 1 ether, block.timestamp, v, r, s);
    }
}
