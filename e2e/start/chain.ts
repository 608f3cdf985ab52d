/** `npm run chain -- COMMAND`: steers the chain of a running `npm start`. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { E2eError } from "../stack/e2eError.ts";
import { keyOf, personNamed } from "../stack/wallets.ts";

const USAGE = `npm run chain -- status            head, finality, pace, every constant that is not mainnet's
npm run chain -- pace N            N slots a second, or max, or stopped
npm run chain -- pace whenPending  slots only for transactions that wait; time and finality come with ahead
npm run chain -- ahead N           N epochs of real blocks as fast as the machine can
npm run chain -- ahead Nd          N days of them
npm run chain -- key NAME          private key of somebody of this chain: alice, bob, carol, guardian, keeper …
npm run chain -- fault NAME JSON   e.g. fault slash-attester '{"index":5}', fault set-offline '{"indices":[1],"offline":true}'`;

function controlUrl(): string {
  const file = join(resolve(process.env.CAIRN_FOLDER ?? ".cairn"), "run.json");
  if (!existsSync(file)) throw new E2eError("no chain is running here: start one with npm start");
  return String(JSON.parse(readFileSync(file, "utf8")).control);
}

async function request(path: string, body?: unknown): Promise<Response> {
  const init =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${controlUrl()}${path}`, init).catch((cause: unknown) => {
    throw new E2eError("the chain does not answer: is npm start still running?", { cause });
  });
  if (response.ok) return response;
  throw new E2eError(String(((await response.json()) as { message?: string }).message ?? response.status));
}

/** @throws E2eError when the text is neither a number of epochs nor of days. */
export function parseRun(text: string): { epochs: number } | { days: number } {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(d?)$/.exec(text) ?? [];
  if (digits === undefined) throw new E2eError(`"${text}" is neither epochs (12) nor days (1d)`);
  return unit === "d" ? { days: Number(digits) } : { epochs: Math.trunc(Number(digits)) };
}

async function ahead(text: string): Promise<void> {
  const response = await request("/run-ahead", parseRun(text));
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) process.stdout.write(decoder.decode(chunk as Uint8Array));
}

async function main([command, first = "", second = "{}"]: string[]): Promise<void> {
  if (command === "status") console.log(JSON.stringify(await (await request("/status")).json(), null, 2));
  else if (command === "ahead") await ahead(first);
  else if (command === "pace") {
    const pace = Number.isFinite(Number(first)) && first !== "" ? { slotsPerSecond: Number(first) } : first;
    console.log(await (await request("/pace", { pace })).text());
  } else if (command === "key") console.log(keyOf(personNamed(first)));
  else if (command === "fault")
    console.log(await (await request(`/faults/${first}`, JSON.parse(second))).text());
  else {
    console.log(USAGE);
    process.exitCode = command === undefined || command === "--help" ? 0 : 1;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
