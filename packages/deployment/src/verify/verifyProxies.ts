import { checkpointsAbi, moduleProxyAbi, proxyAdminAbi } from "@cairn/protocol";
import { ADMIN_SLOT, addressInSlot, IMPLEMENTATION_SLOT } from "../stack/erc1967.ts";
import { MODULES, type Module, proxyAdminOf } from "../stack/places.ts";
import { compare, type Difference } from "./difference.ts";
import { eventsAt, isSince } from "./history.ts";
import { type Inspection, nameAt, orUnreadable, read } from "./inspection.ts";

/** Each module runs its described implementation, always did, and only governance can change that. */
export async function verifyProxies(inspection: Inspection): Promise<Difference[]> {
  const each = MODULES.map((module) => orUnreadable(module, verifyProxy(inspection, module)));
  return (await Promise.all(each)).flat();
}

async function verifyProxy(inspection: Inspection, module: Module): Promise<Difference[]> {
  const { at, client } = inspection.site;
  const proxyAdmin = proxyAdminOf(at[module]);
  const [implementation, admin] = await Promise.all([
    addressInSlot(client, at[module], IMPLEMENTATION_SLOT),
    addressInSlot(client, at[module], ADMIN_SLOT),
  ]);
  const owner = await read(inspection, proxyAdmin, proxyAdminAbi, "owner", []);
  return [
    ...compare(`${module}: its implementation`, implementation, at[`${module}.implementation`]),
    ...compare(`${module}: its ProxyAdmin`, admin, proxyAdmin),
    ...compare(`${module}: the owner of its ProxyAdmin`, owner, at.accessManager),
    ...bornAs(inspection, module),
    ...changesOf(inspection, module),
  ];
}

/** What its constructor left, by the logs: one implementation, one ProxyAdmin, one owner of it. */
function bornAs(inspection: Inspection, module: Module): Difference[] {
  const { at } = inspection.site;
  const proxyAdmin = proxyAdminOf(at[module]);
  const logs = [
    ...eventsAt(inspection, at[module], moduleProxyAbi),
    ...eventsAt(inspection, proxyAdmin, proxyAdminAbi),
  ].filter((log) => !isSince(inspection, module, log));
  const found = logs.map(({ eventName, args }) => {
    if (eventName === "Upgraded") return args.implementation;
    return eventName === "AdminChanged" ? args.newAdmin : args.newOwner;
  });
  const expected = [at[`${module}.implementation`], proxyAdmin, at.accessManager];
  return compare(`${module}: its first implementation, ProxyAdmin and owner by the logs`, found, expected);
}

/**
 * All that changed which code it runs, or who decides that: code that ran in between may have written anything, so what is in
 * place again is a difference too. Other code could fake such logs, but hide none: its own upgrade came first.
 */
function changesOf(inspection: Inspection, module: Module): Difference[] {
  const { site } = inspection;
  const proxy = site.at[module];
  const isNew = (log: { blockNumber: bigint; logIndex: number }) => isSince(inspection, module, log);
  const ofProxy = eventsAt(inspection, proxy, moduleProxyAbi).filter(isNew);
  const initialized = eventsAt(inspection, proxy, checkpointsAbi)
    .filter(({ eventName }) => eventName === "Initialized")
    .filter(isNew);
  const owners = eventsAt(inspection, proxyAdminOf(proxy), proxyAdminAbi).filter(isNew);
  return [
    ...ofProxy.map(({ eventName, args, blockNumber }) =>
      eventName === "Upgraded"
        ? `${module} was upgraded to ${nameAt(site, args.implementation)} in block ${blockNumber}`
        : `${module}: its ProxyAdmin was changed to ${args.newAdmin} in block ${blockNumber}`,
    ),
    ...initialized.map(({ blockNumber }) => `${module} was initialized in block ${blockNumber}`),
    ...owners.map(
      ({ args, blockNumber }) =>
        `${module}: its ProxyAdmin was given to ${nameAt(site, args.newOwner)} in block ${blockNumber}`,
    ),
  ];
}
