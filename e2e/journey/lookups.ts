import type { Devnet } from "@cairn/devnet";
import { fromHex } from "@lodestar/utils";
import type { Hex } from "viem";

/** A key's index in the newest beacon state, if it is there. */
export function indexOf(devnet: Devnet, pubkey: Hex): number | undefined {
  const index = devnet.state.epochCtx.pubkeyCache.getIndex(fromHex(pubkey));
  return index === null || index >= devnet.state.validators.length ? undefined : index;
}

export function isActive(devnet: Devnet, pubkey: Hex): boolean {
  const index = indexOf(devnet, pubkey);
  return (
    index !== undefined && devnet.state.validators.getReadonly(index).activationEpoch <= devnet.head.epoch
  );
}
