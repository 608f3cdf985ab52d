import type { EVMResult, InterpreterStep, Message } from "@ethereumjs/evm";
import { Address, bigIntToAddressBytes } from "@ethereumjs/util";
import type { VM } from "@ethereumjs/vm";
import type { SimulatedLog } from "./request.ts";

/** What stands as the emitter of transfers of ether, and the event they look like: both of the published method. */
const ETHER = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

const LOG0 = 0xa0;
const LOG4 = 0xa4;
const SELFDESTRUCT = 0xff;
const ADDRESS_MASK = (1n << 160n) - 1n;

interface Transfer {
  from: Address;
  /** Undefined while the contract that is being created has no address. */
  to: Address | undefined;
  /** Wei. */
  value: bigint;
}

/** In the order in which they happened: transfers, and marks where the transaction's own logs stand. */
type Entry = Transfer | "log";

/** Notes transfers of ether during one transaction; those of calls that fail are forgotten as their logs are. */
export class TransferTrace {
  readonly #frames: Entry[][] = [[]];

  constructor(vm: VM) {
    vm.evm.events?.on("beforeMessage", (message: Message) => this.#enter(message));
    vm.evm.events?.on("step", (step: InterpreterStep, done?: () => void) => void this.#step(step).then(done));
    vm.evm.events?.on("afterMessage", (result: EVMResult) => this.#leave(result));
  }

  /** The logs of the transaction that ended, with the transfers among them; starts anew. */
  take(logs: SimulatedLog[]): SimulatedLog[] {
    const rest = [...logs];
    const entries = this.#frames[0]?.splice(0) ?? [];
    return entries.map((entry) => (entry === "log" ? (rest.shift() as SimulatedLog) : transferLog(entry)));
  }

  #enter(message: Message): void {
    const frame: Entry[] = [];
    if (message.value > 0n && !message.delegatecall)
      frame.push({ from: message.caller, to: message.to, value: message.value });
    this.#frames.push(frame);
  }

  async #step({ opcode, stack, address, stateManager }: InterpreterStep): Promise<void> {
    const frame = this.#frames.at(-1) as Entry[];
    if (opcode.code >= LOG0 && opcode.code <= LOG4) frame.push("log");
    if (opcode.code !== SELFDESTRUCT) return;
    const value = (await stateManager.getAccount(address))?.balance ?? 0n;
    if (value > 0n)
      frame.push({
        from: address,
        to: new Address(bigIntToAddressBytes((stack.at(-1) ?? 0n) & ADDRESS_MASK)),
        value,
      });
  }

  #leave({ execResult, createdAddress }: EVMResult): void {
    const frame = this.#frames.pop() as Entry[];
    if (execResult.exceptionError !== undefined) return;
    for (const entry of frame) if (entry !== "log") entry.to ??= createdAddress;
    this.#frames.at(-1)?.push(...frame);
  }
}

const topic = (address: Address | undefined): string =>
  `0x${(address?.toString() ?? "0x").slice(2).padStart(64, "0")}`;

const transferLog = ({ from, to, value }: Transfer): SimulatedLog => ({
  address: ETHER,
  topics: [TRANSFER, topic(from), topic(to)],
  data: `0x${value.toString(16).padStart(64, "0")}`,
});
