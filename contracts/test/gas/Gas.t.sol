// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { ValidatorsProof } from "../../src/validators/IBeaconProofs.sol";
import { GasFixture } from "../support/GasFixture.sol";
import { SystemContracts } from "../support/SystemContracts.sol";

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

    /// Ten keys from nothing to 32 ETH each: predeposited in one batch, then proven and funded in one, of ten operators
    /// whose tickets stand in line (an operator's next key waits until its others are full). Per validator, all told.
    function test_Gas_Onboard() public {
        // somebody was here before, as in any pool that lives
        uint40 first = onboard(joinOperator(), 100);
        askFunding(1, 100, 32e9);
        fundNext(100, first);
        land();
        uint32 batcher = joinOperator();
        (bytes[] memory keys, bytes[] memory signatures) = _tenKeys(200);
        vm.prank(manager);
        validators.predeposit{ value: 10 ether }(batcher, keys, signatures, 32e9);
        uint256 total = _used();
        vm.snapshotValue("Gas", "predepositPerValidator10", total / 10);

        uint40[] memory indices = new uint40[](10);
        (keys, signatures) = _tenKeys(0);
        for (uint256 i; i < 10; ++i) {
            // its second key: the first is funded to its target
            uint32 operator = joinOperator();
            member(operator, 400 + i, 32e9);
            bytes[] memory one_ = new bytes[](1);
            one_[0] = keys[i];
            bytes[] memory signature = new bytes[](1);
            signature[0] = signatures[i];
            vm.prank(manager);
            validators.predeposit{ value: 1 ether }(operator, one_, signature, 32e9);
            indices[i] = beacon.addValidator(keys[i], token.withdrawalCredentials(), 1e9);
        }
        beacon.tick(2);
        ValidatorsProof memory all = beacon.validatorsProof(indices, true);
        assertEq(validators.proveAndFund(all, keys), 310e9, "all ten");
        total += _used();
        vm.snapshotValue("Gas", "proveAndFundPerValidator10", _used() / 10);
        vm.snapshotValue("Gas", "onboardPerValidator10", total / 10);
    }

    function _tenKeys(uint256 from) private pure returns (bytes[] memory keys, bytes[] memory signatures) {
        keys = new bytes[](10);
        signatures = new bytes[](10);
        for (uint256 i; i < 10; ++i) {
            keys[i] = key(from + i);
            // as dense as real ones
            signatures[i] = abi.encodePacked(
                keccak256(abi.encode(from, i, 1)),
                keccak256(abi.encode(from, i, 2)),
                keccak256(abi.encode(from, i, 3))
            );
        }
    }

    /// Ten members of one operator asked to exit, where requests were made before; then the same asked once more.
    function test_Gas_Exit() public {
        uint32 operator = joinOperator();
        uint40[] memory indices = new uint40[](11);
        bytes[] memory keys = new bytes[](10);
        for (uint256 i; i < 11; ++i) {
            indices[i] = member(operator, 300 + i, 32e9);
            if (i < 10) keys[i] = key(300 + i);
        }
        // another's requests have used the slots of the EIP-7002 queue before, and were taken out of it
        bytes[] memory other = new bytes[](10);
        for (uint256 i; i < 10; ++i) {
            other[i] = key(310);
        }
        vm.prank(manager);
        withdrawals.requestExits{ value: 1 ether }(other, 1 gwei);
        SystemContracts.endBlock();
        uint256 fee = withdrawalVault.requestFee();
        vm.prank(manager);
        withdrawals.requestExits{ value: fee * 10 }(keys, fee);
        vm.snapshotValue("Gas", "exitPerKey10", _used() / 10);
        SystemContracts.endBlock();
        fee = withdrawalVault.requestFee();
        vm.prank(manager);
        withdrawals.requestExits{ value: fee * 10 }(keys, fee);
        vm.snapshotValue("Gas", "exitRepeatPerKey10", _used() / 10);
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
