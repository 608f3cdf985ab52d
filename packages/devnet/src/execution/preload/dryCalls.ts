/**
 * Lets the client's calls and estimates change nothing but memory. It runs them on a copy of its machine over its own
 * database, and each wrote the caller's next nonce into the trie.
 */
import { Eth } from "@ethereumjs/client/dist/esm/src/rpc/modules/eth.js";
import type { VM } from "@ethereumjs/vm";

type Method = (this: EthInternals, params: unknown[]) => Promise<string>;
/** The private parts that are touched here. */
interface EthInternals {
  _vm: Pick<VM, "shallowCopy">;
  call: Method;
  estimateGas: Method;
}

const eth = Eth.prototype as unknown as EthInternals;
for (const name of ["call", "estimateGas"] as const) {
  const method = eth[name];
  eth[name] = function (params) {
    const { _vm } = this;
    return method.call(Object.create(this, { _vm: { value: { shallowCopy: () => dryCopy(_vm) } } }), params);
  };
}

async function dryCopy(vm: EthInternals["_vm"]): Promise<VM> {
  const copy = await vm.shallowCopy();
  // never ended: what would be written waits for that
  await copy.stateManager.checkpoint();
  return copy;
}
