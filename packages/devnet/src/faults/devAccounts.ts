import { keccak256, stringToHex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";

const ETHER = 10n ** 18n;

/** What each of our own accounts holds at genesis. */
const DEV_ACCOUNT_WEI = 1_000_000_000n * ETHER;

const account = (name: string): PrivateKeyAccount =>
  privateKeyToAccount(keccak256(stringToHex(`cairn devnet ${name}`)));

/** Pays proposers, as a block builder does. */
export const BUILDER_ACCOUNT = account("builder");

/** Sends the foreign deposits that fill the queue. */
export const STRANGER_ACCOUNT = account("stranger");

/** Both, as genesis allocations. */
export const DEV_ALLOCATIONS: Record<string, bigint> = {
  [BUILDER_ACCOUNT.address]: DEV_ACCOUNT_WEI,
  [STRANGER_ACCOUNT.address]: DEV_ACCOUNT_WEI,
};
