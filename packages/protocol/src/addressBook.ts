import type { Address } from "viem";

/** Where one deployment of the stack lives. */
export interface AddressBook {
  readonly chainId: number;
  readonly stakedEther: Address;
  readonly withdrawalQueue: Address;
  readonly withdrawalVault: Address;
  readonly executionRewardsVault: Address;
  readonly operatorRegistry: Address;
  readonly beaconProofs: Address;
  readonly validatorManager: Address;
  readonly checkpoints: Address;
  readonly wrappedStakedEther: Address;
  readonly leavingQuote: Address;
  readonly withdrawals: Address;
  readonly penalties: Address;
  readonly depositsInFlight: Address;
  readonly exposure: Address;
  readonly feeSplit: Address;
  /** Roles: holds who may do what. What modules call their governance. */
  readonly accessManager: Address;
  readonly timelock: Address;
  readonly stakerGovernor: Address;
  readonly lockedVotes: Address;
  readonly emergencyBrake: Address;
  /** Created all of the above; says from what. */
  readonly stackDeployer: Address;
  /** Block of the first contract: no log of the stack is older. */
  readonly deployedAtBlock: number;
}
