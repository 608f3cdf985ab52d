import { rolesAbi, stackDeployerAbi, stakedEtherAbi } from "@cairn/protocol";
import { createPublicClient, parseEther } from "viem";
import { afterEach, expect, test } from "vitest";
import {
  apply,
  bookOf,
  type DeploymentError,
  HOODI,
  type LocalSettings,
  MAINNET_PHRASE,
  makePlan,
  type Progress,
  type Site,
  siteOf,
  verify,
} from "../src/index.ts";
import { nameOf } from "../src/stack/places.ts";
import { mortalTransport } from "./support/mortalTransport.ts";
import { accountOf, startAnvil, type TestAnvil, walletOf } from "./support/testAnvil.ts";
import { testSite } from "./support/testSite.ts";

/** Steps on a chain that has the CREATE2 deployer: what one apply sends. */
const TRANSACTIONS = 31;
let anvil: TestAnvil;
afterEach(() => anvil.stop());

const nonceOf = (person: string) => anvil.client.getTransactionCount({ address: accountOf(person).address });

async function refusal(act: Promise<unknown>): Promise<DeploymentError> {
  return act.then(
    () => expect.fail("should be refused"),
    (error: DeploymentError) => error,
  );
}

/** The pool's ether: the seed once, however often it was tried. */
function poolOf({ at }: Site) {
  return anvil.client.readContract({
    address: at.stakedEther,
    abi: stakedEtherAbi,
    functionName: "getTotalPooledEther",
  });
}

test("what is planned is what is there afterwards: addresses, transactions, gas", async () => {
  anvil = await startAnvil();
  const site = await testSite(anvil);
  const before = await makePlan(site);
  expect(before.steps.filter(({ isDone }) => !isDone)).toHaveLength(TRANSACTIONS);
  expect(before.costLeft).toBe(before.gasLeft * before.gasPrice + parseEther("1"));

  const seen: Progress[] = [];
  const book = await apply(site, walletOf(anvil), { onProgress: (progress) => seen.push(progress) });
  expect(seen.filter(({ state }) => state === "sent")).toHaveLength(TRANSACTIONS);
  expect(seen.at(-1)).toMatchObject({ step: "renounce", state: "done", number: 33, of: 33 });
  expect(await nonceOf("deployer")).toBe(TRANSACTIONS);

  for (const { name, address, gas } of before.steps) {
    const used = seen.find(({ step, state }) => step === name && state === "done")?.gas;
    if (used !== undefined) expect(used, `gas of ${name}`).toBeLessThan(gas);
    if (used !== undefined) expect(used * 3n, `gas of ${name}`).toBeGreaterThan(gas);
    if (!address) continue;
    expect(await anvil.client.getCode({ address }), name).toBeDefined();
    if (!(name in site.at)) continue;
    const found = await anvil.client.readContract({
      address: site.stackDeployer,
      abi: stackDeployerAbi,
      functionName: "addressOf",
      args: [nameOf(name)],
    });
    expect(found.toLowerCase(), name).toBe(address);
  }
  expect(book).toMatchObject({ chainId: 31_337, stackDeployer: site.stackDeployer, deployedAtBlock: 2 });
  expect(await verify(site)).toEqual([]);

  const after = await makePlan(site);
  expect(after.steps.every(({ isDone }) => isDone)).toBe(true);
  expect(after.costLeft).toBe(0n);
  expect(await apply(site, walletOf(anvil))).toEqual(book);
  expect(await nonceOf("deployer")).toBe(TRANSACTIONS);
});

/** Lives of apply that each end at one transaction more, until one ends by itself. @returns How many. */
async function livesOf(site: Site, when: "before sending" | "after sending"): Promise<number> {
  for (let lives = 1; lives < 100; lives += 1) {
    // before sending: the first transaction of a life must get through, or no life would come further
    const transport = mortalTransport(anvil.url, when === "before sending" ? 2 : 1, when);
    const client = createPublicClient({ chain: anvil.chain, transport, pollingInterval: 20, cacheTime: 0 });
    const mortal = siteOf(site.description, site.deployer, client as never);
    const isDone = await apply(mortal, walletOf(anvil, "deployer", transport)).then(
      () => true,
      () => false,
    );
    if (isDone) return lives;
  }
  return expect.fail("never came to an end");
}

test.each(["before sending", "after sending"] as const)(
  "killed at every transaction, %s, and started again, it does nothing twice and loses nothing",
  async (when) => {
    anvil = await startAnvil();
    const site = await testSite(anvil);
    expect(await livesOf(site, when)).toBe(when === "after sending" ? TRANSACTIONS + 1 : TRANSACTIONS);
    expect(await nonceOf("deployer")).toBe(TRANSACTIONS);
    expect(await poolOf(site)).toBe(parseEther("1"));
    expect(await verify(site)).toEqual([]);
  },
);

test("two copies at once with one key end in one deployment, and nothing is sent twice", async () => {
  anvil = await startAnvil();
  const site = await testSite(anvil);
  const [one, other] = await Promise.all([apply(site, walletOf(anvil)), apply(site, walletOf(anvil))]);
  expect(one).toEqual(other);
  expect(await nonceOf("deployer")).toBe(TRANSACTIONS);
  expect(await poolOf(site)).toBe(parseEther("1"));
  expect(await verify(site)).toEqual([]);
});

test("two copies whose transactions wait for blocks do no harm either", async () => {
  anvil = await startAnvil();
  const site = await testSite(anvil);
  await anvil.client.setAutomine(false);
  const mining = setInterval(() => void anvil.client.mine({ blocks: 1 }).catch(() => {}), 60);
  const [one, other] = await Promise.all([apply(site, walletOf(anvil)), apply(site, walletOf(anvil))]);
  clearInterval(mining);
  expect(one).toEqual(other);
  expect(await nonceOf("deployer")).toBe(TRANSACTIONS);
  expect(await poolOf(site)).toBe(parseEther("1"));
  expect(await verify(site)).toEqual([]);
});

test("all in one go ends the same", async () => {
  anvil = await startAnvil();
  const site = await testSite(anvil);
  await anvil.client.setAutomine(false);
  const mining = setInterval(() => void anvil.client.mine({ blocks: 1 }).catch(() => {}), 60);
  await apply(site, walletOf(anvil), { inOneGo: true });
  clearInterval(mining);
  expect(await nonceOf("deployer")).toBe(TRANSACTIONS);
  expect(await verify(site)).toEqual([]);
});

test("brings the public CREATE2 deployer where there is none", async () => {
  anvil = await startAnvil({ args: ["--disable-default-create2-deployer"] });
  const site = await testSite(anvil);
  const plan = await makePlan(site);
  expect(plan.steps.filter(({ isDone }) => !isDone)).toHaveLength(TRANSACTIONS + 2);
  expect(plan.costLeft).toBe(plan.gasLeft * plan.gasPrice + parseEther("1.01"));
  await apply(site, walletOf(anvil));
  expect(await verify(site)).toEqual([]);
});

test("a second release of one account is another deployment", async () => {
  anvil = await startAnvil();
  const first = await testSite(anvil);
  const second = await testSite(anvil, { release: "cairn-2" });
  await apply(first, walletOf(anvil));
  await apply(second, walletOf(anvil));
  expect(Object.values(first.at)).not.toContain(second.at.stakedEther);
  expect(await verify(second)).toEqual([]);
});

test("refuses a chain that is not the description's", async () => {
  anvil = await startAnvil({ chainId: HOODI.chainId });
  const wallet = walletOf(anvil);
  const good = await testSite(anvil);
  const on = (change: object): Site => ({ ...good, description: { ...good.description, ...change } });
  const cases: readonly (readonly [string, object])[] = [
    ["the chain's id is 560048", { chainId: 1 }],
    ["the chain begins with block", { genesisBlockHash: HOODI.genesisBlockHash }],
    ["is not a beacon deposit contract", { beaconDeposit: good.deployer }],
    ["is not a beacon deposit contract", { beaconDeposit: "0x4e59b44847b379578588920ca78fbf26c0b4956c" }],
  ];
  for (const [text, change] of cases) {
    for (const act of [
      () => apply(on(change), wallet),
      () => makePlan(on(change)),
      () => verify(on(change)),
    ]) {
      const error = await refusal(act());
      expect(error.code).toBe("wrongChain");
      expect(error.message).toContain(text);
    }
  }
  expect(await nonceOf("deployer")).toBe(0);
});

test("sends nothing on mainnet without the words, and nothing with another key", async () => {
  anvil = await startAnvil();
  const good = await testSite(anvil);
  const mainnet: Site = { ...good, description: { ...good.description, name: "mainnet" } };
  for (const confirmation of [undefined, "yes"]) {
    const error = await refusal(apply(mainnet, walletOf(anvil), { confirmation }));
    expect(error.code).toBe("notConfirmed");
    expect(error.message).toContain(MAINNET_PHRASE);
  }
  expect((await refusal(apply(good, walletOf(anvil, "alice")))).message).toContain("the key is of");
  expect(await nonceOf("deployer")).toBe(0);
});

test("says what is missing when the deployer has too little ether, and goes on when it has more", async () => {
  anvil = await startAnvil();
  const site = await testSite(anvil);
  const { address } = accountOf("deployer");
  await anvil.client.setBalance({ address, value: parseEther("0.5") });
  const error = await refusal(apply(site, walletOf(anvil)));
  expect(error.code).toBe("tooLittleEther");
  expect(error.message).toContain("stakedEther");
  await anvil.client.setBalance({ address, value: parseEther("5") });
  await apply(site, walletOf(anvil));
  expect(await verify(site)).toEqual([]);
});

test("does not go on with a deployment that was begun by another description", async () => {
  anvil = await startAnvil();
  await apply(await testSite(anvil), walletOf(anvil));
  const other: LocalSettings = { treasury: accountOf("alice").address };
  const site = await testSite(anvil, other);
  for (const act of [() => apply(site, walletOf(anvil)), () => makePlan(site)]) {
    const error = await refusal(act());
    expect(error.code).toBe("otherCode");
    expect(error.message).toMatch(/^feeSplit at/);
  }
});

test("keeps the deployer's role while anything is not as described, and gives it up when it is mended", async () => {
  anvil = await startAnvil();
  const site = await testSite(anvil);
  const grant = {
    address: site.at.accessManager,
    abi: rolesAbi,
    args: [1n, accountOf("thief").address],
  } as const;
  let isMeddling = true;
  const onProgress = ({ step, state }: Progress) => {
    if (step !== "roles" || state !== "done" || !isMeddling) return;
    isMeddling = false;
    throw new Error("stopped before the deployer gives up its role");
  };
  await refusal(apply(site, walletOf(anvil), { onProgress }));
  const wallet = walletOf(anvil);
  await anvil.client.waitForTransactionReceipt({
    hash: await wallet.writeContract({ ...grant, functionName: "grantRole", args: [...grant.args, 0] }),
  });
  const error = await refusal(apply(site, wallet));
  expect(error.code).toBe("notAsDescribed");
  expect(error.message).toContain("GUARDIAN is held by");
  expect(await verify(site)).toHaveLength(2);

  await anvil.client.waitForTransactionReceipt({
    hash: await wallet.writeContract({ ...grant, functionName: "revokeRole" }),
  });
  await apply(site, wallet);
  expect(await verify(site)).toEqual([]);
});

test("has no address book before it has begun", async () => {
  anvil = await startAnvil();
  expect((await refusal(bookOf(await testSite(anvil)))).code).toBe("notDeployed");
  expect(await verify(await testSite(anvil))).toEqual([expect.stringContaining("there is no StackDeployer")]);
});
