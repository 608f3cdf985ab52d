import type { Address, Hex, PublicClient } from "viem";

/** ERC-1967: keccak256("eip1967.proxy.implementation") − 1 and keccak256("eip1967.proxy.admin") − 1. */
export const IMPLEMENTATION_SLOT: Hex = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
export const ADMIN_SLOT: Hex = "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103";

/** The address in a slot, in lower case; the zero address if nothing was ever written there. */
export async function addressInSlot(
  client: Pick<PublicClient, "getStorageAt">,
  address: Address,
  slot: Hex,
): Promise<Address> {
  const word = (await client.getStorageAt({ address, slot })) ?? "0x";
  return `0x${word.slice(2).padStart(64, "0").slice(-40).toLowerCase()}`;
}
