// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Zone } from "../governance/IBraked.sol";
import { SharesMath } from "../types/SharesMath.sol";
import { IAllowances } from "./IAllowances.sol";
import { IStakedEther } from "./IStakedEther.sol";
import { IWithdrawalQueue } from "./IWithdrawalQueue.sol";
import { IWrappedStakedEther } from "./IWrappedStakedEther.sol";
import { PayoutLine } from "./PayoutLine.sol";
import { PositionCard } from "./PositionCard.sol";
import { ERC721 } from "solady/tokens/ERC721.sol";

/// Owns: the order of requests, the ether locked for them, the horizon of finalization.
/// Does not own: the rate (the token computes what is locked).
/// Trusts: the token, which alone may finalize; the wrapper, to hand out a unit's shares.
contract WithdrawalQueue is ERC721, IWithdrawalQueue {
    using PayoutLine for PayoutLine.Line;

    /// @notice Shares in one unit of the line. Positions end on whole units.
    uint256 public constant UNIT = SharesMath.SHARES_PER_WEI;
    /// @notice Wei of caETH (units of wcaETH) of the smallest request.
    uint256 public constant MIN_STETH_WITHDRAWAL_AMOUNT = 100;
    /// @notice A request may be as large as the pool: it is paid in parts as ether comes in.
    uint256 public constant MAX_STETH_WITHDRAWAL_AMOUNT = type(uint128).max;
    bytes4 private constant ERC4906 = 0x49064906;
    /// @dev Beside the owner of a position stand the end of its interval (95 bits) and whether a part is claimed.
    uint96 private constant PARTLY_CLAIMED = 1 << 95;

    IStakedEther public immutable TOKEN;
    IWrappedStakedEther public immutable WRAPPED;

    uint64 private _lastRequestId;
    uint96 private _endUnits; // end of the line
    uint96 private _horizonUnits; // the next close finalizes up to here
    PayoutLine.Line private _line;
    /// @dev Shares of the line claimed up to, for positions that are {PARTLY_CLAIMED}.
    mapping(uint256 requestId => uint256 shares) private _claimedTo;

    constructor(IStakedEther token, IWrappedStakedEther wrapped) {
        if (address(token) == address(0) || address(wrapped) == address(0)) revert ReceiverZero();
        TOKEN = token;
        WRAPPED = wrapped;
    }

    // ---------------------------------------------------------------- request

    /// @inheritdoc IWithdrawalQueue
    function requestWithdrawals(uint256[] calldata amounts, address owner)
        external
        returns (uint256[] memory)
    {
        return _requestStaked(amounts, owner);
    }

    /// @inheritdoc IWithdrawalQueue
    function requestWithdrawalsWithPermit(
        uint256[] calldata amounts,
        address owner,
        PermitInput calldata permit
    ) external returns (uint256[] memory) {
        _permit(TOKEN, permit);
        return _requestStaked(amounts, owner);
    }

    /// @inheritdoc IWithdrawalQueue
    function requestWithdrawalsWstETH(uint256[] calldata amounts, address owner)
        external
        returns (uint256[] memory)
    {
        return _requestWrapped(amounts, owner);
    }

    /// @inheritdoc IWithdrawalQueue
    function requestWithdrawalsWstETHWithPermit(
        uint256[] calldata amounts,
        address owner,
        PermitInput calldata permit
    ) external returns (uint256[] memory) {
        _permit(WRAPPED, permit);
        return _requestWrapped(amounts, owner);
    }

    /// @inheritdoc IWithdrawalQueue
    function previewRequest(uint256 amount) external view returns (uint256) {
        (uint256 poolShares, uint256 poolEther) = TOKEN.ledger();
        return _unitsOf(amount, poolShares, poolEther) * UNIT;
    }

    /// @dev A permit may have been sent by somebody else, straight to the token: then the allowance is there already.
    function _permit(IAllowances token, PermitInput calldata p) private {
        try token.permit(msg.sender, address(this), p.value, p.deadline, p.v, p.r, p.s) { }
        catch (bytes memory reason) {
            if (token.allowance(msg.sender, address(this)) >= p.value) return;
            // the reason of the token, as it is
            assembly ("memory-safe") {
                revert(add(reason, 0x20), mload(reason))
            }
        }
    }

    function _requestStaked(uint256[] calldata amounts, address owner)
        private
        returns (uint256[] memory ids)
    {
        (uint256 poolShares, uint256 poolEther) = TOKEN.ledger();
        uint256[] memory sizes = new uint256[](amounts.length);
        uint256 units;
        for (uint256 i; i < amounts.length; ++i) {
            units += sizes[i] = _unitsOf(amounts[i], poolShares, poolEther);
        }
        ids = _append(sizes, amounts, owner);
        TOKEN.transferSharesFrom(msg.sender, address(this), units * UNIT);
    }

    function _requestWrapped(uint256[] calldata units, address owner) private returns (uint256[] memory ids) {
        (uint256 poolShares, uint256 poolEther) = TOKEN.ledger();
        uint256[] memory amounts = new uint256[](units.length);
        uint256 total;
        for (uint256 i; i < units.length; ++i) {
            if (units[i] < MIN_STETH_WITHDRAWAL_AMOUNT) {
                revert RequestTooSmall(units[i], MIN_STETH_WITHDRAWAL_AMOUNT);
            }
            total += units[i];
            amounts[i] = SharesMath.toEtherDown(units[i] * UNIT, poolShares, poolEther);
        }
        ids = _append(units, amounts, owner);
        // the wrapper reverts or returns true; unwrapping moves exactly the shares of the units to this contract
        WRAPPED.transferFrom(msg.sender, address(this), total);
        WRAPPED.unwrap(total);
    }

    function _unitsOf(uint256 amount, uint256 poolShares, uint256 poolEther)
        private
        pure
        returns (uint256 units)
    {
        if (amount > poolEther) revert RequestTooLarge(amount, poolEther);
        if (amount >= MIN_STETH_WITHDRAWAL_AMOUNT) {
            units = SharesMath.toSharesDown(amount, poolShares, poolEther) / UNIT;
        }
        if (units == 0) revert RequestTooSmall(amount, MIN_STETH_WITHDRAWAL_AMOUNT);
    }

    /// @param units Sizes of the new positions on the line.
    /// @param amounts Their values in wei, for the events.
    function _append(uint256[] memory units, uint256[] memory amounts, address owner)
        private
        returns (uint256[] memory ids)
    {
        if (units.length == 0) revert RequestsEmpty();
        TOKEN.requireReleased(Zone.Deposit);
        if (owner == address(0)) owner = msg.sender;
        if (owner == address(this) || owner == address(TOKEN) || owner == address(WRAPPED)) {
            revert RequestOwnerInvalid(owner);
        }
        ids = new uint256[](units.length);
        uint256 id = _lastRequestId;
        uint256 end = _endUnits;
        for (uint256 i; i < units.length; ++i) {
            end += units[i];
            if (end >= PARTLY_CLAIMED) revert LineTooLong(end);
            ids[i] = ++id;
            // the id is new and the end fits 95 bits (checked above)
            _mintAndSetExtraDataUnchecked(owner, id, uint96(end));
            emit WithdrawalRequested(id, msg.sender, owner, amounts[i], units[i] * UNIT, end * UNIT);
        }
        // ids count requests, each of which costs far more gas than 2^64 of them leave
        _lastRequestId = uint64(id);
        _endUnits = uint96(end);
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
            _line.newest, point.shares, point.etherLocked, uint256(_horizonUnits) * UNIT
        );
        emit BatchMetadataUpdate(1, type(uint256).max);
    }

    // ---------------------------------------------------------------- claim

    /// @inheritdoc IWithdrawalQueue
    function claimWithdrawal(uint256 requestId) external {
        uint256 hint = _hintFor(requestId, 1, _line.newest, _line.end().shares);
        _pay(msg.sender, _claimOne(requestId, hint, msg.sender));
    }

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
        if (requestIds.length == 0) revert RequestsEmpty();
        if (requestIds.length != hints.length) revert LengthsDiffer(requestIds.length, hints.length);
        uint256 total;
        for (uint256 i; i < requestIds.length; ++i) {
            total += _claimOne(requestIds[i], hints[i], receiver);
        }
        _pay(receiver, total);
    }

    /// @dev The one interaction of a claim, after all effects, with all gas.
    function _pay(address receiver, uint256 amount) private {
        (bool paid,) = receiver.call{ value: amount }("");
        if (!paid) revert PaymentFailed(receiver, amount);
    }

    function _claimOne(uint256 id, uint256 hint, address receiver) private returns (uint256 amount) {
        address owner = _ownerOf(id);
        if (owner != msg.sender) _refuseClaimer(id, owner);
        (uint256 from, uint256 end) = _unclaimed(id);
        uint256 to;
        (to, amount) = _line.claim(hint, from, end);
        if (to == 0) _refuseHint(id, hint, from);
        if (to == end) {
            // the end of the interval stays in the packed slot: the next position starts there
            _burn(id);
        } else {
            _claimedTo[id] = to;
            _setExtraData(id, _getExtraData(id) | PARTLY_CLAIMED);
            emit MetadataUpdate(id);
        }
        emit WithdrawalClaimed(id, owner, receiver, amount, to);
    }

    function _refuseClaimer(uint256 id, address owner) private view {
        _requireKnown(id);
        if (owner == address(0)) revert RequestAlreadyClaimed(id);
        revert RequestNotOwned(id, msg.sender, owner);
    }

    function _refuseHint(uint256 id, uint256 hint, uint256 from) private view {
        uint256 finalized = _line.end().shares;
        if (from >= finalized) revert NothingToClaim(id, finalized);
        revert HintInvalid(id, hint);
    }

    /// @return from First share of the position that is not yet claimed, on the line.
    /// @return end Its end.
    function _unclaimed(uint256 id) private view returns (uint256 from, uint256 end) {
        uint256 data = _getExtraData(id);
        // unchecked: 95 bits times 1e9, and known ids begin at 1
        unchecked {
            end = (data & ~uint256(PARTLY_CLAIMED)) * UNIT;
            from = data < PARTLY_CLAIMED ? _endOf(id - 1) : _claimedTo[id];
        }
    }

    /// @return Shares of the line at which position `id` ends, and the next one begins.
    function _endOf(uint256 id) private view returns (uint256) {
        return (_getExtraData(id) & ~uint256(PARTLY_CLAIMED)) * UNIT;
    }

    /// @return hint 0 where nothing more is to be claimed, or not within the points `low`..`high`.
    function _hintFor(uint256 id, uint256 low, uint256 high, uint256 finalized)
        private
        view
        returns (uint256 hint)
    {
        _requireKnown(id);
        if (_ownerOf(id) == address(0) || low > high) return 0;
        (uint256 from, uint256 end) = _unclaimed(id);
        if (from < finalized) hint = _line.find(finalized < end ? finalized : end, low, high);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IWithdrawalQueue
    function findCheckpointHints(uint256[] calldata requestIds, uint256 firstIndex, uint256 lastIndex)
        external
        view
        returns (uint256[] memory hints)
    {
        hints = new uint256[](requestIds.length);
        uint256 newest = _line.newest;
        if (firstIndex == 0 || lastIndex > newest) revert PointsRangeInvalid(firstIndex, lastIndex, newest);
        uint256 finalized = _line.end().shares;
        for (uint256 i; i < requestIds.length; ++i) {
            if (i != 0 && requestIds[i] <= requestIds[i - 1]) {
                revert RequestIdsNotSorted(requestIds[i - 1], requestIds[i]);
            }
            hints[i] = _hintFor(requestIds[i], firstIndex, lastIndex, finalized);
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
        for (uint256 i; i < requestIds.length; ++i) {
            uint256 id = requestIds[i];
            _requireKnown(id);
            if (hints[i] == 0 || _ownerOf(id) == address(0)) continue;
            (uint256 from, uint256 end) = _unclaimed(id);
            uint256 to;
            (to, amounts[i]) = _line.claim(hints[i], from, end);
            if (to == 0 && from < _line.end().shares) revert HintInvalid(id, hints[i]);
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function getWithdrawalStatus(uint256[] calldata requestIds)
        external
        view
        returns (WithdrawalRequestStatus[] memory statuses)
    {
        statuses = new WithdrawalRequestStatus[](requestIds.length);
        for (uint256 i; i < requestIds.length; ++i) {
            Position memory p = position(requestIds[i]);
            uint256 size = p.endShares - p.startShares;
            statuses[i] = WithdrawalRequestStatus({
                amountOfStETH: _finalizedValue(p) + TOKEN.getPooledEthByShares(size - p.finalizedShares),
                amountOfShares: size,
                owner: p.owner,
                timestamp: 0,
                isFinalized: p.finalizedShares == size,
                isClaimed: p.owner == address(0)
            });
        }
    }

    /// @dev Wei locked for the finalized part, claimed or not.
    function _finalizedValue(Position memory p) private view returns (uint256) {
        if (p.finalizedShares == 0) return 0;
        return _line.valueAt(p.startShares + p.finalizedShares) - _line.valueAt(p.startShares);
    }

    /// @inheritdoc IWithdrawalQueue
    function getWithdrawalRequests(address owner) external view returns (uint256[] memory requestIds) {
        uint256 left = balanceOf(owner);
        requestIds = new uint256[](left);
        for (uint256 id = _lastRequestId; left != 0; --id) {
            if (_ownerOf(id) == owner) requestIds[--left] = id;
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function getWithdrawalRequests(address owner, uint256 firstId, uint256 lastId)
        external
        view
        returns (uint256[] memory requestIds)
    {
        if (firstId == 0) firstId = 1;
        if (lastId > _lastRequestId) lastId = _lastRequestId;
        // no more than the page holds, however many positions somebody has pushed onto the owner
        uint256 most = lastId < firstId ? 0 : lastId - firstId + 1;
        if (most > balanceOf(owner)) most = balanceOf(owner);
        requestIds = new uint256[](most);
        uint256 count;
        for (uint256 id = firstId; id <= lastId && count < most; ++id) {
            if (_ownerOf(id) == owner) requestIds[count++] = id;
        }
        // count ≤ most: the array only gets shorter
        assembly ("memory-safe") {
            mstore(requestIds, count)
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function position(uint256 requestId) public view returns (Position memory p) {
        _requireKnown(requestId);
        (uint256 from, uint256 end) = _unclaimed(requestId);
        uint256 finalized = _line.end().shares;
        if (finalized > end) finalized = end;
        p.owner = _ownerOf(requestId);
        p.startShares = _endOf(requestId - 1);
        p.endShares = end;
        p.claimedShares = (p.owner == address(0) ? end : from) - p.startShares;
        p.finalizedShares = finalized > p.startShares ? finalized - p.startShares : 0;
    }

    /// @inheritdoc IWithdrawalQueue
    function getLastRequestId() external view returns (uint256) {
        return _lastRequestId;
    }

    /// @inheritdoc IWithdrawalQueue
    function getLastFinalizedRequestId() public view returns (uint256 low) {
        uint256 finalized = _line.end().shares;
        uint256 high = _lastRequestId;
        while (low < high) {
            uint256 middle = (low + high + 1) / 2;
            if (_endOf(middle) <= finalized) low = middle;
            else high = middle - 1;
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function getLastCheckpointIndex() external view returns (uint256) {
        return _line.newest;
    }

    /// @inheritdoc IWithdrawalQueue
    function unfinalizedRequestNumber() external view returns (uint256) {
        return _lastRequestId - getLastFinalizedRequestId();
    }

    /// @inheritdoc IWithdrawalQueue
    function unfinalizedStETH() external view returns (uint256) {
        return TOKEN.getPooledEthByShares(unfinalizedShares());
    }

    /// @inheritdoc IWithdrawalQueue
    function unfinalizedShares() public view returns (uint256) {
        return uint256(_endUnits) * UNIT - _line.end().shares;
    }

    /// @inheritdoc IWithdrawalQueue
    function finalizableShares() external view returns (uint256) {
        return uint256(_horizonUnits) * UNIT - _line.end().shares;
    }

    /// @inheritdoc IWithdrawalQueue
    function payout(uint256 shares) external view returns (uint256) {
        if (shares > _line.end().shares) revert NothingToClaim(0, _line.end().shares);
        return _line.valueAt(shares);
    }

    // ---------------------------------------------------------------- ERC-721

    function name() public pure override returns (string memory) {
        return "Cairn Withdrawal Position";
    }

    function symbol() public pure override returns (string memory) {
        return "caWQ";
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == ERC4906 || super.supportsInterface(interfaceId);
    }

    /// @notice A card as data, for wallets and markets: what a buyer must know, above all what is already claimed.
    function tokenURI(uint256 id) public view override returns (string memory) {
        if (!_exists(id)) revert TokenDoesNotExist();
        Position memory p = position(id);
        uint256 finalized = _line.end().shares;
        return PositionCard.render(
            PositionCard.Facts({
                id: id,
                shares: p.endShares - p.startShares,
                claimedShares: p.claimedShares,
                finalizedShares: p.finalizedShares,
                claimableEther: p.finalizedShares > p.claimedShares
                    ? _line.valueAt(p.startShares + p.finalizedShares)
                        - _line.valueAt(p.startShares + p.claimedShares)
                    : 0,
                waitingEther: TOKEN.getPooledEthByShares(p.endShares - p.startShares - p.finalizedShares),
                etherAhead: p.startShares > finalized
                    ? TOKEN.getPooledEthByShares(p.startShares - finalized)
                    : 0
            })
        );
    }

    function _requireKnown(uint256 id) private view {
        if (id == 0 || id > _lastRequestId) revert RequestUnknown(id, _lastRequestId);
    }
}
