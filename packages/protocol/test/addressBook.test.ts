import { describe, expect, it } from "vitest";
import { type AddressBook, parseAddressBook } from "../src/index.ts";

const A = `0x${"Ab".repeat(20)}` as const;
const book: AddressBook = {
  chainId: 32_382,
  stakedEther: A,
  withdrawalQueue: A,
  withdrawalVault: A,
  executionRewardsVault: A,
  operatorRegistry: A,
  beaconProofs: A,
  validatorManager: A,
  checkpoints: A,
  wrappedStakedEther: A,
  leavingQuote: A,
  withdrawals: A,
  penalties: A,
  depositsInFlight: A,
  exposure: A,
  feeSplit: A,
  accessManager: A,
  timelock: A,
  stakerGovernor: A,
  lockedVotes: A,
  emergencyBrake: A,
  stackDeployer: A,
  deployedAtBlock: 0,
};

describe("an address book", () => {
  it("is read with its addresses in lower case, and nothing besides", () => {
    const read = parseAddressBook({ ...book, more: 1 });
    const lower = Object.entries(book).map(([k, v]) => [k, typeof v === "string" ? v.toLowerCase() : v]);
    expect(read).toEqual(Object.fromEntries(lower));
  });

  it.each(Object.keys(book))("is refused without %s, by name", (field) => {
    expect(() => parseAddressBook({ ...book, [field]: undefined })).toThrow(field);
  });

  it("names all that is wrong at once", () => {
    const wrong = { ...book, chainId: 0, checkpoints: "0x12", deployedAtBlock: -1 };
    expect(() => parseAddressBook(wrong)).toThrow(/checkpoints.*chainId.*deployedAtBlock/);
    expect(() => parseAddressBook(null)).toThrow("stakedEther");
    expect(() => parseAddressBook([])).toThrow("stakedEther");
  });
});
