import { BeaconError, type BeaconErrorCode } from "../beaconError.ts";

const ADVICE: Partial<Record<BeaconErrorCode, string>> = {
  notFound: "The beacon node doesn't know this block, state or validator; it may have been pruned.",
  rateLimited: "Ask less often, or raise the beacon node's limit.",
  unavailable: "Check that the beacon node runs and is synced.",
  badRequest: "Check the arguments, and that the node serves this endpoint.",
};

/** The error for an answer that is not 2xx, with what the node says about it. */
export async function errorOfStatus(
  path: string,
  response: Response,
  maxRetryAfterMs: number,
): Promise<BeaconError> {
  const { status } = response;
  const code = codeOfStatus(status);
  const said = (await response.text().catch(() => "")).slice(0, 200);
  const retryAfter = Number(response.headers.get("retry-after") ?? 0) * 1000;
  const retryAfterMs = Number.isFinite(retryAfter) ? Math.min(Math.max(retryAfter, 0), maxRetryAfterMs) : 0;
  return new BeaconError(code, `GET ${path} was answered ${status}. ${ADVICE[code]}`, {
    details: { path, status, said, retryAfterMs },
  });
}

function codeOfStatus(status: number): BeaconErrorCode {
  if (status === 404) return "notFound";
  if (status === 429) return "rateLimited";
  return status >= 500 ? "unavailable" : "badRequest";
}

/** The error for a request that broke off; errors of ours pass unchanged. */
export function requestFailure(
  path: string,
  cause: unknown,
  caller: AbortSignal | undefined,
  timeoutMs: number,
): BeaconError {
  if (cause instanceof BeaconError) return cause;
  const details = { path };
  if (caller?.aborted)
    return new BeaconError("aborted", `GET ${path} was aborted by the caller.`, { details, cause });
  if (isTimeout(cause)) {
    const message = `GET ${path} took longer than ${timeoutMs} ms. Check the beacon node's load, or raise the time limit.`;
    return new BeaconError("timeout", message, { details: { path, timeoutMs }, cause });
  }
  return new BeaconError("unavailable", `GET ${path} failed. ${ADVICE.unavailable}`, { details, cause });
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "TimeoutError";
}
