/** Validators proven by both sides, spread over the registry: the dearest case. */
export function sampleIndices(members: number, validatorCount: number): number[] {
  return Array.from({ length: members }, (_, i) => Math.floor((i * validatorCount) / members));
}

/** What one side reports: seconds from bytes in memory to the finished proof, and the process's peak. */
export interface Measured {
  readonly seconds: number;
  readonly openSeconds: number;
  readonly rootSeconds: number;
  readonly proofSeconds: number;
  readonly peakMb: number;
  readonly stateRoot: string;
}

/** Prints the measurement as the last line of the process. */
export function report(start: number, opened: number, rooted: number, stateRoot: string): void {
  const end = performance.now();
  const measured: Measured = {
    seconds: (end - start) / 1000,
    openSeconds: (opened - start) / 1000,
    rootSeconds: (rooted - opened) / 1000,
    proofSeconds: (end - rooted) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
    stateRoot,
  };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
