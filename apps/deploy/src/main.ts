/** Deploys the stack and shows that it is what it should be. `npm run deploy -- --help` says how. */
import { DeploymentError } from "@cairn/deployment";
import { BaseError, HttpRequestError } from "viem";
import { run } from "./commands.ts";
import { connect } from "./connect.ts";
import { DeployError } from "./deployError.ts";
import { readSettings, USAGE } from "./settings.ts";

/** Nothing was sent, and the same call would end the same. */
const REFUSED = 2;
const REFUSALS = new Set(["badDescription", "wrongChain", "notConfirmed"]);

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.length === 0) {
    console.log(USAGE);
    return args.length === 0 ? REFUSED : 0;
  }
  const settings = readSettings(args, process.env);
  return run(settings, await connect(settings), (line) => console.log(line));
}

function explain(error: unknown): string {
  // without the URL, which may hold a key
  if (error instanceof BaseError && error.walk((cause) => cause instanceof HttpRequestError))
    return "the execution client at --rpc does not answer";
  if (error instanceof BaseError) return error.shortMessage;
  return error instanceof Error ? error.message : String(error);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`deploy: ${explain(error)}\n`);
  const isRefusal =
    error instanceof DeployError || (error instanceof DeploymentError && REFUSALS.has(error.code));
  process.exitCode = isRefusal ? REFUSED : 1;
}
