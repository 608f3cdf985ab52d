import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { DevnetError } from "../errors/devnetError.ts";

/** What a record says about its slot. */
export const RECORD_BLOCK = 0;
export const RECORD_MISSED = 1;
/** Everybody online was given full attendance for the epoch that ends before this slot; the body is the list of offline indices. */
export const RECORD_SIMULATED = 2;

export interface LogRecord {
  kind: number;
  slot: number;
  /** Position and length of the body in the file. */
  offset: number;
  length: number;
}

const HEADER_BYTES = 16;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Append-only file of everything that happened, one record a slot.
 * Record: body length, kind, slot, CRC-32 of the body (4 bytes each, little endian), body.
 * Writes reach the operating system before `append` returns, so a killed process loses nothing.
 */
export class ChainLog {
  readonly #file: number;
  #end: number;

  constructor(path: string) {
    this.#file = openSync(path, "a+");
    this.#end = fstatSync(this.#file).size;
  }

  append(kind: number, slot: number, body: Uint8Array): LogRecord {
    const record = Buffer.alloc(HEADER_BYTES + body.length);
    record.writeUInt32LE(body.length, 0);
    record.writeUInt32LE(kind, 4);
    record.writeUInt32LE(slot, 8);
    record.writeUInt32LE(crc32(body), 12);
    record.set(body, HEADER_BYTES);
    writeSync(this.#file, record);
    const offset = this.#end + HEADER_BYTES;
    this.#end += record.length;
    return { kind, slot, offset, length: body.length };
  }

  read(record: LogRecord): Uint8Array {
    const body = new Uint8Array(record.length);
    if (readSync(this.#file, body, 0, record.length, record.offset) !== record.length) {
      throw new DevnetError("log-corrupt", `the chain log is shorter than it was: start fresh`);
    }
    return body;
  }

  /** All whole records from the start. A torn tail, left by a crash in the middle of a write, is cut off. */
  scan(): LogRecord[] {
    const records: LogRecord[] = [];
    const header = Buffer.alloc(HEADER_BYTES);
    let position = 0;
    while (position + HEADER_BYTES <= this.#end) {
      readSync(this.#file, header, 0, HEADER_BYTES, position);
      const length = header.readUInt32LE(0);
      if (length > MAX_BODY_BYTES || position + HEADER_BYTES + length > this.#end) break;
      const record = {
        kind: header.readUInt32LE(4),
        slot: header.readUInt32LE(8),
        offset: position + HEADER_BYTES,
        length,
      };
      if (crc32(this.read(record)) !== header.readUInt32LE(12)) break;
      records.push(record);
      position += HEADER_BYTES + length;
    }
    if (position < this.#end) {
      ftruncateSync(this.#file, position);
      this.#end = position;
    }
    return records;
  }

  close(): void {
    closeSync(this.#file);
  }
}
