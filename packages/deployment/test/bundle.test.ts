import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackDeployerAbi } from "@cairn/protocol";
import { type Hex, keccak256 } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSource } from "../src/bundle/readSource.ts";
import { apply, type BundleSet, makeBundles, type Site } from "../src/index.ts";
import { ARTIFACTS } from "../src/stack/artifacts.ts";
import { nameOf } from "../src/stack/places.ts";
import { startAnvil, type TestAnvil, walletOf } from "./support/testAnvil.ts";
import { testSite } from "./support/testSite.ts";

const ROOT = join(import.meta.dirname, "../../..");
let anvil: TestAnvil;
let site: Site;
let set: BundleSet;

beforeAll(async () => {
  anvil = await startAnvil();
  site = await testSite(anvil);
  await expect(makeBundles(site, ROOT)).rejects.toMatchObject({ code: "notDeployed" });
  await apply(site, walletOf(anvil));
  set = await makeBundles(site, ROOT);
});
afterAll(() => anvil.stop());

interface Compiled {
  readonly contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
  readonly errors?: readonly { severity: string; formattedMessage: string }[];
}

/** Creation code that npm's compiler makes of a bundle, arguments behind it. */
function compiled(name: string): Hex {
  const bundle = set.bundles.find((one) => one.name === name);
  if (!bundle) return expect.fail(`no bundle of ${name}`);
  const solc = createRequire(import.meta.resolve("solc/package.json"))("solc") as {
    compile(input: string): string;
    version(): string;
  };
  expect(`v${solc.version()}`.startsWith(bundle.compiler)).toBe(true);
  const output = JSON.parse(solc.compile(JSON.stringify(set.inputs.get(bundle.source)))) as Compiled;
  expect((output.errors ?? []).filter(({ severity }) => severity === "error")).toEqual([]);
  const [path = "", contract = ""] = bundle.contract.split(":");
  return `0x${output.contracts[path]?.[contract]?.evm.bytecode.object}${bundle.constructorArguments}`;
}

test("there is a bundle for every contract of the deployment, with its constructor's arguments", () => {
  expect(set.bundles).toHaveLength(1 + 28 + 8);
  const names = set.bundles.map(({ name }) => name);
  for (const name of ["stackDeployer", ...Object.keys(site.at), "feeSplit.proxyAdmin"])
    expect(names).toContain(name);
  for (const { name, contract, source } of set.bundles) {
    expect(contract, name).toMatch(
      new RegExp(`^(contracts/src|node_modules/@openzeppelin)/.*${source}\\.sol:${source}$`),
    );
    expect(set.inputs.has(source), name).toBe(true);
  }
});

test.each(["feeSplit", "withdrawalVault", "timelock"])(
  "the bundle of %s compiles to what was deployed",
  async (name) => {
    const [initCodeHash] = await anvil.client.readContract({
      address: site.stackDeployer,
      abi: stackDeployerAbi,
      functionName: "deployed",
      args: [nameOf(name)],
    });
    expect(keccak256(compiled(name))).toBe(initCodeHash);
  },
  120_000,
);

test("an input has only the sources that its contract needs", () => {
  const { sources } = set.inputs.get("ModuleProxy") as { sources: Record<string, unknown> };
  const own = Object.keys(sources).filter((path) => path.startsWith("contracts/"));
  expect(own).toEqual(["contracts/src/governance/ModuleProxy.sol"]);
});

test("a source that was changed after the build is refused, and so is a build of something else", () => {
  const root = mkdtempSync(join(tmpdir(), "cairn-bundle-"));
  for (const path of [
    "contracts/out/ModuleProxy.sol",
    "contracts/src/governance",
    "node_modules/@openzeppelin/contracts",
  ])
    cpSync(join(ROOT, path), join(root, path), { recursive: true, dereference: true });
  const { bytecode } = ARTIFACTS.ModuleProxy;
  expect(readSource(root, "ModuleProxy", bytecode).contract).toContain("ModuleProxy");
  const refused = (name: string, code: Hex, words: string) =>
    expect(() => readSource(root, name, code)).toThrowError(
      expect.objectContaining({ code: "artifactsStale", message: expect.stringContaining(words) }),
    );
  refused("ModuleProxy", "0x60", "not what is deployed");
  refused("Roles", bytecode, "is not there");
  const file = join(root, "contracts/src/governance/ModuleProxy.sol");
  writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
  refused("ModuleProxy", bytecode, "was changed after the build");
  rmSync(root, { recursive: true });
});
