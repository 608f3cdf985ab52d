import { apply, makeBundles, makePlan, type Plan, type Progress, verify } from "@cairn/deployment";
import { formatEther, formatGwei } from "viem";
import type { Connection } from "./connect.ts";
import { DeployError } from "./deployError.ts";
import { ROOT, writeBook, writeBundles } from "./deployedFiles.ts";
import type { Settings } from "./settings.ts";

/** Exit code of `verify` when it finds a difference. */
const DIFFERENT = 3;
type Print = (line: string) => void;

/** Carries out one command. @returns The program's exit code. */
export async function run(settings: Settings, connection: Connection, print: Print): Promise<number> {
  const { site } = connection;
  print(`${site.description.name}, chain ${site.description.chainId}, deployer ${site.deployer}`);
  switch (settings.command) {
    case "plan":
      return showPlan(await makePlan(site), print);
    case "apply":
      return settings.send ? send(settings, connection, print) : dryRun(await makePlan(site), print);
    case "verify":
      return showDifferences(await verify(site), print);
    case "bundle": {
      const bundles = await makeBundles(site, ROOT);
      print(`${bundles.bundles.length} contracts: ${writeBundles(settings, bundles)}`);
      return 0;
    }
  }
}

function showPlan(plan: Plan, print: Print): number {
  for (const [i, { name, what, address, gas, value, isDone }] of plan.steps.entries()) {
    const cost = value > 0n ? `, ${formatEther(value)} ETH` : "";
    const place = address ? ` ${address}` : "";
    print(`${String(i + 1).padStart(3)} ${isDone ? "there  " : "missing"} ${name.padEnd(32)}${place}`);
    if (!isDone) print(`            ${what}: about ${gas} gas${cost}`);
  }
  const missing = plan.steps.filter(({ isDone }) => !isDone).length;
  print(
    missing === 0
      ? "everything is there"
      : `${missing} of ${plan.steps.length} missing: about ${plan.gasLeft} gas, ${formatEther(plan.costLeft)} ETH at ${formatGwei(plan.gasPrice)} gwei; the deployer has ${formatEther(plan.balance)} ETH`,
  );
  return 0;
}

function dryRun(plan: Plan, print: Print): number {
  showPlan(plan, print);
  print("a dry run: nothing was sent; --send sends what is missing");
  return 0;
}

async function send(settings: Settings, { site, wallet }: Connection, print: Print): Promise<number> {
  if (!wallet || !(settings.key || settings.network === "local"))
    throw new DeployError("noKey", "sending needs the deployer's key: set CAIRN_DEPLOYER_KEY");
  const book = await apply(site, wallet, {
    confirmation: settings.confirmation,
    onProgress: (progress) => print(inWords(progress)),
  });
  const files = writeBook(settings, book, site);
  print(files.length > 0 ? `addresses: ${files.join(", ")}` : JSON.stringify(book, null, 2));
  return showDifferences(await verify(site), print);
}

function inWords({ number, of, step, state, hash, gas }: Progress): string {
  const end =
    state === "there"
      ? "is there"
      : state === "sent"
        ? `sent in ${hash}`
        : `done${gas ? `, ${gas} gas` : ""}`;
  return `${String(number).padStart(3)}/${of} ${step}: ${end}`;
}

function showDifferences(differences: readonly string[], print: Print): number {
  for (const difference of differences) print(`DIFFERENT ${difference}`);
  print(differences.length === 0 ? "all is as described" : `${differences.length} differences`);
  return differences.length === 0 ? 0 : DIFFERENT;
}
