/** A number as JSON-RPC writes it: 0x, no leading zeros. */
export const quantity = (value: number | bigint): string => `0x${value.toString(16)}`;
