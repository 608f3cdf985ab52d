import type { Genesis, Spec } from "@cairn/beacon";
import {
  type AddressBook,
  beaconProofsAbi,
  beaconProofsBytecode,
  checkpointsAbi,
  checkpointsBytecode,
  depositsInFlightAbi,
  depositsInFlightBytecode,
  executionRewardsVaultAbi,
  executionRewardsVaultBytecode,
  exposureAbi,
  exposureBytecode,
  feeSplitAbi,
  feeSplitBytecode,
  leavingQuoteAbi,
  leavingQuoteBytecode,
  operatorRegistryAbi,
  operatorRegistryBytecode,
  penaltiesAbi,
  penaltiesBytecode,
  stakedEtherAbi,
  stakedEtherBytecode,
  validatorManagerAbi,
  validatorManagerBytecode,
  withdrawalQueueAbi,
  withdrawalQueueBytecode,
  withdrawalsAbi,
  withdrawalsBytecode,
  withdrawalVaultAbi,
  withdrawalVaultBytecode,
  wrappedStakedEtherAbi,
  wrappedStakedEtherBytecode,
} from "@cairn/protocol";
import {
  type Account,
  type Address,
  type Chain,
  getContractAddress,
  type Hex,
  type PublicClient,
  parseEther,
  type Transport,
  type WalletClient,
} from "viem";
import { DevnetError } from "../errors/devnetError.ts";
import { forkEntries } from "./forkEntries.ts";
import { DEFAULT_TERMS, type ValidatorTerms } from "./validatorTerms.ts";

/** Parameters of the checkpoints contract; bounds are the contract's (protocol §7). */
export interface CheckpointParameters {
  /** Seconds from a close to the next open. */
  readonly interval: number;
  readonly expirySeconds: number;
  /** Seconds. */
  readonly maxSnapshotAge: number;
  readonly maxRebaseBpsPerDay: number;
  /** Of the gain above the mark; all three at most 1,500. */
  readonly operatorFeeBps: number;
  readonly treasuryFeeBps: number;
  readonly insuranceFeeBps: number;
  /** Losses above it bring the safeguard. */
  readonly lossThresholdBps: number;
}

/** Shortest rhythm the contracts allow: for a chain whose days are simulated. */
export const SHORTEST_RHYTHM: CheckpointParameters = {
  interval: 4 * 3600,
  expirySeconds: 2 * 3600,
  maxSnapshotAge: 2 * 3600,
  maxRebaseBpsPerDay: 10,
  operatorFeeBps: 500,
  treasuryFeeBps: 400,
  insuranceFeeBps: 100,
  lossThresholdBps: 5,
};

/** Fee and age that the checkpoints contract asks of the token: three days' largest rebase, two intervals. */
function instantExitTerms({ interval, maxRebaseBpsPerDay }: CheckpointParameters) {
  return {
    instantExitFeeBps: Math.max(10, 3 * maxRebaseBpsPerDay),
    instantExitSnapshotAge: Math.min(2 * interval, 3 * 86_400),
  };
}

export interface DeployInput {
  readonly wallet: WalletClient<Transport, Chain, Account>;
  readonly client: PublicClient<Transport, Chain>;
  readonly spec: Spec;
  readonly genesis: Genesis;
  readonly parameters: CheckpointParameters;
  /** Bonds and limits of operators. Default: {@link DEFAULT_TERMS}. */
  readonly terms?: ValidatorTerms;
  /** May grant tiers, change terms, propose forks and have validators exited. Default: the deploying account. */
  readonly governance?: Address;
  /** Receives the treasury's part of the fee. Default: the deploying account. */
  readonly treasury?: Address;
  /** Wei that belong to nobody, at least 1 ETH. Default 1 ETH. */
  readonly seed?: bigint;
}

/** Names in the order of deployment: each contract's address follows from its place. */
const ORDER = [
  "stakedEther",
  "withdrawalQueue",
  "withdrawalVault",
  "executionRewardsVault",
  "operatorRegistry",
  "beaconProofs",
  "validatorManager",
  "checkpoints",
  "wrappedStakedEther",
  "leavingQuote",
  "withdrawals",
  "penalties",
  "depositsInFlight",
  "exposure",
  "feeSplit",
] as const;

type Places = Readonly<Record<(typeof ORDER)[number], Address>>;

interface Creation {
  readonly abi: readonly unknown[];
  readonly bytecode: Hex;
  readonly args: readonly unknown[];
  readonly value?: bigint;
}

/**
 * Deploys the whole stack from one account, one transaction after the other. The contracts know each other by immutable
 * addresses, computed beforehand from the account's nonce.
 *
 * @returns Where everything is.
 * @throws DevnetError `deployment-failed` naming the contract that reverted or landed elsewhere.
 */
export async function deployStack(input: DeployInput): Promise<AddressBook> {
  const { client, wallet } = input;
  const from = wallet.account.address;
  const nonce = await client.getTransactionCount({ address: from, blockTag: "pending" });
  const places = Object.fromEntries(
    ORDER.map((name, i) => [name, getContractAddress({ from, nonce: BigInt(nonce + i) }).toLowerCase()]),
  ) as Places;
  const creations = creationsOf(input, places);
  const hashes: Hex[] = [];
  for (const [i, name] of ORDER.entries()) {
    const { abi, bytecode, args, value } = creations[name];
    // a gas limit of its own: estimates would need the contracts before it to be mined
    hashes.push(
      await wallet.deployContract({
        abi,
        bytecode,
        args,
        nonce: nonce + i,
        gas: 8_000_000n,
        value: value ?? 0n,
      } as never),
    );
  }
  let deployedAtBlock = Number.MAX_SAFE_INTEGER;
  for (const [i, name] of ORDER.entries()) {
    const receipt = await client.waitForTransactionReceipt({ hash: hashes[i] as Hex });
    if (receipt.status !== "success" || receipt.contractAddress?.toLowerCase() !== places[name]) {
      throw new DevnetError("deployment-failed", `${name} was not deployed (transaction ${hashes[i]})`);
    }
    deployedAtBlock = Math.min(deployedAtBlock, Number(receipt.blockNumber));
  }
  return { chainId: wallet.chain.id, ...places, deployedAtBlock };
}

function creationsOf(
  { spec, genesis, parameters, seed, wallet, ...rest }: DeployInput,
  at: Places,
): Record<keyof Places, Creation> {
  const beaconDeposit = spec.depositContractAddress;
  const governance = rest.governance ?? wallet.account.address;
  const terms = rest.terms ?? DEFAULT_TERMS;
  const token = at.stakedEther;
  const proofs = at.beaconProofs;
  const registry = at.operatorRegistry;
  const validators = at.validatorManager;
  const inFlight = at.depositsInFlight;
  const tokenConfig = {
    queue: at.withdrawalQueue,
    withdrawalVault: at.withdrawalVault,
    executionVault: at.executionRewardsVault,
    validators: at.validatorManager,
    checkpoints: at.checkpoints,
    bondHolder: at.operatorRegistry,
    beaconDeposit,
    ...instantExitTerms(parameters),
  };
  const constants = {
    genesisTime: genesis.genesisTime,
    secondsPerSlot: spec.secondsPerSlot,
    slotsPerEpoch: spec.slotsPerEpoch,
    shardCommitteePeriod: spec.shardCommitteePeriod,
    slashingsVector: spec.epochsPerSlashingsVector,
    genesisValidatorsRoot: genesis.genesisValidatorsRoot,
  };
  const registryConfig = {
    token,
    validators,
    penalties: at.penalties,
    gate: at.checkpoints,
    feeWeights: at.feeSplit,
    governance,
    fillTargetGwei: terms.fillTargetGwei,
  };
  const managerConfig = {
    token,
    proofs,
    registry,
    withdrawals: at.withdrawals,
    penalties: at.penalties,
    inFlight,
    gate: at.checkpoints,
  };
  const checkpointsConfig = {
    token,
    queue: at.withdrawalQueue,
    validators,
    inFlight,
    proofs,
    fees: at.feeSplit,
    withdrawalVault: at.withdrawalVault,
    executionVault: at.executionRewardsVault,
    penalties: at.penalties,
    governance,
  };
  const withdrawalsConfig = {
    token,
    queue: at.withdrawalQueue,
    proofs,
    registry,
    validators,
    inFlight,
    vault: at.withdrawalVault,
    governance,
  };
  // shares taken from bonds wait with whoever rebases
  const penaltiesConfig = { token, proofs, registry, validators, gate: at.checkpoints };
  const feeSplitConfig = {
    token,
    registry,
    checkpoints: at.checkpoints,
    governance,
    treasury: rest.treasury ?? wallet.account.address,
  };
  const create = (abi: readonly unknown[], bytecode: Hex, ...args: unknown[]): Creation => ({
    abi,
    bytecode,
    args,
  });
  return {
    stakedEther: {
      ...create(stakedEtherAbi, stakedEtherBytecode, tokenConfig),
      value: seed ?? parseEther("1"),
    },
    withdrawalQueue: create(
      withdrawalQueueAbi,
      withdrawalQueueBytecode,
      at.stakedEther,
      at.wrappedStakedEther,
    ),
    withdrawalVault: create(
      withdrawalVaultAbi,
      withdrawalVaultBytecode,
      at.stakedEther,
      at.withdrawals,
      at.checkpoints,
    ),
    executionRewardsVault: create(
      executionRewardsVaultAbi,
      executionRewardsVaultBytecode,
      at.stakedEther,
      at.checkpoints,
    ),
    operatorRegistry: create(
      operatorRegistryAbi,
      operatorRegistryBytecode,
      registryConfig,
      terms.permissionless,
      terms.curated,
    ),
    beaconProofs: create(
      beaconProofsAbi,
      beaconProofsBytecode,
      constants,
      forkEntries(spec),
      governance,
      validators,
    ),
    validatorManager: create(validatorManagerAbi, validatorManagerBytecode, managerConfig, beaconDeposit),
    checkpoints: create(checkpointsAbi, checkpointsBytecode, checkpointsConfig, parameters),
    wrappedStakedEther: create(wrappedStakedEtherAbi, wrappedStakedEtherBytecode, at.stakedEther),
    leavingQuote: create(leavingQuoteAbi, leavingQuoteBytecode, at.stakedEther, at.withdrawalQueue),
    withdrawals: create(withdrawalsAbi, withdrawalsBytecode, withdrawalsConfig),
    penalties: create(penaltiesAbi, penaltiesBytecode, penaltiesConfig),
    depositsInFlight: create(
      depositsInFlightAbi,
      depositsInFlightBytecode,
      proofs,
      validators,
      at.checkpoints,
    ),
    feeSplit: create(feeSplitAbi, feeSplitBytecode, feeSplitConfig),
    exposure: create(
      exposureAbi,
      exposureBytecode,
      token,
      registry,
      validators,
      at.withdrawals,
      at.penalties,
      inFlight,
    ),
  };
}
