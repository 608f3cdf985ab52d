// Run by node in a process of its own, with no LODESTAR_PRESET and nothing of Lodestar imported before.
import { BeaconError, openState, type Preset } from "../../src/index.ts";

async function codeFor(preset: Preset): Promise<string> {
  try {
    await openState({ preset, fork: "fulu", bytes: new Uint8Array(10) });
  } catch (error) {
    if (error instanceof BeaconError) return error.code;
  }
  return "none";
}

const first = await codeFor("minimal");
const second = await codeFor("mainnet");
const { ACTIVE_PRESET } = await import("@lodestar/params");
process.stdout.write(`${JSON.stringify({ first, second, active: ACTIVE_PRESET })}\n`);
