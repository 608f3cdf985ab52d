import { encodeAbiParameters, type Hex, parseAbiParameters } from "viem";
import type {
  BalancesProof,
  ParticipationProof,
  PendingDepositsProof,
  StateProof,
  ValidatorsProof,
} from "../../src/index.ts";

// The contracts' structs. That these calls compile is the proof that our shapes are viem's.
const stateProofAbi = parseAbiParameters([
  "StateProof proof",
  "struct StateProof { uint64 slot; bytes32 executionBlockHash; bytes32 balancesRoot; bytes32[] nodes; }",
]);
const balancesProofAbi = parseAbiParameters([
  "BalancesProof proof",
  "struct BalancesProof { uint64 length; bytes words; bytes32[] chunks; bytes32[] nodes; }",
]);
const validatorsProofAbi = parseAbiParameters([
  "ValidatorsProof proof",
  "struct Validator { bytes32 pubkeyRoot; bytes32 withdrawalCredentials; uint64 effectiveBalance; bool slashed; uint64 activationEligibilityEpoch; uint64 activationEpoch; uint64 exitEpoch; uint64 withdrawableEpoch; }",
  "struct ValidatorsProof { uint64 timestamp; uint64 slot; uint64 validatorCount; uint40[] indices; Validator[] validators; bytes32[] balanceChunks; bytes32[] nodes; }",
]);
const participationProofAbi = parseAbiParameters([
  "ParticipationProof proof",
  "struct Validator { bytes32 pubkeyRoot; bytes32 withdrawalCredentials; uint64 effectiveBalance; bool slashed; uint64 activationEligibilityEpoch; uint64 activationEpoch; uint64 exitEpoch; uint64 withdrawableEpoch; }",
  "struct ParticipationProof { uint64 timestamp; uint64 slot; uint64 finalizedEpoch; uint64 validatorCount; uint40[] indices; Validator[] validators; bytes32[] participationChunks; bytes32[] nodes; }",
]);
const pendingDepositsProofAbi = parseAbiParameters([
  "PendingDepositsProof proof",
  "struct PendingDepositsProof { uint64 timestamp; uint64 slot; bytes32[] nodes; }",
]);

/** Each struct as a single tuple: what `abi.decode(data, (StateProof))` reads. */
export const encode = {
  stateProof: (proof: StateProof): Hex => encodeAbiParameters(stateProofAbi, [proof]),
  balancesProof: (proof: BalancesProof): Hex => encodeAbiParameters(balancesProofAbi, [proof]),
  validatorsProof: (proof: ValidatorsProof): Hex => encodeAbiParameters(validatorsProofAbi, [proof]),
  participationProof: (proof: ParticipationProof): Hex => encodeAbiParameters(participationProofAbi, [proof]),
  pendingDepositsProof: (proof: PendingDepositsProof): Hex =>
    encodeAbiParameters(pendingDepositsProofAbi, [proof]),
};
