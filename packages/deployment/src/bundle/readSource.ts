import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Hex, keccak256, toBytes } from "viem";
import { z } from "zod";
import { DeploymentError } from "../deploymentError.ts";

/** A source contract as Foundry built it. */
export interface BuiltSource {
  readonly contract: string;
  readonly compiler: string;
  /** solc's standard JSON input. */
  readonly input: object;
}

const artifact = z.object({ bytecode: z.object({ object: z.string() }), rawMetadata: z.string() });
const metadata = z.object({
  compiler: z.object({ version: z.string() }),
  settings: z.looseObject({ compilationTarget: z.record(z.string(), z.string()) }),
  sources: z.record(z.string(), z.object({ keccak256: z.string() })),
});

/**
 * What the compiler was given for one contract: its own metadata names the sources and the settings.
 *
 * @throws DeploymentError `artifactsStale`
 */
export function readSource(root: string, name: string, bytecode: Hex): BuiltSource {
  const file = join(root, `contracts/out/${name}.sol/${name}.json`);
  const stale = (why: string, cause?: unknown) =>
    new DeploymentError("artifactsStale", `${name}: ${why}; run npm run generate`, { cause });
  let built: z.output<typeof artifact>;
  let meta: z.output<typeof metadata>;
  try {
    built = artifact.parse(JSON.parse(readFileSync(file, "utf8")));
    meta = metadata.parse(JSON.parse(built.rawMetadata));
  } catch (cause) {
    throw stale(`${file} is not there or not Foundry's`, cause);
  }
  if (built.bytecode.object !== bytecode) throw stale("Foundry's output is not what is deployed");
  const { compilationTarget, ...settings } = meta.settings;
  const [[path, contract] = []] = Object.entries(compilationTarget);
  const sources = Object.fromEntries(
    Object.entries(meta.sources).map(([source, { keccak256: hash }]) => {
      const content = readFileSync(join(root, source), "utf8");
      if (keccak256(toBytes(content)) !== hash) throw stale(`${source} was changed after the build`);
      return [source, { content }];
    }),
  );
  const outputSelection = {
    "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "metadata"] },
  };
  return {
    contract: `${path}:${contract}`,
    compiler: `v${meta.compiler.version}`,
    input: { language: "Solidity", sources, settings: { ...settings, outputSelection } },
  };
}
