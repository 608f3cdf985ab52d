import { DevnetError } from "../errors/devnetError.ts";
import type { JsonRpcClient } from "./jsonRpcClient.ts";

export interface EnginePayload {
  parentHash: string;
  feeRecipient: string;
  stateRoot: string;
  receiptsRoot: string;
  logsBloom: string;
  prevRandao: string;
  blockNumber: string;
  gasLimit: string;
  gasUsed: string;
  timestamp: string;
  extraData: string;
  baseFeePerGas: string;
  blockHash: string;
  transactions: string[];
  withdrawals: EngineWithdrawal[];
  blobGasUsed: string;
  excessBlobGas: string;
}

export interface EngineWithdrawal {
  index: string;
  validatorIndex: string;
  address: string;
  /** gwei */
  amount: string;
}

export interface PayloadAttributes {
  timestamp: string;
  prevRandao: string;
  suggestedFeeRecipient: string;
  withdrawals: EngineWithdrawal[];
  parentBeaconBlockRoot: string;
}

export interface ForkchoiceState {
  headBlockHash: string;
  safeBlockHash: string;
  finalizedBlockHash: string;
}

export interface BuiltPayload {
  executionPayload: EnginePayload;
  executionRequests: string[];
}

interface PayloadStatus {
  status: string;
  validationError?: string | null;
}

/** The four Engine API calls of Prague; Fulu keeps using them, for the execution client stays at Prague. */
export class EngineApi {
  readonly #client: JsonRpcClient;

  constructor(client: JsonRpcClient) {
    this.#client = client;
  }

  /** Makes `state.headBlockHash` the head. @throws DevnetError `execution-client-refused` unless VALID */
  async setHead(state: ForkchoiceState): Promise<void> {
    await this.#forkchoice(state, null);
  }

  /** Makes the head and starts building on it. @returns the payload id */
  async setHeadAndBuild(state: ForkchoiceState, attributes: PayloadAttributes): Promise<string> {
    const payloadId = await this.#forkchoice(state, attributes);
    if (payloadId === null) {
      throw new DevnetError(
        "execution-client-refused",
        "the execution client did not start building a payload",
      );
    }
    return payloadId;
  }

  async getPayload(payloadId: string): Promise<BuiltPayload> {
    const built = await this.#client.call<Partial<BuiltPayload>>("engine_getPayloadV4", [payloadId]);
    if (built.executionPayload === undefined) {
      throw new DevnetError("execution-client-refused", `the execution client has no payload ${payloadId}`);
    }
    return { executionPayload: built.executionPayload, executionRequests: built.executionRequests ?? [] };
  }

  /** Executes and stores the block. @throws DevnetError `execution-client-refused` unless VALID */
  async newPayload(built: BuiltPayload, parentBeaconBlockRoot: string): Promise<void> {
    const answer = await this.#client.call<PayloadStatus>("engine_newPayloadV4", [
      built.executionPayload,
      [],
      parentBeaconBlockRoot,
      built.executionRequests,
    ]);
    assertValid("newPayload", answer);
  }

  async #forkchoice(state: ForkchoiceState, attributes: PayloadAttributes | null): Promise<string | null> {
    const answer = await this.#client.call<{ payloadStatus: PayloadStatus; payloadId: string | null }>(
      "engine_forkchoiceUpdatedV3",
      [state, attributes],
    );
    assertValid("forkchoiceUpdated", answer.payloadStatus);
    return answer.payloadId;
  }
}

function assertValid(method: string, status: PayloadStatus): void {
  if (status.status === "VALID") return;
  throw new DevnetError(
    "execution-client-refused",
    `${method} answered ${status.status}: ${status.validationError ?? "no reason given"}`,
    { details: { status: status.status } },
  );
}
