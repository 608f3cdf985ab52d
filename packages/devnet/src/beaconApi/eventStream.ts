import type { ServerResponse } from "node:http";
import { computeEpochAtSlot, computeStartSlotAtEpoch, getBlockRootAtSlot } from "@lodestar/state-transition";
import { toHex } from "@lodestar/utils";
import type { BlockEvent, FinalityEvent } from "../chain/chainEvents.ts";
import type { Devnet } from "../chain/devnet.ts";
import { badRequest } from "./apiError.ts";
import { queryList } from "./route.ts";

/** `chain_reorg` may be asked for and never comes. */
const TOPICS = ["head", "block", "finalized_checkpoint", "chain_reorg"];

/** The block whose state fixed the duties of an epoch: the last one before the epoch before it. */
function dependentRoot(chain: Devnet, epoch: number): string {
  const slot = computeStartSlotAtEpoch(Math.max(0, epoch)) - 1;
  if (slot < 0) return chain.blocks.genesis.root;
  return toHex(getBlockRootAtSlot(chain.state, slot));
}

function headData(chain: Devnet, { entry, epochTransition }: BlockEvent): unknown {
  const epoch = computeEpochAtSlot(entry.slot);
  return {
    slot: String(entry.slot),
    block: entry.root,
    state: entry.stateRoot,
    epoch_transition: epochTransition,
    previous_duty_dependent_root: dependentRoot(chain, epoch - 1),
    current_duty_dependent_root: dependentRoot(chain, epoch),
    execution_optimistic: false,
  };
}

/** Server-sent events until the client goes away. @throws ApiError 400 for unknown topics */
export function streamEvents(chain: Devnet, query: URLSearchParams, response: ServerResponse): void {
  const topics = queryList(query, "topics");
  const unknown = topics.find((topic) => !TOPICS.includes(topic));
  if (topics.length === 0 || unknown !== undefined)
    throw badRequest(`Invalid topic: ${unknown ?? "none given"}`);
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    "access-control-allow-origin": "*",
  });
  response.flushHeaders();
  const send = (topic: string, data: unknown): void => {
    if (topics.includes(topic)) response.write(`event: ${topic}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const onBlock = (event: BlockEvent): void => {
    send("block", { slot: String(event.entry.slot), block: event.entry.root, execution_optimistic: false });
    send("head", headData(chain, event));
  };
  const onFinalized = (event: FinalityEvent): void => {
    const { blockRoot, stateRoot, epoch } = event;
    const data = { block: blockRoot, state: stateRoot, epoch: String(epoch), execution_optimistic: false };
    send("finalized_checkpoint", data);
  };
  chain.events.on("block", onBlock);
  chain.events.on("finalized", onFinalized);
  response.on("close", () => {
    chain.events.off("block", onBlock);
    chain.events.off("finalized", onFinalized);
  });
}
