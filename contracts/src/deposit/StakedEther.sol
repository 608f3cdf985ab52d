// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBraked, Zone } from "../governance/IBraked.sol";
import { BeaconDeposits } from "../types/BeaconDeposits.sol";
import { IBeaconDeposit } from "../types/IBeaconDeposit.sol";
import { SharesMath } from "../types/SharesMath.sol";
import { IStakedEther, InstantExitQuote } from "./IStakedEther.sol";
import { IWithdrawalQueue } from "./IWithdrawalQueue.sol";
import { ExitLimit, InstantExits } from "./InstantExits.sol";
import { RebaseBounds } from "./RebaseBounds.sol";
import { Ledger, ShareLedger } from "./ShareLedger.sol";
import { Gate, StakeLimit } from "./StakeLimit.sol";

/// Owns: the ledger of shares, the stored rate, the pool's idle ether, the stack's one reentrancy lock.
/// Does not own: what the consensus layer holds (Checkpoints prove it), who may deposit where (ValidatorManager).
/// Trusts: nobody with balances. Its callers are fixed and each is held to bounds written here.
contract StakedEther is ShareLedger, IStakedEther {
    using BeaconDeposits for IBeaconDeposit;
    using InstantExits for ExitLimit;
    using StakeLimit for Gate;

    /// @param queue WithdrawalQueue.
    /// @param withdrawalVault Owner of every validator's withdrawal credentials.
    /// @param executionVault Fee recipient of every validator.
    /// @param validators The only contract that may have free ether deposited.
    /// @param checkpoints The only contract that may rebase and finalize.
    /// @param bondHolder Receiver of bond shares.
    /// @param brake The only contract that may stop a zone for a while.
    /// @param beaconDeposit The beacon deposit contract.
    /// @param instantExitFeeBps Fee of an instant exit, 1 to 500.
    /// @param instantExitSnapshotAge Seconds, at most 3 days: instant exits need a snapshot at most this old.
    struct Config {
        address queue;
        address withdrawalVault;
        address executionVault;
        address validators;
        address checkpoints;
        address bondHolder;
        address brake;
        address beaconDeposit;
        uint256 instantExitFeeBps;
        uint256 instantExitSnapshotAge;
    }

    uint256 public constant MIN_POOL_ETHER = 1 ether;
    uint256 public constant FLOOR_BPS = 50;
    uint64 public constant FIRST_DEPOSIT_GWEI = 31e9;
    uint64 public constant BOND_GWEI = 1e9;
    uint64 public constant MIN_DEPOSIT_GWEI = 1e9;
    uint256 public constant MAX_EXITS_PAUSE = 40 days;
    uint256 public constant MAX_BRAKE = 14 days;
    /// @dev Holder of the seed stake: nobody.
    address public constant SEED_HOLDER = address(0xdEaD);

    IWithdrawalQueue public immutable QUEUE;
    address public immutable WITHDRAWAL_VAULT;
    address public immutable EXECUTION_VAULT;
    address public immutable VALIDATORS;
    address public immutable CHECKPOINTS;
    address public immutable BOND_HOLDER;
    address public immutable BRAKE;
    IBeaconDeposit public immutable BEACON_DEPOSIT;
    uint256 private immutable EXIT_FEE_BPS;
    uint256 private immutable EXIT_SNAPSHOT_AGE;

    Gate private _gate;
    Ledger private _mark;
    ExitLimit private _exitLimit;
    /// @dev Deadlines of the brake for the zones that ask for them; the deposit zone's stands in the gate.
    mapping(Zone => uint40) private _brakedUntil;
    /// @dev 1 while the lock is taken. A word, for a bool would be read before it is written.
    uint256 private transient _lock;

    /// @dev Payable with the seed stake, at least {MIN_POOL_ETHER}, which belongs to nobody: the pool is never empty.
    constructor(Config memory config) payable {
        if (config.beaconDeposit.code.length == 0) revert ConfigInvalid("beaconDeposit", 0);
        if (config.instantExitFeeBps == 0 || config.instantExitFeeBps > InstantExits.MAX_FEE_BPS) {
            revert ConfigInvalid("instantExitFeeBps", config.instantExitFeeBps);
        }
        if (
            config.instantExitSnapshotAge == 0
                || config.instantExitSnapshotAge > InstantExits.MAX_SNAPSHOT_AGE
        ) revert ConfigInvalid("instantExitSnapshotAge", config.instantExitSnapshotAge);
        QUEUE = IWithdrawalQueue(_required(config.queue));
        WITHDRAWAL_VAULT = _required(config.withdrawalVault);
        EXECUTION_VAULT = _required(config.executionVault);
        VALIDATORS = _required(config.validators);
        CHECKPOINTS = _required(config.checkpoints);
        BOND_HOLDER = _required(config.bondHolder);
        BRAKE = _required(config.brake);
        BEACON_DEPOSIT = IBeaconDeposit(config.beaconDeposit);
        EXIT_FEE_BPS = config.instantExitFeeBps;
        EXIT_SNAPSHOT_AGE = config.instantExitSnapshotAge;

        if (msg.value < MIN_POOL_ETHER) revert PoolTooSmall(msg.value, MIN_POOL_ETHER);
        uint256 shares = msg.value * SharesMath.SHARES_PER_WEI;
        _setLedger(shares, msg.value);
        _mark = _ledger;
        // lastSnapshotTime counts from deployment; the limits start full
        _gate = Gate({
            stakeLimitGwei: uint56(StakeLimit.maximum(msg.value) / 1 gwei),
            stakeLimitTime: uint40(block.timestamp),
            stakingPausedUntil: 0,
            exitsPausedUntil: 0,
            lastSnapshotTime: uint40(block.timestamp),
            checkpointOpen: false,
            brakedUntil: 0
        });
        _exitLimit = ExitLimit(uint64(InstantExits.maximum(msg.value) / 1 gwei), uint40(block.timestamp));
        emit Submitted(msg.sender, msg.value, address(0));
        _mint(SEED_HOLDER, msg.value, shares);
    }

    modifier only(address caller) {
        if (msg.sender != caller) revert CallerNotAllowed(msg.sender);
        _;
    }

    modifier onlyStack() {
        if (msg.sender != VALIDATORS && msg.sender != CHECKPOINTS) revert CallerNotAllowed(msg.sender);
        _;
    }

    modifier nonReentrant() {
        _enter();
        _;
        _lock = 0;
    }

    // ---------------------------------------------------------------- staking

    /// @dev Plain ether stakes, save from those whose ether already belongs to the pool.
    receive() external payable nonReentrant {
        if (_paysIn(msg.sender)) revert PlainPaymentRefused(msg.sender);
        _stake(msg.sender, 0, address(0));
    }

    /// @inheritdoc IStakedEther
    function submit(address referral) external payable nonReentrant returns (uint256 shares) {
        return _stake(msg.sender, 0, referral);
    }

    /// @inheritdoc IStakedEther
    function stake(address receiver, uint256 minShares)
        external
        payable
        nonReentrant
        returns (uint256 shares)
    {
        return _stake(receiver, minShares, address(0));
    }

    /// @inheritdoc IStakedEther
    function previewStake(uint256 amount) external view returns (uint256) {
        return SharesMath.toSharesDown(amount, _ledger.poolShares, _ledger.poolEther);
    }

    /// @inheritdoc IStakedEther
    function getCurrentStakeLimit() external view returns (uint256) {
        if (isStakingPaused() || _ledger.poolEther < MIN_POOL_ETHER) return 0;
        return _gate.available(_ledger.poolEther, block.timestamp);
    }

    /// @inheritdoc IStakedEther
    function isStakingPaused() public view returns (bool) {
        return block.timestamp < stakingPausedUntil();
    }

    function _stake(address receiver, uint256 minShares, address referral) private returns (uint256 shares) {
        _requireReceiver(receiver);
        if (msg.value == 0) revert StakeZero();
        Gate memory gate = _gate;
        if (block.timestamp < gate.stakingPausedUntil) revert StakingPaused(gate.stakingPausedUntil);
        if (block.timestamp < gate.brakedUntil) revert ZoneBraked(Zone.Deposit, gate.brakedUntil);
        Ledger memory pool = _ledger;
        if (pool.poolEther < MIN_POOL_ETHER) revert PoolTooSmall(pool.poolEther, MIN_POOL_ETHER);
        uint256 available = gate.available(pool.poolEther, block.timestamp);
        if (msg.value > available) revert StakeLimitExceeded(msg.value, available);
        shares = SharesMath.toSharesDown(msg.value, pool.poolShares, pool.poolEther);
        if (shares < minShares) revert SharesBelowMinimum(shares, minShares);

        gate.consume(available, msg.value, block.timestamp);
        _gate = gate;
        _setLedger(pool.poolShares + shares, pool.poolEther + msg.value);
        emit Submitted(msg.sender, msg.value, referral);
        _mint(receiver, msg.value, shares);
    }

    // ---------------------------------------------------------------- instant exit

    /// @inheritdoc IStakedEther
    function instantExit(uint256 amount, uint256 minEther, address receiver)
        external
        nonReentrant
        returns (uint256 etherOut)
    {
        _requireReceiver(receiver);
        Ledger memory pool = _ledger;
        InstantExits.Terms memory terms = _exitTerms(amount);
        InstantExitQuote memory q = InstantExits.quote(_exitLimit, _gate, terms);
        etherOut = q.etherOut;
        uint256 shares = previewTransfer(amount);
        if (shares > sharesOf(msg.sender)) revert BalanceTooLow(msg.sender, sharesOf(msg.sender), shares);
        InstantExits.requireNone(q, _gate, terms);
        if (etherOut < minEther) revert EtherBelowMinimum(etherOut, minEther);

        _exitLimit.consume(amount, pool.poolEther);
        // all of `amount` leaves the pool; the fee stays as ether that the next close recognizes
        uint256 sharesAfter = pool.poolShares - shares;
        uint256 etherAfter = pool.poolEther - amount;
        _setLedger(sharesAfter, etherAfter);
        _burn(msg.sender, amount, shares);
        emit InstantlyExited(msg.sender, receiver, shares, amount, etherOut, sharesAfter, etherAfter);
        // the one interaction, after all effects, with all gas
        (bool paid,) = receiver.call{ value: etherOut }("");
        if (!paid) revert ExitPaymentFailed(receiver, etherOut);
    }

    /// @inheritdoc IStakedEther
    function quoteInstantExit(uint256 amount) external view returns (InstantExitQuote memory q) {
        q = InstantExits.quote(_exitLimit, _gate, _exitTerms(amount));
        q.shares = previewTransfer(amount);
    }

    /// @inheritdoc IStakedEther
    function instantExitFeeBps() external view returns (uint256) {
        return EXIT_FEE_BPS;
    }

    /// @inheritdoc IStakedEther
    function instantExitSnapshotAge() external view returns (uint256) {
        return EXIT_SNAPSHOT_AGE;
    }

    function _exitTerms(uint256 amount) private view returns (InstantExits.Terms memory) {
        return InstantExits.Terms(amount, _ledger.poolEther, freeEther(), EXIT_FEE_BPS, EXIT_SNAPSHOT_AGE);
    }

    // ---------------------------------------------------------------- facts

    /// @inheritdoc IStakedEther
    function ownEther() public view returns (uint256) {
        return address(this).balance + WITHDRAWAL_VAULT.balance + EXECUTION_VAULT.balance;
    }

    /// @inheritdoc IStakedEther
    function freeEther() public view returns (uint256) {
        Ledger memory pool = _ledger;
        uint256 queued = QUEUE.unfinalizedShares();
        uint256 owed = SharesMath.toEtherUp(queued, pool.poolShares, pool.poolEther) + uint256(pool.poolEther)
            * FLOOR_BPS / 10_000;
        uint256 own = ownEther();
        uint256 unclaimed = own > owed ? own - owed : 0;
        return unclaimed < address(this).balance ? unclaimed : address(this).balance;
    }

    /// @inheritdoc IStakedEther
    function mark() external view returns (uint128 etherValue, uint128 shares) {
        return (_mark.poolEther, _mark.poolShares);
    }

    /// @inheritdoc IStakedEther
    function lastSnapshotTime() external view returns (uint40) {
        return _gate.lastSnapshotTime;
    }

    /// @inheritdoc IStakedEther
    function stakingPausedUntil() public view returns (uint40) {
        return _gate.later(_gate.stakingPausedUntil);
    }

    /// @inheritdoc IStakedEther
    function exitsPausedUntil() external view returns (uint40) {
        return _gate.later(_gate.exitsPausedUntil);
    }

    /// @inheritdoc IStakedEther
    function checkpointOpen() external view returns (bool) {
        return _gate.checkpointOpen;
    }

    /// @inheritdoc IStakedEther
    function withdrawalCredentials() public view returns (bytes32) {
        return bytes32(uint256(0x02) << 248 | uint160(WITHDRAWAL_VAULT));
    }

    // ---------------------------------------------------------------- vaults and queue

    /// @inheritdoc IStakedEther
    function payIn() external payable {
        if (!_paysIn(msg.sender)) revert CallerNotAllowed(msg.sender);
        emit EtherReceived(msg.sender, msg.value);
    }

    // ---------------------------------------------------------------- validators and checkpoints

    /// @inheritdoc IStakedEther
    function acquireLock() external onlyStack {
        requireReleased(msg.sender == CHECKPOINTS ? Zone.Accounting : Zone.Validators);
        _enter();
    }

    /// @inheritdoc IStakedEther
    function releaseLock() external onlyStack {
        _lock = 0;
    }

    /// @inheritdoc IStakedEther
    function pauseExits(uint40 until) external only(CHECKPOINTS) {
        uint256 latest = block.timestamp + MAX_EXITS_PAUSE;
        if (until > latest) revert PauseTooLong(until, latest);
        if (until == _gate.exitsPausedUntil) return;
        _gate.exitsPausedUntil = until;
        emit ExitsPausedUntil(until);
    }

    /// @inheritdoc IStakedEther
    function depositFirst(bytes calldata pubkey) external only(VALIDATORS) returns (uint256 bondShares) {
        _requireFree(FIRST_DEPOSIT_GWEI);
        Ledger memory pool = _ledger;
        // the operator's own ether, already on the validator, enters the pool beside the 31 ETH that follow it
        uint256 bond = uint256(BOND_GWEI) * 1 gwei;
        bondShares = SharesMath.toSharesDown(bond, pool.poolShares, pool.poolEther);
        _setLedger(pool.poolShares + bondShares, pool.poolEther + bond);
        _mint(BOND_HOLDER, bond, bondShares);
        emit ValidatorFunded(pubkey, FIRST_DEPOSIT_GWEI, bondShares);
        _deposit(pubkey, FIRST_DEPOSIT_GWEI);
    }

    /// @inheritdoc IStakedEther
    function depositMore(bytes calldata pubkey, uint64 amountGwei) external only(VALIDATORS) {
        if (amountGwei < MIN_DEPOSIT_GWEI) revert DepositTooSmall(amountGwei, MIN_DEPOSIT_GWEI);
        _requireFree(amountGwei);
        emit ValidatorFunded(pubkey, amountGwei, 0);
        _deposit(pubkey, amountGwei);
    }

    /// @inheritdoc IStakedEther
    function markCheckpoint(bool open) external only(CHECKPOINTS) returns (uint128 poolEther, uint256 own) {
        if (open) {
            requireReleased(Zone.Accounting);
            if (_lock != 0) revert ReentrantCall();
        }
        _gate.checkpointOpen = open;
        return (_ledger.poolEther, ownEther());
    }

    /// @inheritdoc IStakedEther
    function applyRebase(uint40 snapshotTime, int256 recognized, uint256 burnShares, uint256 feeShares)
        external
        only(CHECKPOINTS)
        returns (uint256 poolShares, uint256 poolEther)
    {
        Gate memory gate = _gate;
        uint256 elapsed = RebaseBounds.requireSnapshotTime(snapshotTime, gate.lastSnapshotTime);
        if (burnShares > sharesOf(msg.sender)) {
            revert BalanceTooLow(msg.sender, sharesOf(msg.sender), burnShares);
        }
        Ledger memory pool = _ledger;
        RebaseBounds.Result memory result = RebaseBounds.apply_(
            RebaseBounds.Input({
                poolShares: pool.poolShares,
                poolEther: pool.poolEther,
                markShares: _mark.poolShares,
                markEther: _mark.poolEther,
                recognized: recognized,
                burnShares: burnShares,
                feeShares: feeShares,
                elapsedSeconds: elapsed
            })
        );
        (poolShares, poolEther) = (result.poolShares, result.poolEther);

        gate.lastSnapshotTime = snapshotTime;
        gate.checkpointOpen = false;
        if (result.bigLoss) {
            uint40 until = uint40(block.timestamp + RebaseBounds.BIG_LOSS_PAUSE);
            // never shortens a longer pause
            if (until > gate.stakingPausedUntil) gate.stakingPausedUntil = until;
            emit StakingPausedUntil(gate.stakingPausedUntil);
        }
        _gate = gate;
        _mark = Ledger(_toUint128(result.markShares), _toUint128(result.markEther));
        _setLedger(poolShares, poolEther);
        // fee and burn are shown at the rate after the rebase
        if (burnShares != 0) _burn(msg.sender, getPooledEthByShares(burnShares), burnShares);
        if (feeShares != 0) _mint(msg.sender, getPooledEthByShares(feeShares), feeShares);
        emit RebaseApplied(
            snapshotTime, pool.poolShares, pool.poolEther, poolShares, poolEther, burnShares, feeShares
        );
    }

    /// @inheritdoc IStakedEther
    function finalizeShares(uint256 shares) external only(CHECKPOINTS) returns (uint256 amount) {
        Ledger memory pool = _ledger;
        address queue = address(QUEUE);
        if (shares != 0) {
            if (shares > sharesOf(queue)) revert BalanceTooLow(queue, sharesOf(queue), shares);
            amount = SharesMath.toEtherDown(shares, pool.poolShares, pool.poolEther);
            // shares ≤ the queue's balance ≤ poolShares, so both differences stay ≥ 0
            uint256 poolShares = pool.poolShares - shares;
            uint256 poolEther = pool.poolEther - amount;
            _setLedger(poolShares, poolEther);
            _burn(queue, amount, shares);
            emit SharesFinalized(shares, amount, poolShares, poolEther);
        }
        QUEUE.finalize{ value: amount }(shares);
    }

    // ---------------------------------------------------------------- brake

    /// @inheritdoc IBraked
    function brake(Zone zone, uint40 until) external only(BRAKE) {
        uint256 latest = block.timestamp + MAX_BRAKE;
        if (until > latest) revert BrakeTooLong(until, latest);
        // two weeks ahead: fits 32 bits until 2106
        if (zone == Zone.Deposit) _gate.brakedUntil = uint32(until);
        else _brakedUntil[zone] = until;
        emit ZoneBrakedUntil(zone, until);
    }

    /// @inheritdoc IBraked
    function requireReleased(Zone zone) public view {
        uint40 until = brakedUntil(zone);
        if (block.timestamp < until) revert ZoneBraked(zone, until);
    }

    /// @inheritdoc IBraked
    function brakedUntil(Zone zone) public view returns (uint40) {
        return zone == Zone.Deposit ? _gate.brakedUntil : _brakedUntil[zone];
    }

    // ---------------------------------------------------------------- inside

    function _enter() private {
        if (_lock != 0) revert ReentrantCall();
        _lock = 1;
    }

    function _paysIn(address sender) private view returns (bool) {
        return sender == WITHDRAWAL_VAULT || sender == EXECUTION_VAULT || sender == address(QUEUE);
    }

    function _requireFree(uint64 amountGwei) private view {
        uint256 available = freeEther();
        uint256 amount = uint256(amountGwei) * 1 gwei;
        if (amount > available) revert FreeEtherTooLow(amount, available);
    }

    /// @dev The validator exists and its credentials are proven, so this is a top-up, without a signature.
    function _deposit(bytes calldata pubkey, uint64 amountGwei) private {
        BEACON_DEPOSIT.send(pubkey, withdrawalCredentials(), amountGwei, "");
    }

    function _required(address account) private pure returns (address) {
        if (account == address(0)) revert AddressZero();
        return account;
    }
}
