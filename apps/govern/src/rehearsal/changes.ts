import { ADMIN_SLOT, IMPLEMENTATION_SLOT, ROLES } from "@cairn/deployment";
import { ROLE_TABLE, rolesAbi, storageLayouts } from "@cairn/protocol";
import { type Address, decodeEventLog, type Hex, type Log, toFunctionSelector } from "viem";

/** What a transaction changed, as geth's prestateTracer tells it in diff mode. */
export interface StateDiff {
  readonly pre: Readonly<Record<Address, AccountState>>;
  readonly post: Readonly<Record<Address, AccountState>>;
}

interface AccountState {
  readonly balance?: Hex;
  readonly code?: Hex;
  readonly storage?: Readonly<Record<Hex, Hex>>;
}

/** Names of addresses, lower case. */
export type Names = ReadonlyMap<string, string>;

const nameOf = (names: Names, address: string) => names.get(address.toLowerCase()) ?? address;

const LAYOUT_NAMES: Readonly<Record<string, string>> = {
  accessManager: "Roles",
  timelock: "TimelockController",
};

type LayoutVariable = { readonly label: string; readonly slot: number; readonly bytes: number };

/** The variable at a slot of a contract, as far as its layout tells. */
export function variableAt(contract: string, slot: Hex): string {
  if (slot === IMPLEMENTATION_SLOT) return "implementation (ERC-1967)";
  if (slot === ADMIN_SLOT) return "admin (ERC-1967)";
  const name = LAYOUT_NAMES[contract] ?? `${contract[0]?.toUpperCase()}${contract.slice(1)}`;
  const layouts = storageLayouts as Readonly<Record<string, readonly LayoutVariable[]>>;
  const at = BigInt(slot);
  const inside = (layouts[name] ?? []).filter(
    (v) => at >= BigInt(v.slot) && at < BigInt(v.slot + Math.max(1, Math.ceil(v.bytes / 32))),
  );
  if (inside.length > 0) return inside.map((v) => v.label).join(", ");
  return at < 2n ** 32n ? "unnamed" : "an entry of a mapping or a list";
}

const ZERO: Hex = `0x${"0".repeat(64)}`;

/** Every changed slot and balance, a line each. Gas that the caller paid is left out. */
export function slotLines({ pre, post }: StateDiff, names: Names, payer: Address): string[] {
  const lines: string[] = [];
  for (const address of [...new Set([...Object.keys(pre), ...Object.keys(post)])] as Address[]) {
    const [before, after] = [pre[address] ?? {}, post[address] ?? {}];
    const name = nameOf(names, address);
    if (after.code !== undefined && after.code !== before.code) lines.push(`${name}: new code`);
    // in diff mode a balance stands in `post` only if it changed
    const isGas = address.toLowerCase() === payer.toLowerCase() || BigInt(address) === 0n;
    if (after.balance !== undefined && after.balance !== before.balance && !isGas) {
      lines.push(`${name}: ether ${BigInt(before.balance ?? "0x0")} → ${BigInt(after.balance)} wei`);
    }
    const slots = new Set([
      ...Object.keys(before.storage ?? {}),
      ...Object.keys(after.storage ?? {}),
    ]) as Set<Hex>;
    for (const slot of slots) {
      const [was, is] = [before.storage?.[slot] ?? ZERO, after.storage?.[slot] ?? ZERO];
      if (was !== is) lines.push(`${name}, slot ${slot} (${variableAt(name, slot)}): ${was} → ${is}`);
    }
  }
  return lines;
}

const ROLE_NAMES = new Map(Object.entries(ROLES).map(([name, id]) => [id, name]));
const roleName = (id: bigint) =>
  ROLE_NAMES.get(id) ?? (id === 2n ** 64n - 1n ? "PUBLIC (anybody)" : `role ${id}`);
const FUNCTIONS = new Map(
  ROLE_TABLE.map((row) => [toFunctionSelector(`function ${row.function}`), row.function]),
);

/** What the AccessManager's events say about roles, a line each. */
export function roleLines(logs: readonly Log[], manager: Address, names: Names): string[] {
  const lines: string[] = [];
  for (const log of logs) {
    if (log.address.toLowerCase() !== manager.toLowerCase()) continue;
    const event = decodeEventLog({ abi: rolesAbi, topics: log.topics, data: log.data, strict: true });
    const args = (event.args ?? {}) as Readonly<Record<string, unknown>>;
    const role = roleName(BigInt((args.roleId as bigint | undefined) ?? 0n));
    const whom = nameOf(names, String(args.account));
    const target = nameOf(names, String(args.target));
    if (event.eventName === "RoleGranted") lines.push(`${role} is given to ${whom}, delay ${args.delay} s`);
    else if (event.eventName === "RoleRevoked") lines.push(`${role} is taken from ${whom}`);
    else if (event.eventName === "TargetFunctionRoleUpdated") {
      const selector = args.selector as Hex;
      lines.push(`${target}.${FUNCTIONS.get(selector) ?? selector} may be called by ${role}`);
    } else if (event.eventName === "TargetClosed") {
      lines.push(`${target} is ${args.closed ? "closed to every role" : "open to its roles again"}`);
    } else if (event.eventName !== "OperationExecuted") {
      const rest = Object.entries(args).map(([key, value]) => `${key} ${String(value)}`);
      lines.push(`${event.eventName}: ${rest.join(", ")}`);
    }
  }
  return lines;
}
