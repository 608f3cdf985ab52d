import { startBeaconServer } from "../beaconApi/beaconServer.ts";
import { startControlServer } from "../control/controlServer.ts";
import { startRpcServer } from "../rpc/rpcServer.ts";
import type { Devnet } from "./devnet.ts";

export interface Ports {
  rpc?: number | undefined;
  beacon?: number | undefined;
  control?: number | undefined;
}

/** Opens the public interfaces, all on loopback, and has them closed when the chain stops. */
export async function startServers(devnet: Devnet, ports: Ports): Promise<void> {
  const rpc = await startRpcServer(devnet, ports.rpc ?? 0);
  devnet.onStop(rpc.close);
  const beacon = await startBeaconServer(devnet, ports.beacon ?? 0);
  devnet.onStop(beacon.close);
  const control = await startControlServer(devnet, ports.control ?? 0);
  devnet.onStop(control.close);
  devnet.urls = {
    rpc: `http://127.0.0.1:${rpc.port}`,
    ws: `ws://127.0.0.1:${rpc.port}`,
    beacon: `http://127.0.0.1:${beacon.port}`,
    control: `http://127.0.0.1:${control.port}`,
  };
}
