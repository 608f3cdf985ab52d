import { bigIntToHex } from "@ethereumjs/util";
import type { BlockRequest, BlocksRequest } from "./request.ts";
import { BLOCK_NUMBER_ORDER, BLOCK_TIME_ORDER, LIMIT_EXCEEDED, SimulationError } from "./simulationError.ts";

/** As many as BLOCKHASH reaches; the published notes name it as the usual limit. */
const MAX_BLOCKS = 256n;

interface Place {
  number: bigint;
  /** Seconds since 1970. */
  timestamp: bigint;
}

/** The requested blocks with numbers and times, and empty ones where numbers are left out. @throws SimulationError */
export function plannedBlocks(base: Place, request: BlocksRequest): BlockRequest[] {
  const planned: BlockRequest[] = [];
  let last: Place = base;
  for (const wanted of request.blocks) {
    const number = wanted.block.number === undefined ? last.number + 1n : BigInt(wanted.block.number);
    if (number <= last.number) {
      const message = `block numbers must be in order: ${number} <= ${last.number}`;
      throw new SimulationError(BLOCK_NUMBER_ORDER, message);
    }
    if (number - base.number > MAX_BLOCKS) {
      throw new SimulationError(LIMIT_EXCEEDED, `at most ${MAX_BLOCKS} blocks can be simulated`);
    }
    while (last.number < number - 1n) last = plan(planned, last, EMPTY, request.secondsPerBlock);
    last = plan(planned, last, wanted, request.secondsPerBlock);
  }
  return planned;
}

const EMPTY: BlockRequest = { accounts: {}, block: {}, transactions: [] };

function plan(planned: BlockRequest[], last: Place, wanted: BlockRequest, seconds: number): Place {
  const { time } = wanted.block;
  const timestamp = time === undefined ? last.timestamp + BigInt(seconds) : BigInt(time);
  if (timestamp <= last.timestamp) {
    const message = `block timestamps must be in order: ${timestamp} <= ${last.timestamp}`;
    throw new SimulationError(BLOCK_TIME_ORDER, message);
  }
  const place = { number: last.number + 1n, timestamp };
  const block = { ...wanted.block, number: bigIntToHex(place.number), time: bigIntToHex(timestamp) };
  planned.push({ ...wanted, block });
  return place;
}
