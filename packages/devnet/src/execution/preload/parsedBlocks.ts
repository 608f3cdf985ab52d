/** Keeps headers and blocks under their hash, parsed and frozen: EthereumJS reads the last few again several times a block. */
import type { Block, BlockHeader } from "@ethereumjs/block";
import { bytesToHex } from "@ethereumjs/util";

interface ManagerInternals {
  numberToHash(blockNumber: bigint): Promise<Uint8Array | undefined>;
  getHeader(blockHash: Uint8Array, blockNumber: bigint): Promise<BlockHeader>;
  getBlock(blockId: Uint8Array | bigint | number): Promise<Block | undefined>;
}

/** Of each; then all are dropped. */
const MOST = 1024;

// not among the package's exports
const managerUrl = new URL("./db/manager.js", import.meta.resolve("@ethereumjs/blockchain"));
const { DBManager } = (await import(managerUrl.href)) as { DBManager: { prototype: ManagerInternals } };
const { getHeader, getBlock } = DBManager.prototype;

async function kept<T>(known: Map<string, T>, hash: Uint8Array, read: () => Promise<T>): Promise<T> {
  const key = bytesToHex(hash);
  const value = known.get(key) ?? (await read());
  if (known.size >= MOST) known.clear();
  if (value !== undefined) known.set(key, value);
  return value;
}

const headers = new Map<string, BlockHeader>();
DBManager.prototype.getHeader = async function (this: ManagerInternals, blockHash, blockNumber) {
  return kept(headers, blockHash, () => getHeader.call(this, blockHash, blockNumber));
};

const blocks = new Map<string, Block | undefined>();
DBManager.prototype.getBlock = async function (this: ManagerInternals, blockId) {
  const hash = blockId instanceof Uint8Array ? blockId : await this.numberToHash(BigInt(blockId));
  return hash === undefined ? undefined : kept(blocks, hash, () => getBlock.call(this, hash));
};
