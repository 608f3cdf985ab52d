export { BeaconError, type BeaconErrorCode, type BeaconErrorDetails } from "./beaconError.ts";
export {
  type BeaconClient,
  type BlockId,
  createBeaconClient,
  type StateId,
  type ValidatorId,
} from "./client/createBeaconClient.ts";
export type { SubscribeOptions } from "./client/events.ts";
export type { StateAnswer } from "./client/readBody.ts";
export type {
  FinalityCheckpoints,
  FinalizedEvent,
  Fork,
  Genesis,
  HeadEvent,
  HeaderInfo,
  PendingPartialWithdrawal,
  Syncing,
  ValidatorInfo,
} from "./client/schemas.ts";
export type { Spec, SpecFork } from "./client/spec.ts";
export type { CallOptions, TransportOptions } from "./client/transport.ts";
export { BALANCES_PER_CHUNK, balanceInChunk, chunkGindex, chunksOf } from "./proofs/balanceChunks.ts";
export {
  type BalancesSum,
  buildBalancesProof,
  packWords,
  verifyBalancesProof,
  type WordRange,
} from "./proofs/balancesProof.ts";
export { buildContainersProof, NO_CONTAINERS, verifyContainersProof } from "./proofs/containersProof.ts";
export { contextOf } from "./proofs/context.ts";
export {
  buildForkProbe,
  isProbeable,
  type ProbeClock,
  type ProbeContext,
  probeContextOf,
  probeIndices,
  verifyForkProbe,
} from "./proofs/forkProbe.ts";
export type { InFlightFacts, PoolDeposit } from "./proofs/inFlightPlan.ts";
export {
  type InFlightInput,
  type InFlightLimits,
  type InFlightScan,
  type InFlightStep,
  nextInFlightProof,
} from "./proofs/inFlightProof.ts";
export { type ProofContext, validatorRoot } from "./proofs/leaves.ts";
export {
  MEMBERS_PER_WORD,
  type MemberBatch,
  type MembershipWord,
  membershipWords,
  membersOfWords,
  splitBatches,
} from "./proofs/membership.ts";
export {
  buildParticipationProof,
  type Participation,
  verifyParticipationProof,
} from "./proofs/participationProof.ts";
export { buildPendingProof, verifyPendingProof } from "./proofs/pendingProof.ts";
export { buildStateProof, verifyStateProof } from "./proofs/stateProof.ts";
export type {
  BalancesProof,
  ContainersProof,
  ForkProbe,
  InFlightProof,
  ParticipationProof,
  PendingElement,
  PendingProof,
  StateProof,
  ValidatorsProof,
} from "./proofs/structs.ts";
export { buildValidatorsProof, verifyValidatorsProof } from "./proofs/validatorsProof.ts";
export { concatGindices, leafGindex } from "./ssz/gindex.ts";
export type { Preset } from "./ssz/lodestarTypes.ts";
export {
  buildMultiproof,
  computeMultiproofRoot,
  helperIndices,
  type Leaf,
  type NodeSource,
} from "./ssz/multiproof.ts";
export { type BeaconHeader, headerRoot } from "./state/beaconHeader.ts";
export type { BeaconStateBytes, FinalityCheckpoint } from "./state/beaconStateBytes.ts";
export {
  FORK_TABLE,
  type ForkGindices,
  type ForkName,
  forkGindices,
  fromBlockRoot,
  GLOAS_SHAPE,
  SNAPSHOT_RULES,
  type SnapshotRule,
} from "./state/forkTable.ts";
export { type OpenStateInput, openState } from "./state/openState.ts";
export type { PendingDeposit, PendingDeposits, SoughtDeposit } from "./state/pendingDeposits.ts";
export {
  FAR_FUTURE_EPOCH,
  pubkeyRoot,
  type Validator,
  type ValidatorRecord,
} from "./state/validatorRecord.ts";
export type {
  Booking,
  CheckpointFacts,
  CheckpointSnapshot,
  LineName,
  Member,
  Verification,
  VerifiedLine,
} from "./verify/checkpointFacts.ts";
export {
  type FetchCheckpointInput,
  type FetchedCheckpoint,
  fetchCheckpoint,
} from "./verify/fetchCheckpoint.ts";
export { inFlightAt, verifyCheckpoint } from "./verify/verifyCheckpoint.ts";
