/**
 * Keeps decoded trie nodes under their hash. EthereumJS decodes each node it walks through anew, and makes an error with
 * its stack for each walk through an empty trie, of which system contracts have several a block.
 */
import { decodeRawMPTNode, MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { bytesToHex, concatBytes, equalsBytes } from "@ethereumjs/util";

type RawNode = Parameters<typeof decodeRawMPTNode>[0];
/** The private parts that are touched here. */
interface TrieInternals {
  EMPTY_TRIE_ROOT: Uint8Array;
  _opts: { keyPrefix?: Uint8Array };
  _db: { get(key: Uint8Array): Promise<Uint8Array | undefined> };
  root(): Uint8Array;
  lookupNode(node: Uint8Array | RawNode): Promise<unknown>;
  findPath(
    key: Uint8Array,
    throwIfMissing?: boolean,
    partialPath?: { stack: unknown[] },
  ): Promise<{ node: unknown; remaining: number[]; stack: unknown[] }>;
}

/** Then all are dropped. */
const MAX_NODES = 100_000;

const trie = MerklePatriciaTrie.prototype as unknown as TrieInternals;
const { lookupNode, findPath } = trie;
const decoded = new Map<string, RawNode>();

trie.lookupNode = async function (this: TrieInternals, node) {
  if (Array.isArray(node)) return lookupNode.call(this, node);
  const hash = bytesToHex(node);
  const known = decoded.get(hash);
  // the node around it is made anew, for it is changed; what it holds is only ever replaced
  if (known !== undefined) return decodeRawMPTNode(known);
  const { keyPrefix } = this._opts;
  const key = keyPrefix === undefined ? node : concatBytes(keyPrefix, node);
  const bytes = await this._db.get(key);
  if (bytes === undefined || bytes === null) return lookupNode.call(this, node);
  const raw = RLP.decode(Uint8Array.from(bytes)) as RawNode;
  if (decoded.size >= MAX_NODES) decoded.clear();
  decoded.set(hash, raw);
  return decodeRawMPTNode(raw);
};

trie.findPath = async function (
  this: TrieInternals,
  key,
  throwIfMissing = false,
  partialPath = { stack: [] },
) {
  const isEmpty = partialPath.stack.length === 0 && equalsBytes(this.root(), this.EMPTY_TRIE_ROOT);
  if (isEmpty && !throwIfMissing) return { node: null, remaining: [], stack: [] };
  return findPath.call(this, key, throwIfMissing, partialPath);
};
