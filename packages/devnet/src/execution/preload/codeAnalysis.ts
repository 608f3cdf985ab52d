/**
 * Memoizes what EthereumJS works out anew for every machine it creates (one a call) and every contract it enters: the
 * table of opcodes of a fork, and a code's jump destinations.
 */
import { EVM } from "@ethereumjs/evm";

/** The private parts that are touched here. */
interface OpcodeTables {
  _opcodes: unknown;
  _dynamicGasHandlers: unknown;
  _handlers: unknown;
  _opcodeMap: unknown;
}
interface MachineInternals extends OpcodeTables {
  common: { hardfork(): string; eips(): number[] };
  _customOpcodes: unknown[] | undefined;
  getActiveOpcodes(): unknown;
}
interface InterpreterInternals {
  _evm: MachineInternals;
  _getValidJumpDestinations(code: Uint8Array): unknown;
}

const machine = EVM.prototype as unknown as MachineInternals;
const activeOpcodes = machine.getActiveOpcodes;
const tables = new Map<string, OpcodeTables>();

machine.getActiveOpcodes = function (this: MachineInternals): unknown {
  if ((this._customOpcodes ?? []).length > 0) return activeOpcodes.call(this);
  const fork = `${this.common.hardfork()}|${this.common.eips().join()}`;
  const known = tables.get(fork);
  if (known === undefined) {
    activeOpcodes.call(this);
    const { _opcodes, _dynamicGasHandlers, _handlers, _opcodeMap } = this;
    tables.set(fork, { _opcodes, _dynamicGasHandlers, _handlers, _opcodeMap });
  } else {
    Object.assign(this, known);
  }
  return this._opcodes;
};

// not among the package's exports
const interpreterUrl = new URL("./interpreter.js", import.meta.resolve("@ethereumjs/evm"));
const { Interpreter } = (await import(interpreterUrl.href)) as {
  Interpreter: { prototype: InterpreterInternals };
};
const analyse = Interpreter.prototype._getValidJumpDestinations;
const analyses = new WeakMap<Uint8Array, { opcodes: unknown; analysis: unknown }>();

Interpreter.prototype._getValidJumpDestinations = function (
  this: InterpreterInternals,
  code: Uint8Array,
): unknown {
  const opcodes = this._evm._opcodeMap;
  const known = analyses.get(code);
  if (known !== undefined && known.opcodes === opcodes) return known.analysis;
  const analysis = analyse.call(this, code);
  analyses.set(code, { opcodes, analysis });
  return analysis;
};
