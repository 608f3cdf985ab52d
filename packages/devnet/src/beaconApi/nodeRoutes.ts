import type { Route } from "./route.ts";

const VERSION = `cairn-devnet/0.1.0 (node ${process.version})`;

const NOBODY = "0x0000000000000000000000000000000000000000000000000000000000000000";

export const nodeRoutes: Route[] = [
  { method: "GET", path: "/eth/v1/node/health", handle: () => ({ status: 200 }) },
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
  {
    method: "GET",
    path: "/eth/v1/node/identity",
    // There is no network: an identity without addresses.
    handle: () => ({
      json: {
        data: {
          peer_id: "",
          enr: "",
          p2p_addresses: [],
          discovery_addresses: [],
          metadata: { seq_number: "0", attnets: NOBODY.slice(0, 18), syncnets: "0x00" },
        },
      },
    }),
  },
  {
    method: "GET",
    path: "/eth/v1/node/peer_count",
    handle: () => ({
      json: { data: { disconnected: "0", connecting: "0", connected: "0", disconnecting: "0" } },
    }),
  },
];
