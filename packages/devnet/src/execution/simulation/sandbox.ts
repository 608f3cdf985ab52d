import type { Block } from "@ethereumjs/block";
import type { Common } from "@ethereumjs/common";
import type { DB } from "@ethereumjs/util";
import type { VM } from "@ethereumjs/vm";
import { OverlayDb } from "./overlayDb.ts";

/** EIP-3607 refuses contracts as senders; a simulation lets anybody call. */
const SENDERS_ARE_NOT_CONTRACTS = 3607;

/** The private part of the state manager that is touched here. */
interface StateInternals {
  _getCodeDB(): { db: DB<string, string | Uint8Array> };
}

/**
 * The client's own machine on the state after a block: same code, same tries, same precompiles. Nothing that is done in
 * it reaches the client's databases.
 */
export async function openSandbox(client: VM, block: Block): Promise<VM> {
  const vm = await client.shallowCopy();
  const database = (vm.stateManager as unknown as StateInternals)._getCodeDB();
  database.db = new OverlayDb(database.db);
  await vm.stateManager.setStateRoot(block.header.stateRoot);
  for (const common of new Set([vm.common, vm.evm.common])) prepare(common, block);
  return vm;
}

function prepare(common: Common, block: Block): void {
  common.setHardforkBy({ blockNumber: block.header.number, timestamp: block.header.timestamp });
  const isActivated = common.isActivatedEIP.bind(common);
  common.isActivatedEIP = (eip) => eip !== SENDERS_ARE_NOT_CONTRACTS && isActivated(eip);
}
