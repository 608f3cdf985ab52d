export interface DevnetUrls {
  rpc: string;
  ws: string;
  beacon: string;
  control: string;
}

/** The newest block, as every interface shows it. */
export interface DevnetHead {
  slot: number;
  epoch: number;
  blockNumber: number;
  executionHash: string;
  blockRoot: string;
  finalizedEpoch: number;
  justifiedEpoch: number;
  /** Seconds since 1970, of the block. */
  timestamp: number;
  /** Epochs whose attendance was written and not voted; 0 on an honest chain. */
  simulatedEpochs: number;
}
