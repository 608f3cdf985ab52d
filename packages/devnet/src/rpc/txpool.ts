import type { Json } from "../execution/jsonRpcClient.ts";
import { quantity } from "./quantity.ts";
import type { RpcContext, RpcHandler } from "./rpcContext.ts";

interface Waiting {
  from: string;
  nonce: number;
  shown: { [key: string]: Json };
}

/** Transactions whose turn has come, and those that wait for an earlier nonce of their sender. */
interface Pools {
  pending: Waiting[];
  queued: Waiting[];
}

async function pools({ pending, forward }: RpcContext): Promise<Pools> {
  const shown = pending.list() as { [key: string]: Json }[];
  const all = shown.map((tx) => ({ from: String(tx.from), nonce: Number(tx.nonce), shown: tx }));
  const sorted = all.sort((a, b) => a.nonce - b.nonce);
  const next = new Map<string, number>();
  for (const { from } of sorted) {
    if (next.has(from)) continue;
    next.set(from, Number(await forward("eth_getTransactionCount", [from, "latest"])));
  }
  const result: Pools = { pending: [], queued: [] };
  for (const tx of sorted) {
    const expected = next.get(tx.from) as number;
    if (tx.nonce === expected) next.set(tx.from, expected + 1);
    (tx.nonce <= expected ? result.pending : result.queued).push(tx);
  }
  return result;
}

const byNonce = (list: Waiting[]): { [key: string]: Json } =>
  Object.fromEntries(list.map(({ nonce, shown }) => [String(nonce), shown]));

const bySender = (list: Waiting[], show: (tx: Waiting) => Json): { [key: string]: Json } => {
  const senders: Record<string, { [key: string]: Json }> = {};
  for (const tx of list) {
    senders[tx.from] ??= {};
    (senders[tx.from] as { [key: string]: Json })[String(tx.nonce)] = show(tx);
  }
  return senders;
};

/** One line, as the reference implementation writes it. */
const summary = ({ shown }: Waiting): string =>
  `${shown.to ?? "contract creation"}: ${BigInt(String(shown.value))} wei + ` +
  `${BigInt(String(shown.gas))} gas × ${BigInt(String(shown.gasPrice))} wei`;

const content = async (context: RpcContext, show: (tx: Waiting) => Json): Promise<Json> => {
  const { pending, queued } = await pools(context);
  return { pending: bySender(pending, show), queued: bySender(queued, show) };
};

/** The client knows `txpool_content` alone, without what is queued and with fields missing. */
export const txpoolMethods: Record<string, RpcHandler> = {
  txpool_content: (_params, context) => content(context, ({ shown }) => shown),
  txpool_inspect: (_params, context) => content(context, summary),
  txpool_contentFrom: async ([address], context) => {
    const { pending, queued } = await pools(context);
    const own = (list: Waiting[]) => list.filter(({ from }) => from === String(address).toLowerCase());
    return { pending: byNonce(own(pending)), queued: byNonce(own(queued)) };
  },
  txpool_status: async (_params, context) => {
    const { pending, queued } = await pools(context);
    return { pending: quantity(pending.length), queued: quantity(queued.length) };
  },
};
