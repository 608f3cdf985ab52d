import type { Step } from "./runSteps.ts";

const env = { LODESTAR_PRESET: "minimal" };

/** What the contracts' tests read and the programs make: code of system contracts, proofs of real states. */
export const vectorSteps: readonly Step[] = [
  { name: "system contracts", command: ["node", "scripts/systemContracts.ts"], env },
  { name: "proof vectors", command: ["node", "packages/beacon/test/vectors.ts", "contracts/out"], env },
  {
    name: "list vectors",
    command: ["node", "packages/beacon/test/multiproofVectors.ts", "contracts/out/multiproofVectors.txt"],
    env,
  },
];
