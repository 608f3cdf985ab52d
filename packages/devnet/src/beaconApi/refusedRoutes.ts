import { ApiError } from "./apiError.ts";
import type { Route } from "./route.ts";

const NO_VALIDATOR_CLIENT =
  "not served: this chain's own driver proposes and attests for everybody, and takes no duties from outside; " +
  "operations go to /eth/v1/beacon/pool and /eth/v2/beacon/pool";
const NO_LIGHT_CLIENT =
  "not served: nobody signs for the sync committee here, so no update could be verified; " +
  "read /eth/v1/beacon/headers/finalized";
const NO_NETWORK = "not served: there is no peer-to-peer network and no peer; read /eth/v1/node/peer_count";
const NO_FORK_CHOICE =
  "not served: the chain is linear and has no fork choice; read /eth/v2/debug/beacon/heads";
const NO_BLOCKS =
  "not served: blocks are made by this chain's own driver alone; its pace is set on the control port";

/** Routes of the standard that this chain has nothing true to say on, each with what to use instead. */
const REFUSED: [method: Route["method"], path: string, reason: string][] = [
  ["POST", "/eth/v2/beacon/blocks", NO_BLOCKS],
  ["POST", "/eth/v2/beacon/blinded_blocks", NO_BLOCKS],
  ["POST", "/eth/v2/beacon/pool/attestations", NO_VALIDATOR_CLIENT],
  ["POST", "/eth/v1/beacon/pool/sync_committees", NO_VALIDATOR_CLIENT],
  [
    "POST",
    "/eth/v1/beacon/pool/bls_to_execution_changes",
    "not served: no validator here has BLS credentials",
  ],
  ["GET", "/eth/v1/beacon/light_client/bootstrap/{block_root}", NO_LIGHT_CLIENT],
  ["GET", "/eth/v1/beacon/light_client/updates", NO_LIGHT_CLIENT],
  ["GET", "/eth/v1/beacon/light_client/finality_update", NO_LIGHT_CLIENT],
  ["GET", "/eth/v1/beacon/light_client/optimistic_update", NO_LIGHT_CLIENT],
  ["GET", "/eth/v1/debug/fork_choice", NO_FORK_CHOICE],
  ["GET", "/eth/v1/node/peers/{peer_id}", NO_NETWORK],
  ["GET", "/eth/v1/validator/duties/proposer/{epoch}", NO_VALIDATOR_CLIENT],
  ["POST", "/eth/v1/validator/duties/attester/{epoch}", NO_VALIDATOR_CLIENT],
  ["POST", "/eth/v1/validator/duties/sync/{epoch}", NO_VALIDATOR_CLIENT],
  ["GET", "/eth/v3/validator/blocks/{slot}", NO_VALIDATOR_CLIENT],
  ["GET", "/eth/v1/validator/attestation_data", NO_VALIDATOR_CLIENT],
  ["GET", "/eth/v2/validator/aggregate_attestation", NO_VALIDATOR_CLIENT],
  ["POST", "/eth/v2/validator/aggregate_and_proofs", NO_VALIDATOR_CLIENT],
  ["POST", "/eth/v1/validator/prepare_beacon_proposer", NO_VALIDATOR_CLIENT],
  ["POST", "/eth/v1/validator/register_validator", NO_VALIDATOR_CLIENT],
  ["POST", "/eth/v1/validator/liveness/{epoch}", NO_VALIDATOR_CLIENT],
];

export const refusedRoutes: Route[] = REFUSED.map(([method, path, reason]) => ({
  method,
  path,
  handle: () => {
    throw new ApiError(501, reason);
  },
}));
