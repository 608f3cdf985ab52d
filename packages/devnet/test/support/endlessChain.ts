/** A chain in a process of its own, for being killed: prints its head as a JSON line after every block. */
import { startDevnet } from "../../src/index.ts";
import { PREFUNDED } from "./testChain.ts";

const chain = await startDevnet({
  dataDir: process.argv[2] as string,
  prefunded: PREFUNDED,
  validators: 1024,
  pace: "max",
});
chain.events.on("block", () => process.stdout.write(`${JSON.stringify(chain.head)}\n`));
