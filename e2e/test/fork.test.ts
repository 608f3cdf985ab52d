import { buildStateProof, openState } from "@cairn/beacon";
import { beaconProofsAbi, wrappedStakedEtherAbi } from "@cairn/protocol";
import { type Hex, parseEther } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sentenceOf } from "../stack/send.ts";
import { accountOf } from "../stack/wallets.ts";
import { Chamber } from "./support/chamber.ts";
import { blocksOf, follow } from "./support/runbook.ts";
import { GWEI, Zone } from "./support/zone.ts";

/** Late enough for a member to begin its work, a vote, and the two days that an entry must wait. */
const FULU_EPOCH = 312;
const TARGET_GWEI = 64n * GWEI;
let zone: Zone;
let chamber: Chamber;
let pubkey: Hex;

beforeAll(async () => {
  zone = await Zone.start({ fuluEpoch: FULU_EPOCH });
  chamber = new Chamber(zone);
  await zone.stake("alice", parseEther("300"));
  ({ pubkey } = await zone.operator("operatorOne", "forked", parseEther("4"), TARGET_GWEI));
});

afterAll(async () => {
  await zone.stop();
  chamber.stop();
});

const proofs = () => ({ address: zone.stack.addresses.beaconProofs, abi: beaconProofsAbi }) as const;
const isUsable = (entry: bigint) =>
  zone.stack.client.readContract({ ...proofs(), functionName: "forkUsable", args: [entry] });

/** What the contract says to a proof of the newest state. */
async function proveHead(): Promise<string> {
  const { beacon, client, spec } = zone.stack;
  const { header } = await beacon.getHeader("head");
  const state = await openState({ preset: spec.preset, ...(await beacon.getState(header.stateRoot)) });
  const args = [state.blockRoot(), buildStateProof(state)] as const;
  return client.readContract({ ...proofs(), functionName: "verifyState", args }).then(
    () => "accepted",
    (error: unknown) => sentenceOf(error),
  );
}

test("a fork is proposed by a vote, closed until the keeper has probed it, and all goes on to the wei", async () => {
  const { client, addresses, devnet } = zone.stack;
  const wrapper = { address: addresses.wrappedStakedEther, abi: wrappedStakedEtherAbi } as const;
  const args = [accountOf("alice").address, 0n] as const;
  await zone.send("alice", { ...wrapper, functionName: "stakeAndWrap", args, value: parseEther("200") });
  await zone.untilWorking([pubkey], [TARGET_GWEI]);

  // the runbook, as it is written: draft, rehearsal, vote
  const [draft = "", vote = "", probe = ""] = blocksOf("new-fork");
  const words = await follow(zone, [draft, vote, 'echo "file $proposal"']);
  expect(words).toContain("beaconProofs.forkCount(): 1 → 2");
  expect(words, "nothing else").toContain("roles that change: none");
  expect(await client.readContract({ ...proofs(), functionName: "forkCount" })).toBe(2n);
  expect(await proveHead(), "Electra goes on").toBe("accepted");
  expect(await isUsable(1n)).toBe(false);

  await zone.keeper.stop();
  // two days in which nothing happens, and with real blocks into the fork
  await devnet.simulateAttendance({ epochs: FULU_EPOCH - 4 - devnet.head.epoch });
  await devnet.advance(FULU_EPOCH * 8 - devnet.slot + 3);
  expect(await proveHead()).toMatch(/probed/);
  zone.restartKeeper();
  await zone.step.until("the keeper waits for a deposit", async () =>
    zone.keeper.hasSaid("a pending deposit"),
  );
  expect(await isUsable(1n)).toBe(false);
  const [, path] = /^file (.*)$/m.exec(words) ?? [];
  // and what it says to do at the fork
  await follow(zone, [`proposal=${path}`, probe]);
  expect(await isUsable(1n)).toBe(true);
  expect(await proveHead()).toBe("accepted");
  await zone.nextClose();
  await zone.noDifference();
  expect(zone.keeper.hasSaid("the job failed"), "it survives a closed fork").toBe(false);
});

test("what cannot be proposed is said", async () => {
  expect(await chamber.refused("alice", "draft-fork", "nofork")).toContain("knows no fork nofork");
  expect(await chamber.refused("alice", "draft-fork", "gloas")).toContain("no date");
  expect(await chamber.refused("alice", "draft-fork", "electra")).toContain("entry 0, usable");
  expect(await chamber.refused("alice", "draft-fork", "fulu")).toContain("entry 1, usable");
});
