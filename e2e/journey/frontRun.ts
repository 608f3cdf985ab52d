import { createValidatorKey, signDeposit } from "@cairn/devnet";
import { stakedEtherAbi, validatorManagerAbi } from "@cairn/protocol";
import { formatEther, pad, parseAbi, parseEther } from "viem";
import { E2eError } from "../stack/e2eError.ts";
import type { Lockstep } from "../stack/lockstep.ts";
import { joinRegistry, predepositKeys, pubkeyRootOf } from "../stack/operator.ts";
import { send } from "../stack/send.ts";
import type { Stack } from "../stack/stack.ts";
import { accountOf, type Person } from "../stack/wallets.ts";
import { indexOf } from "./lookups.ts";
import type { Report } from "./report.ts";

const THIEF: Person = "thief";
const SEED = "journey stolen";
const LOST = 8;
const depositAbi = parseAbi([
  "function deposit(bytes pubkey, bytes withdrawal_credentials, bytes signature, bytes32 deposit_data_root) payable",
]);

/**
 * V4: an operator deposits its key with credentials of its own just before it predeposits it with the pool. The
 * validator keeps the first credentials. The keeper proves it lost; the pool has paid nothing.
 */
export async function frontRun(stack: Stack, step: Lockstep, report: Report): Promise<void> {
  report.step("Attack: an operator front-runs its own predeposit with foreign credentials");
  const before = await poolEther(stack);
  const key = createValidatorKey(SEED);
  await step.after(async () => {
    const { id } = await joinRegistry(stack, THIEF);
    const foreign = signDeposit({
      secretKey: key.secretKey,
      withdrawalCredentials: `0x01${pad(accountOf(THIEF).address, { size: 31 }).slice(2)}`,
      amountGwei: 1_000_000_000n,
      genesisForkVersion: stack.devnet.genesisForkVersion,
    });
    const first = await send(stack, THIEF, {
      address: stack.spec.depositContractAddress,
      abi: depositAbi,
      functionName: "deposit",
      args: [
        foreign.pubkey,
        `0x01${pad(accountOf(THIEF).address, { size: 31 }).slice(2)}`,
        foreign.signature,
        foreign.depositDataRoot,
      ],
      value: parseEther("1"),
    });
    report.at(stack, first, "deposited with the thief's credentials");
    const { receipt } = await predepositKeys(stack, THIEF, id, [SEED]);
    report.at(stack, receipt, "predeposited with the pool");
  });
  await step.advanceUntil((chain) => indexOf(chain, key.pubkey) !== undefined, 300);
  await step.until("the keeper proves the key lost", async () => {
    const record = await stack.client.readContract({
      address: stack.addresses.validatorManager,
      abi: validatorManagerAbi,
      functionName: "validator",
      args: [pubkeyRootOf(key.pubkey)],
    });
    return record.status === LOST;
  });
  const after = await poolEther(stack);
  report.note(
    `validator ${indexOf(stack.devnet, key.pubkey)} is proven lost; it cost the pool ${formatEther(before - after)} ETH`,
  );
  if (after !== before) throw new E2eError(`V4: the front-run moved the pool by ${after - before} wei`);
  await report.truth(stack);
}

function poolEther({ client, addresses }: Stack): Promise<bigint> {
  return client.readContract({
    address: addresses.stakedEther,
    abi: stakedEtherAbi,
    functionName: "getTotalPooledEther",
  });
}
