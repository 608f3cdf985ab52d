import { encodeAbiParameters, type Hex, parseAbiParameters } from "viem";
import type {
  BalancesProof,
  ContainersProof,
  ForkProbe,
  InFlightProof,
  ParticipationProof,
  PendingProof,
  StateProof,
  ValidatorsProof,
} from "../../src/index.ts";

const VALIDATOR =
  "struct Validator { bytes32 pubkeyRoot; bytes32 withdrawalCredentials; uint64 effectiveBalance; bool slashed; uint64 activationEligibilityEpoch; uint64 activationEpoch; uint64 exitEpoch; uint64 withdrawableEpoch; }";
const PENDING_DEPOSIT =
  "struct PendingDeposit { bytes32 pubkeyRoot; bytes32 withdrawalCredentials; uint64 amountGwei; bytes32 signatureRoot; uint64 slot; }";
const PENDING_PROOF =
  "struct PendingProof { uint64 length; uint32[] positions; PendingDeposit[] elements; bytes32[] nodes; }";
const CONTAINERS_PROOF =
  "struct ContainersProof { uint64 length; uint40[] indices; Validator[] validators; bytes32[] nodes; }";

// The contracts' structs. That these calls compile is the proof that our shapes are viem's.
const stateProofAbi = parseAbiParameters([
  "StateProof proof",
  "struct StateProof { uint64 slot; bytes32 executionBlockHash; bytes32 validatorsRoot; bytes32 balancesRoot; bytes32 pendingDepositsRoot; bytes32[] nodes; }",
]);
const balancesProofAbi = parseAbiParameters([
  "BalancesProof proof",
  "struct BalancesProof { uint64 length; bytes words; bytes32[] chunks; bytes32[] nodes; }",
]);
const validatorsProofAbi = parseAbiParameters([
  "ValidatorsProof proof",
  VALIDATOR,
  "struct ValidatorsProof { uint64 timestamp; uint64 slot; uint64 validatorCount; uint40[] indices; Validator[] validators; bytes32[] balanceChunks; bytes32[] nodes; }",
]);
const participationProofAbi = parseAbiParameters([
  "ParticipationProof proof",
  VALIDATOR,
  "struct ParticipationProof { uint64 timestamp; uint64 slot; uint64 finalizedEpoch; uint64 validatorCount; uint40[] indices; Validator[] validators; bytes32[] participationChunks; bytes32[] nodes; }",
]);
const forkProbeAbi = parseAbiParameters([
  "ForkProbe probe",
  VALIDATOR,
  "struct ForkProbe { uint64 slot; uint64 finalizedEpoch; uint64 validatorCount; uint64 pendingDeposits; uint64 firstDepositSlot; uint40[] indices; Validator[] validators; bytes32[] balanceChunks; bytes32 participationChunk; bytes32[] nodes; }",
]);
const pendingProofAbi = parseAbiParameters(["PendingProof proof", PENDING_DEPOSIT, PENDING_PROOF]);
const containersProofAbi = parseAbiParameters(["ContainersProof proof", VALIDATOR, CONTAINERS_PROOF]);
const inFlightProofAbi = parseAbiParameters([
  "InFlightProof proof",
  VALIDATOR,
  CONTAINERS_PROOF,
  PENDING_DEPOSIT,
  PENDING_PROOF,
  "struct InFlightProof { ContainersProof containers; PendingProof pending; uint32[] shown; uint32[] shownAt; uint32 newest; uint32 walkTo; uint32[] boundary; uint32 anchor; }",
]);

/** Each struct as a single tuple: what `abi.decode(data, (StateProof))` reads. */
export const encode = {
  stateProof: (proof: StateProof): Hex => encodeAbiParameters(stateProofAbi, [proof]),
  balancesProof: (proof: BalancesProof): Hex => encodeAbiParameters(balancesProofAbi, [proof]),
  validatorsProof: (proof: ValidatorsProof): Hex => encodeAbiParameters(validatorsProofAbi, [proof]),
  participationProof: (proof: ParticipationProof): Hex => encodeAbiParameters(participationProofAbi, [proof]),
  forkProbe: (probe: ForkProbe): Hex => encodeAbiParameters(forkProbeAbi, [probe]),
  pendingProof: (proof: PendingProof): Hex => encodeAbiParameters(pendingProofAbi, [proof]),
  containersProof: (proof: ContainersProof): Hex => encodeAbiParameters(containersProofAbi, [proof]),
  inFlightProof: (proof: InFlightProof): Hex => encodeAbiParameters(inFlightProofAbi, [proof]),
};
