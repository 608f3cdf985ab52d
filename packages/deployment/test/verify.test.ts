import {
  checkpointsAbi,
  emergencyBrakeAbi,
  feeSplitAbi,
  operatorRegistryAbi,
  proxyAdminAbi,
  ROLE_TABLE,
  rolesAbi,
  timelockControllerAbi,
} from "@cairn/protocol";
import {
  type Abi,
  type Address,
  encodeFunctionData,
  type Hex,
  keccak256,
  pad,
  parseEther,
  toHex,
} from "viem";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apply, type NetworkDescription, type Site, siteOf, verify } from "../src/index.ts";
import { proxyAdminOf } from "../src/stack/places.ts";
import { ROLE_NAMES, ROLES, restrictedFunctions } from "../src/stack/roles.ts";
import { accountOf, startAnvil, type TestAnvil, walletOf } from "./support/testAnvil.ts";
import { testSite } from "./support/testSite.ts";

const DAY = 86_400;
const THIEF = accountOf("thief").address;
let anvil: TestAnvil;
let site: Site;
let clean: Hex;

beforeAll(async () => {
  anvil = await startAnvil();
  site = await testSite(anvil);
  await apply(site, walletOf(anvil));
});
afterAll(() => anvil.stop());
beforeEach(async () => {
  clean = await anvil.client.snapshot();
});
afterEach(() => anvil.client.revert({ id: clean }));

/** A call of anybody, without its key. */
async function call(
  from: Address,
  to: Address,
  abi: Abi | readonly unknown[],
  functionName: string,
  args: unknown[],
) {
  await anvil.client.impersonateAccount({ address: from });
  await anvil.client.setBalance({ address: from, value: parseEther("10") });
  const data = encodeFunctionData({ abi, functionName, args } as never);
  const hash = await anvil.client.sendUnsignedTransaction({ from, to, data });
  const { status } = await anvil.client.waitForTransactionReceipt({ hash });
  expect(status, functionName).toBe("success");
}

/** What the stakers could have decided: a call of the timelock. */
const ruled = (to: Address, abi: Abi | readonly unknown[], functionName: string, args: unknown[]) =>
  call(site.at.timelock, to, abi, functionName, args);
const managed = (functionName: string, args: unknown[]) =>
  ruled(site.at.accessManager, rolesAbi, functionName, args);
/** The same of a function that the manager calls. */
const executed = (to: Address, abi: Abi | readonly unknown[], functionName: string, args: unknown[]) =>
  managed("execute", [to, encodeFunctionData({ abi, functionName, args } as never)]);

test("a clean deployment has no difference", async () => {
  expect(await verify(site)).toEqual([]);
});

test("roles are the contract's, and every function of the table is one of its target", async () => {
  for (const name of ROLE_NAMES) {
    const found = await anvil.client.readContract({
      address: site.at.accessManager,
      abi: rolesAbi,
      functionName: name as "GUARDIAN",
    });
    expect(found, name).toBe(ROLES[name]);
  }
  const keys = restrictedFunctions(site.at).map(({ target, selector }) => `${target} ${selector}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.length).toBe(
    ROLE_TABLE.filter(({ role }) => role !== "TIMELOCK" && role !== "GOVERNOR").length,
  );
});

describe("a difference is found and named:", () => {
  test.each<[what: string, act: () => Promise<unknown>, words: string[]]>([
    [
      "a wrong parameter",
      () =>
        executed(site.at.checkpoints, checkpointsAbi, "setParameters", [
          { ...site.description.checkpoints, interval: 5 * 3600, expirySeconds: 3600 },
        ]),
      [
        "checkpoints: interval is 18000, should be 14400",
        "checkpoints: expirySeconds is 3600, should be 7200",
        "checkpoints: the parameters were set in block",
      ],
    ],
    [
      "another treasury",
      () => executed(site.at.feeSplit, feeSplitAbi, "setTreasury", [THIEF]),
      [`feeSplit: the treasury is ${THIEF}`, `feeSplit: the treasury was set to ${THIEF} in block`],
    ],
    [
      "other terms of a tier",
      () =>
        executed(site.at.operatorRegistry, operatorRegistryAbi, "setTierTerms", [
          1,
          { ...site.description.terms.curated, bondBps: 0 },
        ]),
      [
        "curated tier: bondBps is 0, should be 100",
        "operatorRegistry: the terms of tier 1 were set in block",
      ],
    ],
    ["an extra member", () => managed("grantRole", [ROLES.GUARDIAN, THIEF, 0]), ["GUARDIAN is held by"]],
    [
      "an extra member that waits",
      () => managed("grantRole", [ROLES.UPGRADES, THIEF, 5 * DAY]),
      ["UPGRADES is held by"],
    ],
    ["a role beside the table", () => managed("grantRole", [99n, THIEF, 0]), ["role 99 (which nothing"]],
    [
      "a deployer who kept ADMIN",
      () => managed("grantRole", [ROLES.ADMIN, site.deployer, 0]),
      ["ADMIN is held by the deployer 0x"],
    ],
    [
      "a member that is missing",
      () => managed("revokeRole", [ROLES.RELEASER, site.description.guardians[0]]),
      ["RELEASER is not held by"],
    ],
    [
      "a timelock that has to wait",
      () => managed("grantRole", [ROLES.FORKS, site.at.timelock, 60]),
      ["FORKS: delay of"],
    ],
    [
      "a grant that waits",
      () => managed("setGrantDelay", [ROLES.GUARDIAN, DAY]),
      ["GUARDIAN: the delay of a grant was set to 86400 s"],
    ],
    [
      "another admin of a role",
      () => managed("setRoleAdmin", [ROLES.FORKS, 99n]),
      ["FORKS: its admin is role 99", "FORKS: its admin was set"],
    ],
    [
      "another guardian of a role nobody uses",
      () => managed("setRoleGuardian", [77n, 78n]),
      ["role 77 (which nothing of the stack uses): its guardian was set"],
    ],
    [
      "another role for a function",
      () => managed("setTargetFunctionRole", [site.at.feeSplit, ["0xf0f44260"], ROLES.GUARDIAN]),
      ["feeSplit.setTreasury(address): the role that may call it is GUARDIAN, should be PARAMETERS"],
    ],
    [
      "a function beside the table",
      () => managed("setTargetFunctionRole", [site.at.stakedEther, ["0x12345678"], 42n]),
      ["was given the function 0x12345678 of stakedEther"],
    ],
    [
      "a closed target",
      () => managed("setTargetClosed", [site.at.emergencyBrake, true]),
      ["emergencyBrake: closed is true", "emergencyBrake was closed"],
    ],
    [
      "a target whose rules change late",
      () => managed("setTargetAdminDelay", [site.at.checkpoints, DAY]),
      ["checkpoints: the delay of its administration was set to 86400 s"],
    ],
    ["a wrong label", () => managed("labelRole", [ROLES.FORKS, "SPOONS"]), ["FORKS: its label is SPOONS"]],
    [
      "a module's implementation changed",
      () =>
        executed(proxyAdminOf(site.at.feeSplit), proxyAdminAbi, "upgradeAndCall", [
          site.at.feeSplit,
          site.at["withdrawals.implementation"],
          "0x",
        ]),
      [
        "feeSplit: its implementation is",
        "feeSplit was upgraded to withdrawals.implementation in block",
        "feeSplit's treasury cannot be read: treasury of",
      ],
    ],
    [
      "a ProxyAdmin with another owner",
      () => executed(proxyAdminOf(site.at.penalties), proxyAdminAbi, "transferOwnership", [THIEF]),
      [
        `penalties: the owner of its ProxyAdmin is ${THIEF}`,
        `penalties: its ProxyAdmin was given to ${THIEF} in block`,
      ],
    ],
    [
      "upgrades given up",
      () => executed(proxyAdminOf(site.at.penalties), proxyAdminAbi, "renounceOwnership", []),
      [
        "penalties: the owner of its ProxyAdmin is 0x0000000000000000000000000000000000000000",
        "penalties: its ProxyAdmin was given to 0x0000000000000000000000000000000000000000 in block",
      ],
    ],
    [
      "another proposer",
      () =>
        ruled(site.at.timelock, timelockControllerAbi, "grantRole", [
          keccak256(toHex("PROPOSER_ROLE")),
          THIEF,
        ]),
      ["holds PROPOSER_ROLE, and should not"],
    ],
    [
      "an executor that is everybody",
      () =>
        ruled(site.at.timelock, timelockControllerAbi, "grantRole", [
          keccak256(toHex("EXECUTOR_ROLE")),
          `0x${"00".repeat(20)}`,
        ]),
      ["0x0000000000000000000000000000000000000000 holds EXECUTOR_ROLE"],
    ],
    [
      "a governor that cannot cancel",
      () =>
        ruled(site.at.timelock, timelockControllerAbi, "revokeRole", [
          keccak256(toHex("CANCELLER_ROLE")),
          site.at.stakerGovernor,
        ]),
      ["does not hold CANCELLER_ROLE, and should"],
    ],
    [
      "a shorter timelock",
      () => ruled(site.at.timelock, timelockControllerAbi, "updateDelay", [60n]),
      ["timelock: its delay in seconds is 60, should be 1800"],
    ],
    [
      "a brake that was pulled",
      () =>
        call(site.description.guardians[0] as Address, site.at.emergencyBrake, emergencyBrakeAbi, "pull", [
          0,
          DAY,
          "why",
        ]),
      ["armed for the zone Deposit is false", "zone Deposit stopped is true"],
    ],
    [
      "another mandate",
      () => executed(site.at.emergencyBrake, emergencyBrakeAbi, "renewMandate", [1]),
      ["end of the guardians' mandate (Unix seconds) is 1,"],
    ],
    [
      "other code",
      () => anvil.client.setCode({ address: site.at.leavingQuote, bytecode: "0x6001" }),
      ["leavingQuote: hash of its code is"],
    ],
    [
      "another ProxyAdmin",
      () =>
        anvil.client.setStorageAt({
          address: site.at.checkpoints,
          index: "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103",
          value: pad(THIEF),
        }),
      ["checkpoints: its ProxyAdmin is"],
    ],
  ])("%s", async (_, act, words) => {
    await act();
    const differences = await verify(site);
    for (const text of words) expect(differences.join("\n")).toContain(text);
    expect(differences).toHaveLength(words.length);
  });
});

test.each<[what: string, change: (d: NetworkDescription) => Partial<NetworkDescription>, words: string[]]>([
  [
    "governor",
    ({ governance }) => ({
      governance: {
        ...governance,
        votingDelay: 301,
        votingPeriod: 3700,
        voteExtension: 1,
        thresholdBps: 11,
        quorumBps: 401,
      },
    }),
    [
      "voting delay",
      "voting period",
      "vote extension",
      "threshold",
      "quorum",
      "stakerGovernor: hash of the code it was",
    ],
  ],
  [
    "forks",
    ({ forks }) => ({ forks: forks.slice(0, 1) }),
    ["number of forks is 2, should be 1", "beaconProofs: hash of the code it was"],
  ],
  [
    "chain",
    ({ consensus }) => ({ consensus: { ...consensus, shardCommitteePeriod: 256n } }),
    ["beaconProofs: shardCommitteePeriod is 2, should be 256", "beaconProofs.implementation: hash of"],
  ],
  [
    "guardians",
    () => ({ guardians: [accountOf("alice").address] }),
    ["GUARDIAN is not held by", "RELEASER is not held by", "GUARDIAN is held by", "RELEASER is held by"],
  ],
])("a deployment by another description differs: %s", async (_, change, words) => {
  const other = { ...site.description, ...change(site.description) };
  const differences = await verify(siteOf(other, site.deployer, site.client));
  for (const text of words) expect(differences.join("\n")).toContain(text);
  expect(differences).toHaveLength(words.length);
});

test("what was granted and taken back is no difference", async () => {
  await managed("grantRole", [ROLES.GUARDIAN, THIEF, 0]);
  await managed("revokeRole", [ROLES.GUARDIAN, THIEF]);
  expect(await verify(site)).toEqual([]);
});

test("a deployment that is not finished says what is missing", async () => {
  const half = await testSite(anvil, { release: "half" });
  const stop = ({ step }: { step: string }) => {
    if (step === "beaconProofs") throw new Error("stopped");
  };
  await expect(apply(half, walletOf(anvil), { onProgress: stop })).rejects.toThrow("stopped");
  const differences = await verify(half);
  expect(differences).toContain("stakerGovernor is not deployed");
  expect(differences).not.toContain("stakedEther is not deployed");
});
