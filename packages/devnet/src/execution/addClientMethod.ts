import { Eth } from "@ethereumjs/client/dist/esm/src/rpc/modules/eth.js";

/**
 * Adds `eth_<name>` to the client's JSON-RPC, for the proxy alone: it passes it on for nobody. The client binds methods to
 * something else than their module, so each is made by a getter that keeps it. `Module`: the private parts that are used.
 */
export function addClientMethod<Module, Param>(
  name: string,
  run: (module: Module, param: Param) => Promise<unknown>,
): void {
  Object.defineProperty(Eth.prototype, name, {
    get(this: Module) {
      return ([param]: [Param]) => run(this, param);
    },
  });
}
