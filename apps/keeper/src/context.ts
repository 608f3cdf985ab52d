import type { BeaconClient, Spec } from "@cairn/beacon";
import type { Logger } from "pino";
import type { PublicClient } from "viem";
import type { Patience } from "./patience.ts";
import type { ProtocolIndex } from "./protocolIndex.ts";
import type { Sender } from "./sender.ts";
import type { Settings } from "./settings.ts";
import type { StateSource } from "./stateSource.ts";

/** What every job works with. */
export interface Context {
  readonly settings: Settings;
  readonly client: PublicClient;
  readonly beacon: BeaconClient;
  /** The chain's constants, read once. */
  readonly spec: Spec;
  readonly index: ProtocolIndex;
  readonly states: StateSource;
  readonly patience: Patience;
  readonly sender: Sender;
  readonly log: Logger;
}

/**
 * One thing the keeper does. It looks, decides, and sends at most a few transactions; doing it twice, or in two
 * keepers at once, does no harm: every transaction is simulated against the newest state first.
 *
 * @returns How many transactions were sent (or would have been, in a dry run).
 */
export type Job = (context: Context) => Promise<number>;
