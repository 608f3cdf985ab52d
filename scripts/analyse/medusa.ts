/** medusa walks the deposit zone (contracts/test/walk): sentences hold after every step, and every kind of step is done. */
import { copyFileSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, runStep } from "../runSteps.ts";
import type { Outcome } from "./outcome.ts";
import { FOLDER } from "./tools.ts";

const WALK = "contracts/test/walk";

/** @param path Of the tools. */
export async function runMedusa(path: string): Promise<Outcome> {
  const env = { PATH: path, FOUNDRY_PROFILE: "walk" };
  const built = await runStep({
    name: "build",
    command: ["node", "scripts/forge.ts", "build", "--build-info", "--force"],
    env,
  });
  if (!built.ok) return { ok: false, sentence: "the walk does not compile", details: [built.output] };
  // beside its configuration medusa leaves what it makes
  const config = join(FOLDER, "walk/medusa.json");
  copyFileSync(join(import.meta.dirname, "medusa.json"), config);
  const { ok, output } = await runStep({
    name: "medusa",
    command: ["medusa", "fuzz", "--config", config, "--compilation-target", ROOT],
    env,
  });
  const kinds = kindsIn(readFileSync(join(ROOT, WALK, "DepositSteps.sol"), "utf8"));
  const properties = globSync(`${WALK}/*.sol`, { cwd: ROOT }).flatMap((file) => [
    ...readFileSync(join(ROOT, file), "utf8").matchAll(/function property_/g),
  ]).length;
  return judgeWalk(ok, output, kinds, properties);
}

/** @returns How many kinds of step the walk has. */
export function kindsIn(source: string): number {
  const body = /enum Kind \{([^}]*)\}/.exec(source)?.[1] ?? "";
  return body.split(",").filter((name) => name.trim() !== "").length;
}

/** A walk that passed without doing much shows nothing: it fails too. */
export function judgeWalk(ok: boolean, output: string, kinds: number, properties: number): Outcome {
  const [, passed, failed] = /(\d+) test\(s\) passed, (\d+) test\(s\) failed/.exec(output) ?? [];
  const tail = output.slice(Math.max(0, output.indexOf("[FAILED]"))).trim();
  if (!ok || failed !== "0")
    return { ok: false, sentence: `${failed ?? "?"} sentences broken`, details: [tail] };
  const done = Number(/KindsOfStepDone\(\)" resulted in the maximum value: (\d+)/.exec(output)?.[1] ?? 0);
  const calls = [...output.matchAll(/calls:\s+(\d+)/g)].at(-1)?.[1] ?? "?";
  const held = `${properties} properties and the steps' assertions hold over ${calls} calls`;
  const sentence = `${held}, ${done} of ${kinds} kinds of step done`;
  const walked = done === kinds && Number(passed) > properties;
  return {
    ok: walked,
    sentence,
    details: walked ? [] : ["the walk did not get everywhere: nothing is shown by it"],
  };
}
