import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { forkEntries } from "@cairn/deployment";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { draftFork } from "../src/commands/draftFork.ts";
import type { Session } from "../src/session.ts";

const NOW = 1_800_000_000n;
const DAY = 86_400n;
const ELECTRA = { name: "electra", version: "0x05000000", epoch: 0n } as const;
const FULU = { name: "fulu", version: "0x06000000", epoch: 5000n } as const;
const ADDRESS = `0x${"ab".repeat(20)}`;
let server: Server;
let spec: Record<string, string>;
let views: Record<string, unknown>;
let table: readonly { readonly version: string; readonly firstSlot: bigint }[];
let printed: string[];

const entryOf = (fork: typeof ELECTRA | typeof FULU) =>
  forkEntries({ slotsPerEpoch: 32n, forks: [fork] })[0] as (typeof table)[number];

beforeAll(async () => {
  server = createServer((_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ data: spec }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(() => server.close());

beforeEach(() => {
  printed = [];
  spec = {
    PRESET_BASE: "mainnet",
    SLOTS_PER_EPOCH: "32",
    SECONDS_PER_SLOT: "12",
    GENESIS_FORK_VERSION: "0x00000000",
    DEPOSIT_CHAIN_ID: "7",
    DEPOSIT_CONTRACT_ADDRESS: ADDRESS,
    SHARD_COMMITTEE_PERIOD: "256",
    MIN_VALIDATOR_WITHDRAWABILITY_DELAY: "256",
    EPOCHS_PER_SLASHINGS_VECTOR: "8192",
    DENEB_FORK_VERSION: "0x04000000",
    DENEB_FORK_EPOCH: "0",
    ELECTRA_FORK_VERSION: ELECTRA.version,
    ELECTRA_FORK_EPOCH: "0",
    FULU_FORK_VERSION: FULU.version,
    FULU_FORK_EPOCH: String(FULU.epoch),
    GLOAS_FORK_VERSION: "0x07000000",
    GLOAS_FORK_EPOCH: "18446744073709551615",
  };
  table = [entryOf(ELECTRA)];
  views = {
    currentSlot: 1000n,
    FORK_DELAY: 2n * DAY,
    // Fulu begins in 21 days
    chainConstants: { genesisTime: NOW + 21n * DAY - FULU.epoch * 384n, secondsPerSlot: 12n },
    votingDelay: DAY,
    votingPeriod: 5n * DAY,
    getMinDelay: 13n * DAY,
  };
});

function draft(...words: string[]): Promise<void> {
  const readContract = async ({ functionName, args }: { functionName: string; args?: [bigint] }) => {
    if (functionName === "forkCount") return BigInt(table.length);
    const entry = table[Number(args?.[0] ?? 0n)];
    if (functionName === "forkEntry") return entry;
    if (functionName === "forkUsable") return entry?.version === ELECTRA.version;
    return views[functionName];
  };
  const { port } = server.address() as AddressInfo;
  return draftFork({
    client: { readContract, getBlock: async () => ({ timestamp: NOW }) },
    book: { chainId: 7 },
    beaconUrl: `http://127.0.0.1:${port}`,
    words: ["draft-fork", ...words],
    print: (line: string) => printed.push(line),
  } as unknown as Session);
}

test("a draft is the whole proposal, its entry in JSON", async () => {
  await draft("fulu");
  const { title, actions } = JSON.parse(printed.join("\n"));
  expect(title).toBe("Fork fulu at epoch 5000");
  const { firstSlot, ...rest } = entryOf(FULU);
  expect(actions).toEqual([
    { call: "beaconProofs.proposeFork", args: [{ ...rest, firstSlot: String(firstSlot) }] },
  ]);
});

test.each([
  ["a name is missing", [], () => undefined, "usage"],
  [
    "nobody knows the name",
    ["osaka"],
    () => undefined,
    "knows no fork osaka, only deneb, electra, fulu, gloas",
  ],
  ["it has no date", ["gloas"], () => undefined, "no date for gloas"],
  [
    "its places are not known",
    ["gloas"],
    () => Object.assign(spec, { GLOAS_FORK_EPOCH: "9000" }),
    "does not know where gloas",
  ],
  ["it has no list of deposits", ["deneb"], () => undefined, "does not know where deneb"],
  ["it is in the table", ["electra"], () => undefined, "entry 0, usable"],
  [
    "it was proposed",
    ["fulu"],
    () => {
      table = [...table, entryOf(FULU)];
    },
    "entry 1, not probed yet",
  ],
  [
    "an entry of it has begun that is wrong",
    ["fulu"],
    () => {
      table = [...table, { ...entryOf(FULU), firstSlot: 900n }];
    },
    "entry 1, not probed yet",
  ],
  ["it comes too soon", ["fulu"], () => Object.assign(views, { getMinDelay: 13n * DAY + 1n }), "too soon"],
  [
    "the consensus client is another chain's",
    ["fulu"],
    () => Object.assign(spec, { DEPOSIT_CHAIN_ID: "8" }),
    "chain 8",
  ],
])("refused when %s", async (_, words, arrange, message) => {
  arrange();
  await expect(draft(...words)).rejects.toThrow(message);
  expect(printed).toEqual([]);
});

test("one that is wrong and has not begun can be replaced", async () => {
  table = [...table, { ...entryOf(FULU), firstSlot: 170_000n }];
  await draft("fulu");
  expect(printed).toHaveLength(1);
});
