import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DevnetError } from "../errors/devnetError.ts";

const NAME = "lock";

/** Whether a process with this id exists (it may belong to somebody else). */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Locks this process itself holds: a second chain on the same folder in one process must be refused too. */
const held = new Set<string>();

/**
 * Makes the folder this process's own. The lock of a process that is gone is taken over.
 * @returns the function that gives it back
 * @throws DevnetError `data-dir-locked`
 */
export function lockFolder(dir: string): () => void {
  const path = join(dir, NAME);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(path, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      held.add(path);
      return () => {
        held.delete(path);
        rmSync(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const pid = Number(readFileSync(path, "utf8"));
      const stale = pid === process.pid ? !held.has(path) : !isRunning(pid);
      if (!stale) {
        throw new DevnetError(
          "data-dir-locked",
          `process ${pid} already runs a devnet in ${dir}: stop it or give another dataDir`,
          { details: { pid } },
        );
      }
      rmSync(path, { force: true });
    }
  }
  throw new DevnetError("data-dir-locked", `another process took ${dir} at the same moment`, {
    retryable: true,
  });
}
