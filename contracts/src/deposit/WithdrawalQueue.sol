// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStakedEther } from "./IStakedEther.sol";
import { IWithdrawalQueue } from "./IWithdrawalQueue.sol";
import { PayoutLine } from "./PayoutLine.sol";
import { ERC721 } from "solady/tokens/ERC721.sol";
import { FixedPointMathLib } from "solady/utils/FixedPointMathLib.sol";
import { LibString } from "solady/utils/LibString.sol";

/// Owns: the order of requests, the ether locked for them, the horizon of finalization.
/// Does not own: the rate (the token computes what is locked).
/// Trusts: the token, which alone may finalize.
contract WithdrawalQueue is ERC721, IWithdrawalQueue {
    using PayoutLine for PayoutLine.Line;

    /// @notice Shares in one unit of the line. Positions end on whole units.
    uint256 public constant UNIT = 1e9;
    /// @notice Wei of caETH of the smallest request.
    uint256 public constant MIN_REQUEST = 100;

    IStakedEther public immutable TOKEN;

    uint64 private _lastRequestId;
    uint96 private _endUnits; // end of the line
    uint96 private _horizonUnits; // the next close finalizes up to here
    PayoutLine.Line private _line;
    /// @dev Shares of the line claimed up to; 0 until a position is claimed in part.
    mapping(uint256 requestId => uint256 shares) private _claimedTo;

    constructor(IStakedEther token) {
        if (address(token) == address(0)) revert ReceiverZero();
        TOKEN = token;
        _line.start();
    }

    // ---------------------------------------------------------------- request

    /// @inheritdoc IWithdrawalQueue
    function requestWithdrawals(uint256[] calldata amounts, address owner)
        external
        returns (uint256[] memory requestIds)
    {
        if (amounts.length == 0) revert RequestsEmpty();
        if (owner == address(0)) owner = msg.sender;
        if (owner == address(this) || owner == address(TOKEN)) revert RequestOwnerInvalid(owner);
        requestIds = new uint256[](amounts.length);
        (uint256 poolShares, uint256 poolEther) = TOKEN.ledger();
        uint256 id = _lastRequestId;
        uint256 end = _endUnits;
        uint256 units;
        for (uint256 i; i < amounts.length; ++i) {
            if (amounts[i] < MIN_REQUEST) revert RequestTooSmall(amounts[i], MIN_REQUEST);
            uint256 size = FixedPointMathLib.fullMulDiv(amounts[i], poolShares, poolEther * UNIT);
            units += size;
            end += size;
            if (end > type(uint96).max) revert LineTooLong(end);
            requestIds[i] = ++id;
            // the id is new and the end fits 96 bits (checked above)
            _mintAndSetExtraDataUnchecked(owner, id, uint96(end));
            emit WithdrawalRequested(id, msg.sender, owner, amounts[i], size * UNIT, end * UNIT);
        }
        // ids count requests, each of which costs far more gas than 2^64 of them leave
        _lastRequestId = uint64(id);
        _endUnits = uint96(end);
        TOKEN.transferSharesFrom(msg.sender, address(this), units * UNIT);
    }

    // ---------------------------------------------------------------- finalize

    /// @inheritdoc IWithdrawalQueue
    function finalize(uint256 shares) external payable {
        if (msg.sender != address(TOKEN)) revert QueueCallerNotToken(msg.sender);
        PayoutLine.Point memory point = _line.end();
        if (shares != 0) {
            uint256 limit = uint256(_horizonUnits) * UNIT;
            if (point.shares + shares > limit) revert HorizonExceeded(point.shares + shares, limit);
            point = _line.append(shares, msg.value);
        }
        _horizonUnits = _endUnits;
        emit WithdrawalsFinalized(
            _line.newest(), point.shares, point.etherLocked, uint256(_horizonUnits) * UNIT
        );
    }

    // ---------------------------------------------------------------- claim

    /// @inheritdoc IWithdrawalQueue
    function claimWithdrawals(uint256[] calldata requestIds, uint256[] calldata hints) external {
        _claim(requestIds, hints, msg.sender);
    }

    /// @inheritdoc IWithdrawalQueue
    function claimWithdrawalsTo(uint256[] calldata requestIds, uint256[] calldata hints, address receiver)
        external
    {
        if (receiver == address(0)) revert ReceiverZero();
        _claim(requestIds, hints, receiver);
    }

    function _claim(uint256[] calldata requestIds, uint256[] calldata hints, address receiver) private {
        if (requestIds.length != hints.length) revert LengthsDiffer(requestIds.length, hints.length);
        uint256 finalized = _line.end().shares;
        uint256 total;
        for (uint256 i; i < requestIds.length; ++i) {
            total += _claimOne(requestIds[i], hints[i], finalized, receiver);
        }
        // the one interaction, after all effects, with all gas
        (bool paid,) = receiver.call{ value: total }("");
        if (!paid) revert PaymentFailed(receiver, total);
    }

    function _claimOne(uint256 id, uint256 hint, uint256 finalized, address receiver)
        private
        returns (uint256 amount)
    {
        _requireKnown(id);
        address owner = _ownerOf(id);
        if (owner == address(0)) revert RequestAlreadyClaimed(id);
        if (owner != msg.sender) revert RequestNotOwned(id, msg.sender, owner);
        (uint256 from, uint256 to, uint256 end) = _claimable(id, finalized);
        if (from >= to) revert NothingToClaim(id, finalized);
        if (!_line.holds(hint, to)) revert HintInvalid(id, hint);
        amount = _line.valueIn(hint, to) - _line.valueUpTo(hint, from);
        if (to == end) {
            // the end of the interval stays in the packed slot: the next position starts there
            _burn(id);
            if (_claimedTo[id] != 0) delete _claimedTo[id];
        } else {
            _claimedTo[id] = to;
        }
        emit WithdrawalClaimed(id, owner, receiver, amount, to);
    }

    /// @return from First share not yet claimed, on the line.
    /// @return to Last share that is finalized.
    /// @return end End of the position.
    function _claimable(uint256 id, uint256 finalized)
        private
        view
        returns (uint256 from, uint256 to, uint256 end)
    {
        end = uint256(_getExtraData(id)) * UNIT;
        from = _claimedTo[id];
        if (from == 0) from = uint256(_getExtraData(id - 1)) * UNIT;
        to = finalized < end ? finalized : end;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IWithdrawalQueue
    function findCheckpointHints(uint256[] calldata requestIds, uint256 firstIndex, uint256 lastIndex)
        external
        view
        returns (uint256[] memory hints)
    {
        hints = new uint256[](requestIds.length);
        uint256 newest = _line.newest();
        if (firstIndex == 0 || lastIndex > newest) revert PointsRangeInvalid(firstIndex, lastIndex, newest);
        uint256 finalized = _line.end().shares;
        for (uint256 i; i < requestIds.length; ++i) {
            _requireKnown(requestIds[i]);
            (uint256 from, uint256 to,) = _claimable(requestIds[i], finalized);
            bool open = _ownerOf(requestIds[i]) != address(0) && from < to;
            if (open && firstIndex <= lastIndex) hints[i] = _line.find(to, firstIndex, lastIndex);
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function getClaimableEther(uint256[] calldata requestIds, uint256[] calldata hints)
        external
        view
        returns (uint256[] memory amounts)
    {
        if (requestIds.length != hints.length) revert LengthsDiffer(requestIds.length, hints.length);
        amounts = new uint256[](requestIds.length);
        uint256 finalized = _line.end().shares;
        for (uint256 i; i < requestIds.length; ++i) {
            uint256 id = requestIds[i];
            _requireKnown(id);
            if (hints[i] == 0 || _ownerOf(id) == address(0)) continue;
            (uint256 from, uint256 to,) = _claimable(id, finalized);
            if (from >= to) continue;
            if (!_line.holds(hints[i], to)) revert HintInvalid(id, hints[i]);
            amounts[i] = _line.valueIn(hints[i], to) - _line.valueUpTo(hints[i], from);
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function position(uint256 requestId) external view returns (Position memory p) {
        _requireKnown(requestId);
        uint256 finalized = _line.end().shares;
        (uint256 from, uint256 to, uint256 end) = _claimable(requestId, finalized);
        p.owner = _ownerOf(requestId);
        p.startShares = uint256(_getExtraData(requestId - 1)) * UNIT;
        p.endShares = end;
        p.claimedShares = (p.owner == address(0) ? end : from) - p.startShares;
        p.finalizedShares = to > p.startShares ? to - p.startShares : 0;
    }

    /// @inheritdoc IWithdrawalQueue
    function getLastRequestId() external view returns (uint256) {
        return _lastRequestId;
    }

    /// @inheritdoc IWithdrawalQueue
    function getLastFinalizedRequestId() external view returns (uint256 low) {
        uint256 units = _line.end().shares / UNIT;
        uint256 high = _lastRequestId;
        while (low < high) {
            uint256 middle = (low + high + 1) / 2;
            if (_getExtraData(middle) <= units) low = middle;
            else high = middle - 1;
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function getLastCheckpointIndex() external view returns (uint256) {
        return _line.newest();
    }

    /// @inheritdoc IWithdrawalQueue
    function unfinalizedShares() external view returns (uint256) {
        return uint256(_endUnits) * UNIT - _line.end().shares;
    }

    /// @inheritdoc IWithdrawalQueue
    function finalizableShares() external view returns (uint256) {
        return uint256(_horizonUnits) * UNIT - _line.end().shares;
    }

    /// @inheritdoc IWithdrawalQueue
    function payout(uint256 shares) external view returns (uint256) {
        if (shares == 0) return 0;
        uint256 newest = _line.newest();
        if (newest == 0 || shares > _line.end().shares) revert NothingToClaim(0, _line.end().shares);
        return _line.valueIn(_line.find(shares, 1, newest), shares);
    }

    // ---------------------------------------------------------------- ERC-721

    function name() public pure override returns (string memory) {
        return "Cairn Withdrawal Position";
    }

    function symbol() public pure override returns (string memory) {
        return "caWQ";
    }

    /// @dev Shows what a buyer must know: the interval, and how much of it is finalized and already claimed.
    function tokenURI(uint256 id) public view override returns (string memory) {
        if (!_exists(id)) revert TokenDoesNotExist();
        (uint256 from, uint256 to, uint256 end) = _claimable(id, _line.end().shares);
        uint256 begin = uint256(_getExtraData(id - 1)) * UNIT;
        return string.concat(
            'data:application/json;utf8,{"name":"Cairn withdrawal #',
            LibString.toString(id),
            '","attributes":[{"trait_type":"shares","value":"',
            LibString.toString(end - begin),
            '"},{"trait_type":"finalizedShares","value":"',
            LibString.toString(to > begin ? to - begin : 0),
            '"},{"trait_type":"claimedShares","value":"',
            LibString.toString(from - begin),
            '"}]}'
        );
    }

    function _requireKnown(uint256 id) private view {
        if (id == 0 || id > _lastRequestId) revert RequestUnknown(id, _lastRequestId);
    }
}
