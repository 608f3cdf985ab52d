// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { GasFixture } from "../support/GasFixture.sol";

/// Whole transactions (intrinsic gas, calldata, refunds), for a second-time user unless the key says otherwise.
/// Run with --isolate. Keys are those of `npm run bench -- gas`.
contract GasTest is GasFixture {
    address private carol = makeAddr("carol");

    function setUp() public override {
        super.setUp();
        stake(alice, 1000 ether);
        stake(bob, 100 ether);
        beacon.tick(1);
    }

    function _snap(string memory key_) private {
        vm.snapshotGasLastCall("Gas", key_);
    }

    function _used() private view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }

    // ------------------------------------------------------------ users

    function test_Gas_Stake() public {
        vm.deal(carol, 10 ether);
        vm.prank(carol);
        token.submit{ value: 1 ether }(address(0));
        _snap("stakeFirst");
        vm.prank(carol);
        token.submit{ value: 1 ether }(address(0));
        _snap("stakeRepeat");
    }

    function test_Gas_Transfer() public {
        vm.prank(alice);
        token.transfer(carol, 1 ether);
        _snap("transferNew");
        vm.prank(alice);
        token.transfer(carol, 1 ether);
        _snap("transferExisting");
    }

    function test_Gas_Wrap() public {
        // somebody wrapped before, as did the user
        wrap(bob, 1 ether);
        wrap(alice, 1 ether);
        vm.prank(alice);
        token.approve(address(wrapped), 10 ether);
        vm.prank(alice);
        wrapped.wrap(1 ether);
        _snap("wrapRepeat");
        vm.prank(alice);
        wrapped.transfer(bob, 0.1 ether);
        _snap("wcTransfer");
        vm.prank(alice);
        wrapped.unwrap(0.5 ether);
        _snap("unwrap");
        vm.prank(alice);
        wrapped.stakeAndWrap{ value: 1 ether }(alice, 0);
        _snap("stakeWrapRepeat");
        vm.prank(alice);
        wrapped.approve(address(queue), 10 ether);
        vm.prank(alice);
        queue.requestWithdrawalsWstETH(ones(0.1 ether), alice);
        vm.prank(alice);
        queue.requestWithdrawalsWstETH(ones(0.1 ether), alice);
        _snap("requestWrapped1");
    }

    function test_Gas_InstantExit() public {
        beacon.tick(7200); // the limit has grown with the pool
        vm.prank(alice);
        token.instantExit(1 ether, 0, alice);
        vm.prank(alice);
        token.instantExit(1 ether, 0, alice);
        _snap("instantExit");
    }

    function test_Gas_RequestAndClaim() public {
        request(alice, 1 ether);
        uint256[] memory ten = new uint256[](10);
        for (uint256 i; i < 10; ++i) {
            ten[i] = 1 ether;
        }
        vm.prank(alice);
        token.approve(address(queue), 100 ether);
        vm.prank(alice);
        queue.requestWithdrawals(ones(1 ether), alice);
        _snap("request1");
        vm.prank(alice);
        uint256[] memory ids = queue.requestWithdrawals(ten, alice);
        _snap("request10");
        checkpoint();
        checkpoint();

        uint256[] memory hints = new uint256[](10);
        for (uint256 i; i < 10; ++i) {
            hints[i] = 1;
        }
        vm.prank(alice);
        queue.claimWithdrawals(ones(2), ones(1));
        _snap("claim1");
        vm.prank(alice);
        queue.claimWithdrawals(ids, hints);
        _snap("claim10");
    }

    // ------------------------------------------------------------ validators and accounting

    function test_Gas_Onboard() public {
        uint32[] memory operators = new uint32[](10);
        bytes[] memory keys = new bytes[](10);
        bytes[] memory signatures = new bytes[](10);
        uint40[] memory indices = new uint40[](10);
        uint32 operator = joinOperator();
        // somebody was here before, as in any pool that lives
        uint40 first = onboard(operator, 100);
        askFunding(operator, 100, 32e9);
        fundNext(100, first);
        for (uint256 i; i < 10; ++i) {
            operators[i] = operator;
            keys[i] = key(i);
            signatures[i] = new bytes(96);
        }
        vm.prank(manager);
        validators.predeposit{ value: 10 ether }(operator, keys, signatures);
        uint256 total = _used();
        for (uint256 i; i < 10; ++i) {
            indices[i] = beacon.addValidator(keys[i], token.withdrawalCredentials(), 1e9);
        }
        beacon.tick(2);
        ValidatorsProof memory all = beacon.validatorsProof(indices, false);
        validators.prove(all);
        total += _used();
        for (uint256 i; i < 10; ++i) {
            askFunding(operator, i, 32e9);
            total += _used();
            ValidatorsProof memory one_ = beacon.validatorsProof(one(indices[i]), true);
            validators.fund(one_, keys[i]);
            total += _used();
        }
        vm.snapshotValue("Gas", "onboardPerValidator10", total / 10);
    }

    function test_Gas_Checkpoint() public {
        uint32 operator = joinOperator();
        member(operator, 1, 1000e9);
        checkpoint();
        request(alice, 10 ether);
        vm.deal(address(executionVault), 0.01 ether);
        checkpoint();
        request(alice, 5 ether);
        vm.deal(address(executionVault), 0.01 ether);
        waitForCheckpoint();
        vm.prank(keeper);
        Snapshot memory s = checkpoints.open();
        _snap("checkpointOpen");
        proveCheckpoint(s);
        checkpoints.close(s, address(this));
        _snap("checkpointClose");
    }

    function test_Gas_FinalizeDoesNotDependOnTheNumberOfRequests() public {
        uint256 state = vm.snapshotState();
        uint256 forOne = _closeWithRequests(1);
        vm.revertToState(state);
        uint256 forThousand = _closeWithRequests(1000);
        assertApproxEqAbs(forThousand, forOne, 60, "calldata of the snapshot aside");
        uint256 extra = forThousand > forOne ? forThousand - forOne : 0;
        vm.snapshotValue("Gas", "finalizePerRequest", extra / 999);
    }

    function _closeWithRequests(uint256 count) private returns (uint256) {
        uint256[] memory amounts = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            amounts[i] = 100 ether / count;
        }
        vm.prank(alice);
        token.approve(address(queue), 1000 ether);
        vm.prank(alice);
        queue.requestWithdrawals(amounts, alice);
        checkpoint();
        waitForCheckpoint();
        Snapshot memory s = openCheckpoint();
        proveCheckpoint(s);
        checkpoints.close(s, address(this));
        return _used();
    }
}
