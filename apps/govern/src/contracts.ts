import {
  type AddressBook,
  beaconProofsAbi,
  checkpointsAbi,
  depositsInFlightAbi,
  emergencyBrakeAbi,
  feeSplitAbi,
  lockedVotesAbi,
  operatorRegistryAbi,
  penaltiesAbi,
  proxyAdminAbi,
  rolesAbi,
  stakedEtherAbi,
  stakerGovernorAbi,
  timelockControllerAbi,
  validatorManagerAbi,
  withdrawalQueueAbi,
  withdrawalsAbi,
} from "@cairn/protocol";
import type { Abi, Address } from "viem";

/** Contracts that governance speaks to, by their name in the address book. */
export const ABIS = {
  accessManager: rolesAbi,
  beaconProofs: beaconProofsAbi,
  checkpoints: checkpointsAbi,
  depositsInFlight: depositsInFlightAbi,
  emergencyBrake: emergencyBrakeAbi,
  feeSplit: feeSplitAbi,
  lockedVotes: lockedVotesAbi,
  operatorRegistry: operatorRegistryAbi,
  penalties: penaltiesAbi,
  stakedEther: stakedEtherAbi,
  stakerGovernor: stakerGovernorAbi,
  timelock: timelockControllerAbi,
  validatorManager: validatorManagerAbi,
  withdrawalQueue: withdrawalQueueAbi,
  withdrawals: withdrawalsAbi,
} as const;

export type ContractName = keyof typeof ABIS;

export { proxyAdminAbi };

export function isContractName(name: string): name is ContractName {
  return Object.hasOwn(ABIS, name);
}

export function abiOf(name: ContractName): Abi {
  return ABIS[name] as Abi;
}

export function placeOf(book: AddressBook, name: ContractName): Address {
  return (book as unknown as Record<string, Address>)[name] as Address;
}
