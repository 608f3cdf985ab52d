// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints, Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IBraked, Zone } from "../../src/governance/IBraked.sol";
import {
    BalancesProof,
    ParticipationProof,
    StateProof,
    ValidatorsProof
} from "../../src/validators/IBeaconProofs.sol";
import { InFlightProof } from "../../src/validators/IDepositsInFlight.sol";
import { Tier } from "../../src/validators/IOperatorRegistry.sol";
import { StackFixture } from "../support/StackFixture.sol";
import { stdJson } from "forge-std/StdJson.sol";

/// Every function of the modules by which somebody from outside could write, and what the brake makes of it.
contract BrakedZonesTest is StackFixture {
    using stdJson for string;

    uint32 private operator;
    uint40 private index;
    mapping(bytes4 => bool) private listed;

    function setUp() public override {
        super.setUp();
        stake(alice, 1000 ether);
        operator = joinOperator();
        index = member(operator, 1, 32e9);
    }

    function _brakeZone(Zone zone, uint256 timestamp) private {
        vm.prank(_brake());
        token.brake(zone, uint40(timestamp));
    }

    function _refused(Zone zone, address target, bytes memory data) private {
        listed[bytes4(data)] = true;
        for (uint256 i; i < 2; ++i) {
            vm.prank(i == 0 ? manager : keeper);
            (bool ok, bytes memory reason) = target.call(data);
            assertFalse(ok, vm.toString(data));
            assertEq(
                reason,
                abi.encodeWithSelector(IBraked.ZoneBraked.selector, zone, uint256(token.brakedUntil(zone))),
                vm.toString(data)
            );
        }
    }

    // ------------------------------------------------------------ validators

    function _refuseRegistry() private {
        address at = address(registry);
        _refused(Zone.Validators, at, abi.encodeCall(registry.join, (bob)));
        _refused(Zone.Validators, at, abi.encodeCall(registry.proposeManager, (operator, bob)));
        _refused(Zone.Validators, at, abi.encodeCall(registry.acceptManager, (operator)));
        _refused(Zone.Validators, at, abi.encodeCall(registry.setRewardAddress, (operator, bob)));
        _refused(Zone.Validators, at, abi.encodeCall(registry.leave, (operator)));
        _refused(Zone.Validators, at, abi.encodeCall(registry.topUpBond, (operator, 1)));
        _refused(Zone.Validators, at, abi.encodeCall(registry.topUpBondWithEther, (operator)));
        _refused(Zone.Validators, at, abi.encodeCall(registry.requestBondExit, (operator, 1)));
        _refused(Zone.Validators, at, abi.encodeCall(registry.cancelBondExit, (operator)));
        _refused(Zone.Validators, at, abi.encodeCall(registry.claimBondExit, (operator)));
    }

    function _refuseManager() private {
        address at = address(validators);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), true);
        bytes[] memory keys = keysOf(1);
        _refused(Zone.Validators, at, abi.encodeCall(validators.predeposit, (operator, keys, keys, 0)));
        _refused(Zone.Validators, at, abi.encodeCall(validators.prove, (proof)));
        _refused(Zone.Validators, at, abi.encodeCall(validators.requestFunding, (operator, keyRoot(1), 64e9)));
        _refused(Zone.Validators, at, abi.encodeCall(validators.requeueTicket, (keyRoot(1))));
        _refused(Zone.Validators, at, abi.encodeCall(validators.fund, (proof, keys)));
        _refused(Zone.Validators, at, abi.encodeCall(validators.proveAndFund, (proof, keys)));
        _refused(Zone.Validators, at, abi.encodeCall(validators.observe, (proof)));
        _refused(Zone.Validators, at, abi.encodeCall(validators.leave, (proof)));
    }

    function _refuseWithdrawals() private {
        address at = address(withdrawals);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), true);
        bytes[] memory keys = keysOf(1);
        bytes32[] memory roots = new bytes32[](1);
        _refused(Zone.Validators, at, abi.encodeCall(withdrawals.withdraw, (proof, keys, 1)));
        _refused(Zone.Validators, at, abi.encodeCall(withdrawals.settleWithdrawals, (proof)));
        _refused(Zone.Validators, at, abi.encodeCall(withdrawals.endExpired, (roots)));
        _refused(Zone.Validators, at, abi.encodeCall(withdrawals.requestExits, (keys, 1)));
    }

    function _refusePenalties() private {
        address at = address(penalties);
        ValidatorsProof memory proof = beacon.validatorsProof(one(index), true);
        ParticipationProof memory idle;
        _refused(Zone.Validators, at, abi.encodeCall(penalties.settleSlashing, (proof)));
        _refused(Zone.Validators, at, abi.encodeCall(penalties.forfeitBond, (keyRoot(1))));
        _refused(Zone.Validators, at, abi.encodeCall(penalties.proveIdle, (idle)));
        _refused(Zone.Validators, at, abi.encodeCall(penalties.condemnIdle, (keyRoot(1), new uint64[](5))));
    }

    /// G2, and that no function was forgotten: what writes and is not refused is for siblings or governance only.
    function test_Brake_StopsTheValidatorsZone() public {
        _brakeZone(Zone.Validators, block.timestamp + 14 days);
        _refuseRegistry();
        _refuseManager();
        _refuseWithdrawals();
        _refusePenalties();
        _requireListed("OperatorRegistry", 6); // noteFunded, noteLowered, noteMoved, noteSlashing, takeBond, initialize
        _requireListed("ValidatorManager", 3); // markToExit, noteLeaving, noteBalance
        _requireListed("Withdrawals", 2); // noteDeposit, noteLeft
        _requireListed("Penalties", 2); // proveSlashing, proveSlashingLate: they protect, and go on
    }

    /// While the validators zone is stopped the pool is counted, and whoever asked to leave is paid.
    function test_Brake_OfValidatorsLeavesClosesAndClaims() public {
        uint256 id = request(alice, 10 ether);
        _brakeZone(Zone.Validators, block.timestamp + 14 days);
        twoCheckpoints();
        assertEq(claim(alice, id), 10 ether, "paid");
    }

    /// Governance goes on: parameters and upgrades are how what was wrong is mended.
    function test_Brake_LeavesGovernance() public {
        for (uint256 i; i < 3; ++i) {
            _brakeZone(Zone(i), block.timestamp + 14 days);
        }
        vm.startPrank(governance);
        registry.setTier(operator, Tier.Curated);
        registry.setTierTerms(Tier.Curated, _curated());
        checkpoints.setParameters(_parameters());
        fees.setTreasury(bob);
        vm.stopPrank();
        orderExit(1);
    }

    // ------------------------------------------------------------ accounting

    function test_Brake_StopsTheAccountingZone() public {
        stake(alice, 100 ether);
        predeposit(operator, 2);
        waitForCheckpoint();
        uint256 state = vm.snapshotState();
        _brakeZone(Zone.Accounting, block.timestamp + 14 days);
        _refused(Zone.Accounting, address(checkpoints), abi.encodeCall(checkpoints.open, ()));
        vm.revertToState(state);

        Snapshot memory snapshot = openCheckpoint();
        checkpoints.proveState(snapshot, beacon.stateProof());
        _brakeZone(Zone.Accounting, block.timestamp + 14 days);
        StateProof memory ofState = beacon.stateProof();
        BalancesProof memory balances = beacon.balancesProof(members);
        InFlightProof memory flying;
        address at = address(checkpoints);
        _refused(Zone.Accounting, at, abi.encodeCall(checkpoints.proveState, (snapshot, ofState)));
        _refused(Zone.Accounting, at, abi.encodeCall(checkpoints.proveBalances, (snapshot, balances)));
        _refused(Zone.Accounting, at, abi.encodeCall(checkpoints.close, (snapshot, keeper)));
        _refused(Zone.Accounting, address(inFlight), abi.encodeCall(inFlight.prove, (flying)));
        listed[checkpoints.open.selector] = true;
        _requireListed("Checkpoints", 4); // beforeFunding, beforeRemoval, noteUncoveredLoss, initialize
        _requireListed("DepositsInFlight", 2); // push, settle
        // released, it goes on where it was: nothing was lost
        _brakeZone(Zone.Accounting, 0);
        checkpoints.proveBalances(snapshot, balances);
        checkpoints.close(snapshot, address(this));
        (,, uint40 lastCloseAt) = checkpoints.status();
        assertEq(lastCloseAt, block.timestamp, "closed");
    }

    /// Claims of finalized ether always work, whatever is stopped, and so do transfers and unwrapping.
    function test_Brake_OfAllZonesLeavesClaims() public {
        uint256 id = request(alice, 10 ether);
        uint256 units = wrap(alice, 5 ether);
        twoCheckpoints();
        for (uint256 i; i < 3; ++i) {
            _brakeZone(Zone(i), block.timestamp + 14 days);
        }
        assertEq(claim(alice, id), 10 ether, "claimed");
        vm.startPrank(alice);
        wrapped.unwrap(units);
        token.transfer(bob, 1 ether);
        vm.stopPrank();
        assertEq(token.balanceOf(bob), 1 ether, "moved");
    }

    // ------------------------------------------------------------ helpers

    /// All writing functions of the contract's own ABI were tried above, save `others`, which refuse anybody from outside,
    /// and those that governance alone may call.
    function _requireListed(string memory name, uint256 others) private {
        string memory path = string.concat("contracts/out/", name, ".sol/", name, ".json");
        string memory json = vm.readFile(path);
        string[] memory signatures = vm.parseJsonKeys(json, ".methodIdentifiers");
        uint256 left;
        for (uint256 i; i < signatures.length; ++i) {
            bytes4 selector = bytes4(keccak256(bytes(signatures[i])));
            if (listed[selector] || _isView(json, signatures[i])) continue;
            if (_isGovernance(selector)) continue;
            ++left;
        }
        assertEq(left, others, string.concat(name, ": writing functions that were not tried"));
    }

    function _isGovernance(bytes4 selector) private view returns (bool) {
        return selector == registry.setTier.selector || selector == registry.setTierTerms.selector
            || selector == checkpoints.setParameters.selector || selector == withdrawals.orderExits.selector;
    }

    /// By name: no two functions of a module share one.
    function _isView(string memory json, string memory signature) private view returns (bool) {
        string memory name = vm.split(signature, "(")[0];
        for (uint256 i;; ++i) {
            string memory at = string.concat(".abi[", vm.toString(i), "]");
            if (!vm.keyExistsJson(json, at)) return false;
            if (!vm.keyExistsJson(json, string.concat(at, ".stateMutability"))) continue;
            if (!vm.keyExistsJson(json, string.concat(at, ".name"))) continue;
            if (keccak256(bytes(json.readString(string.concat(at, ".name")))) != keccak256(bytes(name))) {
                continue;
            }
            bytes32 kind = keccak256(bytes(json.readString(string.concat(at, ".stateMutability"))));
            return kind == keccak256("view") || kind == keccak256("pure");
        }
        return false;
    }
}
