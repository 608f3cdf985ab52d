import { encodeErrorResult, type Hex } from "viem";
import { expect, test } from "vitest";
import { describeError, errorSentence, errorsAbi } from "../src/index.ts";
import { SENTENCES } from "../src/sentences.ts";

test("a known revert becomes its sentence with values in their units", () => {
  const data = encodeErrorResult({
    abi: errorsAbi,
    errorName: "StakeLimitExceeded",
    args: [2n * 10n ** 18n, 15n * 10n ** 17n],
  });
  expect(describeError(data)).toMatchObject({
    name: "StakeLimitExceeded",
    args: { requested: 2n * 10n ** 18n, available: 15n * 10n ** 17n },
    sentence: "Only 1.5 ETH can be staked now, and you asked for 2; the limit grows back.",
  });
});

test("times are shown in UTC, gwei in ETH", () => {
  expect(errorSentence("StakingPaused", { until: 1_700_000_000n })).toContain("2023-11-14T22:13:20Z");
  expect(errorSentence("BalancesTooLarge", { sumGwei: 31_000_000_000n })).toContain("31 ETH");
});

test.each(["0x", "0xdeadbeef", "0x08c379a0"] as Hex[])("%s is none of ours", (data) => {
  expect(describeError(data)).toBeUndefined();
});

test("every sentence names only arguments of its error, and all errors have one", () => {
  for (const error of errorsAbi) {
    const known = new Set(error.inputs.map((input) => input.name as string));
    const named = [...SENTENCES[error.name].matchAll(/\{(\w+)/g)].map(([, name]) => name as string);
    expect(
      named.filter((name) => !known.has(name)),
      error.name,
    ).toEqual([]);
  }
  expect(Object.keys(SENTENCES).sort()).toEqual(errorsAbi.map((error) => error.name).sort());
});
