/**
 * `npm run journey`: one ETH end to end on the embedded chain, and one attack. Prints what happened, where, and the
 * pool's totals beside the truth of both layers; ends with 1 at the first difference.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHORTEST_RHYTHM } from "@cairn/deployment";
import { KeeperProcess } from "../stack/keeperProcess.ts";
import { Lockstep } from "../stack/lockstep.ts";
import { deploy, FIXED_GENESIS_TIME, type Stack, startChain } from "../stack/stack.ts";
import { showCountedAnew } from "./countAnew.ts";
import { frontRun } from "./frontRun.ts";
import { showIncomes } from "./incomes.ts";
import { Journey } from "./journey.ts";
import { leaveAtOnce, wrapAndUnwrap } from "./otherWays.ts";
import { Report } from "./report.ts";

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-journey-"));
  const report = new Report();
  report.step("The chain starts and the stack is deployed");
  const running = await startChain({
    dataDir: join(folder, "chain"),
    fresh: true,
    secondsPerSlot: 48,
    genesisTime: FIXED_GENESIS_TIME,
  });
  let keeper: KeeperProcess | undefined;
  try {
    for (const { name, mainnet, here } of running.devnet.deviations)
      report.note(`not mainnet's: ${name} = ${here} (${mainnet})`);
    const stack = await deploy(running, SHORTEST_RHYTHM, folder);
    report.note(
      `deployed by block ${stack.devnet.head.blockNumber}; StakedEther at ${stack.addresses.stakedEther}`,
    );
    const started = new KeeperProcess(stack, { logFile: join(folder, "keeper.log") });
    keeper = started;
    const step = new Lockstep(stack.devnet, () => [started]);
    await walk(new Journey(stack, step, report), stack, step, report);
    await frontRun(stack, step, report);
    report.end();
    await keeper.stop();
    await stack.devnet.stop();
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    console.error(`\nThe journey failed: ${error instanceof Error ? error.message : String(error)}`);
    console.error(`Logs are kept in ${folder}`);
    process.exitCode = 1;
    await keeper?.stop();
    await running.devnet.stop();
  }
}

async function walk(journey: Journey, stack: Stack, step: Lockstep, report: Report): Promise<void> {
  await journey.onboard();
  await journey.stake();
  await wrapAndUnwrap(stack, step, report);
  await leaveAtOnce(stack, step, report);
  await journey.prove();
  await journey.fund();
  await journey.checkpoint(
    "A checkpoint with deposits on their way: each is counted once",
    ({ inFlightGwei }) => inFlightGwei > 0n,
  );
  await journey.activate();
  await journey.earn();
  const earned = await journey.checkpoint(
    "A checkpoint proves every balance; the rate rises",
    ({ args }) => args.executionRewards > 0n,
  );
  journey.requireRateRisen(earned.args);
  const request = await journey.requestExit();
  const first = await journey.checkpoint("The first checkpoint after the request only sets the horizon");
  await journey.requireNotFinalized(request, first);
  await journey.checkpoint("The next checkpoint finalizes it", (closed) =>
    journey.isFinalized(request, closed),
  );
  await journey.claim(request);
  await showIncomes(stack, report);
  await showCountedAnew(stack, report);
}

await main();
