import { beforeEach, expect, test, vi } from "vitest";
import { fund } from "../src/jobs/fund.ts";
import { Status } from "../src/status.ts";
import { FakeChain, rootOf } from "./support/fakeChain.ts";

vi.mock("@cairn/beacon", async (original) => ({
  ...(await original<typeof import("@cairn/beacon")>()),
  buildValidatorsProof: () => "proof",
}));

const CLOSED = rootOf("");
const OPEN = rootOf("open");
let chain: FakeChain;

/** The ticket at the head has room and free ether: nothing else is in its way. */
beforeEach(async () => {
  chain = new FakeChain();
  chain.join(2n, 1, 70);
  await chain.context.index.readTo(50n);
  Object.assign(chain.views, {
    nextTicket: [1n, 1, 70, 1n],
    fundingRoom: [64n * 10n ** 9n],
    freeEther: 40n * 10n ** 18n,
  });
});

test.each([
  ["a first funding", Status.Eligible, false, CLOSED, 1],
  ["a first funding while a checkpoint is open", Status.Eligible, false, OPEN, 0],
  ["a top-up", Status.Member, false, CLOSED, 1],
  ["a top-up while a checkpoint is open", Status.Member, false, OPEN, 1],
  ["a first funding under the safeguard", Status.Eligible, true, CLOSED, 0],
  ["a top-up under the safeguard", Status.Member, true, CLOSED, 0],
])("%s", async (_, status, isGuarded, openSnapshotHash, sent) => {
  const principalGwei = status === Status.Member ? 32n * 10n ** 9n : 0n;
  const validator = { status, targetEth: 64, principalGwei };
  Object.assign(chain.views, { isGuarded, openSnapshotHash, validator });
  expect(await fund(chain.context)).toBe(sent);
  expect(chain.calls()).toEqual(sent === 1 ? ["fund"] : []);
});
