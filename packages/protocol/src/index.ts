/** ABIs, creation code, errors with their sentence, and share arithmetic, generated from the contracts or their twin. */
export type { AddressBook } from "./addressBook.ts";
export { type DescribedError, describeError, errorSentence } from "./describeError.ts";
export {
  beaconProofsAbi,
  checkpointsAbi,
  depositsInFlightAbi,
  errorsAbi,
  executionRewardsVaultAbi,
  exposureAbi,
  leavingQuoteAbi,
  operatorRegistryAbi,
  penaltiesAbi,
  stakedEtherAbi,
  validatorManagerAbi,
  withdrawalQueueAbi,
  withdrawalsAbi,
  withdrawalVaultAbi,
  wrappedStakedEtherAbi,
} from "./generated/abis.ts";
export {
  beaconProofsBytecode,
  checkpointsBytecode,
  depositsInFlightBytecode,
  executionRewardsVaultBytecode,
  exposureBytecode,
  leavingQuoteBytecode,
  operatorRegistryBytecode,
  penaltiesBytecode,
  stakedEtherBytecode,
  validatorManagerBytecode,
  withdrawalQueueBytecode,
  withdrawalsBytecode,
  withdrawalVaultBytecode,
  wrappedStakedEtherBytecode,
} from "./generated/bytecode.ts";
export type { ContractErrorName } from "./sentences.ts";
export {
  type Ledger,
  SHARES_PER_WEI,
  toEtherDown,
  toEtherUp,
  toSharesDown,
  toSharesUp,
} from "./sharesMath.ts";
