/** Deployments as data: what a network's stack is made of, how it gets there, whether it is what it should be. */
export { type ApplyOptions, apply, type DeployWallet, MAINNET_PHRASE, type Progress } from "./apply.ts";
export { bookOf } from "./book.ts";
export { type Bundle, type BundleSet, makeBundles } from "./bundle/bundle.ts";
export { DeploymentError, type DeploymentErrorCode } from "./deploymentError.ts";
export {
  checkDescription,
  NETWORKS,
  type NetworkDescription,
  type NetworkName,
} from "./networks/description.ts";
export { type ForkEntry, forkEntries } from "./networks/forkEntries.ts";
export { HOODI } from "./networks/hoodi.ts";
export {
  describeLocal,
  developmentKey,
  type LocalSettings,
  type RunningChainFacts,
} from "./networks/local.ts";
export { MAINNET } from "./networks/mainnet.ts";
export { describePublic, type NetworkSettings, type PublicNetwork } from "./networks/publicNetworks.ts";
export { type CheckpointParameters, SHORTEST_RHYTHM } from "./networks/terms.ts";
export { makePlan, type Plan, type PlannedStep } from "./plan.ts";
export { requireBeacon } from "./requireChain.ts";
export { ADMIN_SLOT, addressInSlot, IMPLEMENTATION_SLOT } from "./stack/erc1967.ts";
export { MODULES } from "./stack/places.ts";
export { ROLES } from "./stack/roles.ts";
export { type Site, siteOf } from "./stack/site.ts";
export { verify } from "./verify/verify.ts";
