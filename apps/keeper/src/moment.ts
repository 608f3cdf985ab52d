import type { Hex } from "viem";
import type { Context } from "./context.ts";

/** Where both layers stand. All that jobs decide by follows from it: no job asks for the time but of a block. */
export interface Moment {
  /** The newest execution block. */
  readonly block: bigint;
  readonly blockHash: Hex;
  /** The newest final execution block. */
  readonly finalized: bigint;
  /** The beacon node's newest block: it may be ahead of the execution client's, or behind. */
  readonly beaconRoot: Hex;
}

export async function readMoment({ client, beacon }: Pick<Context, "client" | "beacon">): Promise<Moment> {
  const [newest, finalized, header] = await Promise.all([
    client.getBlock(),
    client.getBlock({ blockTag: "finalized" }),
    beacon.getHeader("head"),
  ]);
  return {
    block: newest.number,
    blockHash: newest.hash,
    finalized: finalized.number,
    beaconRoot: header.root,
  };
}

/** Whether nothing has happened in between. */
export function isSame(a: Moment, b: Moment): boolean {
  return a.blockHash === b.blockHash && a.finalized === b.finalized && a.beaconRoot === b.beaconRoot;
}
