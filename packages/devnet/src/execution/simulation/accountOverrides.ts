import { Account, type Address, createAddressFromString, hexToBytes, setLengthLeft } from "@ethereumjs/util";
import type { VM } from "@ethereumjs/vm";
import type { AccountOverride } from "./request.ts";
import { INVALID_PARAMS, MOVED_TO_ITSELF, MOVED_TWICE, SimulationError } from "./simulationError.ts";

/** Writes what the request says of accounts into the sandbox. @throws SimulationError for what cannot be */
export async function overrideAccounts(vm: VM, accounts: Record<string, AccountOverride>): Promise<void> {
  movePrecompiles(vm, accounts);
  for (const [text, override] of Object.entries(accounts)) {
    const address = createAddressFromString(text);
    if (override.code !== undefined) await overrideCode(vm, address, override.code);
    await overrideStorage(vm, address, override);
    await overrideFields(vm, address, override);
  }
}

/** The machine's table of precompiles is its own copy. */
function movePrecompiles(vm: VM, accounts: Record<string, AccountOverride>): void {
  const taken = new Set<string>();
  for (const [from, { movePrecompileToAddress: to }] of Object.entries(accounts)) {
    if (to === undefined) continue;
    const [source, target] = [keyOf(from), keyOf(to)];
    const precompile = vm.evm.precompiles.get(source);
    if (precompile === undefined) throw new SimulationError(INVALID_PARAMS, `${from} is not a precompile`);
    if (source === target) throw new SimulationError(MOVED_TO_ITSELF, `${from} is moved to itself`);
    if (taken.has(target)) throw new SimulationError(MOVED_TWICE, `two precompiles are moved to ${to}`);
    taken.add(target);
    vm.evm.precompiles.delete(source);
    vm.evm.precompiles.set(target, precompile);
  }
}

const keyOf = (address: string): string => address.slice(2).toLowerCase();

/** Code takes the place of a precompile, which would otherwise go before it. */
async function overrideCode(vm: VM, address: Address, code: string): Promise<void> {
  vm.evm.precompiles.delete(keyOf(address.toString()));
  await vm.stateManager.putCode(address, hexToBytes(code as `0x${string}`));
}

async function overrideStorage(vm: VM, address: Address, override: AccountOverride): Promise<void> {
  if (override.state !== undefined) await vm.stateManager.clearStorage(address);
  const slots = Object.entries(override.state ?? override.stateDiff ?? {});
  if (slots.length === 0) return;
  if ((await vm.stateManager.getAccount(address)) === undefined) {
    await vm.stateManager.putAccount(address, new Account());
  }
  for (const [slot, value] of slots) await vm.stateManager.putStorage(address, word(slot), word(value));
}

const word = (text: string): Uint8Array => setLengthLeft(hexToBytes(text as `0x${string}`), 32);

async function overrideFields(vm: VM, address: Address, override: AccountOverride): Promise<void> {
  if (override.balance === undefined && override.nonce === undefined) return;
  const account = (await vm.stateManager.getAccount(address)) ?? new Account();
  if (override.balance !== undefined) account.balance = BigInt(override.balance);
  if (override.nonce !== undefined) account.nonce = BigInt(override.nonce);
  await vm.stateManager.putAccount(address, account);
}
