// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { BeaconDeposits } from "../types/BeaconDeposits.sol";
import { IBeaconDeposit } from "../types/IBeaconDeposit.sol";
import { SharesMath } from "../types/SharesMath.sol";
import { IStakedEther } from "./IStakedEther.sol";
import { IWithdrawalQueue } from "./IWithdrawalQueue.sol";
import { RebaseBounds } from "./RebaseBounds.sol";
import { Gate, StakeLimit } from "./StakeLimit.sol";

/// Owns: the ledger of shares, the stored rate, the pool's idle ether, the stack's one reentrancy lock.
/// Does not own: what the consensus layer holds (Checkpoints prove it), who may deposit where (ValidatorManager).
/// Trusts: nobody with balances. Its callers are fixed and each is held to bounds written here.
contract StakedEther is IStakedEther {
    using BeaconDeposits for IBeaconDeposit;
    using StakeLimit for Gate;

    struct Ledger {
        uint128 poolShares;
        uint128 poolEther;
    }

    /// @param queue WithdrawalQueue.
    /// @param withdrawalVault Owner of every validator's withdrawal credentials.
    /// @param executionVault Fee recipient of every validator.
    /// @param validators The only contract that may have free ether deposited.
    /// @param checkpoints The only contract that may rebase and finalize.
    /// @param bondHolder Receiver of bond shares.
    /// @param beaconDeposit The beacon deposit contract.
    struct Config {
        address queue;
        address withdrawalVault;
        address executionVault;
        address validators;
        address checkpoints;
        address bondHolder;
        address beaconDeposit;
    }

    uint256 public constant MIN_POOL_ETHER = 1 ether;
    uint256 public constant FLOOR_BPS = 50;
    uint64 public constant FIRST_DEPOSIT_GWEI = 31e9;
    uint64 public constant BOND_GWEI = 1e9;
    uint64 public constant MIN_DEPOSIT_GWEI = 1e9;
    /// @dev Holder of the seed stake: nobody.
    address public constant SEED_HOLDER = address(0xdEaD);

    IWithdrawalQueue public immutable QUEUE;
    address public immutable WITHDRAWAL_VAULT;
    address public immutable EXECUTION_VAULT;
    address public immutable VALIDATORS;
    address public immutable CHECKPOINTS;
    address public immutable BOND_HOLDER;
    IBeaconDeposit public immutable BEACON_DEPOSIT;

    Ledger private _ledger;
    Gate private _gate;
    Ledger private _mark;
    mapping(address account => uint256 shares) private _shares;
    mapping(address owner => mapping(address spender => uint256 amount)) private _allowances;
    bool private transient _locked;

    /// @dev Payable with the seed stake, at least {MIN_POOL_ETHER}, which belongs to nobody: the pool is never empty.
    constructor(Config memory config) payable {
        _requireCode("beaconDeposit", config.beaconDeposit.code.length);
        QUEUE = IWithdrawalQueue(_required(config.queue));
        WITHDRAWAL_VAULT = _required(config.withdrawalVault);
        EXECUTION_VAULT = _required(config.executionVault);
        VALIDATORS = _required(config.validators);
        CHECKPOINTS = _required(config.checkpoints);
        BOND_HOLDER = _required(config.bondHolder);
        BEACON_DEPOSIT = IBeaconDeposit(config.beaconDeposit);

        if (msg.value < MIN_POOL_ETHER) revert PoolTooSmall(msg.value, MIN_POOL_ETHER);
        uint256 shares = msg.value * SharesMath.SHARES_PER_WEI;
        _ledger = Ledger(_toUint128(shares), _toUint128(msg.value));
        _mark = _ledger;
        // lastSnapshotTime counts from deployment; the limit starts full
        _gate = Gate({
            stakeLimitGwei: uint64(StakeLimit.maximum(msg.value) / 1 gwei),
            stakeLimitTime: uint40(block.timestamp),
            stakingPausedUntil: 0,
            exitsPausedUntil: 0,
            lastSnapshotTime: uint40(block.timestamp),
            checkpointOpen: false
        });
        _shares[SEED_HOLDER] = shares;
        emit Submitted(msg.sender, msg.value, address(0));
        _emitTransfer(address(0), SEED_HOLDER, msg.value, shares);
    }

    modifier only(address caller) {
        if (msg.sender != caller) revert CallerNotAllowed(msg.sender);
        _;
    }

    modifier nonReentrant() {
        _enter();
        _;
        _locked = false;
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
    function currentStakeLimit() external view returns (uint256) {
        return _gate.available(_ledger.poolEther, block.timestamp);
    }

    function _stake(address receiver, uint256 minShares, address referral) private returns (uint256 shares) {
        _requireReceiver(receiver);
        if (msg.value == 0) revert StakeZero();
        Gate memory gate = _gate;
        if (block.timestamp < gate.stakingPausedUntil) revert StakingPaused(gate.stakingPausedUntil);
        Ledger memory pool = _ledger;
        if (pool.poolEther < MIN_POOL_ETHER) revert PoolTooSmall(pool.poolEther, MIN_POOL_ETHER);
        uint256 available = gate.available(pool.poolEther, block.timestamp);
        if (msg.value > available) revert StakeLimitExceeded(msg.value, available);
        shares = SharesMath.toSharesDown(msg.value, pool.poolShares, pool.poolEther);
        if (shares < minShares) revert SharesBelowMinimum(shares, minShares);

        gate.consume(available, msg.value, block.timestamp);
        _gate = gate;
        _ledger = Ledger(_toUint128(pool.poolShares + shares), _toUint128(pool.poolEther + msg.value));
        _mint(receiver, shares);
        emit Submitted(msg.sender, msg.value, referral);
        _emitTransfer(address(0), receiver, msg.value, shares);
    }

    // ---------------------------------------------------------------- shares

    /// @inheritdoc IStakedEther
    function sharesOf(address account) external view returns (uint256) {
        return _shares[account];
    }

    /// @inheritdoc IStakedEther
    function getTotalShares() external view returns (uint256) {
        return _ledger.poolShares;
    }

    /// @inheritdoc IStakedEther
    function getTotalPooledEther() external view returns (uint256) {
        return _ledger.poolEther;
    }

    /// @inheritdoc IStakedEther
    function getPooledEthByShares(uint256 shares) public view returns (uint256) {
        return SharesMath.toEtherDown(shares, _ledger.poolShares, _ledger.poolEther);
    }

    /// @inheritdoc IStakedEther
    function getSharesByPooledEth(uint256 amount) external view returns (uint256) {
        return SharesMath.toSharesDown(amount, _ledger.poolShares, _ledger.poolEther);
    }

    /// @inheritdoc IStakedEther
    function transferShares(address to, uint256 shares) external returns (uint256 value) {
        value = getPooledEthByShares(shares);
        _move(msg.sender, to, value, shares);
    }

    /// @inheritdoc IStakedEther
    function transferSharesFrom(address from, address to, uint256 shares) external returns (uint256 value) {
        _spendAllowance(from, SharesMath.toEtherUp(shares, _ledger.poolShares, _ledger.poolEther));
        value = getPooledEthByShares(shares);
        _move(from, to, value, shares);
    }

    // ---------------------------------------------------------------- ERC-20

    /// @inheritdoc IStakedEther
    function name() external pure returns (string memory) {
        return "Cairn Staked Ether";
    }

    /// @inheritdoc IStakedEther
    function symbol() external pure returns (string memory) {
        return "caETH";
    }

    /// @inheritdoc IStakedEther
    function decimals() external pure returns (uint8) {
        return 18;
    }

    /// @inheritdoc IStakedEther
    function totalSupply() external view returns (uint256) {
        return _ledger.poolEther;
    }

    /// @inheritdoc IStakedEther
    function balanceOf(address account) external view returns (uint256) {
        return getPooledEthByShares(_shares[account]);
    }

    /// @inheritdoc IStakedEther
    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowances[owner][spender];
    }

    /// @inheritdoc IStakedEther
    function approve(address spender, uint256 amount) external returns (bool) {
        if (spender == address(0)) revert AddressZero();
        _allowances[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    /// @inheritdoc IStakedEther
    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount, _sharesForTransfer(amount));
        return true;
    }

    /// @inheritdoc IStakedEther
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spendAllowance(from, amount);
        _move(from, to, amount, _sharesForTransfer(amount));
        return true;
    }

    // ---------------------------------------------------------------- facts

    /// @inheritdoc IStakedEther
    function ledger() external view returns (uint128 poolShares, uint128 poolEther) {
        return (_ledger.poolShares, _ledger.poolEther);
    }

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
    function stakingPausedUntil() external view returns (uint40) {
        return _gate.stakingPausedUntil;
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
    function acquireLock() external {
        if (msg.sender != VALIDATORS && msg.sender != CHECKPOINTS) revert CallerNotAllowed(msg.sender);
        _enter();
    }

    /// @inheritdoc IStakedEther
    function releaseLock() external {
        if (msg.sender != VALIDATORS && msg.sender != CHECKPOINTS) revert CallerNotAllowed(msg.sender);
        _locked = false;
    }

    /// @inheritdoc IStakedEther
    function depositFirst(bytes calldata pubkey) external only(VALIDATORS) returns (uint256 bondShares) {
        _requireFree(FIRST_DEPOSIT_GWEI);
        Ledger memory pool = _ledger;
        // the operator's own ether, already on the validator, enters the pool beside the 31 ETH that follow it
        uint256 bond = uint256(BOND_GWEI) * 1 gwei;
        bondShares = SharesMath.toSharesDown(bond, pool.poolShares, pool.poolEther);
        _ledger = Ledger(_toUint128(pool.poolShares + bondShares), _toUint128(pool.poolEther + bond));
        _mint(BOND_HOLDER, bondShares);
        _emitTransfer(address(0), BOND_HOLDER, bond, bondShares);
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
    function markCheckpoint(bool open) external only(CHECKPOINTS) {
        _gate.checkpointOpen = open;
        emit CheckpointMarked(open);
    }

    /// @inheritdoc IStakedEther
    function applyRebase(uint40 snapshotTime, int256 recognized, uint256 burnShares, uint256 feeShares)
        external
        only(CHECKPOINTS)
        returns (uint256 poolShares, uint256 poolEther)
    {
        Gate memory gate = _gate;
        uint256 elapsed = RebaseBounds.requireSnapshotTime(snapshotTime, gate.lastSnapshotTime);
        if (burnShares > _shares[msg.sender]) {
            revert BalanceTooLow(msg.sender, _shares[msg.sender], burnShares);
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
        _ledger = Ledger(_toUint128(poolShares), _toUint128(poolEther));
        // burnShares is within the balance (checked above); minted shares within poolShares' uint128
        _shares[msg.sender] = _shares[msg.sender] - burnShares + feeShares;
        if (burnShares != 0) _emitTransferShares(msg.sender, address(0), burnShares);
        if (feeShares != 0) _emitTransferShares(address(0), msg.sender, feeShares);
        emit RebaseApplied(
            snapshotTime, pool.poolShares, pool.poolEther, poolShares, poolEther, burnShares, feeShares
        );
    }

    /// @inheritdoc IStakedEther
    function finalizeShares(uint256 shares) external only(CHECKPOINTS) returns (uint256 amount) {
        Ledger memory pool = _ledger;
        address queue = address(QUEUE);
        if (shares > _shares[queue]) revert BalanceTooLow(queue, _shares[queue], shares);
        if (shares != 0) {
            amount = SharesMath.toEtherDown(shares, pool.poolShares, pool.poolEther);
            // shares ≤ the queue's balance ≤ poolShares, so both differences stay ≥ 0
            uint256 poolShares = pool.poolShares - shares;
            uint256 poolEther = pool.poolEther - amount;
            _shares[queue] -= shares;
            _ledger = Ledger(_toUint128(poolShares), _toUint128(poolEther));
            emit Transfer(queue, address(0), amount);
            emit TransferShares(queue, address(0), shares);
            emit SharesFinalized(shares, amount, poolShares, poolEther);
        }
        QUEUE.finalize{ value: amount }(shares);
    }

    // ---------------------------------------------------------------- inside

    function _enter() private {
        if (_locked) revert ReentrantCall();
        _locked = true;
    }

    function _paysIn(address sender) private view returns (bool) {
        return sender == WITHDRAWAL_VAULT || sender == EXECUTION_VAULT || sender == address(QUEUE);
    }

    function _requireReceiver(address to) private view {
        if (to == address(0)) revert AddressZero();
        if (to == address(this)) revert ReceiverIsToken();
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

    function _mint(address to, uint256 shares) private {
        // unchecked: the sum of all balances is poolShares, which fits uint128
        unchecked {
            _shares[to] += shares;
        }
    }

    function _sharesForTransfer(uint256 amount) private view returns (uint256) {
        return SharesMath.toSharesUp(amount, _ledger.poolShares, _ledger.poolEther);
    }

    function _move(address from, address to, uint256 value, uint256 shares) private {
        _requireReceiver(to);
        uint256 balance = _shares[from];
        if (shares > balance) revert BalanceTooLow(from, balance, shares);
        // unchecked: shares ≤ balance, and the sum of all balances fits uint128
        unchecked {
            _shares[from] = balance - shares;
            _shares[to] += shares;
        }
        _emitTransfer(from, to, value, shares);
    }

    function _spendAllowance(address owner, uint256 amount) private {
        uint256 allowed = _allowances[owner][msg.sender];
        if (allowed == type(uint256).max) return;
        if (amount > allowed) revert AllowanceTooLow(owner, msg.sender, allowed, amount);
        // unchecked: amount ≤ allowed
        unchecked {
            _allowances[owner][msg.sender] = allowed - amount;
        }
    }

    function _emitTransfer(address from, address to, uint256 value, uint256 shares) private {
        emit Transfer(from, to, value);
        emit TransferShares(from, to, shares);
    }

    /// @dev For fee and burn: the value at the rate after the rebase.
    function _emitTransferShares(address from, address to, uint256 shares) private {
        _emitTransfer(from, to, getPooledEthByShares(shares), shares);
    }

    function _required(address account) private pure returns (address) {
        if (account == address(0)) revert AddressZero();
        return account;
    }

    function _requireCode(string memory field, uint256 size) private pure {
        if (size == 0) revert ConfigInvalid(field, size);
    }

    function _toUint128(uint256 value) private pure returns (uint128) {
        if (value > type(uint128).max) revert PoolTooLarge(value);
        return uint128(value);
    }
}
