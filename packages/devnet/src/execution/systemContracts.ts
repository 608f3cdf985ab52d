import { getGenesis } from "@ethereumjs/genesis";
import { DevnetError } from "../errors/devnetError.ts";

export interface SystemContract {
  address: `0x${string}`;
  /** Runtime bytecode. */
  code: `0x${string}`;
  /** Storage at genesis: slot to value, both hexadecimal. Only the deposit contract has some. */
  storage: Record<`0x${string}`, `0x${string}`>;
}

export interface SystemContracts {
  depositContract: SystemContract;
  /** EIP-4788: parent beacon block roots by timestamp. */
  beaconRoots: SystemContract;
  /** EIP-2935: the last 8,191 block hashes. */
  historyStorage: SystemContract;
  /** EIP-7002: execution-layer triggered withdrawals. */
  withdrawalRequests: SystemContract;
  /** EIP-7251: consolidations. */
  consolidationRequests: SystemContract;
}

const ADDRESSES: Record<keyof SystemContracts, `0x${string}`> = {
  depositContract: "0x00000000219ab540356cbb839cbe05303d7705fa",
  beaconRoots: "0x000f3df6d732807ef1319fb7b8bb8522d0beac02",
  historyStorage: "0x0000f90827f1c53a10cb7a02335b175320002935",
  withdrawalRequests: "0x00000961ef480eb55e80d19ad83579a64c007002",
  consolidationRequests: "0x0000bbddc7ce488642fb579f8b00f3a590007251",
};

/** The usual deterministic CREATE2 deployer (the keyless transaction's result). */
export const CREATE2_DEPLOYER = {
  address: "0x4e59b44847b379578588920ca78fbf26c0b4956c",
  code: "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3",
} as const;

/** A testnet whose genesis already holds the final code of all five contracts. */
const SOURCE_CHAIN_ID = 560048;

let cached: SystemContracts | undefined;

/**
 * Real code and genesis storage of the five system contracts, for our genesis and for contract tests to etch.
 * @throws DevnetError `chain-inconsistent` when the genesis package lacks one of them
 */
export function systemContracts(): SystemContracts {
  cached ??= load();
  return cached;
}

function load(): SystemContracts {
  const genesis = new Map(
    Object.entries(getGenesis(SOURCE_CHAIN_ID) ?? {}).map(([address, state]) => [
      address.toLowerCase().replace(/^0x/, ""),
      state,
    ]),
  );
  const read = (name: keyof SystemContracts): SystemContract => {
    const address = ADDRESSES[name];
    const state = genesis.get(address.slice(2));
    if (!Array.isArray(state) || typeof state[1] !== "string") {
      throw new DevnetError(
        "chain-inconsistent",
        `the genesis package has no ${name} at ${address}: check its version`,
      );
    }
    const slots = (state[2] ?? []) as [`0x${string}`, `0x${string}`][];
    const storage = Object.fromEntries(slots) as SystemContract["storage"];
    return { address, code: state[1] as `0x${string}`, storage };
  };
  return {
    depositContract: read("depositContract"),
    beaconRoots: read("beaconRoots"),
    historyStorage: read("historyStorage"),
    withdrawalRequests: read("withdrawalRequests"),
    consolidationRequests: read("consolidationRequests"),
  };
}
