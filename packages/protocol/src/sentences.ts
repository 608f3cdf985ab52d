import type { errorsAbi } from "./generated/abis.ts";

export type ContractErrorName = (typeof errorsAbi)[number]["name"];

/** Units a value can be shown in: `{name:eth}` from wei, `{name:gwei}` from gwei to ETH, `{name:time}` from Unix seconds. */
export type SentenceUnit = "eth" | "gwei" | "time";

/**
 * One sentence for people for each custom error: what was wrong and what to do.
 * A missing or superfluous sentence is a type error.
 */
export const SENTENCES: Readonly<Record<ContractErrorName, string>> = {
  // deposit: token
  AddressZero: "The zero address is not allowed here; give a real one.",
  AllowanceTooLow:
    "{spender} may spend {allowed:eth} ETH of {owner}, but {needed:eth} ETH are needed; approve more first.",
  AmountAbovePool:
    "{amount:eth} ETH is more than the whole pool of {poolEther:eth} ETH; use a smaller amount.",
  BalanceTooLow: "{account} holds {shares} shares, but {needed} are needed; use a smaller amount.",
  CallerNotAllowed: "{caller} may not call this; only the stack's own contracts do.",
  ConfigInvalid: "The token cannot be deployed with {field} = {value}.",
  DepositTooSmall:
    "A deposit of {amountGwei:gwei} ETH is below the smallest possible, {minimumGwei:gwei} ETH.",
  EtherBelowMinimum:
    "The exit would pay {etherOut:eth} ETH, less than your minimum of {minimum:eth} ETH; the fee is taken from the amount.",
  ExitPaymentFailed: "{receiver} did not accept {amount:eth} ETH; name another receiver.",
  ExitTooSmall: "An exit of {amount} wei leaves nothing after its fee of {fee} wei; use a larger amount.",
  FeeAboveCap: "{feeShares} fee shares are above the {allowed} that the token allows for this gain.",
  FreeEtherTooLow:
    "{requested:eth} ETH were asked, but only {available:eth} ETH are free; the queue comes first.",
  InstantExitAboveLimit:
    "At most {limit:eth} ETH can leave at once in a day, and you asked for {requested:eth}; use a smaller amount or the queue.",
  InstantExitDuringCheckpoint:
    "A checkpoint is open and the rate of {lastSnapshotTime:time} is about to change; try again once it has closed, which anyone may do.",
  InstantExitLimitUsed:
    "Only {available:eth} ETH can leave at once now, and you asked for {requested:eth}; try again at {retryAt:time} or use the queue.",
  InstantExitPaused: "Instant exits are paused until {until:time}; the queue stays open.",
  InstantExitSnapshotOld:
    "The last snapshot is {ageSeconds} seconds old, and instant exits need one at most {maxAgeSeconds} old; try again after the next checkpoint.",
  PauseTooLong: "A pause until {until:time} is too long; it may last until {latest:time} at most.",
  PermitExpired: "The permit was good until {deadline:time} and it is {timestamp:time} now; sign another.",
  PermitSignatureInvalid:
    "The signature is not one of {owner} for {spender}, {value} units and nonce {nonce}; sign again.",
  PlainPaymentRefused: "{sender} must pay in through payIn(), for its ether must not mint shares.",
  PoolEmpty: "The pool has lost everything: shares have no value by which an allowance could be spent.",
  PoolTooLarge: "The pool cannot grow to {value}.",
  PoolTooSmall:
    "The pool holds {poolEther:eth} ETH, less than the {minimum:eth} ETH below which nobody can stake.",
  RebaseAboveCap: "A rebase to {etherAfter:eth} ETH is above the {allowed:eth} ETH that the token allows.",
  ReceiverIsToken: "The token itself cannot receive caETH; send it to another address.",
  ReentrantCall: "The stack is in the middle of another call; try again in a transaction of its own.",
  SharesBelowMinimum:
    "The stake would mint {shares} shares, fewer than your minimum of {minimum}; the rate has moved.",
  SnapshotTimeInvalid: "A snapshot of {snapshotTime:time} is not between {earliest:time} and {latest:time}.",
  SpenderZero: "The zero address cannot be allowed to spend anything; give a real one.",
  StakeLimitExceeded:
    "Only {available:eth} ETH can be staked now, and you asked for {requested:eth}; the limit grows back.",
  StakeZero: "A stake needs some ether; send more than 0.",
  StakingPaused: "Staking is paused until {until:time}, because a large loss is fresh.",
  // deposit: wrapper
  UnitsBelowMinimum:
    "The stake would give {units} units of wcaETH, fewer than your minimum of {minimum}; the rate has moved.",
  WrapZero: "There is nothing to wrap or unwrap; use an amount above 0.",
  WrappedBalanceTooLow: "{account} holds {balance} units of wcaETH, but {needed} are needed.",
  WrapperReceiverInvalid:
    "{receiver} cannot receive wcaETH or what it is worth; give the address of a wallet.",
  // deposit: queue
  HintInvalid: "Point {hint} is not the right hint for request {requestId}; ask findCheckpointHints.",
  HorizonExceeded: "Finalizing {sharesFinalized} shares would pass the horizon at {horizonShares}.",
  LengthsDiffer: "{ids} ids came with {hints} hints; give one hint for each id.",
  LineTooLong: "The queue cannot hold more: its line would end at {endUnits} units.",
  NothingToClaim:
    "Nothing of request {requestId} can be claimed yet; the queue is finalized up to {finalizedShares} shares.",
  PaymentFailed: "{receiver} did not accept {amount:eth} ETH; claim to another address.",
  PointsRangeInvalid: "Points {first} to {last} are not all between 1 and the newest, {newest}.",
  QueueCallerNotToken: "{caller} may not finalize; only the token does.",
  ReceiverZero: "The zero address cannot receive anything.",
  RequestAlreadyClaimed: "Request {requestId} is already claimed in full.",
  RequestNotOwned: "Request {requestId} belongs to {owner}, not to {caller}.",
  RequestIdsNotSorted: "Request {id} stands after {before}; give the ids in rising order, each once.",
  RequestOwnerInvalid: "{owner} cannot own a withdrawal request; choose a wallet.",
  RequestTooLarge:
    "A request of {amount:eth} ETH is more than the whole pool of {poolEther:eth} ETH; use a smaller amount.",
  RequestTooSmall: "A request of {amount} wei is below the smallest possible, {minimum} wei.",
  RequestUnknown: "There is no request {requestId}; the last one is {lastRequestId}.",
  RequestsEmpty: "Give at least one amount to withdraw.",
  AccountBalanceOverflow: "This account cannot hold more positions.",
  BalanceQueryForZeroAddress: "The zero address holds no positions.",
  NotOwnerNorApproved: "Only the owner of the position, or somebody approved, may do this.",
  TokenAlreadyExists: "This position already exists.",
  TokenDoesNotExist: "There is no such position; it may be claimed in full.",
  TransferFromIncorrectOwner: "The position belongs to somebody else.",
  TransferToNonERC721ReceiverImplementer: "The receiver is a contract that does not accept positions.",
  TransferToZeroAddress: "A position cannot be sent to the zero address.",
  // types
  BranchIndexZero: "The branch is for no leaf: generalized indices begin at 1.",
  BranchLengthWrong: "The branch has {given} nodes, and its leaf is {needed} deep.",
  LeavesNotStrict: "The proof is not strict at generalized index {index}; build it again.",
  ProofTooLong: "The proof has {nodes} nodes but only {used} are needed; build it again.",
  ProofTooShort: "The proof has only {nodes} nodes, and more are needed; build it again.",
  PubkeyLengthWrong: "A public key has 48 bytes, this one {length}.",
  SignatureLengthWrong: "A signature has 96 bytes, this one {length}.",
  // validators: proofs
  BalancesTooLarge: "The balances add up to {sumGwei:gwei} ETH, more than there can be.",
  BeaconRootUnavailable:
    "No beacon root is stored for {timestamp:time}; use the timestamp of a recent block.",
  ChainConstantInvalid: "The proofs cannot be deployed with this {name}.",
  ForkAlreadyUsable: "Entry {entry} of the fork table is usable already; nothing can change it.",
  ForkIndexInvalid: "Index {index} is not where a state has its {name}.",
  ForkNotProbed:
    "Slot {slot} is of a fork that holds from slot {firstSlot} and has not been probed; anybody may probe it.",
  ForkProposerOnly: "{caller} may not propose forks.",
  ForkTableInvalid: "Entry {entry} of the fork table is out of order.",
  ForkTooSoon:
    "The fork begins in slot {firstSlot}; slot {earliestSlot} is the earliest that may be proposed now.",
  ForkUnknown: "No fork is known for slot {slot}; its table entry must be added first.",
  IndicesNotAscending: "The proof's positions must rise strictly; number {position} does not.",
  ParticipationInactive: "Validator {index} was not active in epoch {epoch}.",
  ParticipationNotFinal:
    "Only epoch {finalizedEpoch} was final; participation counts with epoch {oldestAllowed} final or a later one.",
  ParticipationSlashed: "Validator {index} is slashed; its participation counts no more.",
  ParticipationSlotNotLast: "Slot {slot} is not the last one of an epoch with another before it.",
  PendingDepositsUnknown:
    "States of slot {slot} have no list of pending deposits, yet a root of one was given.",
  ProbeBalanceImplausible:
    "Validator {index} would hold {balanceGwei:gwei} ETH with {effectiveGwei:gwei} ETH effective: that cannot be its balance.",
  ProbeCredentialsForeign: "Validator {index} has credentials {withdrawalCredentials}, not the pool's.",
  ProbeDepositsImplausible:
    "{length} pending deposits, the first of slot {firstSlot}, cannot be: at least one must be there, made before.",
  ProbeEpochImplausible: "Epoch {finalizedEpoch} cannot be the finalized one in epoch {stateEpoch}.",
  ProbeFlagsImplausible: "{participationChunk} does not hold participation flags.",
  ProbeTooFewWorking: "The probe shows {working} validators with 16 ETH and more; it needs {needed}.",
  ProbeWithoutOurKey: "The probe shows no key of the pool.",
  ProbeKeyMisplaced: "The probe shows a key of the pool at index {index}; it is known at {knownIndex}.",
  ProofEmpty: "The proof names nothing to prove.",
  ProofLengthsDiffer: "The proof has {given} parts where {needed} are needed.",
  ProofRootMismatch:
    "The proof hashes to {computed}, not to the beacon root {expected}: wrong root, fork, index, or value.",
  ProofTooOld: "The proof is of slot {slot}; slots from {oldestAllowed} on are accepted.",
  ProofsConfigZero: "The proofs need their {field}.",
  SnapshotRuleUnsupported: "Snapshot rule {rule} is not implemented; its forks cannot be used yet.",
  ValidatorIndexInvalid: "There is no validator {index}; the list has {validatorCount}.",
  // validators: vaults and registry
  OperatorUnknown: "There is no operator {operatorId}; {operatorCount} have joined.",
  RegistryAddressZero: "An operator needs a real address.",
  RegistryCallerNotAllowed: "{caller} may not change bonds.",
  RewardsCallerNotAllowed: "{caller} may not sweep the execution rewards.",
  RewardsConfigZero: "The rewards vault needs all its addresses.",
  VaultCallerNotAllowed: "{caller} may not use the withdrawal vault.",
  VaultConfigZero: "The withdrawal vault needs all its addresses.",
  WithdrawalFeeWrong: "The withdrawal requests cost exactly {needed} wei, and {paid} were sent.",
  WithdrawalLengthsDiffer: "{pubkeys} keys came with {amounts} amounts; give one for each.",
  WithdrawalFeeUnavailable: "The EIP-7002 contract did not say its fee.",
  WithdrawalRequestRefused: "The EIP-7002 contract refused to withdraw {amountGwei:gwei} ETH from {pubkey}.",
  // validators: operators and bonds
  BondExitMissing: "Operator {operatorId} has asked for no bond back.",
  BondExitTooEarly: "The bond of operator {operatorId} can be claimed from {releaseAt:time} on.",
  BondExitTooLate:
    "The bond of operator {operatorId} could be claimed until {claimableUntil:time}; ask for it again.",
  BondLocked: "The bond of operator {operatorId} is locked: {openSlashings} slashings are not settled yet.",
  BondNotFree:
    "Only {freeShares} shares of the bond of operator {operatorId} are free, {requestedShares} were asked for.",
  BondPaymentZero: "A bond payment of nothing changes nothing; give an amount.",
  FillTargetInvalid: "A fill target of {fillTargetGwei:gwei} ETH is not between 32 and 2,048 ETH.",
  ManagerNotProposed: "{caller} was not proposed as manager of operator {operatorId}.",
  OperatorTakesNoKeys: "Operator {operatorId} is leaving and takes no more keys.",
  TierTermInvalid: "A tier cannot have {field} = {value}.",
  // validators: in flight
  InFlightCallerNotAllowed: "{caller} may not note deposits.",
  InFlightConfigZero: "The line of deposits needs all its addresses.",
  // validators: withdrawals and exits
  BalanceNotNewer: "The balance is of slot {proofSlot}; one of slot {neededSlot} or later is needed.",
  ExitNotAllowed:
    "{caller} may not have validator {pubkeyRoot} exited: its operator's manager may, and anybody if its bond is far too small or a slashing is open.",
  NotNextInRotation: "It is not validator {index}'s turn to pay but validator {expected}'s.",
  NothingToSettle: "None of these requests has ended or been paid in part.",
  ProofWithoutBalances: "The proof shows {balances} balances for {validators} validators; prove all of them.",
  PubkeyNotProven: "The key given hashes to {computed}, but {proven} was proven.",
  PubkeysMissing: "{pubkeys} keys came with {validators} validators; give one for each.",
  WithdrawalsCallerNotAllowed: "{caller} may not note this about withdrawals.",
  WithdrawalsConfigZero: "The withdrawals need all their addresses.",
  // validators: penalties
  ForfeitTooEarly:
    "The bond behind validator {pubkeyRoot} is forfeited from epoch {fromEpoch} on, not before.",
  IdleEpochNotProven:
    "Validator {pubkeyRoot} was not proven idle in epoch {epoch}, or the epochs do not rise.",
  IdleEpochsWrong: "{count} idle epochs were given; exactly {needed} are needed.",
  IdleNotMember: "Validator {pubkeyRoot} is no member that could be idle.",
  IdleWindowExceeded: "Epochs {firstEpoch} to {lastEpoch} do not lie within the last {window} epochs.",
  NothingToCharge: "Everything in this proof was charged before.",
  NotIdle: "Validator {pubkeyRoot} took part in that epoch (flags {flags}).",
  NotSlashable: "Validator {pubkeyRoot} is no member; its slashing is not the pool's.",
  NotSlashed: "The proof does not show validator {pubkeyRoot} slashed.",
  PenaltiesConfigZero: "The penalties need all their addresses.",
  SingleValidatorExpected:
    "The proof shows {validators} validators with {balances} balances; each needs its own.",
  SlashedBefore: "Validator {pubkeyRoot} is slashed in the earlier proof too; show one from before.",
  SlashingKnown: "The slashing of validator {pubkeyRoot} was proven before.",
  SlashingOutsideWindow:
    "Epoch {epoch} is no time to settle the slashing of {pubkeyRoot}; epochs {firstEpoch} to {lastEpoch} are.",
  SlashingProofsApart:
    "The proofs are of slots {slotBefore} and {slotAfter}; the second must follow within {maximumSlots} slots.",
  SlashingProofsMismatch: "The proofs show two validators, {before} and {afterwards}.",
  SlashingStillFresh:
    "The slashing of {pubkeyRoot} can still be shown with a state from before it; alone it counts from epoch {lateFromEpoch} on.",
  SlashingUnknown: "No slashing of validator {pubkeyRoot} is open.",
  // validators: life of a key
  AlreadyMember: "Validator {index} is a member already.",
  BalancesMissing: "The proof shows {balances} balances for {validators} validators; prove all of them.",
  KeyAlreadyKnown: "Key {pubkeyRoot} was predeposited before; use a new key.",
  KeysMissing: "{pubkeys} keys came with {validators} validators; give one for each.",
  ManagerCallerNotAllowed: "{caller} may not note this about validators.",
  NotEmptyYet: "Validator {pubkeyRoot} still holds {balanceGwei:gwei} ETH; it leaves when it holds none.",
  NothingToProve: "All these keys are proven already, or were never predeposited.",
  NotMember: "No member is found at validator {index}.",
  NotWithdrawnYet: "Validator {pubkeyRoot} can leave from epoch {withdrawableEpoch} on.",
  SlashingNotSettled: "The slashing of validator {pubkeyRoot} must be proven and settled first.",
  StillInFlight: "{inFlightGwei:gwei} ETH are on their way to validator {pubkeyRoot}; they must land first.",
  TargetNotWholeEther: "A target of {targetGwei:gwei} ETH is not a whole number of ETH.",
  TicketFundable: "Ticket {ticket} can be served: its operator has room for {roomGwei:gwei} ETH.",
  TicketNotProven: "Ticket {ticket}, of validator {index}, is next in line and is not in the proof.",
  TicketUnfundable: "Ticket {ticket} may not be served now (reason {reason}); send it to the back.",
  KeyStatusWrong: "Key {pubkeyRoot} is in state {status}, which does not allow this.",
  ManagerConfigZero: "The validator manager needs its {field}.",
  NoTicket: "Nobody has asked for funding.",
  NoUncoveredDemand: "The queue is covered; nothing needs to be withdrawn.",
  OperatorManagerOnly: "{caller} does not manage operator {operatorId}.",
  PieceTooSmall: "{availableGwei:gwei} ETH are free, and the next piece needs {neededGwei:gwei} ETH.",
  PredepositLengthsDiffer: "{pubkeys} keys came with {signatures} signatures; give one for each.",
  PredepositPaymentWrong: "The predeposit needs exactly {needed:eth} ETH, and {paid:eth} were sent.",
  ProofNotNewer: "The proof is of slot {proofSlot}; one of slot {neededSlot} or later is needed.",
  PubkeyMismatch: "The key given hashes to {computed}, but {proven} was proven.",
  RefundFailed: "{receiver} did not accept the refund of {amount} wei.",
  SecondDepositInSlot: "Validator {pubkeyRoot} got a deposit in slot {slot} already; try in the next block.",
  TargetOutOfRange:
    "A target of {targetGwei:gwei} ETH is not between {minimumGwei:gwei} and {maximumGwei:gwei} ETH.",
  TicketOpen: "Operator {operatorId} has an open ticket, number {number}; it must be served first.",
  WithdrawalFeeTooHigh: "One withdrawal request costs {fee} wei now, above your maximum of {maximum}.",
  WithdrawalPaymentTooLow: "The withdrawal requests cost {needed} wei, and {paid} were sent.",
  // accounting
  BatchOutOfOrder: "The batch starts at word {firstWord}; the next is {nextWord} or later.",
  InFlightStateMissing: "No checkpoint is open whose state is proven; prove the state first.",
  InFlightPlacesDiffer: "{given} places were given where {needed} are needed.",
  DepositNotElement: "Deposit {number} is not the element at place {place} of the proof.",
  DepositStillPending: "Deposit {number} is still pending, at position {position} of the list.",
  DepositTooYoung:
    "Deposit {number} was made in slot {depositSlot}, after the state of slot {stateSlot}: it is pending.",
  DepositUnknown: "There is no deposit {number}: {count} were made.",
  DepositUnaccounted:
    "Deposit {number} goes to a validator that isn't exiting: show a later landed deposit, or this one pending, first.",
  ValidatorNotShown: "The proof doesn't show validator {index}, to which a deposit goes.",
  AnchorInvalid: "Deposit {anchor} is no anchor: it must be among those shown, its validator not exiting.",
  InFlightIncomplete: "Checkpoint {checkpoint} knows of deposits up to {walkedTo} only; show the rest first.",
  InFlightDisputable:
    "Deposits were counted as landed for not being shown; until {until:time} anybody may show them.",
  NothingShown: "The proof shows nothing new.",
  FundingWhileGuarded: "The safeguard is on: funding goes on when the loss is known.",
  FeeSplitConfigZero: "The fee split needs every address it is given.",
  NoFeesOwed: "No fees wait to be claimed.",
  FeeSplitCallerNotAllowed: "{caller} may not ask this of the fee split.",
  CheckpointCallerNotAllowed: "{caller} may not ask this of the checkpoints.",
  CheckpointCanStillClose:
    "Members cannot change before {expiresAt:time}, while a checkpoint can still be closed.",
  CheckpointConfigInvalid: "The checkpoints cannot have {field} = {value}.",
  CheckpointInProgress: "A checkpoint is open; another can be opened at {expiresAt:time}.",
  CheckpointIncomplete: "{provenCount} of {memberCount} validators are proven; prove the rest first.",
  CheckpointTooEarly: "The next checkpoint can be opened at {opensAt:time}.",
  SnapshotMismatch: "The snapshot hashes to {given}, not to that of the open checkpoint, {expected}.",
  StateAlreadyProven: "The state of checkpoint {id} is proven already; go on with balances.",
  StateNotProven: "The state of checkpoint {id} must be proven first.",
  // governance: brake
  BrakeConfigZero: "The brake needs its authority and the token.",
  BrakeDurationInvalid:
    "A zone is stopped for {leastSeconds} to {mostSeconds} seconds, and {durationSeconds} were asked.",
  BrakeNotPulled: "Zone {zone} is not stopped; it was until {endedAt:time}.",
  BrakeRearmTooEarly:
    "The brake of this zone can be made ready again from {earliest:time} on, 60 days after it was pulled.",
  BrakeReasonInvalid: "The reason has {length} bytes; give one of 1 to {mostBytes}.",
  BrakeTooLong: "A zone cannot be stopped until {until:time}; {latest:time} is the latest.",
  BrakeUsed: "The brake of zone {zone} was pulled before; governance must rearm it first.",
  MandateEnded: "The guardians' mandate ended at {endedAt:time}; governance must renew it first.",
  MandateTooLong: "The mandate cannot last until {endsAt:time}; {latest:time} is the latest.",
  ZoneBraked: "Zone {zone} is stopped until {until:time}; claims, transfers and unwrapping go on.",
  // governance: locked votes
  LockTooYoung: "Your last lock can leave from {leavesFrom:time} on; until then only unlocking is open.",
  LockedUnitsTooFew:
    "{owner} has {available:eth} wcaETH here, and {units:eth} were asked; use a smaller amount.",
  LockedUnitsZero: "Give an amount above 0.",
  LockedVotesConfigInvalid: "The locked votes cannot be deployed with {field} = {value}.",
  NothingUnlocking: "{owner} has nothing to withdraw; start to unlock first.",
  UnlockRunning: "What {owner} unlocks can be withdrawn from {endsAt:time} on.",
  // governance: governor
  GovernorConfigZero: "The governor needs every address it is given.",
  GovernorFunctionClosed: "Nobody may use this function of the governor.",
  NoticeNotNeeded: "Proposal {proposalId} waits for nobody: it needs no mark.",
  NoticeRunning:
    "Who disagrees with proposal {proposalId} may start to leave until {endsAt:time}; it waits so long.",
  NoticeUnknown: "Proposal {proposalId} is not queued; queue it once it has passed.",
  QueueMarkedBefore: "The queue is marked for proposal {proposalId} already.",
  QueueNotMarked:
    "{unfinalizedShares} shares wait in the withdrawal queue; mark it for proposal {proposalId} first, which anyone may do.",
  StakersStillLeaving:
    "{sharesAhead} shares are still leaving ahead of proposal {proposalId}; it waits for them until {latest:time} at most.",
  VetoMandateEnded: "The guardians' mandate ended at {endedAt:time}: they can veto nothing.",
  VetoNotAllowed: "{caller} is no guardian and cannot veto.",
  VetoReasonInvalid: "The reason has {length} bytes; give one of 1 to {mostBytes}.",
  VetoTooLate: "Proposal {proposalId} could be vetoed until {endedAt:time}.",
  VetoUsed: "These actions ({contentHash}) were vetoed once and passed again: they stand.",
  VotingTermOutOfBounds: "{term} cannot be {value}; it may be {least} to {most}.",
  // governance: deployment
  DeployerOnly: "{caller} may not deploy contracts here.",
  NameTaken: "The name {name} is taken by {at}.",
  // governance: of OpenZeppelin and Solady
  AccessManagedInvalidAuthority: "{authority} is no contract that could say who may call what.",
  AccessManagedRequiredDelay: "{caller} must schedule this {delay} seconds ahead.",
  AccessManagedUnauthorized: "{caller} does not have the role that this needs.",
  AccessManagerAlreadyScheduled: "Operation {operationId} is scheduled already.",
  AccessManagerBadConfirmation: "A role is given up by its holder only; name yourself.",
  AccessManagerExpired: "Operation {operationId} was not executed in its time; schedule it again.",
  AccessManagerInvalidInitialAdmin: "{initialAdmin} cannot be the first admin of the roles.",
  AccessManagerLockedFunction: "No role can be given function {selector}.",
  AccessManagerLockedRole: "Role {roleId} cannot be changed.",
  AccessManagerNotReady: "Operation {operationId} must wait for its time.",
  AccessManagerNotScheduled: "Operation {operationId} is not scheduled.",
  AccessManagerUnauthorizedAccount: "{msgsender} needs role {roleId} for this.",
  AccessManagerUnauthorizedCall: "{caller} does not have the role to call {selector} of {target}.",
  AccessManagerUnauthorizedCancel: "{msgsender} may not cancel what {caller} has scheduled.",
  AccessManagerUnauthorizedConsume: "{target} may not use up a scheduled call.",
  AddressEmptyCode: "There is no contract at {target}.",
  CheckpointUnorderedInsertion: "Votes are noted in the order of time only.",
  ECDSAInvalidSignature: "The signature is not valid; sign again.",
  ECDSAInvalidSignatureLength: "A signature of {length} bytes is not valid; sign again.",
  ECDSAInvalidSignatureS: "The signature is not in its one valid form; sign again.",
  ERC1967InvalidAdmin: "{admin} cannot be the admin of a module's proxy.",
  ERC1967InvalidImplementation: "There is no code at {implementation} that a module could run.",
  ERC1967NonPayable: "This upgrade takes no ether.",
  ERC1967ProxyUninitialized: "The module's proxy needs its first call.",
  ERC5805FutureLookup: "Votes of {timepoint:time} are not known yet; it is {clock:time}.",
  FailedCall: "The call failed without saying why.",
  GovernorAlreadyCastVote: "{voter} has voted on this proposal.",
  GovernorAlreadyQueuedProposal: "Proposal {proposalId} is queued already.",
  GovernorDisabledDeposit: "The governor takes no ether and no tokens.",
  GovernorInsufficientProposerVotes:
    "{proposer} has {votes:eth} votes, and a proposal needs {threshold:eth}; lock more or have votes delegated.",
  GovernorInvalidProposalLength:
    "The proposal has {targets} targets, {values} amounts and {calldatas} calls; give as many of each, at least one.",
  GovernorInvalidSignature: "The vote is not signed by {voter}.",
  GovernorInvalidVoteParams: "This vote takes no parameters.",
  GovernorInvalidVoteType: "Vote against (0), for (1) or abstain (2).",
  GovernorInvalidVotingPeriod: "A voting period of {votingPeriod} seconds is none.",
  GovernorNonexistentProposal: "There is no proposal {proposalId}.",
  GovernorOnlyExecutor: "{account} may not change this; a passed proposal does.",
  GovernorPreventLateQuorumVoteExtensionTooLarge:
    "An extension of {newVoteExtension} seconds is too long; {maxVoteExtension} are the most.",
  GovernorProposalQueueingFailed: "Proposal {proposalId} could not be queued.",
  GovernorProposalQueueingNotRequired: "Proposal {proposalId} needs no queueing.",
  GovernorRestrictedProposer: "{proposer} may not make a proposal that names another proposer.",
  GovernorUnableToCancel:
    "{account} cannot cancel proposal {proposalId}; only its proposer can, before the vote begins.",
  GovernorUnexpectedProposalState: "Proposal {proposalId} is in state {current}, which does not allow this.",
  InsufficientBalance: "{needed:eth} ETH are needed here, and {balance:eth} are held.",
  InvalidAccountNonce: "The next signature of {account} must be for nonce {currentNonce}.",
  InvalidInitialization: "The contract is initialized already.",
  InvalidShortString: "The text cannot be read.",
  NotInitializing: "This can only be done while the contract is initialized.",
  ProxyDeniedAdminAccess: "The admin of a module's proxy can only upgrade it.",
  SafeCastOverflowedUintDowncast: "{value} does not fit {bits} bits.",
  StringTooLong: "The text {str} is too long.",
  VotesExpiredSignature: "The signature was good until {expiry:time}; sign another.",
};
