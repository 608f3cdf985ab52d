import { stackDeployerBytecode } from "@cairn/protocol";
import {
  type Address,
  concat,
  encodeAbiParameters,
  getContractAddress,
  type Hex,
  keccak256,
  stringToHex,
  toHex,
} from "viem";

/** The public CREATE2 deployer: takes a salt and creation code, has no owner, and stands at one address on every chain. */
export const CREATE2_FACTORY: Address = "0x4e59b44847b379578588920ca78fbf26c0b4956c";

/** Modules whose implementation governance can replace. */
export const MODULES = [
  "operatorRegistry",
  "beaconProofs",
  "validatorManager",
  "checkpoints",
  "withdrawals",
  "penalties",
  "depositsInFlight",
  "feeSplit",
] as const;
export type Module = (typeof MODULES)[number];

/** The first contract: the pool's time counts from the token's block on. */
export const FIRST = "stakedEther";

/** What cannot be replaced, in the order in which it is deployed; modules come after the manager. */
export const FIXED = [
  FIRST,
  "accessManager",
  "withdrawalQueue",
  "withdrawalVault",
  "executionRewardsVault",
  "wrappedStakedEther",
  "leavingQuote",
  "exposure",
  "lockedVotes",
  "timelock",
  "emergencyBrake",
  "stakerGovernor",
] as const;

/** Keys of the address book. */
type ContractKey = Module | (typeof FIXED)[number];
/** Name of a contract in the StackDeployer: its address-book key, or of its implementation. */
export type ContractName = ContractKey | `${Module}.implementation`;
export type Places = Readonly<Record<ContractName, Address>>;

const lower = (address: Address) => address.toLowerCase() as Address;

/** Creation code of the StackDeployer that obeys `deployer`. */
export const stackDeployerInitCode = (deployer: Address): Hex =>
  concat([stackDeployerBytecode, encodeAbiParameters([{ type: "address" }], [deployer])]);

export const saltOf = (release: string): Hex => keccak256(toHex(`cairn deployment ${release}`));

/** Where the StackDeployer of `deployer` is on every chain. */
export function stackDeployerOf(deployer: Address, release: string): Address {
  return lower(
    getContractAddress({
      opcode: "CREATE2",
      from: CREATE2_FACTORY,
      salt: saltOf(release),
      bytecode: stackDeployerInitCode(deployer),
    }),
  );
}

/** Solady's CREATE3: the code of what deploys one contract, the same for all. */
const CREATE3_PROXY_HASH = "0x21c35dbe1b344a2488cf3321d6ce542f8e9f305544ff09e4993a62319a497c1f";

/** A name as the StackDeployer takes it. */
export const nameOf = (name: string): Hex => stringToHex(name, { size: 32 });

/** Where `name` is, or will be: the StackDeployer's `addressOf`. */
function placeOf(stackDeployer: Address, name: string): Address {
  const salt = nameOf(name);
  const proxy = getContractAddress({
    opcode: "CREATE2",
    from: stackDeployer,
    salt,
    bytecodeHash: CREATE3_PROXY_HASH,
  });
  return lower(getContractAddress({ from: proxy, nonce: 1n }));
}

/** The ProxyAdmin that a module's proxy made: its first creation. */
export const proxyAdminOf = (proxy: Address): Address =>
  lower(getContractAddress({ from: proxy, nonce: 1n }));

export function placesOf(stackDeployer: Address): Places {
  const names: ContractName[] = [
    ...FIXED,
    ...MODULES,
    ...MODULES.map((module) => `${module}.implementation` as const),
  ];
  return Object.fromEntries(names.map((name) => [name, placeOf(stackDeployer, name)])) as unknown as Places;
}
