import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BeaconClient, BeaconError, createBeaconClient, openState } from "../src/index.ts";
import { type BeaconServer, type Handler, json, startBeaconServer } from "./support/beaconServer.ts";
import { PRESET } from "./support/compareWithLodestar.ts";
import { syntheticState } from "./support/syntheticState.ts";

const ROOT = `0x${"ab".repeat(32)}` as const;
const KEY = `0x${"cd".repeat(48)}` as const;
const VALIDATOR = {
  index: "7",
  balance: "2048000000001",
  status: "active_ongoing",
  validator: {
    pubkey: `0x${"CD".repeat(48)}`,
    withdrawal_credentials: ROOT,
    effective_balance: "2048000000000",
    slashed: false,
    activation_eligibility_epoch: "1",
    activation_epoch: "6",
    exit_epoch: "18446744073709551615",
    withdrawable_epoch: "18446744073709551615",
  },
};

/** Nobody waits that long for an answer, except a test of silence, which has a client of its own. */
const TIMEOUT_MS = 600_000;
let server: BeaconServer;
let client: BeaconClient;

beforeEach(async () => {
  server = await startBeaconServer();
  client = createBeaconClient({ url: `${server.url}/`, timeoutMs: TIMEOUT_MS, retries: 2, backoffMs: 5 });
});
afterEach(() => server.close());

function serve(path: string, handler: Handler): void {
  server.routes.set(path, handler);
}

function answer(path: string, body: unknown): void {
  serve(path, (_, response) => json(response, body));
}

async function errorOf(promise: Promise<unknown>): Promise<BeaconError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof BeaconError) return error;
    throw error;
  }
  return expect.unreachable("the call succeeded");
}

describe("answers", () => {
  it("of genesis, fork and finality", async () => {
    answer("/eth/v1/beacon/genesis", {
      data: {
        genesis_time: "1606824023",
        genesis_validators_root: ROOT.toUpperCase().replace("0X", "0x"),
        genesis_fork_version: "0x00000000",
      },
    });
    answer("/eth/v1/beacon/states/head/fork", {
      data: { previous_version: "0x05000000", current_version: "0x06000000", epoch: "9" },
    });
    const checkpoint = { epoch: "8", root: ROOT };
    answer("/eth/v1/beacon/states/finalized/finality_checkpoints", {
      data: { previous_justified: checkpoint, current_justified: checkpoint, finalized: checkpoint },
    });
    expect(await client.getGenesis()).toEqual({
      genesisTime: 1606824023n,
      genesisValidatorsRoot: ROOT,
      genesisForkVersion: "0x00000000",
    });
    expect(await client.getFork("head")).toEqual({
      previousVersion: "0x05000000",
      currentVersion: "0x06000000",
      epoch: 9n,
    });
    expect((await client.getFinalityCheckpoints("finalized")).finalized).toEqual({ epoch: 8n, root: ROOT });
  });

  it("of the spec, typed, forks by epoch", async () => {
    answer("/eth/v1/config/spec", {
      data: {
        PRESET_BASE: "minimal",
        SLOTS_PER_EPOCH: "8",
        SECONDS_PER_SLOT: "48",
        GENESIS_FORK_VERSION: "0x00000001",
        FULU_FORK_VERSION: "0x06000001",
        FULU_FORK_EPOCH: "10",
        ELECTRA_FORK_VERSION: "0x05000001",
        ELECTRA_FORK_EPOCH: "0",
        GLOAS_FORK_VERSION: "0x07000001",
        GLOAS_FORK_EPOCH: "18446744073709551615",
        DEPOSIT_CHAIN_ID: "560048",
        DEPOSIT_CONTRACT_ADDRESS: "0x00000000219AB540356CBB839CBE05303D7705FA",
        SHARD_COMMITTEE_PERIOD: "2",
        MIN_VALIDATOR_WITHDRAWABILITY_DELAY: "4",
        EPOCHS_PER_SLASHINGS_VECTOR: "64",
        BLOB_SCHEDULE: [{ EPOCH: "1", MAX_BLOBS_PER_BLOCK: "9" }],
      },
    });
    const spec = await client.getSpec();
    expect(spec).toMatchObject({
      preset: "minimal",
      slotsPerEpoch: 8n,
      secondsPerSlot: 48n,
      depositChainId: 560048n,
    });
    expect(spec.depositContractAddress).toBe("0x00000000219ab540356cbb839cbe05303d7705fa");
    expect(spec.forks.map((fork) => fork.name)).toEqual(["electra", "fulu", "gloas"]);
    expect(spec.forks[1]).toEqual({ name: "fulu", version: "0x06000001", epoch: 10n });
    answer("/eth/v1/config/spec", { data: { PRESET_BASE: "minimal" } });
    expect(await errorOf(client.getSpec())).toMatchObject({
      code: "badResponse",
      message: expect.stringContaining("SLOTS_PER_EPOCH"),
    });
  });

  it("of headers and roots", async () => {
    const message = { slot: "64", proposer_index: "3", parent_root: ROOT, state_root: ROOT, body_root: ROOT };
    answer("/eth/v1/beacon/headers/64", {
      finalized: true,
      data: { root: ROOT, canonical: true, header: { message, signature: "0x" } },
    });
    answer(`/eth/v1/beacon/blocks/${ROOT}/root`, { data: { root: ROOT } });
    expect(await client.getHeader(64n)).toEqual({
      root: ROOT,
      canonical: true,
      finalized: true,
      executionOptimistic: false,
      header: { slot: 64n, proposerIndex: 3, parentRoot: ROOT, stateRoot: ROOT, bodyRoot: ROOT },
    });
    expect(await client.getBlockRoot(ROOT)).toBe(ROOT);
  });

  it("of validators, in pages of ids", async () => {
    answer("/eth/v1/beacon/states/head/validators", { data: [VALIDATOR] });
    answer("/eth/v1/beacon/states/head/validators/7", { data: VALIDATOR });
    const [first] = await client.getValidators("head");
    expect(first).toMatchObject({
      index: 7,
      balanceGwei: 2048000000001n,
      pubkey: KEY,
      exitEpoch: 2n ** 64n - 1n,
    });
    expect(await client.getValidator("head", 7)).toEqual(first);
    server.requests.length = 0;
    const ids = Array.from({ length: 130 }, (_, i) => i);
    expect(await client.getValidators("head", ids)).toHaveLength(3);
    expect(server.requests.map((url) => url.split("=")[1]?.split(",").length)).toEqual([64, 64, 2]);
    expect(await client.getValidators("head", [])).toEqual([]);
  });

  it("of an unknown validator: null", async () => {
    expect(await client.getValidator("head", KEY)).toBeNull();
    expect(server.requests).toHaveLength(1);
  });

  it("of pending deposits and partial withdrawals", async () => {
    const signature = `0x${"01".repeat(96)}`;
    answer("/eth/v1/beacon/states/head/pending_deposits", {
      data: [{ pubkey: KEY, withdrawal_credentials: ROOT, amount: "31000000000", signature, slot: "5" }],
    });
    answer("/eth/v1/beacon/states/head/pending_partial_withdrawals", {
      data: [{ validator_index: "7", amount: "1", withdrawable_epoch: "9" }],
    });
    expect(await client.getPendingDeposits("head")).toEqual([
      { pubkey: KEY, withdrawalCredentials: ROOT, amountGwei: 31_000_000_000n, signature, slot: 5n },
    ]);
    expect(await client.getPendingPartialWithdrawals("head")).toEqual([
      { validatorIndex: 7, amountGwei: 1n, withdrawableEpoch: 9n },
    ]);
  });

  it("of the node itself", async () => {
    answer("/eth/v1/node/version", { data: { version: "Cairn/1" } });
    answer("/eth/v1/node/syncing", {
      data: { head_slot: "9", sync_distance: "0", is_syncing: false, is_optimistic: false },
    });
    expect(await client.getNodeVersion()).toBe("Cairn/1");
    expect(await client.getSyncing()).toEqual({
      headSlot: 9n,
      syncDistance: 0n,
      isSyncing: false,
      isOptimistic: false,
      elOffline: false,
    });
  });
});

describe("states", () => {
  const path = "/eth/v2/debug/beacon/states/head";

  it("arrive as SSZ and open", async () => {
    const bytes = syntheticState({ fork: "fulu", validators: 5, seed: "client" });
    serve(path, (request, response) => {
      expect(request.headers.accept).toBe("application/octet-stream");
      response.writeHead(200, {
        "content-type": "application/octet-stream",
        "eth-consensus-version": "fulu",
      });
      response.end(bytes);
    });
    const answered = await client.getState("head");
    expect(answered.fork).toBe("fulu");
    const [there, here] = await Promise.all(
      [answered.bytes, bytes].map((b) => openState({ preset: PRESET, fork: "fulu", bytes: b })),
    );
    expect(there?.blockRoot()).toBe(here?.blockRoot());
  });

  it("of an unknown fork, in JSON or without a fork's name are refused", async () => {
    serve(path, (_, response) => {
      response.writeHead(200, {
        "content-type": "application/octet-stream",
        "eth-consensus-version": "gloas",
      });
      response.end("x");
    });
    expect(await errorOf(client.getState("head"))).toMatchObject({
      code: "unsupportedFork",
      retryable: false,
    });
    answer(path, { version: "fulu", data: {} });
    expect(await errorOf(client.getState("head"))).toMatchObject({ code: "badResponse" });
    serve(path, (_, response) => {
      response.writeHead(200, { "content-type": "application/octet-stream" });
      response.end("x");
    });
    expect(await errorOf(client.getState("head"))).toMatchObject({ code: "badResponse" });
  });
});

describe("failures", () => {
  const path = "/eth/v1/node/version";
  const ok = { data: { version: "ok" } };

  it.each([500, 503, 429])("%i is tried again", async (status) => {
    serve(path, (_, response, attempt) =>
      attempt < 2 ? json(response, "busy", status) : json(response, ok),
    );
    expect(await client.getNodeVersion()).toBe("ok");
    expect(server.requests).toHaveLength(3);
  });

  it("a lost connection is tried again, within the body too", async () => {
    serve(path, (_, response, attempt) => {
      if (attempt === 0) response.destroy();
      else if (attempt === 1) {
        response.writeHead(200, { "content-length": "100" });
        response.write("{");
        setTimeout(() => response.destroy(), 5);
      } else json(response, ok);
    });
    expect(await client.getNodeVersion()).toBe("ok");
  });

  it.each([
    [500, "unavailable", 3],
    [429, "rateLimited", 3],
    [404, "notFound", 1],
    [400, "badRequest", 1],
    [415, "badRequest", 1],
  ])("%i ends as %s after %i requests", async (status, code, requests) => {
    serve(path, (_, response) => json(response, { message: "because" }, status));
    const error = await errorOf(client.getNodeVersion());
    expect(error).toMatchObject({ code, retryable: requests > 1, details: { path, status } });
    expect(error.details.said).toContain("because");
    expect(error.message).toContain(path);
    expect(error.message).not.toContain("127.0.0.1");
    expect(server.requests).toHaveLength(requests);
  });

  it("silence ends as timeout, before and within the body", async () => {
    const hasty = createBeaconClient({ url: server.url, timeoutMs: 300, retries: 2, backoffMs: 5 });
    serve(path, () => {});
    expect(await errorOf(hasty.getNodeVersion())).toMatchObject({ code: "timeout", retryable: true });
    expect(server.requests).toHaveLength(3);
    serve(path, (_, response) => {
      response.writeHead(200);
      response.write("{");
    });
    expect(await errorOf(hasty.getNodeVersion())).toMatchObject({ code: "timeout" });
  });

  it("waits as long as Retry-After says", async () => {
    serve(path, (_, response, attempt) => {
      if (attempt > 0) return json(response, ok);
      response.writeHead(429, { "retry-after": "1" });
      response.end();
    });
    const start = performance.now();
    await client.getNodeVersion();
    expect(performance.now() - start).toBeGreaterThan(900);
  });

  it.each([
    ["no JSON", "<html>"],
    ["nothing", ""],
    ["no data", {}],
    ["a number for text", { data: { version: 1 } }],
  ])("%s is a bad response, not tried again", async (_, body) => {
    answer(path, body);
    expect(await errorOf(client.getNodeVersion())).toMatchObject({ code: "badResponse", retryable: false });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [
      "a short root",
      { genesis_time: "1", genesis_validators_root: "0xab", genesis_fork_version: "0x00000000" },
    ],
    [
      "a negative time",
      { genesis_time: "-1", genesis_validators_root: ROOT, genesis_fork_version: "0x00000000" },
    ],
    [
      "more than 64 bits",
      {
        genesis_time: "18446744073709551616",
        genesis_validators_root: ROOT,
        genesis_fork_version: "0x00000000",
      },
    ],
  ])("%s in genesis is a bad response", async (_, data) => {
    answer("/eth/v1/beacon/genesis", { data });
    expect(await errorOf(client.getGenesis())).toMatchObject({ code: "badResponse" });
  });

  it("a server that isn't there is unavailable", async () => {
    await server.close();
    expect(await errorOf(client.getNodeVersion())).toMatchObject({ code: "unavailable", retryable: true });
  });

  it("an abort ends request and pause at once", async () => {
    const stop = new AbortController();
    serve(path, () => stop.abort());
    expect(await errorOf(client.getNodeVersion({ signal: stop.signal }))).toMatchObject({ code: "aborted" });
    expect(server.requests).toHaveLength(1);
    const slow = createBeaconClient({ url: server.url, backoffMs: 60_000 });
    serve(path, (_, response) => json(response, "", 500));
    expect(await errorOf(slow.getNodeVersion({ signal: AbortSignal.timeout(50) }))).toMatchObject({
      code: "aborted",
    });
    expect(await errorOf(client.getNodeVersion({ signal: AbortSignal.abort() }))).toMatchObject({
      code: "aborted",
    });
  });

  it("arguments that would leave the path are refused before any request", async () => {
    const evil = "../../../x" as `0x${string}`;
    expect(await errorOf(client.getHeader(evil))).toMatchObject({ code: "badInput" });
    expect(await errorOf(client.getHeader(-1))).toMatchObject({ code: "badInput" });
    expect(await errorOf(client.getValidators("head", [1, evil]))).toMatchObject({ code: "badInput" });
    expect(() => createBeaconClient({ url: "nowhere" })).toThrow(
      expect.objectContaining({ code: "badInput" }),
    );
    expect(server.requests).toHaveLength(0);
  });
});
