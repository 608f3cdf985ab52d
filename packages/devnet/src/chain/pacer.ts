import type { DevnetLogger, Pace } from "../options/devnetOptions.ts";
import type { WaitingTransactions } from "./waitingTransactions.ts";

/** A slot the pacer asks for; `another` says that the next one follows at once. */
export type MakeSlot = (another: boolean) => Promise<void>;

/** The background loop. It stops by itself when a slot fails, and says so. */
export class Pacer {
  readonly #makeSlot: MakeSlot;
  readonly #waiting: WaitingTransactions;
  readonly #logger: DevnetLogger;
  #pace: Pace = "stopped";
  #generation = 0;
  #wake: (() => void) | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(makeSlot: MakeSlot, waiting: WaitingTransactions, logger: DevnetLogger) {
    this.#makeSlot = makeSlot;
    this.#waiting = waiting;
    waiting.onArrival(() => {
      if (this.#pace === "whenPending") this.#wake?.();
    });
    this.#logger = logger;
  }

  get pace(): Pace {
    return this.#pace;
  }

  set(pace: Pace): void {
    this.#pace = pace;
    const generation = ++this.#generation;
    this.#wake?.();
    if (pace === "stopped") return;
    const previous = this.#loop;
    this.#loop = previous.then(() => this.#run(generation, pace));
  }

  /** Stops and waits for the slot being made. */
  async stop(): Promise<void> {
    this.set("stopped");
    await this.#loop;
  }

  async #run(generation: number, pace: Exclude<Pace, "stopped">): Promise<void> {
    const intervalMs = typeof pace === "object" ? 1000 / pace.slotsPerSecond : 0;
    while (generation === this.#generation) {
      if (pace === "whenPending" && !this.#waiting.isAny) {
        await this.#rest(undefined, generation);
        continue;
      }
      const started = performance.now();
      try {
        await this.#makeSlot(pace === "max");
      } catch (error) {
        this.#logger.error({ err: error }, "a slot failed: the pace is now stopped");
        if (generation === this.#generation) this.#pace = "stopped";
        return;
      }
      await this.#rest(Math.max(0, intervalMs - (performance.now() - started)), generation);
    }
  }

  /**
   * Until it is woken, or `ms` are over. At least one turn of the event loop, so that requests are served at full speed too.
   */
  #rest(ms: number | undefined, generation: number): Promise<void> {
    if (generation !== this.#generation) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
      this.#wake = done;
    });
  }
}
