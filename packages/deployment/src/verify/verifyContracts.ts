import { stackDeployerAbi } from "@cairn/protocol";
import { type Address, type Hex, keccak256 } from "viem";
import type { Creation } from "../stack/creations.ts";
import { CREATE2_FACTORY, nameOf } from "../stack/places.ts";
import { compare, type Difference } from "./difference.ts";
import { type Inspection, read } from "./inspection.ts";

/** Code of the public CREATE2 deployer: the same on every chain, for its transaction is. */
const FACTORY_CODE_HASH: Hex = "0x2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989";

/**
 * Every contract was created from the described creation code, and has the code that it left. As constructors' arguments
 * are part of that code, all immutables are compared by it. The StackDeployer's own address tells its creation code
 * (EIP-1014), as no contract of the stack can destroy itself.
 */
export async function verifyContracts(inspection: Inspection): Promise<Difference[]> {
  const { site, creations } = inspection;
  const { stackDeployer, deployer } = site;
  const [factoryHash, owner, each] = await Promise.all([
    codeHash(inspection, CREATE2_FACTORY),
    read(inspection, stackDeployer, stackDeployerAbi, "DEPLOYER", []),
    Promise.all(creations.map((creation) => verifyCreation(inspection, creation))),
  ]);
  return [
    ...compare("the public CREATE2 deployer's code", factoryHash, FACTORY_CODE_HASH),
    ...compare("the StackDeployer's deployer", owner, deployer),
    ...each.flat(),
    ...verifyOrder(inspection),
  ];
}

/** Contracts were created in the planned order: nobody had a manager, say, before there was anything to manage. */
function verifyOrder({ creations, beginning }: Inspection): Difference[] {
  const planned = creations.map(({ name }) => name);
  const created = beginning.created.map(({ name }) => name);
  let latest = 0;
  const misplaced = created.flatMap((name): Difference[] => {
    const place = planned.indexOf(name);
    if (place < latest) return [`${planned[latest]} was created before ${name}, should be after it`];
    latest = place;
    return [];
  });
  const unseen = created.length === planned.length ? [] : planned.filter((name) => !created.includes(name));
  return [
    ...misplaced,
    ...unseen.map((name) => `${name}: the node shows no log of its creation, so its logs may lack more`),
  ];
}

async function codeHash({ site }: Inspection, address: Address): Promise<Hex> {
  return keccak256((await site.client.getCode({ address })) ?? "0x");
}

async function verifyCreation(inspection: Inspection, creation: Creation): Promise<Difference[]> {
  const { name, initCode } = creation;
  const { stackDeployer, at } = inspection.site;
  const [[initCodeHash, noted], place, found] = await Promise.all([
    read(inspection, stackDeployer, stackDeployerAbi, "deployed", [nameOf(name)]),
    read(inspection, stackDeployer, stackDeployerAbi, "addressOf", [nameOf(name)]),
    codeHash(inspection, at[name]),
  ]);
  if (BigInt(initCodeHash) === 0n) return [`${name} is not deployed`];
  return [
    ...compare(`${name}: its address`, place, at[name]),
    ...compare(`${name}: hash of the code it was created from`, initCodeHash, keccak256(initCode)),
    ...compare(`${name}: hash of its code`, found, noted),
  ];
}
