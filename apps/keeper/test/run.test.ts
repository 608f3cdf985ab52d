import { expect, test } from "vitest";
import type { Context } from "../src/context.ts";
import { run } from "../src/keeper.ts";
import { KeeperMetrics } from "../src/metrics.ts";
import { FakeChain, rootOf } from "./support/fakeChain.ts";

/** A stack without keys, with nothing due. */
const NOTHING_TO_DO = {
  provenState: [0n],
  openSnapshotHash: `0x${"00".repeat(32)}`,
  opensAt: 10n ** 12n,
  openPartialsGwei: 0n,
  uncoveredDemand: 0n,
  nextTicket: [0n, 0n],
};

/** Runs a keeper; in each of its polls the next act is done, and it is stopped when none is left. @returns Its looks. */
async function looks(chain: FakeChain, acts: readonly (() => void)[], beacon = { root: rootOf("beacon") }) {
  const stop = new AbortController();
  const seen: object[] = [];
  const left = [...acts];
  const getHeader = async () => {
    const act = left.shift();
    if (act) act();
    else stop.abort();
    return { ...beacon };
  };
  const debug = (fields: object, message: string) => message === "looked" && seen.push(fields);
  const context = {
    ...chain.context,
    settings: { ...chain.context.settings, pollMs: 1 },
    beacon: { getHeader },
    log: { ...chain.context.log, debug },
  } as unknown as Context;
  await run(context, new KeeperMetrics(), stop.signal);
  return seen;
}

const nothing = () => undefined;

test("there is one look at each moment of either layer, however often it polls", async () => {
  const chain = new FakeChain();
  Object.assign(chain.views, NOTHING_TO_DO);
  const block = () => {
    chain.head++;
    chain.headHash = rootOf(`block ${chain.head}`);
  };
  const beacon = { root: rootOf("beacon") };
  const beaconBlock = () => {
    beacon.root = rootOf("another");
  };
  const seen = await looks(chain, [nothing, nothing, block, nothing, nothing, beaconBlock, nothing], beacon);
  expect(seen).toEqual([
    { block: 100, sent: 0, ok: true },
    { block: 101, sent: 0, ok: true },
    { block: 101, sent: 0, ok: true },
  ]);
});

test("a look in which a job failed is repeated until none does", async () => {
  const chain = new FakeChain();
  Object.assign(chain.views, NOTHING_TO_DO);
  delete chain.views.opensAt;
  const mend = () => {
    chain.views.opensAt = 10n ** 12n;
  };
  const seen = await looks(chain, [nothing, nothing, mend, nothing]);
  expect(seen.map((look) => "ok" in look && look.ok)).toEqual([false, false, true]);
});
