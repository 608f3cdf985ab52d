import { z } from "zod";

/** The published shapes of calls and overrides, with what client libraries send besides. */

const quantity = z.string().regex(/^0x[0-9a-fA-F]{1,64}$/, "must be a 0x quantity");
const bytes = z.string().regex(/^0x([0-9a-fA-F]{2})*$/, "must be 0x bytes");
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address");
const word = z.string().regex(/^0x[0-9a-fA-F]{64}$/, "must be 32 bytes");

const accessList = z.array(z.object({ address, storageKeys: z.array(word) }));
const authorization = z.object({
  ...{ chainId: quantity, address, nonce: quantity },
  ...{ yParity: quantity, r: quantity, s: quantity },
});

/** What cannot be simulated is named, not ignored. */
const never = (reason: string) => z.custom<undefined>((value) => value === undefined, reason).optional();
const noBlobs = never("blobs are not served: no block of this chain carries any");

const transactionFields = z.object({
  ...{ from: address.optional(), to: address.optional(), gas: quantity.optional() },
  ...{ value: quantity.optional(), data: bytes.optional(), input: bytes.optional() },
  ...{ nonce: quantity.optional(), accessList: accessList.optional() },
  ...{ gasPrice: quantity.optional(), maxFeePerGas: quantity.optional() },
  maxPriorityFeePerGas: quantity.optional(),
  authorizationList: z.array(authorization).optional(),
  ...{ blobs: noBlobs, blobVersionedHashes: noBlobs },
});

/** Libraries write what is absent as null, and lists that are empty. */
const withoutNulls = (value: unknown): unknown =>
  typeof value !== "object" || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(
        Object.entries(value).filter(
          ([, field]) => field !== null && !(Array.isArray(field) && field.length === 0),
        ),
      );

export const transactionSchema = z.preprocess(withoutNulls, transactionFields);

const storage = z.record(word, word);
const accountSchema = z
  .strictObject({
    ...{ balance: quantity.optional(), nonce: quantity.optional(), code: bytes.optional() },
    ...{ state: storage.optional(), stateDiff: storage.optional() },
    movePrecompileToAddress: address.optional(),
  })
  .refine(({ state, stateDiff }) => state === undefined || stateDiff === undefined, {
    message: "an account has either state or stateDiff",
  });

export const stateOverridesSchema = z.record(address, z.preprocess(withoutNulls, accountSchema));

const blockFields = z.strictObject({
  ...{ number: quantity.optional(), time: quantity.optional(), gasLimit: quantity.optional() },
  ...{ feeRecipient: address.optional(), prevRandao: quantity.optional() },
  ...{ baseFeePerGas: quantity.optional(), blobBaseFee: quantity.optional() },
  withdrawals: never("withdrawals are not served: they pay ether and run no code, so override the balance"),
});

/** Older names of the same fields. */
const ALIASES: Record<string, string> = {
  coinbase: "feeRecipient",
  random: "prevRandao",
  baseFee: "baseFeePerGas",
};

export const blockOverridesSchema = z.preprocess((value) => {
  const plain = withoutNulls(value);
  if (typeof plain !== "object" || plain === null) return plain;
  return Object.fromEntries(Object.entries(plain).map(([key, field]) => [ALIASES[key] ?? key, field]));
}, blockFields);
