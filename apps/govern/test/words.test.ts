import { checkpointsAbi, rolesAbi } from "@cairn/protocol";
import { type Address, encodeFunctionData } from "viem";
import { expect, it } from "vitest";
import { proxyAdminAbi } from "../src/contracts.ts";
import { callWords, plain } from "../src/words.ts";

const at = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const book = { chainId: 1, accessManager: at(1), checkpoints: at(2), feeSplit: at(3) } as never;
const execute = (target: Address, data: `0x${string}`) =>
  encodeFunctionData({ abi: rolesAbi, functionName: "execute", args: [target, data] });

it("shows what the manager is asked to do, whatever it is", () => {
  const open = encodeFunctionData({ abi: checkpointsAbi, functionName: "open" });
  expect(callWords(book, at(1), execute(at(2), open), 0n)).toBe("checkpoints.open()");
  const upgrade = encodeFunctionData({
    abi: proxyAdminAbi,
    functionName: "upgradeAndCall",
    args: [at(2), at(8), "0x"],
  });
  expect(callWords(book, at(1), execute(at(9), upgrade), 0n)).toBe(
    `ProxyAdmin ${at(9)}.upgradeAndCall("${at(2)}", "${at(8)}", "0x")`,
  );
  const grant = encodeFunctionData({ abi: rolesAbi, functionName: "grantRole", args: [0n, at(7), 0] });
  expect(callWords(book, at(1), grant, 0n)).toBe(`accessManager.grantRole("0", "${at(7)}", 0)`);
  expect(callWords(book, at(7), "0x1234", 10n ** 18n)).toBe(`${at(7)} 0x1234 with 1 ETH`);
  expect(callWords(book, at(2), "0xffffffff", 0n)).toBe("checkpoints 0xffffffff");
});

it("takes from text what a terminal obeys", () => {
  expect(plain("queued: a\u001b[2K\rexecuted: a\u202e")).toBe("queued: a�[2K�executed: a�");
  expect(plain("two\nlines")).toBe("two\nlines");
});
