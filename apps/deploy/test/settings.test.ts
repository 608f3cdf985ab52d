import { expect, test } from "vitest";
import { DeployError } from "../src/deployError.ts";
import { readSettings } from "../src/settings.ts";

const KEY = `0x${"12".repeat(32)}`;
const ALICE = "0x00000000219ab540356cbb839cbe05303d7705fa";
const HOODI = ["plan", "--network", "hoodi", "--rpc", "http://127.0.0.1:8545"];

function complaint(args: string[], env: Record<string, string> = {}): string {
  try {
    readSettings(args, env);
  } catch (error) {
    expect(error).toBeInstanceOf(DeployError);
    return (error as DeployError).message;
  }
  return "none";
}

test("reads arguments and environment", () => {
  const settings = readSettings(
    ["apply", "--network", "mainnet", "--rpc", "https://rpc.example", "--send", "--confirm-mainnet", "yes"],
    {
      CAIRN_DEPLOYER_KEY: KEY,
      CAIRN_GUARDIANS: `${ALICE}, ${ALICE}`,
      CAIRN_TREASURY: ALICE,
      CAIRN_RELEASE: "",
    },
  );
  expect(settings).toMatchObject({
    command: "apply",
    network: "mainnet",
    send: true,
    confirmation: "yes",
    key: KEY,
    guardians: [ALICE, ALICE],
    treasury: ALICE,
    release: undefined,
  });
  expect(readSettings(HOODI, {})).toMatchObject({ send: false, key: undefined, guardians: undefined });
});

test.each<[args: string[], words: string]>([
  [[], "the command must be one of"],
  [["destroy", ...HOODI.slice(1)], "the command must be one of plan, apply, verify, bundle"],
  [["plan", "--rpc", "http://x"], "--network must be one of local, hoodi, mainnet"],
  [["plan", "--network", "hoodi"], "--rpc must be an http"],
  [["plan", "--network", "hoodi", "--rpc", "ftp://x"], "--rpc must be an http"],
  [["plan", "--network", "local", "--rpc", "http://x"], "--beacon is needed"],
  [[...HOODI, "--key", KEY], "Unknown option '--key'"],
  [[...HOODI, "twice"], '"twice" was not expected'],
])("%j is refused and says why", (args, words) => {
  expect(complaint(args)).toContain(words);
});

test.each<[env: Record<string, string>, words: string]>([
  [{ CAIRN_DEPLOYER_KEY: "0x12" }, "CAIRN_DEPLOYER_KEY a private key is"],
  [{ CAIRN_TREASURY: "me" }, "CAIRN_TREASURY is not an address"],
  [{ CAIRN_DEPLOYER: ALICE.replace("5fa", "5FA") }, "CAIRN_DEPLOYER is not an address, or its checksum"],
  [{ CAIRN_GUARDIANS: `${ALICE},bob` }, "CAIRN_GUARDIANS is not an address"],
])("%j is refused and says why", (env, words) => {
  const text = complaint(HOODI, env);
  expect(text).toContain(words);
  expect(text, "a key is never shown").not.toContain("0x12");
});
