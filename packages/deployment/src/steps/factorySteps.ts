import { type Address, concat, type Hex, parseEther } from "viem";
import { CREATE2_FACTORY, saltOf, stackDeployerInitCode } from "../stack/places.ts";
import { hasCode } from "../stack/records.ts";
import type { Site } from "../stack/site.ts";
import { creationGas } from "./gas.ts";
import type { Step } from "./step.ts";

/**
 * The transaction that makes the CREATE2 deployer at the same address on every chain: nobody holds the key of its signer,
 * whose signature was made up (Nick's method). It pays 100 gwei of gas price, so it is mined only while the base fee is
 * below that.
 */
const KEYLESS_TRANSACTION: Hex =
  "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222";
const KEYLESS_SIGNER: Address = "0x3fab184622dc19b6109349b94811493bf2a45362";
/** 100,000 gas at 100 gwei. */
const KEYLESS_COST = parseEther("0.01");

/** What must be there before the StackDeployer, and that itself. */
export function factorySteps(site: Site): Step[] {
  const { client, deployer, stackDeployer, description } = site;
  const isThere = () => hasCode(site, CREATE2_FACTORY);
  return [
    {
      name: "create2Signer",
      what: `pay the gas of the public CREATE2 deployer to ${KEYLESS_SIGNER}`,
      gas: 21_000n,
      value: KEYLESS_COST,
      isDone: async () =>
        (await isThere()) || (await client.getBalance({ address: KEYLESS_SIGNER })) >= KEYLESS_COST,
      transaction: async () => {
        const value = KEYLESS_COST - (await client.getBalance({ address: KEYLESS_SIGNER }));
        return { to: KEYLESS_SIGNER, data: "0x", value };
      },
    },
    {
      name: "create2Deployer",
      what: "the public CREATE2 deployer, by its well-known transaction",
      address: CREATE2_FACTORY,
      // paid by its signer
      gas: 0n,
      value: 0n,
      isDone: isThere,
      transaction: async () => ({ raw: KEYLESS_TRANSACTION }),
    },
    {
      name: "stackDeployer",
      what: `the StackDeployer that obeys ${deployer}`,
      address: stackDeployer,
      gas: creationGas(stackDeployerInitCode(deployer)),
      value: 0n,
      isDone: () => hasCode(site, stackDeployer),
      transaction: async () => ({
        to: CREATE2_FACTORY,
        data: concat([saltOf(description.release), stackDeployerInitCode(deployer)]),
        value: 0n,
      }),
    },
  ];
}
