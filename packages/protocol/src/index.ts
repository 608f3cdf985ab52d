/** ABIs, creation code, errors with their sentence, and share arithmetic, generated from the contracts or their twin. */
export { type AddressBook, parseAddressBook } from "./addressBook.ts";
export { addressBookOf } from "./addressBooks.ts";
export {
  growIndices,
  INDEX_UNIT,
  type Indices,
  NO_INDICES,
  type RebaseFigures,
} from "./attribution.ts";
export { type DescribedError, describeError, errorSentence } from "./describeError.ts";
export {
  beaconProofsAbi,
  checkpointsAbi,
  depositsInFlightAbi,
  emergencyBrakeAbi,
  errorsAbi,
  executionRewardsVaultAbi,
  exposureAbi,
  feeSplitAbi,
  leavingQuoteAbi,
  lockedVotesAbi,
  moduleProxyAbi,
  operatorRegistryAbi,
  penaltiesAbi,
  proxyAdminAbi,
  rolesAbi,
  stackDeployerAbi,
  stakedEtherAbi,
  stakerGovernorAbi,
  timelockControllerAbi,
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
  emergencyBrakeBytecode,
  executionRewardsVaultBytecode,
  exposureBytecode,
  feeSplitBytecode,
  leavingQuoteBytecode,
  lockedVotesBytecode,
  moduleProxyBytecode,
  operatorRegistryBytecode,
  penaltiesBytecode,
  proxyAdminBytecode,
  rolesBytecode,
  stackDeployerBytecode,
  stakedEtherBytecode,
  stakerGovernorBytecode,
  timelockControllerBytecode,
  validatorManagerBytecode,
  withdrawalQueueBytecode,
  withdrawalsBytecode,
  withdrawalVaultBytecode,
  wrappedStakedEtherBytecode,
} from "./generated/bytecode.ts";
export { storageLayouts } from "./generated/layouts.ts";
export { type HolderIncome, type Income, type IncomeEvent, IncomeLedger } from "./incomeLedger.ts";
export { ProtocolError, type ProtocolErrorCode } from "./protocolError.ts";
export { type OwnRule, ROLE_TABLE, type RoleName, type RoleRow } from "./roleTable.ts";
export type { ContractErrorName } from "./sentences.ts";
export {
  type Ledger,
  SHARES_PER_WEI,
  toEtherDown,
  toEtherUp,
  toSharesDown,
  toSharesUp,
} from "./sharesMath.ts";
