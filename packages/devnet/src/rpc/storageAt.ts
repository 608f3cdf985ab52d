import { z } from "zod";
import type { Json } from "../execution/jsonRpcClient.ts";
import { withPlainBlock } from "./blockTags.ts";
import { parseParam } from "./parseParam.ts";
import type { RpcContext, RpcHandler } from "./rpcContext.ts";
import { INVALID_PARAMS, RpcError } from "./rpcError.ts";

/** A storage key as 32 bytes; short quantities such as 0x0 are allowed, the client wants whole bytes. */
function storageKey(value: Json | undefined): string {
  if (typeof value !== "string" || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) {
    throw new RpcError(INVALID_PARAMS, "a storage key is 0x text of at most 32 bytes");
  }
  return `0x${value.slice(2).padStart(64, "0")}`;
}

export const getStorageAt: RpcHandler = (params, context) => {
  const plain = withPlainBlock(context.chain, "eth_getStorageAt", params);
  plain[1] = storageKey(params[1]);
  return context.forward("eth_getStorageAt", plain);
};

/** The client proves nothing of the slots of an account that does not exist: they are empty, like its storage. */
export const getProof: RpcHandler = async (params, context) => {
  const plain = withPlainBlock(context.chain, "eth_getProof", params);
  const keys = Array.isArray(params[1]) ? params[1].map(storageKey) : [];
  plain[1] = keys;
  const proof = (await context.forward("eth_getProof", plain)) as { [key: string]: Json };
  const slots = proof.storageProof as Json[];
  if (slots.length === keys.length) return proof;
  const empty = keys.map((key) => ({ key: `0x${BigInt(key).toString(16)}`, value: "0x0", proof: [] }));
  return { ...proof, storageProof: empty };
};

/** As many as the reference implementation answers at once. */
const MAX_SLOTS = 1024;

const requestsSchema = z.record(
  z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address"),
  z.array(z.string()),
);

/** Slots of several accounts at one block. */
export const getStorageValues: RpcHandler = async (params, context) => {
  const requests = Object.entries(parseParam(requestsSchema, params[0]));
  const count = requests.reduce((sum, [, keys]) => sum + keys.length, 0);
  if (count > MAX_SLOTS)
    throw new RpcError(INVALID_PARAMS, `at most ${MAX_SLOTS} slots at once, not ${count}`);
  const values = requests.map(async ([address, keys]) => [
    address,
    await valuesOf(address, keys, params, context),
  ]);
  return Object.fromEntries(await Promise.all(values)) as Json;
};

const valuesOf = (address: string, keys: string[], params: Json[], context: RpcContext): Promise<Json[]> =>
  Promise.all(keys.map(async (key) => getStorageAt([address, key, ...params.slice(1, 2)], context)));
