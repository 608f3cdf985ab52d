import {
  type Address,
  concat,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  size,
  slice,
  zeroAddress,
} from "viem";
import type { NetworkDescription } from "../networks/description.ts";
import { ARTIFACTS, type ArtifactName } from "./artifacts.ts";
import { type ContractName, FIXED, MODULES, type Module, type Places } from "./places.ts";

/** One contract, as the StackDeployer creates it. */
export interface Creation {
  readonly name: ContractName;
  /** Name of its source contract. */
  readonly artifact: ArtifactName;
  /** Encoded constructor arguments. */
  readonly args: Hex;
  readonly initCode: Hex;
  /** Wei. */
  readonly value: bigint;
}

/** What creations need besides the description. */
export interface CreationContext {
  readonly description: NetworkDescription;
  readonly at: Places;
  readonly deployer: Address;
  /** Unix seconds. */
  readonly mandateEndsAt: bigint;
}

/** A constructor's arguments, by artifact; and the initializer's of modules that have one. */
interface ModuleArguments {
  readonly artifact: ArtifactName;
  readonly args: readonly unknown[];
  readonly initialize?: readonly unknown[];
}

/**
 * Everything the StackDeployer creates, in order. What a constructor calls must be there before it: the token asks for the
 * beacon deposit contract, the checkpoints' initializer for the token's terms, a proxy for its implementation. All other
 * places are only noted.
 */
export function creationsOf(context: CreationContext): Creation[] {
  const fixed = new Map(FIXED.map((name) => [name, fixedOf(name, context)]));
  const modules = MODULES.flatMap((name) => moduleOf(name, context));
  const order = FIXED.map((name) => fixed.get(name) as Creation);
  const before = FIXED.indexOf("accessManager") + 1;
  return [...order.slice(0, before), ...modules, ...order.slice(before)];
}

function create(name: ContractName, artifact: ArtifactName, args: readonly unknown[], value = 0n): Creation {
  const { abi, bytecode } = ARTIFACTS[artifact];
  const initCode = encodeDeployData({ abi, bytecode, args } as never);
  const tail = size(initCode) === size(bytecode) ? "0x" : slice(initCode, size(bytecode));
  return { name, artifact, args: tail, initCode: concat([bytecode, tail]), value };
}

function fixedOf(name: (typeof FIXED)[number], context: CreationContext): Creation {
  const { at, description } = context;
  const token = at.stakedEther;
  switch (name) {
    case "stakedEther":
      return create(name, "StakedEther", [tokenConfig(context)], description.seed);
    case "withdrawalQueue":
      return create(name, "WithdrawalQueue", [token, at.wrappedStakedEther]);
    case "withdrawalVault":
      return create(name, "WithdrawalVault", [token, at.withdrawals, at.checkpoints]);
    case "executionRewardsVault":
      return create(name, "ExecutionRewardsVault", [token, at.checkpoints]);
    case "wrappedStakedEther":
      return create(name, "WrappedStakedEther", [token]);
    case "leavingQuote":
      return create(name, "LeavingQuote", [token, at.withdrawalQueue]);
    case "exposure":
      return create(name, "Exposure", [
        token,
        at.operatorRegistry,
        at.validatorManager,
        at.withdrawals,
        at.penalties,
        at.depositsInFlight,
      ]);
    default:
      return governanceOf(name, context);
  }
}

type GovernanceKey = "accessManager" | "lockedVotes" | "timelock" | "emergencyBrake" | "stakerGovernor";

function governanceOf(name: GovernanceKey, context: CreationContext): Creation {
  const { at, description, deployer, mandateEndsAt } = context;
  const terms = description.governance;
  switch (name) {
    case "accessManager":
      return create(name, "Roles", [deployer]);
    case "lockedVotes":
      return create(name, "LockedVotes", [at.wrappedStakedEther, at.withdrawalQueue, terms.unlockSeconds]);
    case "timelock":
      // proposer (hence canceller), executor: the governor; admin: the timelock itself
      return create(name, "TimelockController", [
        BigInt(terms.timelockDelay),
        [at.stakerGovernor],
        [at.stakerGovernor],
        zeroAddress,
      ]);
    case "emergencyBrake":
      return create(name, "EmergencyBrake", [at.accessManager, at.stakedEther, Number(mandateEndsAt)]);
    case "stakerGovernor":
      return create(name, "StakerGovernor", [governorConfig(context)]);
  }
}

function governorConfig({ at, description }: CreationContext) {
  const terms = description.governance;
  return {
    ...terms,
    pool: at.stakedEther,
    queue: at.withdrawalQueue,
    votes: at.lockedVotes,
    timelock: at.timelock,
    manager: at.accessManager,
    brake: at.emergencyBrake,
    beaconProofs: at.beaconProofs,
    noticeSeconds: terms.timelockDelay,
  };
}

function moduleOf(name: Module, context: CreationContext): [Creation, Creation] {
  const { artifact, args, initialize } = moduleArguments(name, context);
  const implementation = `${name}.implementation` as const;
  const call = initialize
    ? encodeFunctionData({
        abi: ARTIFACTS[artifact].abi,
        functionName: "initialize",
        args: initialize,
      } as never)
    : "0x";
  return [
    create(implementation, artifact, args),
    create(name, "ModuleProxy", [context.at[implementation], context.at.accessManager, call]),
  ];
}

function tokenConfig({ at, description }: CreationContext) {
  return {
    queue: at.withdrawalQueue,
    withdrawalVault: at.withdrawalVault,
    executionVault: at.executionRewardsVault,
    validators: at.validatorManager,
    checkpoints: at.checkpoints,
    bondHolder: at.operatorRegistry,
    brake: at.emergencyBrake,
    beaconDeposit: description.beaconDeposit,
    instantExitFeeBps: BigInt(description.instantExit.feeBps),
    instantExitSnapshotAge: BigInt(description.instantExit.snapshotAge),
  };
}

function moduleArguments(name: Module, { at, description }: CreationContext): ModuleArguments {
  const { terms, consensus, forks, checkpoints, treasury, beaconDeposit } = description;
  const governance = at.accessManager;
  const all = {
    token: at.stakedEther,
    queue: at.withdrawalQueue,
    proofs: at.beaconProofs,
    registry: at.operatorRegistry,
    validators: at.validatorManager,
    withdrawals: at.withdrawals,
    penalties: at.penalties,
    inFlight: at.depositsInFlight,
    gate: at.checkpoints,
    governance,
  };
  switch (name) {
    case "operatorRegistry":
      return {
        artifact: "OperatorRegistry",
        args: [{ ...all, feeWeights: at.feeSplit, fillTargetGwei: terms.fillTargetGwei }],
        initialize: [terms.permissionless, terms.curated],
      };
    case "beaconProofs":
      return {
        artifact: "BeaconProofs",
        args: [consensus, governance, at.validatorManager],
        initialize: [forks],
      };
    case "validatorManager":
      return { artifact: "ValidatorManager", args: [all, beaconDeposit] };
    case "checkpoints":
      return {
        artifact: "Checkpoints",
        args: [
          {
            ...all,
            fees: at.feeSplit,
            withdrawalVault: at.withdrawalVault,
            executionVault: at.executionRewardsVault,
          },
        ],
        initialize: [checkpoints],
      };
    case "withdrawals":
      return { artifact: "Withdrawals", args: [{ ...all, vault: at.withdrawalVault }] };
    case "penalties":
      // shares taken from bonds wait with whoever rebases: the gate
      return { artifact: "Penalties", args: [all] };
    case "depositsInFlight":
      return {
        artifact: "DepositsInFlight",
        args: [at.stakedEther, at.beaconProofs, at.validatorManager, at.checkpoints],
      };
    case "feeSplit":
      return {
        artifact: "FeeSplit",
        args: [{ ...all, checkpoints: at.checkpoints }],
        initialize: [treasury],
      };
  }
}
