/** One thing that is not as described, in words. */
export type Difference = string;

const show = (value: unknown): string =>
  JSON.stringify(value, (_, v) => (typeof v === "bigint" ? v.toString() : v), 1)
    ?.replace(/\s+/g, " ")
    .replaceAll('"', "") ?? String(value);

/** A difference if the two are not the same. Addresses and hashes may differ in case. */
export function compare(what: string, found: unknown, expected: unknown): Difference[] {
  const [is, should] = [show(found), show(expected)];
  return is.toLowerCase() === should.toLowerCase() ? [] : [`${what} is ${is}, should be ${should}`];
}

/** Differences of an object's fields, each named. Only fields that `expected` has. */
export function compareFields(what: string, found: object, expected: object): Difference[] {
  return Object.entries(expected).flatMap(([field, value]) =>
    compare(`${what}: ${field}`, (found as Record<string, unknown>)[field], value),
  );
}
