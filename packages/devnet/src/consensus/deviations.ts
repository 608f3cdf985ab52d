import type { ChainConfig } from "@lodestar/config";
import { mainnetChainConfig } from "@lodestar/config/configs";
import { activePreset } from "@lodestar/params";
import { mainnetPreset } from "@lodestar/params/presets/mainnet";

/** One way in which this chain is not mainnet. */
export interface Deviation {
  name: string;
  mainnet: string;
  here: string;
  why: string;
}

export interface DeviationFacts {
  simulatedEpochs: number;
  validators: number;
  validatorEth: number;
}

/** Reasons by the first pattern that matches a constant's name. */
const REASONS: [RegExp, string][] = [
  [
    /^(SHARD_COMMITTEE_PERIOD|MIN_VALIDATOR_WITHDRAWABILITY_DELAY)$/,
    "shorter waiting, so that exits can be watched; the rules are the same",
  ],
  [
    /^(SECONDS_PER_SLOT|SLOT_DURATION_MS)$/,
    "with 8 slots an epoch, 48 seconds keep the epoch and the yearly reward as on mainnet",
  ],
  [/_FORK_VERSION$/, "own versions: what is signed for this chain is worth nothing on mainnet"],
  [/_FORK_EPOCH$/, "forks up to Electra are active from genesis; Fulu only when asked for"],
  [/^DEPOSIT_(CHAIN|NETWORK)_ID$/, "own chain id"],
  [/^(PRESET_BASE|CONFIG_NAME)$/, "says that this is not mainnet"],
  [/^(TERMINAL_|MIN_GENESIS_|GENESIS_DELAY)/, "the chain is proof of stake from its first block"],
  [/^BLOB_SCHEDULE$/, "there are no blobs on this chain"],
];

/** Every difference of constants, found by comparison, then what the code itself leaves out. */
export function deviations(config: ChainConfig, facts: DeviationFacts): Deviation[] {
  const constants = [
    ...differences(mainnetChainConfig, config, "set by the chain's configuration"),
    ...differences(
      mainnetPreset,
      activePreset,
      "the minimal preset has smaller committees, epochs and vectors",
    ),
  ];
  return [...constants, ...structural(facts)];
}

function differences(mainnet: object, here: object, fallback: string): Deviation[] {
  const theirs = mainnet as Record<string, unknown>;
  const ours = here as Record<string, unknown>;
  // mainnet's names: what is here beside them is derived from constants, or a function
  return Object.keys(theirs)
    .filter((name) => show(theirs[name]) !== show(ours[name]))
    .map((name) => ({
      name,
      mainnet: show(theirs[name]),
      here: show(ours[name]),
      why: REASONS.find(([pattern]) => pattern.test(name))?.[1] ?? fallback,
    }));
}

function show(value: unknown): string {
  if (value === Number.POSITIVE_INFINITY) return "never";
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value))
    return JSON.stringify(value.map((item: object) => Object.entries(item).map(([key, v]) => `${key}=${v}`)));
  return String(value);
}

/** What no constant shows. */
const ALWAYS: readonly Deviation[] = [
  {
    name: "peer-to-peer network",
    mainnet: "thousands of nodes",
    here: "none",
    why: "one process makes every block; blocks and operations arrive by function call",
  },
  {
    name: "fork choice",
    mainnet: "LMD-GHOST, reorgs possible",
    here: "one linear chain, no reorgs",
    why: "there is only one proposer of blocks, so there is nothing to choose between",
  },
  {
    name: "background signatures",
    mainnet: "every block, attestation and sync vote is verified",
    here: "not checked; proofs of possession of deposits and operations sent to the Beacon API are",
    why: "nobody holds 16,384 signing keys busy on a laptop; rewards and penalties do not depend on signatures",
  },
  {
    name: "execution client's fork",
    mainnet: "Osaka with Fulu",
    here: "Prague throughout",
    why: "the embedded execution client is driven by Prague's Engine API methods",
  },
];

function structural(facts: DeviationFacts): Deviation[] {
  const notes: Deviation[] = [
    ...ALWAYS,
    {
      name: "background validators",
      mainnet: "about a million, balances 32 to 2048 ETH",
      here: `${facts.validators} of ${facts.validatorEth} ETH at genesis`,
      why: "as much stake as mainnet in fewer validators, so that rewards per ETH are the same",
    },
  ];
  if (facts.simulatedEpochs > 0) {
    notes.push({
      name: "simulated attendance",
      mainnet: "0 epochs",
      here: `${facts.simulatedEpochs} epochs`,
      why: "participation was written into the state with one block an epoch; blocks alone do not re-derive it",
    });
  }
  return notes;
}
