import { checkpointsAbi, rolesAbi, stakerGovernorAbi } from "@cairn/protocol";
import { type Address, decodeFunctionData, encodeFunctionData, type Hex, type PublicClient } from "viem";
import { describe, expect, it } from "vitest";
import { proxyAdminAbi } from "../src/contracts.ts";
import { encodeProposal, parseProposal, proposalIdOf } from "../src/proposal.ts";

const at = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const book = {
  chainId: 1,
  deployedAtBlock: 0,
  accessManager: at(1),
  checkpoints: at(2),
  stakerGovernor: at(3),
  operatorRegistry: at(4),
  timelock: at(5),
  stakedEther: at(6),
} as never;
/** Knows the ProxyAdmin of checkpoints only. */
const client = {
  getStorageAt: async ({ address }: { address: Address }): Promise<Hex> =>
    `0x${(address === at(2) ? at(99) : at(0)).slice(2).padStart(64, "0")}`,
} as unknown as PublicClient;

const file = (actions: unknown, more = {}) =>
  parseProposal(JSON.stringify({ title: "T", actions, ...more }), "file");
const encoded = (...actions: unknown[]) => encodeProposal(client, book, file(actions));

const PARAMETERS = {
  interval: 14_400,
  expirySeconds: 7200,
  maxSnapshotAge: 7200,
  maxRebaseBpsPerDay: 10,
  operatorFeeBps: 500,
  treasuryFeeBps: 400,
  insuranceFeeBps: 100,
  lossThresholdBps: 5,
};

describe("a proposal's file", () => {
  it.each([
    ["{", "not JSON"],
    ['{"title":"","actions":[{"ossify":"feeSplit"}]}', "title"],
    ['{"title":"T","actions":[]}', "actions"],
    ['{"title":"T"}', "actions"],
    ['{"title":"T","actions":[{"call":"checkpoints"}]}', "actions.0"],
    ['{"title":"T","actions":[{"upgrade":"checkpoints","implementation":"0x12"}]}', "actions.0"],
    ['{"title":"T","actions":[{"ossify":"feeSplit","extra":1}]}', "actions.0"],
    ['{"title":"T","actions":[{"ossify":"feeSplit"}],"proposer":"me"}', "proposer"],
  ])("is refused with the wrong field named: %s", (text, named) => {
    expect(() => parseProposal(text, "file")).toThrow(named);
  });
});

describe("encoding", () => {
  it("asks the manager for a module's function, and the governor itself for its own", async () => {
    const { targets, calldatas, values } = await encoded(
      { call: "checkpoints.setParameters", args: [PARAMETERS] },
      { call: "stakerGovernor.setQuorumBps", args: ["300"] },
      { target: at(7), data: "0x1234", value: "5" },
    );
    expect(targets).toEqual([at(1), at(3), at(7)]);
    expect(values).toEqual([0n, 0n, 5n]);
    const outer = decodeFunctionData({ abi: rolesAbi, data: calldatas[0] as Hex });
    expect(outer.functionName).toBe("execute");
    const inner = outer.args as readonly [Address, Hex];
    expect(inner[0]).toBe(at(2));
    expect(decodeFunctionData({ abi: checkpointsAbi, data: inner[1] })).toEqual({
      functionName: "setParameters",
      args: [PARAMETERS],
    });
    expect(calldatas[1]).toBe(
      encodeFunctionData({ abi: stakerGovernorAbi, functionName: "setQuorumBps", args: [300n] }),
    );
  });

  it("upgrades and gives up through the module's own ProxyAdmin", async () => {
    const { calldatas } = await encoded(
      { upgrade: "checkpoints", implementation: at(8) },
      { ossify: "checkpoints" },
    );
    const calls = calldatas.map(
      (data) => decodeFunctionData({ abi: rolesAbi, data }).args as readonly [Address, Hex],
    );
    expect(calls.map(([target]) => target)).toEqual([at(99), at(99)]);
    expect(decodeFunctionData({ abi: proxyAdminAbi, data: calls[0]?.[1] as Hex })).toEqual({
      functionName: "upgradeAndCall",
      args: [at(2), at(8), "0x"],
    });
    expect(decodeFunctionData({ abi: proxyAdminAbi, data: calls[1]?.[1] as Hex }).functionName).toBe(
      "renounceOwnership",
    );
  });

  it("knows roles by name", async () => {
    const { calldatas } = await encoded({ call: "accessManager.grantRole", args: ["GUARDIAN", at(9), 0] });
    expect(decodeFunctionData({ abi: rolesAbi, data: calldatas[0] as Hex }).args).toEqual([1n, at(9), 0]);
  });

  it.each([
    [{ call: "nobody.doIt" }, "no contract nobody"],
    [{ call: "checkpoints.doIt" }, "no such function"],
    [{ call: "checkpoints.setParameters", args: [] }, "takes 1 arguments, not 0"],
    [
      { call: "checkpoints.setParameters", args: [{ ...PARAMETERS, interval: "soon" }] },
      "p.interval must be a whole",
    ],
    [{ call: "checkpoints.setParameters", args: [{ ...PARAMETERS, feeBps: 1 }] }, "no field feeBps"],
    [
      { call: "checkpoints.setParameters", args: [{ ...PARAMETERS, operatorFeeBps: 70_000 }] },
      "setParameters",
    ],
    [{ upgrade: "stakedEther", implementation: at(8) }, "stakedEther has no proxy"],
    [{ call: "stakerGovernor.setQuorumBps", args: [2 ** 53] }, "too large for a JSON number"],
    [{ ossify: "nothing" }, "no contract of the stack"],
  ])("is refused with the reason: %j", async (action, why) => {
    await expect(encoded(action)).rejects.toThrow(why);
  });

  it("puts the proposer at the end of the description, where the governor looks", async () => {
    const proposal = await encodeProposal(
      client,
      book,
      file([{ ossify: "checkpoints" }], { description: "Why.", proposer: at(9) }),
    );
    expect(proposal.description).toBe(`# T\n\nWhy.\n#proposer=${at(9)}`);
    const other = await encodeProposal(
      client,
      book,
      file([{ ossify: "checkpoints" }], { description: "Why." }),
    );
    expect(proposalIdOf(other)).not.toBe(proposalIdOf(proposal));
  });
});
