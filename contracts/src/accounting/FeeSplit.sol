// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { SharesMath } from "../types/SharesMath.sol";
import { IFeeWeights } from "../validators/IFeeWeights.sol";
import { IOperatorRegistry } from "../validators/IOperatorRegistry.sol";
import { IFeeSplit } from "./IFeeSplit.sol";
import { KeeperPay } from "./KeeperPay.sol";
import { FixedPointMathLib } from "solady/utils/FixedPointMathLib.sol";
import { Initializable } from "solady/utils/Initializable.sol";

/// Owns: fee shares that wait for operators and the treasury; by what weight operators share.
/// Does not own: how large a fee is (Checkpoints), the insurance (Checkpoints), stakes and reward addresses (OperatorRegistry).
/// Trusts: Checkpoints to send what it splits; OperatorRegistry for weights; governance to name the treasury.
contract FeeSplit is IFeeSplit, Initializable {
    struct Config {
        IStakedEther token;
        IOperatorRegistry registry;
        address checkpoints;
        address governance;
    }

    /// @dev One slot. `weightsChanged`: within the running period, so its end must be remembered.
    struct Totals {
        uint64 activeGwei;
        uint64 nextGwei;
        uint32 period;
        bool weightsChanged;
    }

    /// @dev Two slots. `since`: the period in which `nextGwei` was set; when it is over, that is the weight.
    struct Account {
        uint64 activeGwei;
        uint64 nextGwei;
        uint32 since;
        uint128 paidUpTo;
        uint128 owed;
    }

    /// @dev What is accumulated is by 1e9 gwei, so that rounding stays far below a wei.
    uint256 private constant WEIGHT_UNIT = 1e9;

    IStakedEther public immutable TOKEN;
    IOperatorRegistry public immutable REGISTRY;
    address public immutable CHECKPOINTS;
    address public immutable GOVERNANCE;

    address public treasury;
    Totals private _totals;
    uint128 private _accumulated;
    uint128 private _treasuryShares;
    mapping(uint32 operatorId => Account) private _accounts;
    /// @dev What was accumulated at the end of a period, for those in which a weight changed.
    mapping(uint32 period => uint128) private _accumulatedBy;

    constructor(Config memory config) {
        _disableInitializers();
        if (
            address(config.token) == address(0) || address(config.registry) == address(0)
                || config.checkpoints == address(0) || config.governance == address(0)
        ) revert FeeSplitConfigZero();
        TOKEN = config.token;
        REGISTRY = config.registry;
        CHECKPOINTS = config.checkpoints;
        GOVERNANCE = config.governance;
    }

    /// @notice The first treasury. The proxy's constructor only.
    function initialize(address treasury_) external initializer {
        _setTreasury(treasury_);
    }

    modifier only(address caller) {
        if (msg.sender != caller) revert FeeSplitCallerNotAllowed(msg.sender);
        _;
    }

    // ---------------------------------------------------------------- weights

    /// @inheritdoc IFeeWeights
    function noteWeight(uint32 operatorId, int256 byGwei) external only(address(REGISTRY)) {
        Totals memory totals = _totals;
        Account storage account = _accounts[operatorId];
        Account memory now_ = _settled(account, totals.period);
        // sums of principals, all ether there is: they fit 64 bits, and no operator's falls below 0
        now_.nextGwei = uint64(uint256(int256(uint256(now_.nextGwei)) + byGwei));
        now_.since = totals.period;
        totals.nextGwei = uint64(uint256(int256(uint256(totals.nextGwei)) + byGwei));
        totals.weightsChanged = true;
        _totals = totals;
        _accounts[operatorId] = now_;
        emit WeightChanged(operatorId, now_.activeGwei, now_.nextGwei);
    }

    /// @dev The account as if the running period had only begun to change it.
    function _settled(Account memory account, uint32 period) private view returns (Account memory) {
        if (account.since == period) return account;
        uint256 earned = uint256(account.nextGwei) * (_accumulated - account.paidUpTo);
        if (account.activeGwei != account.nextGwei) {
            uint256 then = _accumulatedBy[account.since];
            earned = account.activeGwei * (then - account.paidUpTo) + account.nextGwei
                * (uint256(_accumulated) - then);
        }
        // shares of the pool fit 128 bits
        account.owed += uint128(earned / WEIGHT_UNIT);
        account.paidUpTo = _accumulated;
        account.activeGwei = account.nextGwei;
        account.since = period;
        return account;
    }

    // ---------------------------------------------------------------- fees

    /// @inheritdoc IFeeSplit
    function split(Split calldata s) external only(CHECKPOINTS) {
        Totals memory totals = _totals;
        (uint256 operatorShares, uint256 added) = (s.operatorShares, s.treasuryShares);
        // below a unit of weight nobody works; and what is added by a unit is then at most all shares
        if (totals.activeGwei < WEIGHT_UNIT) (operatorShares, added) = (0, added + operatorShares);
        uint256 accumulated = _accumulated;
        uint256 treasuryLeft = _treasuryShares + added;
        if (operatorShares != 0) accumulated += operatorShares * WEIGHT_UNIT / totals.activeGwei;
        if (totals.weightsChanged) _accumulatedBy[totals.period] = uint128(accumulated);
        totals.activeGwei = totals.nextGwei;
        ++totals.period;
        totals.weightsChanged = false;
        _totals = totals;
        emit FeesSplit(totals.period, operatorShares, added, accumulated);
        if (s.poolEther != 0) treasuryLeft = _payKeepers(s, treasuryLeft);
        // fees of all time are far below 2^128 shares, which is 2,800 times all ether
        (_accumulated, _treasuryShares) = (uint128(accumulated), uint128(treasuryLeft));
    }

    function _payKeepers(Split calldata s, uint256 left) private returns (uint256) {
        uint256 most = KeeperPay.MOST_PAY - KeeperPay.OPEN_PAY;
        uint256 amount = FixedPointMathLib.min(s.payGwei * 1 gwei, most);
        if (s.prover == s.opener) {
            amount += KeeperPay.OPEN_PAY;
        } else {
            left =
                _pay(s.opener, SharesMath.toSharesDown(KeeperPay.OPEN_PAY, s.poolShares, s.poolEther), left);
        }
        return _pay(s.prover, SharesMath.toSharesDown(amount, s.poolShares, s.poolEther), left);
    }

    /// @return What is left to the treasury. The token calls nobody.
    function _pay(address keeper, uint256 shares, uint256 left) private returns (uint256) {
        if (shares > left) shares = left;
        if (shares == 0) return left;
        left -= shares;
        emit KeeperPaid(keeper, shares, left);
        TOKEN.transferShares(keeper, shares);
        return left;
    }

    /// @inheritdoc IFeeSplit
    function claimOperatorFees(uint32 operatorId) external returns (uint256 shares) {
        Account memory account = _settled(_accounts[operatorId], _totals.period);
        shares = account.owed;
        if (shares == 0) revert NoFeesOwed();
        account.owed = 0;
        _accounts[operatorId] = account;
        address receiver = REGISTRY.operator(operatorId).rewardAddress;
        emit OperatorFeesClaimed(operatorId, receiver, shares);
        TOKEN.transferShares(receiver, shares);
    }

    /// @inheritdoc IFeeSplit
    function claimTreasury() external returns (uint256 shares) {
        shares = _treasuryShares;
        if (shares == 0) revert NoFeesOwed();
        _treasuryShares = 0;
        emit TreasuryClaimed(treasury, shares, 0);
        TOKEN.transferShares(treasury, shares);
    }

    /// @inheritdoc IFeeSplit
    function setTreasury(address treasury_) external only(GOVERNANCE) {
        _setTreasury(treasury_);
    }

    function _setTreasury(address treasury_) private {
        if (treasury_ == address(0)) revert FeeSplitConfigZero();
        treasury = treasury_;
        emit TreasuryChanged(treasury_);
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc IFeeSplit
    function treasuryShares() external view returns (uint256) {
        return _treasuryShares;
    }

    /// @inheritdoc IFeeSplit
    function operatorFees(uint32 operatorId) external view returns (uint256) {
        return _settled(_accounts[operatorId], _totals.period).owed;
    }

    /// @inheritdoc IFeeSplit
    function weightOf(uint32 operatorId) external view returns (Weight memory) {
        Account memory account = _settled(_accounts[operatorId], _totals.period);
        return Weight(account.activeGwei, account.nextGwei);
    }

    /// @inheritdoc IFeeSplit
    function totalWeight() external view returns (Weight memory) {
        return Weight(_totals.activeGwei, _totals.nextGwei);
    }
}
