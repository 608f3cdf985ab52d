import { forkAtSlot } from "../consensus/forkTypes.ts";
import { badRequest } from "./apiError.ts";
import type { ApiReply, ApiRequest, Route } from "./route.ts";

const VERSION = `cairn-devnet/0.1.0 (node ${process.version})`;

const NOBODY = "0x0000000000000000000000000000000000000000000000000000000000000000";

/** Never syncing: the status that the caller wishes for that is only checked. */
function health({ query }: ApiRequest): ApiReply {
  const wish = query.get("syncing_status");
  if (wish !== null && !/^[1-5]\d\d$/.test(wish)) throw badRequest(`Invalid syncing status code: ${wish}`);
  return { status: 200 };
}

/** There is no network: an identity without addresses, which from Fulu on keeps no columns of data. */
function identity({ chain }: ApiRequest): ApiReply {
  const custody = forkAtSlot(chain.config, chain.slot) === "fulu" ? { custody_group_count: "0" } : {};
  const metadata = { seq_number: "0", attnets: NOBODY.slice(0, 18), syncnets: "0x00", ...custody };
  return {
    json: { data: { peer_id: "", enr: "", p2p_addresses: [], discovery_addresses: [], metadata } },
  };
}

export const nodeRoutes: Route[] = [
  { method: "GET", path: "/eth/v1/node/health", handle: health },
  {
    method: "GET",
    path: "/eth/v1/node/syncing",
    handle: ({ chain }) => ({
      json: {
        data: {
          head_slot: String(chain.head.slot),
          sync_distance: String(chain.slot - chain.head.slot),
          is_syncing: false,
          is_optimistic: false,
          el_offline: false,
        },
      },
    }),
  },
  { method: "GET", path: "/eth/v1/node/version", handle: () => ({ json: { data: { version: VERSION } } }) },
  { method: "GET", path: "/eth/v1/node/identity", handle: identity },
  {
    method: "GET",
    path: "/eth/v1/node/peers",
    handle: () => ({ json: { data: [], meta: { count: 0 } } }),
  },
  {
    method: "GET",
    path: "/eth/v1/node/peer_count",
    handle: () => ({
      json: { data: { disconnected: "0", connecting: "0", connected: "0", disconnecting: "0" } },
    }),
  },
];
