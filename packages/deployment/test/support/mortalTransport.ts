import { custom, type Transport } from "viem";

/** A process's line to the chain: it dies at the `life`-th transaction, and answers nothing any more. */
export function mortalTransport(
  url: string,
  life: number,
  when: "before sending" | "after sending",
): Transport {
  let left = life;
  let isDead = false;
  return custom(
    {
      request: async ({ method, params }: { method: string; params?: unknown }) => {
        const isSend = method === "eth_sendRawTransaction";
        if (isSend) left -= 1;
        if (isSend && left === 0 && when === "before sending") isDead = true;
        if (isDead) throw new Error("killed");
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: params ?? [] }),
        });
        const { result, error } = (await response.json()) as {
          result?: unknown;
          error?: { message: string };
        };
        if (isSend && left === 0) {
          isDead = true;
          throw new Error("killed");
        }
        if (error) throw Object.assign(new Error(error.message), error);
        return result;
      },
    },
    { retryCount: 0 },
  );
}
