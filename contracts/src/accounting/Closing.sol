// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "../deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../deposit/IWithdrawalQueue.sol";
import { SharesMath } from "../types/SharesMath.sol";
import { IWithdrawalVault } from "../validators/IWithdrawalVault.sol";
import { Attribution } from "./Attribution.sol";
import { CheckpointTerms } from "./CheckpointTerms.sol";
import { CloseMath } from "./CloseMath.sol";
import { ICheckpoints, Indices, Snapshot } from "./ICheckpoints.sol";
import { IFeeSplit } from "./IFeeSplit.sol";
import { KeeperPay } from "./KeeperPay.sol";
import { Condition, Safeguard } from "./Safeguard.sol";

/// Owns: what a close books: the result, the insurance and the pot, income by source, the safeguard, the parameters.
/// Does not own: which totals it is given and when (Checkpoints, which is this), fees once split (FeeSplit).
/// Trusts: the token to refuse what is out of bounds; governance for parameters, within bounds.
abstract contract Closing is ICheckpoints {
    using Safeguard for Safeguard.State;

    IStakedEther public immutable TOKEN;
    IWithdrawalQueue internal immutable QUEUE;
    IFeeSplit internal immutable FEES;
    IWithdrawalVault internal immutable WITHDRAWAL_VAULT;
    address public immutable GOVERNANCE;

    Parameters internal _parameters;
    Safeguard.State internal _safeguard;
    uint128 private _insuranceShares;
    uint128 private _spentShares;
    Indices private _indices;

    constructor(
        IStakedEther token,
        IWithdrawalQueue queue,
        IFeeSplit fees,
        IWithdrawalVault withdrawalVault,
        address governance
    ) {
        CheckpointTerms.requireSet("token", address(token));
        CheckpointTerms.requireSet("queue", address(queue));
        CheckpointTerms.requireSet("fees", address(fees));
        CheckpointTerms.requireSet("withdrawalVault", address(withdrawalVault));
        CheckpointTerms.requireSet("governance", governance);
        TOKEN = token;
        QUEUE = queue;
        FEES = fees;
        WITHDRAWAL_VAULT = withdrawalVault;
        GOVERNANCE = governance;
    }

    modifier only(address caller) {
        if (msg.sender != caller) revert CheckpointCallerNotAllowed(msg.sender);
        _;
    }

    // ---------------------------------------------------------------- governance

    /// @inheritdoc ICheckpoints
    function setParameters(Parameters calldata p) external only(GOVERNANCE) {
        _setParameters(p);
    }

    function _setParameters(Parameters calldata p) internal {
        CheckpointTerms.requireValid(p, TOKEN);
        _parameters = p;
        emit ParametersChanged(p);
    }

    // ---------------------------------------------------------------- readers

    /// @inheritdoc ICheckpoints
    function parameters() external view returns (Parameters memory) {
        return _parameters;
    }

    /// @inheritdoc ICheckpoints
    function cover() external view returns (Cover memory) {
        uint256 pot = TOKEN.sharesOf(address(this)) - _insuranceShares;
        return Cover(_insuranceShares, _spentShares, pot);
    }

    /// @inheritdoc ICheckpoints
    function indices() external view returns (Indices memory) {
        return _indices;
    }

    /// @inheritdoc ICheckpoints
    function safeguard() external view returns (Condition[3] memory) {
        (, uint256 poolEther) = TOKEN.ledger();
        return _safeguard.conditions(
            poolEther,
            _parameters.lossThresholdBps,
            TOKEN.lastSnapshotTime(),
            2 * uint256(_parameters.interval)
        );
    }

    /// @inheritdoc ICheckpoints
    function isGuarded() public view returns (bool) {
        return _safeguard.isOn(TOKEN.lastSnapshotTime(), 2 * uint256(_parameters.interval));
    }

    // ---------------------------------------------------------------- result

    /// @dev The one calculation: {close} applies it, the previews show it.
    function _result(Snapshot calldata s, uint256 provenGwei, uint256 inFlightGwei)
        internal
        view
        returns (Result memory r)
    {
        Parameters memory p = _parameters;
        CloseMath.Input memory i = _input(s, p, provenGwei, inFlightGwei);
        CloseMath.Outcome memory o = CloseMath.compute(i);
        (r.poolSharesBefore, r.poolEtherBefore) = (i.shares, i.poolEther);
        r.elapsed = i.elapsed;
        r.recognized = o.recognized;
        r.reserve = o.reserve;
        r.insuranceRefilled = o.refilled;
        r.insuranceBurnt = o.insuranceBurnt;
        r.potBurnt = o.potBurnt;
        r.penaltiesCovered = o.penaltiesCovered;
        r.feeShares = o.feeShares;
        (r.poolSharesAfter, r.poolEtherAfter) = (o.shares, o.poolEther);
        // under the cap, execution rewards are known exactly and consensus rewards take the remainder; above it,
        // nothing of the reserve may show as a consensus loss
        uint256 gain = o.recognized > 0 ? uint256(o.recognized) : 0;
        r.executionRewards = o.reserve != 0 && gain < s.executionRewards ? gain : s.executionRewards;
        r.isGuarded = _safeguard.isOnAfter(o.recognized, s.poolEther, p.lossThresholdBps, s.openedAt);
        // an old snapshot's rate no longer holds: nobody leaves at it
        if (r.isGuarded || _isOld(s)) return r;
        uint256 available = address(TOKEN).balance + address(WITHDRAWAL_VAULT).balance + s.executionRewards;
        r.sharesToFinalize =
            CloseMath.sharesToFinalize(QUEUE.finalizableShares(), available, o.shares, o.poolEther);
        if (r.sharesToFinalize == 0) return r;
        r.etherToFinalize = SharesMath.toEtherDown(r.sharesToFinalize, o.shares, o.poolEther);
    }

    function _input(Snapshot calldata s, Parameters memory p, uint256 provenGwei, uint256 inFlightGwei)
        private
        view
        returns (CloseMath.Input memory i)
    {
        i.total = s.ownEther + (inFlightGwei + provenGwei) * 1 gwei;
        i.poolEtherAtOpen = s.poolEther;
        i.elapsed = s.openedAt - TOKEN.lastSnapshotTime();
        i.maxBpsPerDay = p.maxRebaseBpsPerDay;
        i.feeBps = uint256(p.operatorFeeBps) + p.treasuryFeeBps + p.insuranceFeeBps;
        (i.shares, i.poolEther) = TOKEN.ledger();
        (i.markEther, i.markShares) = TOKEN.mark();
        (i.insurance, i.spent) = (_insuranceShares, _spentShares);
        i.pot = TOKEN.sharesOf(address(this)) - i.insurance;
    }

    function _isOld(Snapshot calldata s) private view returns (bool) {
        return block.timestamp > uint256(s.openedAt) + _parameters.maxSnapshotAge;
    }

    // ---------------------------------------------------------------- booking

    /// @dev The token does the same arithmetic within bounds of its own; fees and cover follow.
    function _book(Snapshot calldata snapshot, uint64 slot, Result memory r) internal {
        TOKEN.applyRebase(snapshot.openedAt, r.recognized, r.insuranceBurnt + r.potBurnt, r.feeShares);
        _indices = Attribution.grow(_indices, r);
        emit Rebased(
            snapshot.id,
            slot,
            r.elapsed,
            r.poolSharesBefore,
            r.poolEtherBefore,
            r.poolSharesAfter,
            r.poolEtherAfter,
            r.recognized - int256(r.executionRewards),
            r.executionRewards,
            r.penaltiesCovered,
            r.reserve,
            r.feeShares
        );
    }

    /// @dev The insurance's part stays here, the treasury takes what rounding leaves, and pays the opener and the prover.
    function _splitFee(Snapshot calldata snapshot, address prover, uint256 payGwei, Result memory r)
        internal
    {
        uint256 insured;
        IFeeSplit.Split memory s;
        if (r.feeShares != 0) {
            Parameters memory p = _parameters;
            uint256 all = uint256(p.operatorFeeBps) + p.treasuryFeeBps + p.insuranceFeeBps;
            insured = r.feeShares * p.insuranceFeeBps / all;
            s.operatorShares = r.feeShares * p.operatorFeeBps / all;
            s.treasuryShares = r.feeShares - insured - s.operatorShares;
            TOKEN.transferShares(address(FEES), s.operatorShares + s.treasuryShares);
        }
        _updateCover(snapshot.id, r, insured);
        (s.opener, s.prover, s.payGwei) = (snapshot.opener, prover, payGwei);
        if (_earns(snapshot, prover)) s.payGwei += KeeperPay.ofClose();
        (s.poolShares, s.poolEther) = (r.poolSharesAfter, r.poolEtherAfter);
        FEES.split(s);
    }

    function _updateCover(uint64 id, Result memory r, uint256 insured) private {
        if (r.insuranceRefilled | r.insuranceBurnt | r.potBurnt | insured == 0) return;
        // shares of the pool fit 128 bits
        uint256 insurance = _insuranceShares + r.insuranceRefilled - r.insuranceBurnt + insured;
        uint256 spent = _spentShares - r.insuranceRefilled + r.insuranceBurnt;
        (_insuranceShares, _spentShares) = (uint128(insurance), uint128(spent));
        emit CoverChanged(id, insurance, spent);
    }

    /// @dev What the safeguard says with this result, and until when the token refuses instant exits for it.
    function _guard(Snapshot calldata snapshot, int256 recognized) internal {
        uint40 before = _safeguard.exitsPausedUntil();
        _safeguard.noteClose(recognized, snapshot.poolEther, _parameters.lossThresholdBps, snapshot.openedAt);
        // the rate just booked is old, and the next open must wait: nobody leaves at it meanwhile, by neither way
        _safeguard.staleUntil = _isOld(snapshot) ? uint40(block.timestamp + _parameters.interval) : 0;
        uint40 until = _safeguard.exitsPausedUntil();
        if (until != before) TOKEN.pauseExits(until);
    }

    /// @dev At first only the opener's batches are paid, so that nobody is paid for racing it.
    function _earns(Snapshot calldata snapshot, address prover) internal view returns (bool) {
        return
            prover == snapshot.opener || block.timestamp > uint256(snapshot.openedAt) + KeeperPay.HEAD_START;
    }
}
