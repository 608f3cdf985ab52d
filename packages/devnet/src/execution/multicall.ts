import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DevnetError } from "../errors/devnetError.ts";

/** Where Multicall3 stands on every network, and client libraries look for it. */
export const MULTICALL3 = "0xca11bde05977b3631167028862be2a173976ca11";

/** End of a constructor that copies the code behind it and returns that: RETURN, and an invalid instruction between. */
const CONSTRUCTOR_END = "f3fe";

/** Creation code of Multicall3, which viem carries for calls on networks without it. @throws DevnetError `chain-inconsistent` */
export function multicall3Creation(): `0x${string}` {
  const require = createRequire(import.meta.url);
  const path = join(dirname(require.resolve("viem")), "constants/contracts.js");
  const { multicall3Bytecode } = require(path) as { multicall3Bytecode?: `0x${string}` };
  if (multicall3Bytecode?.includes(CONSTRUCTOR_END)) return multicall3Bytecode;
  throw new DevnetError("chain-inconsistent", "viem has no creation code of Multicall3: check its version");
}

/** Its runtime code: it has neither immutables nor arguments, so what follows the constructor is what is deployed. */
export function multicall3Code(): `0x${string}` {
  const creation = multicall3Creation();
  return `0x${creation.slice(creation.indexOf(CONSTRUCTOR_END) + CONSTRUCTOR_END.length)}`;
}
