import type { AddressBook } from "./addressBook.ts";
import hoodi from "./addressBooks/hoodi.json" with { type: "json" };
import mainnet from "./addressBooks/mainnet.json" with { type: "json" };

/** `npm run deploy` writes the files; null where nothing is deployed. */
const BOOKS = [hoodi, mainnet] as unknown as readonly (AddressBook | null)[];

/** The deployment on a public network, or undefined where there is none. */
export function addressBookOf(chainId: number): AddressBook | undefined {
  return BOOKS.find((book) => book?.chainId === chainId) ?? undefined;
}
