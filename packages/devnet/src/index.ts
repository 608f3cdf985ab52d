import "./consensus/hasher.ts";

export type { BlockEvent, ChainEvents, FinalityEvent } from "./chain/chainEvents.ts";
export { Devnet } from "./chain/devnet.ts";
export type { DevnetHead, DevnetUrls } from "./chain/devnetHead.ts";
export { startDevnet } from "./chain/startDevnet.ts";
export type { Deviation } from "./consensus/deviations.ts";
export type { DevnetFork, DevnetState } from "./consensus/forkTypes.ts";
export { DevnetError, type DevnetErrorCode } from "./errors/devnetError.ts";
export { type SystemContract, type SystemContracts, systemContracts } from "./execution/systemContracts.ts";
export { BURN_FEE_RECIPIENT } from "./faults/faultState.ts";
export type { Faults } from "./faults/faults.ts";
export { type DepositToSign, type SignedDeposit, signDeposit } from "./keys/signDeposit.ts";
export { createValidatorKey, type ValidatorKey } from "./keys/validatorKey.ts";
export type { DevnetLogger, DevnetOptions, Pace } from "./options/devnetOptions.ts";
export type { BlockEntry } from "./storage/blockStore.ts";
export type { RpcLog, RpcReceipt } from "./storage/receiptTypes.ts";
