import { ROLE_ROWS } from "./generated/roleTable.ts";

/** Roles of the AccessManager, as the contract Roles names them. */
export type RoleName =
  | "ADMIN"
  | "GUARDIAN"
  | "RELEASER"
  | "PARAMETERS"
  | "FORKS"
  | "OPERATORS"
  | "UPGRADES"
  | "OSSIFY";

/** Who else may call restricted functions: by the called contract's own rule, not by the manager's. */
export type OwnRule = "TIMELOCK" | "GOVERNOR";

/** One restricted function of the stack. */
export interface RoleRow {
  /** Its key in the address book, or a module's ProxyAdmin. */
  readonly contract: string;
  /** Its canonical signature. */
  readonly function: string;
  readonly role: RoleName | OwnRule;
  /** What stands before it: the timelock, or nothing. */
  readonly delay: "timelock" | 0;
}

/** contracts/roles.json: every function that only one role may call. */
export const ROLE_TABLE: readonly RoleRow[] = ROLE_ROWS;
