import type { Devnet } from "../chain/devnet.ts";
import type { BlockEntry } from "../storage/blockStore.ts";
import { badRequest, notFound } from "./apiError.ts";

const ROOT = /^0x[0-9a-fA-F]{64}$/;
const SLOT = /^\d{1,15}$/;

/** head, genesis, finalized, justified, a slot or a 0x root. @throws ApiError 400, or 404 for missed slots and unknown roots */
export function blockOf(chain: Devnet, id: string): BlockEntry {
  const entry = lookUp(chain, id);
  if (entry === undefined || entry.slot > chain.head.slot) throw notFound("Block not found");
  return entry;
}

function lookUp(chain: Devnet, id: string): BlockEntry | undefined {
  if (id === "head") return chain.headBlock;
  if (id === "genesis") return chain.blocks.genesis;
  if (id === "finalized") return chain.finalizedBlock;
  if (id === "justified") return chain.justifiedBlock;
  if (SLOT.test(id)) return chain.blocks.atSlot(Number(id));
  if (ROOT.test(id)) return chain.blocks.byRoot(id.toLowerCase());
  throw badRequest(`Invalid block ID: ${id}`);
}

export const isFinalized = (chain: Devnet, entry: BlockEntry): boolean =>
  entry.slot <= chain.finalizedBlock.slot;
