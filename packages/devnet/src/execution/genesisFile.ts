import { MULTICALL3, multicall3Code } from "./multicall.ts";
import { CREATE2_DEPLOYER, systemContracts } from "./systemContracts.ts";

export interface GenesisFileOptions {
  chainId: number;
  /** Seconds since 1970. */
  genesisTime: number;
  /** Wei by address. */
  prefunded: Record<string, bigint>;
}

/** Gas limit of every block: 60 million. */
export const BLOCK_GAS_LIMIT = 60_000_000;

/** SHA-256 of nothing: the EIP-7685 hash of an empty list of requests. */
const EMPTY_REQUESTS_HASH = "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const BLOCK_FORKS = [
  "homestead",
  "eip150",
  "eip155",
  "eip158",
  "byzantium",
  "constantinople",
  "petersburg",
  "istanbul",
  "berlin",
  "london",
  "mergeNetsplit",
] as const;

interface AllocEntry {
  balance: string;
  nonce?: string;
  code?: string;
  storage?: Record<string, string>;
}

function allocation(prefunded: Record<string, bigint>): Record<string, AllocEntry> {
  const alloc: Record<string, AllocEntry> = {};
  for (const contract of Object.values(systemContracts())) {
    alloc[contract.address] = {
      balance: "0x0",
      nonce: "0x1",
      code: contract.code,
      storage: contract.storage,
    };
  }
  alloc[CREATE2_DEPLOYER.address] = { balance: "0x0", nonce: "0x1", code: CREATE2_DEPLOYER.code };
  alloc[MULTICALL3] = { balance: "0x0", nonce: "0x1", code: multicall3Code() };
  for (const [address, wei] of Object.entries(prefunded)) {
    alloc[address.toLowerCase()] = { balance: `0x${wei.toString(16)}` };
  }
  return alloc;
}

/** A geth-style genesis: proof of stake and Prague from block 0, with the real system contracts and two that tools expect. */
export function genesisFile(options: GenesisFileOptions): Record<string, unknown> {
  const time = options.genesisTime;
  return {
    config: {
      chainId: options.chainId,
      ...Object.fromEntries(BLOCK_FORKS.map((fork) => [`${fork}Block`, 0])),
      terminalTotalDifficulty: 0,
      terminalTotalDifficultyPassed: true,
      shanghaiTime: time,
      cancunTime: time,
      pragueTime: time,
      depositContractAddress: systemContracts().depositContract.address,
    },
    nonce: "0x0",
    timestamp: `0x${time.toString(16)}`,
    extraData: "0x",
    gasLimit: `0x${BLOCK_GAS_LIMIT.toString(16)}`,
    difficulty: "0x0",
    mixHash: `0x${"00".repeat(32)}`,
    coinbase: `0x${"00".repeat(20)}`,
    baseFeePerGas: "0x3b9aca00",
    excessBlobGas: "0x0",
    blobGasUsed: "0x0",
    requestsHash: EMPTY_REQUESTS_HASH,
    alloc: allocation(options.prefunded),
  };
}
