// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { Zone } from "../governance/IBraked.sol";
import { BondCurve } from "./BondCurve.sol";
import { ICheckpointGate } from "./ICheckpointGate.sol";
import { IFeeWeights } from "./IFeeWeights.sol";
import { IOperatorRegistry, Tier, TierTerms } from "./IOperatorRegistry.sol";
import { FundingRefusal, IValidatorManager } from "./IValidatorManager.sol";
import { Initializable } from "solady/utils/Initializable.sol";

/// Owns: the list of operators, their bond (as shares this contract holds), how much stake each may run.
/// Does not own: their validators (ValidatorManager), what a validator has lost (Penalties).
/// Trusts: ValidatorManager for stakes; Penalties for charges; governance for tiers, within bounds.
contract OperatorRegistry is IOperatorRegistry, Initializable {
    using BondCurve for TierTerms;

    struct Config {
        IStakedEther token;
        address validators;
        address penalties;
        ICheckpointGate gate;
        IFeeWeights feeWeights;
        address governance;
        uint64 fillTargetGwei;
    }

    /// @dev One slot: what every funding reads and the manager's rights.
    struct Head {
        address manager;
        Tier tier;
        bool leaving;
        uint16 openSlashings;
        uint32 members;
        uint32 belowTarget;
    }

    /// @param bondLeaving Whether some of the bond was asked to leave: without it nobody reads how much.
    struct Stake {
        uint128 bondShares;
        uint64 stakeGwei;
        bool bondLeaving;
    }

    /// @dev Parts of the stake that no longer work.
    struct Parts {
        uint64 askedGwei;
        uint64 exitingGwei;
        uint64 slashedGwei;
    }

    uint40 public constant BOND_EXIT_DELAY = 7 days;
    /// @dev A request does not stay ripe: it could be claimed between a slashing and its proof.
    uint40 public constant BOND_CLAIM_WINDOW = 7 days;
    uint256 public constant EJECTION_BPS = 8000;
    uint64 public constant MIN_BOND_GWEI = 1e9; // a member
    /// @dev Below the largest balance by the smallest deposit: what is missing to the target can always be deposited.
    uint64 public constant MAX_FILL_TARGET_GWEI = 2047e9;
    uint256 private constant BPS = 10_000;

    IStakedEther public immutable TOKEN;
    address public immutable VALIDATORS;
    address public immutable PENALTIES;
    ICheckpointGate public immutable GATE;
    IFeeWeights public immutable FEE_WEIGHTS;
    address public immutable GOVERNANCE;
    /// @dev Gwei that an operator's working members must hold before it gets another.
    uint64 public immutable FILL_TARGET_GWEI;

    uint32 private _operatorCount;
    mapping(uint32 operatorId => Head) private _heads;
    mapping(uint32 operatorId => Stake) private _stakes;
    mapping(uint32 operatorId => Parts) private _parts;
    mapping(uint32 operatorId => address) private _rewardAddresses;
    mapping(uint32 operatorId => address) private _proposedManagers;
    mapping(uint32 operatorId => BondExit) private _bondExits;
    mapping(Tier => TierTerms) private _terms;
    mapping(Tier => uint64) private _tierStakes;

    constructor(Config memory config) {
        _disableInitializers();
        if (
            address(config.token) == address(0) || config.validators == address(0)
                || config.penalties == address(0) || address(config.gate) == address(0)
                || address(config.feeWeights) == address(0) || config.governance == address(0)
        ) revert RegistryAddressZero();
        if (config.fillTargetGwei < 32e9 || config.fillTargetGwei > MAX_FILL_TARGET_GWEI) {
            revert FillTargetInvalid(config.fillTargetGwei);
        }
        TOKEN = config.token;
        VALIDATORS = config.validators;
        PENALTIES = config.penalties;
        GATE = config.gate;
        FEE_WEIGHTS = config.feeWeights;
        GOVERNANCE = config.governance;
        FILL_TARGET_GWEI = config.fillTargetGwei;
    }

    /// @notice The first terms. The proxy's constructor only.
    function initialize(TierTerms calldata permissionless, TierTerms calldata curated) external initializer {
        _setTerms(Tier.Permissionless, permissionless);
        _setTerms(Tier.Curated, curated);
    }

    modifier only(address caller) {
        if (msg.sender != caller) revert RegistryCallerNotAllowed(msg.sender);
        _;
    }

    modifier released() {
        TOKEN.requireReleased(Zone.Validators);
        _;
    }

    modifier onlyManager(uint32 operatorId) {
        TOKEN.requireReleased(Zone.Validators);
        if (_head(operatorId).manager != msg.sender) revert OperatorManagerOnly(operatorId, msg.sender);
        _;
    }

    // ---------------------------------------------------------------- operators

    /// @inheritdoc IOperatorRegistry
    function join(address rewardAddress) external released returns (uint32 operatorId) {
        if (rewardAddress == address(0)) revert RegistryAddressZero();
        operatorId = ++_operatorCount;
        _heads[operatorId].manager = msg.sender;
        _rewardAddresses[operatorId] = rewardAddress;
        emit OperatorJoined(operatorId, msg.sender, rewardAddress);
    }

    /// @inheritdoc IOperatorRegistry
    function proposeManager(uint32 operatorId, address manager) external onlyManager(operatorId) {
        _proposedManagers[operatorId] = manager;
        emit ManagerProposed(operatorId, manager);
    }

    /// @inheritdoc IOperatorRegistry
    function acceptManager(uint32 operatorId) external released {
        if (_proposedManagers[operatorId] != msg.sender) revert ManagerNotProposed(operatorId, msg.sender);
        delete _proposedManagers[operatorId];
        _heads[operatorId].manager = msg.sender;
        emit ManagerChanged(operatorId, msg.sender);
    }

    /// @inheritdoc IOperatorRegistry
    function setRewardAddress(uint32 operatorId, address rewardAddress) external onlyManager(operatorId) {
        if (rewardAddress == address(0)) revert RegistryAddressZero();
        _rewardAddresses[operatorId] = rewardAddress;
        emit RewardAddressChanged(operatorId, rewardAddress);
    }

    /// @inheritdoc IOperatorRegistry
    function leave(uint32 operatorId) external onlyManager(operatorId) {
        _heads[operatorId].leaving = true;
        emit OperatorLeaving(operatorId);
    }

    // ---------------------------------------------------------------- bond

    /// @inheritdoc IOperatorRegistry
    function topUpBond(uint32 operatorId, uint256 shares) external released {
        _head(operatorId);
        if (shares == 0) revert BondPaymentZero();
        _credit(operatorId, shares);
        TOKEN.transferSharesFrom(msg.sender, address(this), shares);
    }

    /// @inheritdoc IOperatorRegistry
    function topUpBondWithEther(uint32 operatorId) external payable released returns (uint256 shares) {
        _head(operatorId);
        shares = TOKEN.stake{ value: msg.value }(address(this), 1);
        _credit(operatorId, shares);
    }

    function _credit(uint32 operatorId, uint256 shares) private {
        // all shares of the pool fit uint128
        uint128 afterwards = _stakes[operatorId].bondShares += uint128(shares);
        emit BondCredited(operatorId, shares, afterwards);
    }

    /// @inheritdoc IOperatorRegistry
    function requestBondExit(uint32 operatorId, uint128 shares) external onlyManager(operatorId) {
        if (shares == 0) revert BondPaymentZero();
        _stakes[operatorId].bondLeaving = false;
        _requireFree(operatorId, shares);
        _stakes[operatorId].bondLeaving = true;
        uint40 releaseAt = uint40(block.timestamp) + BOND_EXIT_DELAY;
        _bondExits[operatorId] = BondExit(shares, releaseAt);
        emit BondExitRequested(operatorId, shares, releaseAt);
    }

    /// @inheritdoc IOperatorRegistry
    function cancelBondExit(uint32 operatorId) external onlyManager(operatorId) {
        uint128 shares = _bondExits[operatorId].shares;
        if (shares == 0) revert BondExitMissing(operatorId);
        delete _bondExits[operatorId];
        _stakes[operatorId].bondLeaving = false;
        emit BondExitCancelled(operatorId, shares);
    }

    /// @inheritdoc IOperatorRegistry
    function claimBondExit(uint32 operatorId) external released returns (uint256 shares) {
        BondExit memory exit = _bondExits[operatorId];
        if (exit.shares == 0) revert BondExitMissing(operatorId);
        if (block.timestamp < exit.releaseAt) revert BondExitTooEarly(operatorId, exit.releaseAt);
        // a window that fell into a stop of the zone begins after it
        uint256 stopped = TOKEN.brakedUntil(Zone.Validators);
        uint256 last = (stopped > exit.releaseAt ? stopped : exit.releaseAt) + BOND_CLAIM_WINDOW;
        if (block.timestamp > last) revert BondExitTooLate(operatorId, last);
        delete _bondExits[operatorId];
        _stakes[operatorId].bondLeaving = false;
        uint128 held = _stakes[operatorId].bondShares;
        // a charge may have taken some of it since
        shares = exit.shares < held ? exit.shares : held;
        _requireFree(operatorId, shares);
        // shares ≤ held
        uint128 afterwards = held - uint128(shares);
        _stakes[operatorId].bondShares = afterwards;
        address receiver = _rewardAddresses[operatorId];
        emit BondExitClaimed(operatorId, receiver, shares, afterwards);
        TOKEN.transferShares(receiver, shares);
    }

    function _requireFree(uint32 operatorId, uint256 shares) private view {
        uint256 open = _heads[operatorId].openSlashings;
        if (open != 0) revert BondLocked(operatorId, open);
        uint256 free = freeBondShares(operatorId);
        if (shares > free) revert BondNotFree(operatorId, shares, free);
    }

    // ---------------------------------------------------------------- governance

    /// @inheritdoc IOperatorRegistry
    function setTier(uint32 operatorId, Tier tier) external only(GOVERNANCE) {
        Head memory head = _head(operatorId);
        uint64 stake = _stakes[operatorId].stakeGwei;
        _tierStakes[head.tier] -= stake;
        _tierStakes[tier] += stake;
        _heads[operatorId].tier = tier;
        emit TierGranted(operatorId, tier);
    }

    /// @inheritdoc IOperatorRegistry
    function setTierTerms(Tier tier, TierTerms calldata terms) external only(GOVERNANCE) {
        _setTerms(tier, terms);
    }

    function _setTerms(Tier tier, TierTerms memory t) private {
        t.requireValid();
        _terms[tier] = t;
        emit TierTermsChanged(tier, t);
    }

    // ---------------------------------------------------------------- validators and penalties

    /// @inheritdoc IOperatorRegistry
    function noteFunded(uint32 operatorId, uint64 beforeGwei, uint64 afterGwei, uint256 bondShares)
        external
        only(VALIDATORS)
    {
        Head storage head = _heads[operatorId];
        if (beforeGwei == 0) {
            ++head.members;
            _credit(operatorId, bondShares);
        }
        _countBelow(head, beforeGwei != 0 && beforeGwei < FILL_TARGET_GWEI, afterGwei < FILL_TARGET_GWEI);
        _stakes[operatorId].stakeGwei += afterGwei - beforeGwei;
        _tierStakes[head.tier] += afterGwei - beforeGwei;
        FEE_WEIGHTS.noteWeight(operatorId, int256(uint256(afterGwei - beforeGwei)));
    }

    /// @inheritdoc IOperatorRegistry
    function noteLowered(
        uint32 operatorId,
        IValidatorManager.Status status,
        uint64 beforeGwei,
        uint64 afterGwei
    ) external only(VALIDATORS) {
        Head storage head = _heads[operatorId];
        uint64 by = beforeGwei - afterGwei;
        _stakes[operatorId].stakeGwei -= by;
        _tierStakes[head.tier] -= by;
        if (status == IValidatorManager.Status.Member) {
            FEE_WEIGHTS.noteWeight(operatorId, -int256(uint256(by)));
        }
        if (status == IValidatorManager.Status.ToExit) _parts[operatorId].askedGwei -= by;
        if (status == IValidatorManager.Status.Exiting) _parts[operatorId].exitingGwei -= by;
        else _countBelow(head, beforeGwei < FILL_TARGET_GWEI, afterGwei < FILL_TARGET_GWEI);
    }

    /// @inheritdoc IOperatorRegistry
    function noteMoved(
        uint32 operatorId,
        IValidatorManager.Status from,
        IValidatorManager.Status to,
        uint64 principalGwei
    ) external only(VALIDATORS) {
        Head storage head = _heads[operatorId];
        Parts storage parts = _parts[operatorId];
        // one that was only asked to exit still counts: the consensus layer may ignore the request
        bool worked = from == IValidatorManager.Status.Member || from == IValidatorManager.Status.ToExit;
        if (worked && to != IValidatorManager.Status.ToExit) {
            _countBelow(head, principalGwei < FILL_TARGET_GWEI, false);
        }
        if (from == IValidatorManager.Status.Member) {
            FEE_WEIGHTS.noteWeight(operatorId, -int256(uint256(principalGwei)));
        }
        if (from == IValidatorManager.Status.ToExit) parts.askedGwei -= principalGwei;
        if (from == IValidatorManager.Status.Exiting) parts.exitingGwei -= principalGwei;
        if (from == IValidatorManager.Status.Slashed) parts.slashedGwei -= principalGwei;
        if (to == IValidatorManager.Status.ToExit) parts.askedGwei += principalGwei;
        if (to == IValidatorManager.Status.Exiting) parts.exitingGwei += principalGwei;
        if (to == IValidatorManager.Status.Slashed) parts.slashedGwei += principalGwei;
        if (to == IValidatorManager.Status.Left) {
            --head.members;
            _stakes[operatorId].stakeGwei -= principalGwei;
            _tierStakes[head.tier] -= principalGwei;
        }
    }

    function _countBelow(Head storage head, bool was, bool is_) private {
        if (was && !is_) --head.belowTarget;
        if (!was && is_) ++head.belowTarget;
    }

    /// @inheritdoc IOperatorRegistry
    function noteSlashing(uint32 operatorId, bool open) external only(PENALTIES) {
        uint16 count = _heads[operatorId].openSlashings;
        count = open ? count + 1 : count - 1;
        _heads[operatorId].openSlashings = count;
        emit SlashingsOpenChanged(operatorId, count);
    }

    /// @inheritdoc IOperatorRegistry
    function takeBond(uint32 operatorId, uint256 shares, address to)
        external
        only(PENALTIES)
        returns (uint256 taken)
    {
        uint128 held = _stakes[operatorId].bondShares;
        taken = shares < held ? shares : held;
        if (taken == 0) return 0;
        // taken ≤ held
        uint128 afterwards = held - uint128(taken);
        _stakes[operatorId].bondShares = afterwards;
        emit BondTaken(operatorId, to, taken, afterwards);
        TOKEN.transferShares(to, taken);
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc IOperatorRegistry
    function operator(uint32 operatorId) external view returns (Operator memory) {
        Head memory head = _head(operatorId);
        Stake memory stake = _stakes[operatorId];
        Parts memory parts = _parts[operatorId];
        return Operator({
            manager: head.manager,
            rewardAddress: _rewardAddresses[operatorId],
            tier: head.tier,
            leaving: head.leaving,
            openSlashings: head.openSlashings,
            members: head.members,
            belowTarget: head.belowTarget,
            bondShares: stake.bondShares,
            stakeGwei: stake.stakeGwei,
            askedGwei: parts.askedGwei,
            exitingGwei: parts.exitingGwei,
            slashedGwei: parts.slashedGwei
        });
    }

    /// @inheritdoc IOperatorRegistry
    function operatorCount() external view returns (uint32) {
        return _operatorCount;
    }

    /// @inheritdoc IOperatorRegistry
    function managerOf(uint32 operatorId) external view returns (address manager, bool leaving) {
        Head memory head = _head(operatorId);
        return (head.manager, head.leaving);
    }

    /// @inheritdoc IOperatorRegistry
    function proposedManager(uint32 operatorId) external view returns (address) {
        return _proposedManagers[operatorId];
    }

    /// @inheritdoc IOperatorRegistry
    function bondExit(uint32 operatorId) external view returns (BondExit memory) {
        return _bondExits[operatorId];
    }

    /// @inheritdoc IOperatorRegistry
    function tierTerms(Tier tier) external view returns (TierTerms memory) {
        return _terms[tier];
    }

    /// @inheritdoc IOperatorRegistry
    function tierStakeGwei(Tier tier) external view returns (uint64) {
        return _tierStakes[tier];
    }

    /// @inheritdoc IOperatorRegistry
    function limitsGwei(Tier tier) external view returns (uint64, uint64) {
        return _terms[tier].limits(GATE.poolGweiAtClose());
    }

    /// @inheritdoc IOperatorRegistry
    function requiredBond(uint32 operatorId) external view returns (uint256) {
        Head memory head = _head(operatorId);
        return _requiredGwei(operatorId, head) * 1 gwei;
    }

    /// @inheritdoc IOperatorRegistry
    function bondEther(uint32 operatorId) external view returns (uint256) {
        _head(operatorId);
        return TOKEN.getPooledEthByShares(_stayingShares(operatorId));
    }

    /// @inheritdoc IOperatorRegistry
    function freeBondShares(uint32 operatorId) public view returns (uint256) {
        Head memory head = _head(operatorId);
        if (head.openSlashings != 0) return 0;
        uint256 needed = _requiredGwei(operatorId, head) * 1 gwei;
        (uint128 poolShares, uint128 poolEther) = TOKEN.ledger();
        // a pool of 0 ether has no rate: nothing that secures stake is free then
        if (poolEther == 0 && needed != 0) return 0;
        uint256 locked = needed == 0 ? 0 : (needed * poolShares + poolEther - 1) / poolEther;
        uint256 staying = _stayingShares(operatorId);
        return staying > locked ? staying - locked : 0;
    }

    /// @inheritdoc IOperatorRegistry
    function fundingRoom(uint32 operatorId, bool first)
        external
        view
        returns (uint64 roomGwei, FundingRefusal limitedBy)
    {
        Head memory head = _head(operatorId);
        if (head.leaving) return (0, FundingRefusal.Leaving);
        if (head.openSlashings != 0) return (0, FundingRefusal.SlashingOpen);
        if (first && head.belowTarget != 0) return (0, FundingRefusal.OthersUnfilled);
        uint256 bondGwei = _bondGwei(operatorId) + (first ? MIN_BOND_GWEI : 0);
        if (bondGwei < (uint256(head.members) + (first ? 1 : 0)) * MIN_BOND_GWEI) {
            return (0, FundingRefusal.BondShort);
        }
        TierTerms memory terms = _terms[head.tier];
        uint256 stake = _stakes[operatorId].stakeGwei;
        uint256 room = _above(terms.covered(bondGwei), stake);
        limitedBy = FundingRefusal.BondShort;
        (uint256 operatorLimit, uint256 tierLimit) = terms.limits(GATE.poolGweiAtClose());
        uint256 other = _above(operatorLimit, stake);
        if (other < room) (room, limitedBy) = (other, FundingRefusal.OperatorLimit);
        other = _above(tierLimit, _tierStakes[head.tier]);
        if (other < room) (room, limitedBy) = (other, FundingRefusal.TierLimit);
        // both limits fit 64 bits
        roomGwei = uint64(room);
    }

    /// @inheritdoc IOperatorRegistry
    function isEjectable(uint32 operatorId) external view returns (bool) {
        Head memory head = _head(operatorId);
        if (head.openSlashings != 0) return true;
        uint256 needed = _requiredGwei(operatorId, head);
        return _bondGwei(operatorId) * BPS < needed * EJECTION_BPS;
    }

    // ---------------------------------------------------------------- inside

    function _head(uint32 operatorId) private view returns (Head memory head) {
        head = _heads[operatorId];
        if (head.manager == address(0)) revert OperatorUnknown(operatorId, _operatorCount);
    }

    function _stayingShares(uint32 operatorId) private view returns (uint256) {
        Stake storage stake = _stakes[operatorId];
        return stake.bondLeaving ? _above(stake.bondShares, _bondExits[operatorId].shares) : stake.bondShares;
    }

    /// @dev Rounded up: shares minted for 1 ETH are worth up to a wei less, and must count as 1 ETH.
    function _bondGwei(uint32 operatorId) private view returns (uint256) {
        return (TOKEN.getPooledEthByShares(_stayingShares(operatorId)) + 1 gwei - 1) / 1 gwei;
    }

    function _requiredGwei(uint32 operatorId, Head memory head) private view returns (uint256) {
        uint256 curve = _terms[head.tier].required(_stakes[operatorId].stakeGwei);
        uint256 least = uint256(head.members) * MIN_BOND_GWEI;
        return curve > least ? curve : least;
    }

    function _above(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : 0;
    }
}
