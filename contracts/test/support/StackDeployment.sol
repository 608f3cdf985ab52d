// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Checkpoints } from "../../src/accounting/Checkpoints.sol";
import { FeeSplit } from "../../src/accounting/FeeSplit.sol";
import { ICheckpoints } from "../../src/accounting/ICheckpoints.sol";
import { IFeeSplit } from "../../src/accounting/IFeeSplit.sol";
import { LeavingQuote } from "../../src/deposit/LeavingQuote.sol";
import { StakedEther } from "../../src/deposit/StakedEther.sol";
import { WithdrawalQueue } from "../../src/deposit/WithdrawalQueue.sol";
import { WrappedStakedEther } from "../../src/deposit/WrappedStakedEther.sol";
import { ModuleProxy } from "../../src/governance/ModuleProxy.sol";
import { StackDeployer } from "../../src/governance/StackDeployer.sol";
import { IBeaconDeposit } from "../../src/types/IBeaconDeposit.sol";
import { BeaconProofs } from "../../src/validators/BeaconProofs.sol";
import { DepositsInFlight } from "../../src/validators/DepositsInFlight.sol";
import { ExecutionRewardsVault } from "../../src/validators/ExecutionRewardsVault.sol";
import { ForkEntry, SnapshotRule } from "../../src/validators/ForkTable.sol";
import { ChainConstants } from "../../src/validators/IBeaconProofs.sol";
import { ICheckpointGate } from "../../src/validators/ICheckpointGate.sol";
import { IDepositsInFlight } from "../../src/validators/IDepositsInFlight.sol";
import { IFeeWeights } from "../../src/validators/IFeeWeights.sol";
import { TierTerms } from "../../src/validators/IOperatorRegistry.sol";
import { IPenalties } from "../../src/validators/IPenalties.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { IWithdrawals } from "../../src/validators/IWithdrawals.sol";
import { OperatorRegistry } from "../../src/validators/OperatorRegistry.sol";
import { Penalties } from "../../src/validators/Penalties.sol";
import { ValidatorManager } from "../../src/validators/ValidatorManager.sol";
import { ValidatorRecords } from "../../src/validators/ValidatorRecords.sol";
import { WithdrawalVault } from "../../src/validators/WithdrawalVault.sol";
import { Withdrawals } from "../../src/validators/Withdrawals.sol";
import { BeaconMock } from "./BeaconMock.sol";
import { InFlightShower } from "./InFlightShower.sol";
import { SystemContracts } from "./SystemContracts.sol";
import { Test } from "forge-std/Test.sol";

/// Deploys the whole stack as it is deployed for users: fixed contracts and modules behind proxies, by name.
abstract contract StackDeployment is Test {
    uint40 internal constant INTERVAL = 23 hours;
    uint40 internal constant EXPIRY = 6 hours;
    uint40 internal constant MAX_SNAPSHOT_AGE = 2 hours;
    uint16 internal constant MAX_BPS_PER_DAY = 3;
    uint16 internal constant OPERATOR_FEE_BPS = 500;
    uint16 internal constant TREASURY_FEE_BPS = 400;
    uint16 internal constant INSURANCE_FEE_BPS = 100;
    uint16 internal constant LOSS_THRESHOLD_BPS = 5;
    uint256 internal constant EXIT_FEE_BPS = 10;
    uint256 internal constant EXIT_SNAPSHOT_AGE = 2 * INTERVAL;
    uint256 internal constant SEED = 1 ether;
    uint64 internal constant START_SLOT = 320_000;

    StackDeployer internal deployer;
    BeaconMock internal beacon;
    StakedEther internal token;
    WithdrawalQueue internal queue;
    WrappedStakedEther internal wrapped;
    LeavingQuote internal leaving;
    WithdrawalVault internal withdrawalVault;
    ExecutionRewardsVault internal executionVault;
    OperatorRegistry internal registry;
    BeaconProofs internal proofs;
    ValidatorManager internal validators;
    Withdrawals internal withdrawals;
    Penalties internal penalties;
    DepositsInFlight internal inFlight;
    Checkpoints internal checkpoints;
    FeeSplit internal fees;
    InFlightShower internal shower;

    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");
    address internal keeper = makeAddr("keeper");
    address internal manager = makeAddr("manager");
    address internal governance = makeAddr("governance");
    address internal treasury = makeAddr("treasury");

    function _deploy() internal {
        deployer = new StackDeployer(address(this));
        _deployToken();
        queue = WithdrawalQueue(
            _create(
                "withdrawalQueue",
                type(WithdrawalQueue).creationCode,
                abi.encode(token, at("wrappedStakedEther"))
            )
        );
        withdrawalVault = WithdrawalVault(
            payable(_create(
                    "withdrawalVault",
                    type(WithdrawalVault).creationCode,
                    abi.encode(token, at("withdrawals"), at("checkpoints"))
                ))
        );
        executionVault = ExecutionRewardsVault(
            payable(_create(
                    "executionRewardsVault",
                    type(ExecutionRewardsVault).creationCode,
                    abi.encode(token, at("checkpoints"))
                ))
        );
        wrapped = WrappedStakedEther(
            payable(_create("wrappedStakedEther", type(WrappedStakedEther).creationCode, abi.encode(token)))
        );
        _deployRegistry();
        _deployProofs();
        _deployManager();
        _deployWithdrawals();
        _deployPenalties();
        _deployInFlight();
        _deployCheckpoints();
        _deployFees();
        shower = new InFlightShower(beacon, inFlight);
        leaving = new LeavingQuote(token, queue);
    }

    /// Where a contract of the stack is, or will be.
    function at(bytes32 name) internal view returns (address) {
        return deployer.addressOf(name);
    }

    function _create(bytes32 name, bytes memory code, bytes memory args) private returns (address) {
        return deployer.deploy(name, abi.encodePacked(code, args));
    }

    /// A module behind its proxy, which governance may upgrade.
    function _module(bytes32 name, address implementation, bytes memory initialization)
        private
        returns (address)
    {
        return _create(
            name, type(ModuleProxy).creationCode, abi.encode(implementation, governance, initialization)
        );
    }

    /// Who may stop a zone. Tests of governance have the real brake.
    function _brake() internal virtual returns (address) {
        return makeAddr("brake");
    }

    function _deployToken() private {
        StakedEther.Config memory config = StakedEther.Config({
            queue: at("withdrawalQueue"),
            withdrawalVault: at("withdrawalVault"),
            executionVault: at("executionRewardsVault"),
            validators: at("validatorManager"),
            checkpoints: at("checkpoints"),
            bondHolder: at("operatorRegistry"),
            brake: _brake(),
            beaconDeposit: SystemContracts.depositContract(),
            instantExitFeeBps: EXIT_FEE_BPS,
            instantExitSnapshotAge: EXIT_SNAPSHOT_AGE
        });
        bytes memory code = abi.encodePacked(type(StakedEther).creationCode, abi.encode(config));
        token = StakedEther(payable(deployer.deploy{ value: SEED }("stakedEther", code)));
    }

    function _registryConfig() internal view returns (OperatorRegistry.Config memory) {
        return OperatorRegistry.Config({
            token: token,
            validators: at("validatorManager"),
            penalties: at("penalties"),
            gate: ICheckpointGate(at("checkpoints")),
            feeWeights: IFeeWeights(at("feeSplit")),
            governance: governance,
            fillTargetGwei: _fillTargetGwei()
        });
    }

    function _deployRegistry() private {
        address implementation = address(new OperatorRegistry(_registryConfig()));
        bytes memory init = abi.encodeCall(OperatorRegistry.initialize, (_permissionless(), _curated()));
        registry = OperatorRegistry(_module("operatorRegistry", implementation, init));
    }

    function _deployProofs() private {
        proofs = _newProofs(
            "beaconProofs", _constants(), _forks(), governance, IValidatorManager(at("validatorManager"))
        );
    }

    function _newProofs(
        bytes32 name,
        ChainConstants memory constants,
        ForkEntry[] memory forks,
        address proposer,
        IValidatorManager members_
    ) internal returns (BeaconProofs) {
        address implementation = address(new BeaconProofs(constants, proposer, members_));
        return BeaconProofs(_module(name, implementation, abi.encodeCall(BeaconProofs.initialize, (forks))));
    }

    function _deployManager() private {
        address implementation = address(
            new ValidatorManager(
                ValidatorRecords.Config({
                    token: token,
                    proofs: proofs,
                    registry: registry,
                    withdrawals: IWithdrawals(at("withdrawals")),
                    penalties: IPenalties(at("penalties")),
                    inFlight: IDepositsInFlight(at("depositsInFlight")),
                    gate: ICheckpointGate(at("checkpoints"))
                }),
                IBeaconDeposit(SystemContracts.depositContract())
            )
        );
        validators = ValidatorManager(_module("validatorManager", implementation, ""));
    }

    function _deployWithdrawals() private {
        address implementation = address(
            new Withdrawals(
                Withdrawals.Config({
                    token: token,
                    queue: queue,
                    proofs: proofs,
                    registry: registry,
                    validators: validators,
                    inFlight: IDepositsInFlight(at("depositsInFlight")),
                    vault: withdrawalVault,
                    governance: governance
                })
            )
        );
        withdrawals = Withdrawals(_module("withdrawals", implementation, ""));
    }

    function _deployPenalties() private {
        address implementation = address(
            new Penalties(
                Penalties.Config({
                    token: token,
                    proofs: proofs,
                    registry: registry,
                    validators: validators,
                    gate: ICheckpointGate(at("checkpoints"))
                })
            )
        );
        penalties = Penalties(_module("penalties", implementation, ""));
    }

    function _deployInFlight() private {
        address implementation =
            address(new DepositsInFlight(token, proofs, validators, ICheckpointGate(at("checkpoints"))));
        inFlight = DepositsInFlight(_module("depositsInFlight", implementation, ""));
    }

    function _deployCheckpoints() private {
        address implementation = address(
            new Checkpoints(
                Checkpoints.Config({
                    token: token,
                    queue: queue,
                    validators: validators,
                    inFlight: inFlight,
                    proofs: proofs,
                    fees: IFeeSplit(at("feeSplit")),
                    withdrawalVault: withdrawalVault,
                    executionVault: executionVault,
                    penalties: address(penalties),
                    governance: governance
                })
            )
        );
        bytes memory init = abi.encodeCall(Checkpoints.initialize, (_parameters()));
        checkpoints = Checkpoints(_module("checkpoints", implementation, init));
    }

    function _deployFees() private {
        address implementation =
            address(new FeeSplit(FeeSplit.Config(token, registry, address(checkpoints), governance)));
        fees = FeeSplit(_module("feeSplit", implementation, abi.encodeCall(FeeSplit.initialize, (treasury))));
    }

    /// Terms that stand in nobody's way: 1 ETH of bond a validator. Tests of bonds and limits have the real ones.
    function _permissionless() internal view virtual returns (TierTerms memory) {
        return TierTerms({
            operatorShareBps: 2500,
            tierShareBps: 10_000,
            operatorFloorGwei: 50_000e9,
            tierFloorGwei: 100_000e9,
            kneeGwei: 0,
            bondBps: 0,
            bondBpsAbove: 0
        });
    }

    function _curated() internal view virtual returns (TierTerms memory) {
        return _permissionless();
    }

    function _fillTargetGwei() internal view virtual returns (uint64) {
        return 32e9;
    }

    function _parameters() internal view virtual returns (ICheckpoints.Parameters memory) {
        return ICheckpoints.Parameters({
            interval: INTERVAL,
            expirySeconds: EXPIRY,
            maxSnapshotAge: MAX_SNAPSHOT_AGE,
            maxRebaseBpsPerDay: MAX_BPS_PER_DAY,
            operatorFeeBps: OPERATOR_FEE_BPS,
            treasuryFeeBps: TREASURY_FEE_BPS,
            insuranceFeeBps: INSURANCE_FEE_BPS,
            lossThresholdBps: LOSS_THRESHOLD_BPS
        });
    }

    function _constants() internal view returns (ChainConstants memory) {
        return ChainConstants({
            genesisTime: beacon.GENESIS_TIME(),
            secondsPerSlot: beacon.SECONDS_PER_SLOT(),
            slotsPerEpoch: 32,
            shardCommitteePeriod: 256,
            slashingsVector: 8192,
            genesisValidatorsRoot: beacon.GENESIS_VALIDATORS_ROOT()
        });
    }

    function _forks() internal view returns (ForkEntry[] memory forks) {
        forks = new ForkEntry[](1);
        forks[0] = ForkEntry({
            version: beacon.VERSION(),
            firstSlot: 1,
            currentVersion: 2829,
            executionBlockHash: 23_308,
            validators: 715,
            balances: 716,
            pendingDeposits: 738,
            genesisValidatorsRoot: 705,
            previousParticipation: 719,
            finalizedEpoch: 1448,
            rule: SnapshotRule.ParentState
        });
    }
}
