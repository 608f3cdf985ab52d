import type { z } from "zod";
import { INVALID_PARAMS, RpcError } from "./rpcError.ts";

/** @throws RpcError that names the field that is wrong */
export function parseParam<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  throw new RpcError(INVALID_PARAMS, `${where === "" ? "invalid parameter" : where}: ${issue?.message}`);
}
