import {
  checkpointsAbi,
  feeSplitAbi,
  lockedVotesAbi,
  operatorRegistryAbi,
  proxyAdminAbi,
  rolesAbi,
  stackDeployerAbi,
  stakedEtherAbi,
  stakerGovernorAbi,
  timelockControllerAbi,
  wrappedStakedEtherAbi,
} from "@cairn/protocol";
import {
  type Abi,
  type Address,
  encodeFunctionData,
  getAddress,
  type Hex,
  pad,
  parseEther,
  toHex,
} from "viem";
import { afterEach, beforeEach, expect, test } from "vitest";
import { apply, bookOf, type Site, verify } from "../src/index.ts";
import { nameOf, proxyAdminOf } from "../src/stack/places.ts";
import { ROLES } from "../src/stack/roles.ts";
import { creationsFrom } from "../src/steps/contractSteps.ts";
import { stepsOf } from "../src/steps/stepsOf.ts";
import { accountOf, startAnvil, type TestAnvil, walletOf } from "./support/testAnvil.ts";
import { testSite } from "./support/testSite.ts";

/** What a deployer could do before it gives up ADMIN, and what may wait afterwards. */
const THIEF = accountOf("thief").address;
const DAY = 86_400;
let anvil: TestAnvil;
let site: Site;
beforeEach(async () => {
  anvil = await startAnvil();
  site = await testSite(anvil);
});
afterEach(() => anvil.stop());

async function send(to: Address, data: Hex, value = 0n) {
  const hash = await walletOf(anvil).sendTransaction({ to, data, value, gas: 12_000_000n });
  const { status } = await anvil.client.waitForTransactionReceipt({ hash });
  expect(status).toBe("success");
}

const call = (
  to: Address,
  abi: Abi | readonly unknown[],
  functionName: string,
  args: unknown[],
  value?: bigint,
) => send(to, encodeFunctionData({ abi, functionName, args } as never), value);
const managed = (functionName: string, args: unknown[]) =>
  call(site.at.accessManager, rolesAbi, functionName, args);
const executed = (to: Address, abi: Abi | readonly unknown[], functionName: string, args: unknown[]) =>
  managed("execute", [to, encodeFunctionData({ abi, functionName, args } as never)]);

/** Everything before a step. */
async function upTo(stop: string) {
  for (const step of await stepsOf(site)) {
    if (step.name === stop) return;
    if (await step.isDone()) continue;
    const transaction = await step.transaction();
    if ("raw" in transaction) continue;
    await send(transaction.to, transaction.data, transaction.value);
  }
}

/** The deployer keeps its role, and verifying names the differences: these and no others. */
async function expectKept(words: string[]) {
  const error = await apply(site, walletOf(anvil)).then(
    () => expect.fail("should be refused"),
    (refusal: Error) => refusal,
  );
  expect(error).toMatchObject({ code: "notAsDescribed" });
  for (const text of words) expect(error.message).toContain(text);
  expect(error.message.split("\n")).toHaveLength(words.length + 1);
  expect(await verify(site)).toHaveLength(words.length + 1);
}

test("a manager that is older than the token cannot hide who holds ADMIN", async () => {
  await upTo("stakedEther");
  const initCode = creationsFrom(site, 0n).find(({ name }) => name === "accessManager")?.initCode;
  await call(site.stackDeployer, stackDeployerAbi, "deploy", [nameOf("accessManager"), initCode]);
  const oldest = await anvil.client.getBlockNumber();
  await managed("grantRole", [ROLES.ADMIN, THIEF, 0]);
  await managed("grantRole", [ROLES.UPGRADES, THIEF, 0]);
  await expectKept([
    `ADMIN is held by ${THIEF.toLowerCase()}`,
    `UPGRADES is held by ${THIEF.toLowerCase()}`,
    "accessManager was created before stakedEther, should be after it",
  ]);
  expect((await bookOf(site)).deployedAtBlock).toBe(Number(oldest));
});

test("a module that was upgraded and put back, its storage written meanwhile, is not as described", async () => {
  await upTo("roles");
  // runs SSTORE(first word, second word) of whatever it is called with
  const bytecode = "0x67602035600035550060005260086018f3";
  const hash = await walletOf(anvil).deployContract({ abi: [], bytecode, gas: 500_000n });
  const { contractAddress } = await anvil.client.waitForTransactionReceipt({ hash });
  const proxy = site.at.operatorRegistry;
  const upgrade = (to: unknown, data: Hex) =>
    executed(proxyAdminOf(proxy), proxyAdminAbi, "upgradeAndCall", [proxy, to, data]);
  const value: Hex = `0x${"ab".repeat(32)}`;
  await upgrade(contractAddress, `${pad(toHex(7n))}${value.slice(2)}`);
  await upgrade(site.at["operatorRegistry.implementation"], "0x");
  expect(await anvil.client.getStorageAt({ address: proxy, slot: toHex(7n) })).toBe(value);
  await expectKept([
    `operatorRegistry was upgraded to ${getAddress(contractAddress as Address)} in block`,
    "operatorRegistry was upgraded to operatorRegistry.implementation in block",
  ]);
});

test("what the deployer did with ADMIN is told, even when it put it back", async () => {
  await upTo("roles");
  const { treasury, checkpoints } = site.description;
  await call(site.at.operatorRegistry, operatorRegistryAbi, "join", [THIEF]);
  await executed(site.at.operatorRegistry, operatorRegistryAbi, "setTier", [1, 1]);
  for (const to of [THIEF, treasury]) await executed(site.at.feeSplit, feeSplitAbi, "setTreasury", [to]);
  await executed(site.at.checkpoints, checkpointsAbi, "setParameters", [checkpoints]);
  await expectKept([
    "operatorRegistry: operator 1 was given tier 1 in block",
    `feeSplit: the treasury was set to ${THIEF} in block`,
    "feeSplit: the treasury was set to 0x",
    "checkpoints: the parameters were set in block",
  ]);
});

test("a call that waits in the timelock is told until it is cancelled", async () => {
  await apply(site, walletOf(anvil));
  const { timelock, stakerGovernor: from } = site.at;
  await anvil.client.impersonateAccount({ address: from });
  await anvil.client.setBalance({ address: from, value: parseEther("1") });
  const none = pad("0x");
  const grant = encodeFunctionData({
    abi: rolesAbi,
    functionName: "grantRole",
    args: [ROLES.ADMIN, THIEF, 0],
  });
  const operation = [site.at.accessManager, 0n, grant, none, none] as const;
  const asGovernor = async (data: Hex) => {
    const hash = await anvil.client.sendUnsignedTransaction({ from, to: timelock, data });
    expect((await anvil.client.waitForTransactionReceipt({ hash })).status).toBe("success");
  };
  const abi = timelockControllerAbi;
  await asGovernor(encodeFunctionData({ abi, functionName: "schedule", args: [...operation, 100_000n] }));
  expect(await verify(site)).toEqual([
    expect.stringContaining("timelock: a call of accessManager (0x25c471a0) is scheduled by operation 0x"),
  ]);
  const id = await anvil.client.readContract({
    address: timelock,
    abi,
    functionName: "hashOperation",
    args: operation,
  });
  await asGovernor(encodeFunctionData({ abi, functionName: "cancel", args: [id] }));
  expect(await verify(site)).toEqual([]);
});

test("a call that waits in the manager is told, and so is who may make it", async () => {
  await upTo("renounce");
  await managed("grantRole", [ROLES.PARAMETERS, site.deployer, DAY]);
  const data = encodeFunctionData({ abi: feeSplitAbi, functionName: "setTreasury", args: [THIEF] });
  await managed("schedule", [site.at.feeSplit, data, 0]);
  await expectKept([
    `PARAMETERS is held by the deployer ${site.deployer}`,
    "accessManager: a call of feeSplit (0xf0f44260) by",
  ]);
});

test("a proposal under way is told, but cannot keep the deployer from giving up its role", async () => {
  await upTo("renounce");
  const { stakedEther, wrappedStakedEther, lockedVotes, stakerGovernor, feeSplit } = site.at;
  await call(stakedEther, stakedEtherAbi, "submit", [THIEF], parseEther("10"));
  await call(stakedEther, stakedEtherAbi, "approve", [wrappedStakedEther, parseEther("9")]);
  await call(wrappedStakedEther, wrappedStakedEtherAbi, "deposit", [parseEther("9"), site.deployer]);
  await call(wrappedStakedEther, wrappedStakedEtherAbi, "approve", [lockedVotes, parseEther("9")]);
  await call(lockedVotes, lockedVotesAbi, "lock", [parseEther("8")]);
  await anvil.client.increaseTime({ seconds: 60 });
  await anvil.client.mine({ blocks: 1 });
  const data = encodeFunctionData({ abi: feeSplitAbi, functionName: "setTreasury", args: [THIEF] });
  await call(stakerGovernor, stakerGovernorAbi, "propose", [[feeSplit], [0n], [data], "all for me"]);
  await apply(site, walletOf(anvil));
  expect(await verify(site)).toEqual([
    expect.stringMatching(/^stakerGovernor: the proposal \d+ is pending$/),
  ]);
  await anvil.client.increaseTime({ seconds: site.description.governance.votingDelay + 1 });
  await anvil.client.mine({ blocks: 1 });
  expect(await verify(site)).toEqual([expect.stringMatching(/^stakerGovernor: the proposal \d+ is active$/)]);
});
