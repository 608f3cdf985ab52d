import { fromHex } from "@lodestar/utils";
import { z } from "zod";
import type { DevnetState } from "../consensus/forkTypes.ts";
import { badRequest } from "./apiError.ts";

/** Index of an id that is an index or a public key; undefined when the state has no such validator. @throws ApiError 400 */
export function indexOf(state: DevnetState, id: string): number | undefined {
  if (/^\d{1,15}$/.test(id)) return Number(id) < state.validators.length ? Number(id) : undefined;
  if (!/^0x[0-9a-fA-F]{96}$/.test(id)) throw badRequest(`Invalid validator ID: ${id}`);
  const index = state.epochCtx.pubkeyCache.getIndex(fromHex(id));
  // The cache is shared along the chain, so it may know validators that come later than this state.
  return index === null || index >= state.validators.length ? undefined : index;
}

/** Indices of those that are known; of all when none are named. @throws ApiError 400 */
export function indicesOf(state: DevnetState, ids: string[]): number[] {
  if (ids.length === 0) return Array.from({ length: state.validators.length }, (_, index) => index);
  const found = ids.map((id) => indexOf(state, id)).filter((index) => index !== undefined);
  return [...new Set(found)];
}

/** @throws ApiError 400 with what is wrong */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw badRequest(`Invalid body: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Body of the requests that take validators: indices or public keys, perhaps none. */
export const idsSchema = z.array(z.string()).nullish();
