/**
 * `npm run mutants -- [NAME…] [--list] [--sample N] [--workers N] [--fresh]`: single-point mutations of the money paths
 * (mutants/targets.ts). Each is compiled and tried with the tests that touch its file, narrow ones first; one that no test
 * refuses is named. It takes minutes a file and goes on where it was stopped; `--fresh` begins anew. Equivalent mutants
 * stand in mutants/explained.json with the reason. Ends with 1 if any other survives.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Ledger } from "./mutants/ledger.ts";
import { applied, describe, type Mutation, mutationsOf } from "./mutants/mutations.ts";
import { TARGETS, type Target } from "./mutants/targets.ts";
import { Workshop } from "./mutants/workshop.ts";
import { ROOT, runLane } from "./runSteps.ts";
import { vectorSteps } from "./vectors.ts";

const FOLDER = join(ROOT, ".cairn/mutants");

/** A mutant that behaves like the original, and why. */
interface Explained {
  readonly source: string;
  /** Its line, without indentation. */
  readonly text: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

interface Mutant {
  readonly name: string;
  readonly target: Target;
  readonly original: string;
  readonly mutation: Mutation;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: "boolean", default: false },
    fresh: { type: "boolean", default: false },
    sample: { type: "string" },
    workers: { type: "string", default: "2" },
  },
});

/** @throws Error naming the option that is no whole number from 1 on. */
function countOf(option: "sample" | "workers"): number {
  const count = Number(values[option]);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new Error(`--${option} takes a whole number from 1 on, not ${values[option]}`);
}

function mutantsOf(name: string): Mutant[] {
  const target = TARGETS[name];
  if (!target) {
    console.error(`no money path is called ${name}; there are: ${Object.keys(TARGETS).join(", ")}`);
    process.exit(1);
  }
  const original = readFileSync(join(ROOT, target.source), "utf8");
  return mutationsOf(target.source, original).map((mutation) => ({ name, target, original, mutation }));
}

function sentenceOf({ target, original, mutation }: Mutant): string {
  const { line, from, to } = describe(original, mutation);
  const short = (text: string) => text.replaceAll(/\s+/g, " ").slice(0, 80);
  return `${target.source}:${line} "${short(from)}" as "${short(to)}"`;
}

/** Every `all / wanted`-th, so that a sample is spread over the files. */
function sampleOf(all: readonly Mutant[], wanted: number): Mutant[] {
  const stride = Math.max(1, all.length / wanted);
  return all.filter((_, i) => Math.floor(i / stride) !== Math.floor((i - 1) / stride));
}

const explained = JSON.parse(
  readFileSync(join(ROOT, "scripts/mutants/explained.json"), "utf8"),
) as Explained[];

function isExplained({ target, original, mutation }: Mutant): boolean {
  const { text, from, to } = describe(original, mutation);
  return explained.some(
    (one) => one.source === target.source && one.text === text && one.from === from && one.to === to,
  );
}

/** Tries mutants from a common list until it is empty. @returns Those that survived. */
async function work(workshop: Workshop, queue: Mutant[], ledger: Ledger, total: number): Promise<Mutant[]> {
  const survivors: Mutant[] = [];
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    const { target, original, mutation } = mutant;
    const source = applied(original, mutation);
    workshop.write(target.source, source);
    let verdict = await workshop.judge(target.tests[0] ?? "");
    for (const tests of target.tests.slice(1)) {
      if (verdict === "survived") verdict = await workshop.judge(tests);
    }
    workshop.write(target.source, original);
    ledger.note(source, verdict);
    if (verdict === "survived") survivors.push(mutant);
    console.log(`${total - queue.length}/${total} ${verdict}: ${sentenceOf(mutant)}`);
  }
  return survivors;
}

/** Tests that fail by themselves would kill every mutant. @throws Error naming them. */
async function requireGreen(workshop: Workshop, mutants: readonly Mutant[]): Promise<void> {
  for (const tests of new Set(mutants.flatMap(({ target }) => target.tests))) {
    const verdict = await workshop.judge(tests);
    if (verdict === "survived") continue;
    throw new Error(`${tests} fails without any mutation (${verdict}); see ${workshop.folder}/forge.log`);
  }
}

async function main(): Promise<number> {
  if (values.fresh) rmSync(FOLDER, { recursive: true, force: true });
  const ledger = new Ledger(join(FOLDER, "ledger.jsonl"));
  const names = positionals.length > 0 ? positionals : Object.keys(TARGETS);
  const all = names.flatMap(mutantsOf);
  const wanted = (values.sample ? sampleOf(all, countOf("sample")) : all).filter((one) => !isExplained(one));
  const queue = wanted.filter(({ original, mutation }) => !ledger.isSettled(applied(original, mutation)));
  console.log(
    `${all.length} mutants, ${all.length - wanted.length} left out or explained, ${queue.length} to try`,
  );
  if (values.list) for (const one of wanted) console.log(sentenceOf(one));
  if (values.list || queue.length === 0) return 0;
  const vectors = await runLane(vectorSteps);
  if (vectors.some(({ ok }) => !ok)) return 1;
  const count = Math.min(countOf("workers"), queue.length);
  const workshops = Array.from({ length: count }, (_, i) => new Workshop(join(FOLDER, `${i + 1}`)));
  await requireGreen(workshops[0] as Workshop, queue);
  const total = queue.length;
  const survivors = (await Promise.all(workshops.map((one) => work(one, queue, ledger, total)))).flat();
  console.log(`\n${total} tried, ${survivors.length} survived`);
  for (const one of survivors) console.log(`survived: ${sentenceOf(one)}`);
  return survivors.length > 0 ? 1 : 0;
}

process.exitCode = await main();
