import { parseEther } from "viem";
import { describe, expect, test } from "vitest";
import {
  checkDescription,
  DeploymentError,
  describePublic,
  HOODI,
  MAINNET,
  type NetworkDescription,
} from "../src/index.ts";
import { accountOf } from "./support/testAnvil.ts";
import { anyDescription } from "./support/testSite.ts";

const DAY = 86_400;
const good = anyDescription();
const settings = {
  guardians: [accountOf("guardian").address, accountOf("alice").address],
  treasury: accountOf("treasury").address,
};

/** `good` with one value changed, wherever it lies. */
function changed(path: string, value: unknown): NetworkDescription {
  const copy = structuredClone(good) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() as string;
  let place = copy;
  for (const key of keys) place = place[key] as Record<string, unknown>;
  place[last] = value;
  return copy as unknown as NetworkDescription;
}

function complaint(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(DeploymentError);
    expect((error as DeploymentError).code).toBe("badDescription");
    return (error as DeploymentError).message;
  }
  return "none";
}

describe("a description", () => {
  test("of the local chain is right as it is", () => {
    expect(checkDescription(good)).toEqual(good);
  });

  test.each<[path: string, value: unknown]>([
    ["name", "sepolia"],
    ["chainId", 0],
    ["genesisBlockHash", "0x12"],
    ["beaconDeposit", "0x0000000000000000000000000000000000000000"],
    ["beaconDeposit", "0x00000000219ab540356cBB839Cbe05303d7705FA"],
    ["consensus.genesisTime", 0n],
    ["consensus.secondsPerSlot", 0n],
    ["consensus.slotsPerEpoch", 0n],
    ["consensus.shardCommitteePeriod", 0n],
    ["consensus.slashingsVector", 1n],
    ["consensus.genesisValidatorsRoot", `0x${"00".repeat(32)}`],
    ["forks", []],
    ["forks.0.version", "0x00000000"],
    ["forks.0.rule", 1],
    ["forks.0.validators", 0],
    ["forks", [good.forks[1], good.forks[0]]],
    ["checkpoints.interval", 4 * 3600 - 1],
    ["checkpoints.interval", 7 * DAY + 1],
    ["checkpoints.expirySeconds", 2 * 3600 + 1],
    ["checkpoints.expirySeconds", 0],
    ["checkpoints.maxSnapshotAge", 4 * 3600 + 1],
    ["checkpoints.maxSnapshotAge", 2 * 3600 - 1],
    ["checkpoints.maxRebaseBpsPerDay", 11],
    ["checkpoints.maxRebaseBpsPerDay", 0],
    ["checkpoints.operatorFeeBps", 1001],
    ["checkpoints.treasuryFeeBps", -1],
    ["checkpoints.insuranceFeeBps", 0.5],
    ["checkpoints.lossThresholdBps", 501],
    ["instantExit.feeBps", 29],
    ["instantExit.feeBps", 501],
    ["instantExit.snapshotAge", 8 * 3600 + 1],
    ["instantExit.snapshotAge", 0],
    ["terms.fillTargetGwei", 31n],
    ["terms.fillTargetGwei", 2048_000_000_000n],
    ["terms.permissionless.operatorShareBps", 2501],
    ["terms.permissionless.tierShareBps", 0],
    ["terms.curated.operatorFloorGwei", 50_001_000_000_000n],
    ["terms.curated.tierFloorGwei", 100_001_000_000_000n],
    ["terms.curated.bondBps", 5001],
    ["terms.curated.bondBpsAbove", 5001],
    ["seed", parseEther("0.5")],
    ["governance.votingDelay", 7 * DAY + 1],
    ["governance.votingPeriod", 3599],
    ["governance.minVotingPeriod", 0],
    ["governance.voteExtension", -1],
    ["governance.timelockDelay", 1799],
    ["governance.timelockDelay", 14 * DAY + 1],
    ["governance.thresholdBps", 0],
    ["governance.thresholdBps", 201],
    ["governance.quorumBps", 99],
    ["governance.quorumBps", 2001],
    ["governance.unlockSeconds", 4199],
    ["governance.unlockSeconds", 31 * DAY],
    ["governance.mandateSeconds", 366 * DAY],
    ["guardians", []],
    ["guardians", [good.treasury, good.treasury]],
    ["treasury", "0x12"],
    ["release", "No Words"],
    ["release", ""],
  ])("is refused for %s out of its bounds, and says so (%#)", (path, value) => {
    expect(complaint(() => checkDescription(changed(path, value)))).toContain(`  ${path}`);
  });

  test("names every wrong field at once, and refuses fields it does not know", () => {
    const wrong = { ...changed("governance.quorumBps", 1), treasury: "nobody", colour: "blue" };
    const text = complaint(() => checkDescription(wrong as never));
    for (const part of ["governance.quorumBps", "treasury", "colour"]) expect(text).toContain(part);
  });

  test("of a public network needs its guardians and treasury", () => {
    expect(complaint(() => describePublic(HOODI, {}))).toContain("guardians and treasury");
    expect(complaint(() => describePublic(HOODI, { treasury: settings.treasury }))).toContain(
      "its guardians by",
    );
    expect(complaint(() => describePublic(MAINNET, { guardians: settings.guardians }))).toContain(
      "its treasury by",
    );
    for (const network of [HOODI, MAINNET]) expect(describePublic(network, settings).forks).toHaveLength(2);
  });

  test("of a public network leaves days to vote and to leave", () => {
    const quick = { ...describePublic(MAINNET, settings), governance: good.governance };
    const text = complaint(() => checkDescription(quick));
    expect(text).toContain("governance.minVotingPeriod");
    expect(text).toContain("governance.timelockDelay");
  });
});
