import { computeSigningRoot, interopSecretKey } from "@lodestar/state-transition";
import { ssz } from "@lodestar/types";
import { toHex } from "@lodestar/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Devnet, DevnetError } from "../src/index.ts";
import { startTestChain } from "./support/testChain.ts";

type Body<T> = { data: T; code?: number; message?: string; [key: string]: unknown };

let chain: Devnet;
beforeAll(async () => {
  chain = await startTestChain({ keepStates: 64 });
  await chain.advance(100);
});
afterAll(() => chain?.stop());

async function get<T>(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Body<T> }> {
  const answer = await fetch(chain.urls.beacon + path, { headers });
  return { status: answer.status, body: (await answer.json()) as Body<T> };
}

async function post(path: string, value: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(chain.urls.beacon + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(value),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === "" ? {} : JSON.parse(text)) as Body<unknown> };
}

type Header = {
  root: string;
  canonical: boolean;
  header: { message: Record<string, string>; signature: string };
};
type Validator = { index: string; balance: string; status: string; validator: Record<string, unknown> };
const STATES = "/eth/v1/beacon/states";

describe("blocks", () => {
  test("headers by every kind of id agree with the chain", async () => {
    const { slot, blockRoot } = chain.head;
    for (const id of ["head", String(slot), blockRoot]) {
      const { body } = await get<Header>(`/eth/v1/beacon/headers/${id}`);
      expect(body).toMatchObject({ execution_optimistic: false, finalized: false });
      expect(body.data.root).toBe(blockRoot);
      expect(
        toHex(
          ssz.phase0.BeaconBlockHeader.hashTreeRoot(
            ssz.phase0.BeaconBlockHeader.fromJson(body.data.header.message),
          ),
        ),
      ).toBe(blockRoot);
    }
    const finalized = await get<Header>("/eth/v1/beacon/headers/finalized");
    expect(finalized.body.finalized).toBe(true);
    const genesis = await get<Header>("/eth/v1/beacon/headers/genesis");
    expect(genesis.body.data.header.message.slot).toBe("0");
    const listed = await get<Header[]>(`/eth/v1/beacon/headers?parent_root=${chain.headBlock.parentRoot}`);
    expect(listed.body.data[0]?.root).toBe(blockRoot);
    expect((await get<Header[]>(`/eth/v1/beacon/headers?slot=5`)).body.data).toHaveLength(1);
  });

  test("a block is the same as JSON and as SSZ", async () => {
    const { body } = await get<never>("/eth/v2/beacon/blocks/head");
    expect(body.version).toBe("electra");
    const bytes = await fetch(`${chain.urls.beacon}/eth/v2/beacon/blocks/head`, {
      headers: { accept: "application/octet-stream;q=1,application/json;q=0.9" },
    });
    expect(bytes.headers.get("eth-consensus-version")).toBe("electra");
    const block = ssz.electra.SignedBeaconBlock.deserialize(new Uint8Array(await bytes.arrayBuffer()));
    expect(ssz.electra.SignedBeaconBlock.toJson(block)).toEqual(body.data);
    expect(toHex(ssz.electra.BeaconBlock.hashTreeRoot(block.message))).toBe(chain.head.blockRoot);
    const root = await get<{ root: string }>("/eth/v1/beacon/blocks/head/root");
    expect(root.body.data.root).toBe(chain.head.blockRoot);
    expect((await get("/eth/v2/beacon/blocks/genesis")).status).toBe(200);
  });

  test("a blinded block has the block's root, and SSZ as JSON", async () => {
    const path = "/eth/v1/beacon/blinded_blocks/head";
    const { body } = await get<never>(path);
    expect(body).toMatchObject({ version: "electra", execution_optimistic: false, finalized: false });
    const bytes = await fetch(chain.urls.beacon + path, { headers: { accept: "application/octet-stream" } });
    const type = ssz.electra.SignedBlindedBeaconBlock;
    const blinded = type.deserialize(new Uint8Array(await bytes.arrayBuffer()));
    expect(type.toJson(blinded)).toEqual(body.data);
    expect(toHex(ssz.electra.BlindedBeaconBlock.hashTreeRoot(blinded.message))).toBe(chain.head.blockRoot);
  });

  test("attestations of a block, none in the pool, no blobs", async () => {
    type Attestation = { data: { slot: string }; committee_bits: string };
    const { body } = await get<Attestation[]>("/eth/v2/beacon/blocks/head/attestations");
    expect(body.data.map(({ data }) => data.slot)).toEqual([String(chain.head.slot - 1)]);
    const pool = await get("/eth/v2/beacon/pool/attestations?slot=5&committee_index=0");
    expect(pool.body).toEqual({ version: "electra", data: [] });
    expect((await get("/eth/v2/beacon/pool/attestations?slot=x")).status).toBe(400);
    for (const name of ["blobs", "blob_sidecars"]) {
      const answer = await get(`/eth/v1/beacon/${name}/finalized`);
      expect(answer.body, name).toMatchObject({ finalized: true, data: [] });
    }
  });

  test("HEAD is GET without a body", async () => {
    for (const path of [
      "/eth/v2/beacon/blocks/head",
      "/eth/v1/node/health",
      "/eth/v1/beacon/headers/99999",
    ]) {
      const whole = await fetch(chain.urls.beacon + path);
      const head = await fetch(chain.urls.beacon + path, { method: "HEAD" });
      expect(head.status, path).toBe(whole.status);
      expect(head.headers.get("content-type"), path).toBe(whole.headers.get("content-type"));
      expect(await head.text(), path).toBe("");
    }
  });

  test("what is JSON only is refused to those who take only bytes", async () => {
    const bytes = { accept: "application/octet-stream" };
    expect(await get("/eth/v1/beacon/headers/head", bytes)).toMatchObject({
      status: 406,
      body: { code: 406 },
    });
    const either = { accept: "application/octet-stream, application/json;q=0.5" };
    expect((await get("/eth/v1/beacon/headers/head", either)).status).toBe(200);
  });

  test("what is not served says why, and what to use", async () => {
    const attestations = await post("/eth/v2/beacon/pool/attestations", []);
    expect(attestations).toMatchObject({ status: 501, body: { message: expect.stringMatching(/driver/) } });
    expect(await get("/eth/v1/beacon/light_client/finality_update")).toMatchObject({
      status: 501,
      body: { code: 501, message: expect.stringMatching(/headers\/finalized/) },
    });
  });

  test("errors have a code and a message", async () => {
    expect(await get("/eth/v1/beacon/headers/xyz")).toMatchObject({ status: 400, body: { code: 400 } });
    expect(await get("/eth/v1/beacon/headers/99999")).toMatchObject({ status: 404, body: { code: 404 } });
    expect(await get("/eth/v9/nothing")).toMatchObject({ status: 404 });
    expect(await get("/eth/v1/beacon/genesis", { accept: "text/html" })).toMatchObject({ status: 406 });
    const text = await post(`${STATES}/head/validators`, {}, { "content-type": "text/plain" });
    expect(text).toMatchObject({ status: 415, body: { code: 415 } });
  });
});

describe("states", () => {
  test("the state as SSZ hashes to the root the header holds, for kept and for replayed slots", async () => {
    for (const id of ["head", "finalized", "10"]) {
      const answer = await fetch(`${chain.urls.beacon}/eth/v2/debug/beacon/states/${id}`, {
        headers: { accept: "application/octet-stream" },
      });
      const view = ssz.electra.BeaconState.deserializeToViewDU(new Uint8Array(await answer.arrayBuffer()));
      const root = toHex(view.hashTreeRoot());
      expect((await get<{ root: string }>(`${STATES}/${id}/root`)).body.data.root).toBe(root);
      const header = await get<Header>(`/eth/v1/beacon/headers/${id}`);
      expect(header.body.data.header.message.state_root).toBe(root);
      expect((await get(`${STATES}/${root}/fork`)).status).toBe(200);
    }
    expect(chain.keptStates).toBeLessThan(70);
    expect(() => chain.stateAt(5000)).toThrow(DevnetError);
  });

  test("checkpoints, fork, queues and RANDAO", async () => {
    const { body } = await get<{ finalized: { epoch: string } }>(`${STATES}/head/finality_checkpoints`);
    expect(Number(body.data.finalized.epoch)).toBe(chain.head.finalizedEpoch);
    expect((await get(`${STATES}/genesis/fork`)).body).toMatchObject({ finalized: true });
    for (const queue of ["pending_deposits", "pending_partial_withdrawals", "pending_consolidations"]) {
      expect((await get(`${STATES}/head/${queue}`)).body).toMatchObject({ version: "electra", data: [] });
    }
    expect((await get<{ randao: string }>(`${STATES}/head/randao`)).body.data.randao).toMatch(
      /^0x[0-9a-f]{64}$/,
    );
    expect((await get(`${STATES}/head/randao?epoch=999`)).status).toBe(400);
    expect((await get(`${STATES}/nonsense/root`)).status).toBe(400);
    expect((await get(`${STATES}/0x${"12".repeat(32)}/root`)).status).toBe(404);
  });

  test("validators by index, key and status, by GET and POST", async () => {
    const { body } = await get<Validator[]>(`${STATES}/head/validators?id=3,5&id=7`);
    expect(body.data.map(({ index }) => index)).toEqual(["3", "5", "7"]);
    const key = body.data[1]?.validator.pubkey as string;
    const one = await get<Validator>(`${STATES}/head/validators/${key}`);
    expect(one.body.data).toMatchObject({ index: "5", status: "active_ongoing" });
    expect(one.body.data.validator.exit_epoch).toBe("18446744073709551615");
    const posted = await post(`${STATES}/head/validators`, { ids: ["5", key], statuses: ["active"] });
    expect(posted.body.data).toEqual([one.body.data]);
    expect((await get<Validator[]>(`${STATES}/head/validators?status=exited`)).body.data).toEqual([]);
    expect((await get<Validator[]>(`${STATES}/head/validators`)).body.data).toHaveLength(1024);
    expect((await get(`${STATES}/head/validators?status=happy`)).status).toBe(400);
    expect((await get(`${STATES}/head/validators?id=0x12`)).status).toBe(400);
    expect((await get(`${STATES}/head/validators/99999`)).status).toBe(404);
    expect((await get<unknown[]>(`${STATES}/head/validators?id=99999`)).body.data).toEqual([]);
    const balances = await post(`${STATES}/head/validator_balances`, ["5"]);
    expect(balances.body.data).toEqual([{ index: "5", balance: one.body.data.balance }]);
  });
});

describe("identities and committees", () => {
  test("identities as JSON and as SSZ, all or some", async () => {
    const path = `${STATES}/head/validator_identities`;
    type Identity = { index: string; pubkey: string; activation_epoch: string };
    const all = (await get<Identity[]>(path)).body.data;
    expect(all).toHaveLength(1024);
    const { validator } = (await get<Validator>(`${STATES}/head/validators/5`)).body.data;
    const five = { index: "5", pubkey: validator.pubkey, activation_epoch: validator.activation_epoch };
    expect(all[5]).toEqual(five);
    expect((await post(path, ["5", validator.pubkey, "99999"])).body.data).toEqual([five]);
    expect((await post(path, ["0x12"])).status).toBe(400);
    const answer = await fetch(`${chain.urls.beacon}${path}?id=5`, {
      headers: { accept: "application/octet-stream" },
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.length).toBe(8 + 48 + 8);
    expect(bytes.readBigUInt64LE(0)).toBe(5n);
    expect(toHex(bytes.subarray(8, 56))).toBe(five.pubkey);
    expect(bytes.readBigUInt64LE(56)).toBe(BigInt(String(five.activation_epoch)));
  });

  test("committees of an epoch hold every active validator once; filters narrow them", async () => {
    type Committee = { index: string; slot: string; validators: string[] };
    const path = `${STATES}/head/committees`;
    const { epoch } = chain.head;
    for (const wanted of [epoch - 1, epoch, epoch + 1]) {
      const { data } = (await get<Committee[]>(`${path}?epoch=${wanted}`)).body;
      expect([...new Set(data.map(({ slot }) => Math.floor(Number(slot) / 8)))]).toEqual([wanted]);
      const members = data.flatMap(({ validators }) => validators);
      expect(new Set(members).size).toBe(members.length);
      expect(members).toHaveLength(1024);
    }
    const { slot } = chain.head;
    const { data } = (await get<Committee[]>(`${path}?slot=${slot}&index=0`)).body;
    expect(data).toEqual([
      {
        index: "0",
        slot: String(slot),
        validators: Array.from(chain.state.epochCtx.getBeaconCommittee(slot, 0), String),
      },
    ]);
    for (const query of [`epoch=${epoch + 2}`, "slot=1", "index=999", "slot=x"])
      expect((await get(`${path}?${query}`)).status, query).toBe(400);
  });

  test("sync committees, whole and by subcommittee", async () => {
    type SyncCommittee = { validators: string[]; validator_aggregates: string[][] };
    const path = `${STATES}/head/sync_committees`;
    const { data } = (await get<SyncCommittee>(path)).body;
    const { pubkeys } = chain.state.currentSyncCommittee.toValue();
    expect(data.validator_aggregates).toHaveLength(4);
    expect(data.validator_aggregates.flat()).toEqual(data.validators);
    const first = (await get<Validator>(`${STATES}/head/validators/${data.validators[0]}`)).body.data;
    expect(first.validator.pubkey).toBe(toHex(pubkeys[0] as Uint8Array));
    expect((await get(`${path}?epoch=9999`)).status).toBe(400);
  });
});

describe("config and node", () => {
  test("genesis, spec, forks, deposit contract", async () => {
    const genesis = await get<Record<string, string>>("/eth/v1/beacon/genesis");
    expect(genesis.body.data.genesis_fork_version).toBe(chain.genesisForkVersion);
    const { data } = (await get<Record<string, string>>("/eth/v1/config/spec")).body;
    expect(data).toMatchObject({
      SLOTS_PER_EPOCH: "8",
      SECONDS_PER_SLOT: "48",
      SHARD_COMMITTEE_PERIOD: "2",
      DOMAIN_DEPOSIT: "0x03000000",
    });
    const forks = await get<{ epoch: string }[]>("/eth/v1/config/fork_schedule");
    expect(forks.body.data.at(-1)).toMatchObject({ current_version: "0x05323832", epoch: "0" });
    const contract = await get<Record<string, string>>("/eth/v1/config/deposit_contract");
    expect(contract.body.data.chain_id).toBe("32382");
  });

  test("health, syncing, version, identity, heads", async () => {
    expect((await fetch(`${chain.urls.beacon}/eth/v1/node/health`)).status).toBe(200);
    const syncing = await get<Record<string, unknown>>("/eth/v1/node/syncing");
    expect(syncing.body.data).toMatchObject({ head_slot: String(chain.head.slot), is_syncing: false });
    expect((await get<{ version: string }>("/eth/v1/node/version")).body.data.version).toContain("cairn");
    expect((await fetch(`${chain.urls.beacon}/eth/v1/node/health?syncing_status=299`)).status).toBe(200);
    expect((await get("/eth/v1/node/health?syncing_status=99")).status).toBe(400);
    const identity = await get<{ metadata: object }>("/eth/v1/node/identity");
    expect(identity.body.data.metadata).not.toHaveProperty("custody_group_count");
    expect((await get("/eth/v1/node/peers")).body).toEqual({ data: [], meta: { count: 0 } });
    expect((await get(`${STATES}/head/proposer_lookahead`)).status).toBe(400);
    const heads = await get<{ root: string }[]>("/eth/v2/debug/beacon/heads");
    expect(heads.body.data[0]?.root).toBe(chain.head.blockRoot);
  });
});

describe("pool and events", () => {
  test("a signed voluntary exit is accepted and carried out, an unsigned one refused", async () => {
    const message = { epoch: chain.head.epoch, validatorIndex: 9 };
    const domain = chain.config.getDomainForVoluntaryExit(chain.head.slot, chain.head.slot);
    const signature = interopSecretKey(9)
      .sign(computeSigningRoot(ssz.phase0.VoluntaryExit, message, domain))
      .toBytes();
    const path = "/eth/v1/beacon/pool/voluntary_exits";
    const forged = ssz.phase0.SignedVoluntaryExit.toJson({
      message: { ...message, validatorIndex: 10 },
      signature,
    });
    expect(await post(path, forged)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("invalid_signature") },
    });
    expect((await post(path, ssz.phase0.SignedVoluntaryExit.toJson({ message, signature }))).status).toBe(
      200,
    );
    expect((await get<unknown[]>(path)).body.data).toHaveLength(1);
    await chain.advance(1);
    expect((await get<unknown[]>(path)).body.data).toHaveLength(0);
    const exiting = await get<Validator>(`${STATES}/head/validators/9`);
    expect(exiting.body.data.status).toBe("active_exiting");
  });

  test("slashings are validated", async () => {
    const slashing = ssz.electra.AttesterSlashing.toJson(ssz.electra.AttesterSlashing.defaultValue());
    const path = "/eth/v2/beacon/pool/attester_slashings";
    expect((await post(path, slashing)).body.message).toContain("Eth-Consensus-Version");
    expect((await post(path, slashing, { "eth-consensus-version": "electra" })).status).toBe(400);
    expect((await post("/eth/v1/beacon/pool/proposer_slashings", { no: 1 })).status).toBe(400);
    expect((await get("/eth/v2/beacon/pool/attester_slashings")).body).toMatchObject({
      version: "electra",
      data: [],
    });
  });

  test("events: head, block and finalized checkpoint", async () => {
    const abort = new AbortController();
    const path = "/eth/v1/events?topics=head,block&topics=finalized_checkpoint";
    const stream = await fetch(chain.urls.beacon + path, { signal: abort.signal });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    await chain.advance(9);
    let text = "";
    while (!text.includes("event: finalized_checkpoint"))
      text += Buffer.from((await reader.read()).value ?? []).toString();
    expect(text).toContain("event: head");
    expect(text).toContain("event: block");
    abort.abort();
    expect((await get("/eth/v1/events?topics=weather")).status).toBe(400);
  });
});
