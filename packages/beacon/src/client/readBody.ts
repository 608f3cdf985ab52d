import type { z } from "zod";
import { BeaconError } from "../beaconError.ts";
import { type ForkName, forkGindices } from "../state/forkTable.ts";
import type { BodyReader } from "./transport.ts";

/** A serialized state as the node sent it. */
export interface StateAnswer {
  readonly fork: ForkName;
  readonly bytes: Uint8Array;
}

/** Reads JSON of this shape; "badResponse" names what is wrong. */
export function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): BodyReader<z.output<Schema>> {
  return async (response) => parseJson(path, await response.text(), schema);
}

/** Text to a checked value; "badResponse" names what is wrong. */
export function parseJson<Schema extends z.ZodType>(
  path: string,
  text: string,
  schema: Schema,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BeaconError("badResponse", `GET ${path} was not answered in JSON. Is this a Beacon API?`, {
      details: { path },
      cause,
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.map(String).join(".") ?? "";
  const message = `GET ${path} was answered in another shape than the Beacon API's: ${where}: ${issue?.message ?? ""}.`;
  throw new BeaconError("badResponse", message, { details: { path, where }, cause: parsed.error });
}

/** Reads an SSZ state. "badResponse" for JSON or no fork name, "unsupportedFork" for a fork unknown here. */
export function readState(path: string): BodyReader<StateAnswer> {
  return async (response) => {
    const type = response.headers.get("content-type") ?? "";
    const fork = response.headers.get("eth-consensus-version");
    if (!type.includes("application/octet-stream") || fork === null) {
      await response.body?.cancel();
      const message = `GET ${path} was answered with "${type}" for fork "${fork}", not an SSZ state. Use a beacon node that serves states as SSZ.`;
      throw new BeaconError("badResponse", message, { details: { path } });
    }
    return {
      fork: forkGindices(fork.toLowerCase()).name,
      bytes: new Uint8Array(await response.arrayBuffer()),
    };
  };
}
