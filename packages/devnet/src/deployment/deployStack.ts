import type { Genesis, Spec } from "@cairn/beacon";
import {
  type AddressBook,
  beaconProofsAbi,
  beaconProofsBytecode,
  checkpointsAbi,
  checkpointsBytecode,
  executionRewardsVaultAbi,
  executionRewardsVaultBytecode,
  leavingQuoteAbi,
  leavingQuoteBytecode,
  operatorRegistryAbi,
  operatorRegistryBytecode,
  stakedEtherAbi,
  stakedEtherBytecode,
  validatorManagerAbi,
  validatorManagerBytecode,
  withdrawalQueueAbi,
  withdrawalQueueBytecode,
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

/** Parameters of the checkpoints contract; bounds are the contract's (protocol §7). */
export interface CheckpointParameters {
  /** Seconds from a close to the next open. */
  readonly interval: number;
  readonly expirySeconds: number;
  /** Seconds. */
  readonly maxSnapshotAge: number;
  readonly maxRebaseBpsPerDay: number;
}

/** Shortest rhythm the contracts allow: for a chain whose days are simulated. */
export const SHORTEST_RHYTHM: CheckpointParameters = {
  interval: 4 * 3600,
  expirySeconds: 2 * 3600,
  maxSnapshotAge: 2 * 3600,
  maxRebaseBpsPerDay: 10,
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
] as const;

type Places = Readonly<Record<(typeof ORDER)[number], Address>>;

interface Creation {
  readonly abi: readonly unknown[];
  readonly bytecode: Hex;
  readonly args: readonly unknown[];
  readonly value?: bigint;
}

/**
 * Deploys the whole stack from one account, ten transactions in a row. The contracts know each other by immutable
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
  { wallet, spec, genesis, parameters, seed }: DeployInput,
  at: Places,
): Record<keyof Places, Creation> {
  const beaconDeposit = spec.depositContractAddress;
  const common = { token: at.stakedEther, queue: at.withdrawalQueue, proofs: at.beaconProofs };
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
  const managerConfig = {
    ...common,
    registry: at.operatorRegistry,
    vault: at.withdrawalVault,
    gate: at.checkpoints,
    beaconDeposit,
  };
  const checkpointsConfig = {
    ...common,
    validators: at.validatorManager,
    withdrawalVault: at.withdrawalVault,
    executionVault: at.executionRewardsVault,
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
      at.validatorManager,
      at.checkpoints,
    ),
    executionRewardsVault: create(
      executionRewardsVaultAbi,
      executionRewardsVaultBytecode,
      at.stakedEther,
      at.checkpoints,
    ),
    operatorRegistry: create(operatorRegistryAbi, operatorRegistryBytecode, at.validatorManager),
    // the account that deploys may propose forks, until there is a governance contract
    beaconProofs: create(
      beaconProofsAbi,
      beaconProofsBytecode,
      constants,
      forkEntries(spec),
      wallet.account.address,
      at.validatorManager,
    ),
    validatorManager: create(validatorManagerAbi, validatorManagerBytecode, managerConfig),
    checkpoints: create(checkpointsAbi, checkpointsBytecode, checkpointsConfig, parameters),
    wrappedStakedEther: create(wrappedStakedEtherAbi, wrappedStakedEtherBytecode, at.stakedEther),
    leavingQuote: create(leavingQuoteAbi, leavingQuoteBytecode, at.stakedEther, at.withdrawalQueue),
  };
}
