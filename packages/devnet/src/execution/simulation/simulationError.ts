export const INVALID_PARAMS = -32602;
/** A transaction that could stand in no block; the proxy finds the published code by the message. */
const REFUSED = -32000;
export const BLOCK_NUMBER_ORDER = -38020;
export const BLOCK_TIME_ORDER = -38021;
export const MOVED_TO_ITSELF = -38022;
export const MOVED_TWICE = -38023;
export const LIMIT_EXCEEDED = -38026;

/** Why a simulation did not take place, as the client's JSON-RPC answers it. */
export class SimulationError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What the machine says without the part that describes itself. */
export const plainMessage = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/ \(vm hf=.*$/s, "");

/** The machine's own exceptions as ours. */
export const asSimulationError = (error: unknown): SimulationError =>
  error instanceof SimulationError ? error : new SimulationError(REFUSED, plainMessage(error));
