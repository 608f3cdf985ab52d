import { ssz } from "@lodestar/types";
import { forkAtSlot } from "../consensus/forkTypes.ts";
import { blockOf, isFinalized } from "./blockId.ts";
import { signedBlock } from "./blockRoutes.ts";
import { type ApiReply, type ApiRequest, queryNumber, type Route } from "./route.ts";

/** Attestations in a block. */
function ofBlock({ chain, path }: ApiRequest): ApiReply {
  const entry = blockOf(chain, path.block_id as string);
  const version = forkAtSlot(chain.config, entry.slot);
  const { attestations } = signedBlock(chain, entry).message.body;
  const data = attestations.map((attestation) => ssz.electra.Attestation.toJson(attestation));
  return {
    json: { version, execution_optimistic: false, finalized: isFinalized(chain, entry), data },
    headers: { "eth-consensus-version": version },
  };
}

/** Always empty: a vote is made with the block that takes it in, so none ever waits. */
function ofPool({ chain, query }: ApiRequest): ApiReply {
  queryNumber(query, "slot");
  queryNumber(query, "committee_index");
  const version = forkAtSlot(chain.config, chain.head.slot);
  return { json: { version, data: [] }, headers: { "eth-consensus-version": version } };
}

export const attestationRoutes: Route[] = [
  { method: "GET", path: "/eth/v2/beacon/blocks/{block_id}/attestations", handle: ofBlock },
  { method: "GET", path: "/eth/v2/beacon/pool/attestations", handle: ofPool },
];
