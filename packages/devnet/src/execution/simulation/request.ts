/** What the proxy asks of the simulation in the client's process, and what that answers. Everything is 0x text, as JSON carries it. */

export interface SimulatedAuthorization {
  chainId: string;
  address: string;
  nonce: string;
  yParity: string;
  r: string;
  s: string;
}

export interface SimulatedTransaction {
  from?: string | undefined;
  to?: string | undefined;
  gas?: string | undefined;
  value?: string | undefined;
  data?: string | undefined;
  nonce?: string | undefined;
  maxFeePerGas?: string | undefined;
  maxPriorityFeePerGas?: string | undefined;
  accessList?: { address: string; storageKeys: string[] }[] | undefined;
  authorizationList?: SimulatedAuthorization[] | undefined;
}

export interface AccountOverride {
  balance?: string | undefined;
  nonce?: string | undefined;
  code?: string | undefined;
  movePrecompileToAddress?: string | undefined;
  /** The whole storage: what is not named is empty. */
  state?: Record<string, string> | undefined;
  /** Only these slots. */
  stateDiff?: Record<string, string> | undefined;
}

export interface BlockOverride {
  number?: string | undefined;
  time?: string | undefined;
  gasLimit?: string | undefined;
  feeRecipient?: string | undefined;
  prevRandao?: string | undefined;
  baseFeePerGas?: string | undefined;
  blobBaseFee?: string | undefined;
}

/** One call at the state after a block, with that block's fields. */
export interface CallRequest {
  blockNumber: string;
  transaction: SimulatedTransaction;
  accounts: Record<string, AccountOverride>;
  block: BlockOverride;
}

export interface CallResult {
  succeeded: boolean;
  returnData: string;
  /** As a receipt would show it, after refunds. */
  gasUsed: string;
  /** Why it did not succeed: "revert", or what the machine stopped at. */
  failure?: string;
  /** All that was touched besides sender, receiver and precompiles. */
  accessList: { address: string; storageKeys: string[] }[];
}

export interface BlockRequest {
  accounts: Record<string, AccountOverride>;
  block: BlockOverride;
  transactions: SimulatedTransaction[];
}

/** Blocks one after the other on top of a block. */
export interface BlocksRequest {
  blockNumber: string;
  blocks: BlockRequest[];
  /** Whether fees and nonces must be right; balances must be in any case. */
  validation: boolean;
  traceTransfers: boolean;
  returnFullTransactions: boolean;
  /** Seconds to the next block when its time is not given. */
  secondsPerBlock: number;
}

export interface SimulatedLog {
  address: string;
  topics: string[];
  data: string;
}

export interface TransactionResult {
  hash: string;
  succeeded: boolean;
  returnData: string;
  gasUsed: string;
  /** Before refunds. */
  maxUsedGas: string;
  failure?: string;
  logs: SimulatedLog[];
}

export interface BlockResult {
  /** As `eth_getBlockByNumber` shows one. */
  block: {
    hash: string;
    number: string;
    timestamp: string;
    transactions: unknown[];
    [field: string]: unknown;
  };
  results: TransactionResult[];
}
