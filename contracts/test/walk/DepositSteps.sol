// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ExitRefusal, InstantExitQuote } from "../../src/deposit/IStakedEther.sol";
import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { DepositZone } from "./DepositZone.sol";
import { Puppet } from "./Puppet.sol";

/// The steps of the walk, and the books kept beside it. A step that the contracts refuse changes nothing.
abstract contract DepositSteps is DepositZone {
    enum Kind {
        Stake,
        Transfer,
        TransferShares,
        InstantExit,
        Request,
        RequestWrapped,
        PassOn,
        Claim,
        Wrap,
        Unwrap,
        Deposit,
        Withdraw,
        Gain,
        Loss,
        Finalize
    }

    uint256 private constant MOST_REQUESTS = 12;

    /// Wei put in, paid by the queue, left at once (with the fee), and booked by rebases.
    uint256 internal staked;
    uint256 internal claimed;
    uint256 internal exited;
    int256 internal recognized;
    mapping(uint256 id => uint256) internal paidFor;
    /// One bit for each kind of step that was done.
    uint256 internal done;

    constructor() payable DepositZone() { }

    /// L2: without a rebase the rate never falls, and rises by less than a share and a wei.
    modifier watched() {
        (uint256 s0, uint256 e0) = token.ledger();
        _;
        (uint256 s1, uint256 e1) = token.ledger();
        assert(e1 * s0 >= e0 * s1); // L2: never falls
        assert(e1 * s0 <= e0 * s1 + s0 + e0); // L2: dust only
    }

    function stake(uint256 who, uint256 to, uint256 amount) external watched {
        uint256 limit = token.getCurrentStakeLimit();
        if (limit == 0) return;
        amount = _bound(amount, 1, limit < 400 ether ? limit : 400 ether);
        if (address(this).balance < amount) return;
        Puppet from = _staker(who);
        payable(address(from)).transfer(amount);
        bytes memory call_ = abi.encodeCall(token.stake, (address(_staker(to)), 0));
        if (_do(Kind.Stake, from, address(token), amount, call_)) staked += amount;
    }

    /// L4: both sides move by `amount`, a wei more or less.
    function transfer(uint256 who, uint256 to, uint256 amount) external watched {
        (address from, address receiver) = (address(_staker(who)), address(_staker(to)));
        (uint256 had, uint256 held) = (token.balanceOf(from), token.balanceOf(receiver));
        amount = _bound(amount, 0, had);
        bytes memory call_ = abi.encodeCall(token.transfer, (receiver, amount));
        if (!_do(Kind.Transfer, _staker(who), address(token), 0, call_) || from == receiver) return;
        uint256 gone = had - token.balanceOf(from);
        uint256 come = token.balanceOf(receiver) - held;
        assert(gone + 1 >= amount && gone <= amount + 1); // L4
        assert(come + 1 >= amount && come <= amount + 1); // L4
    }

    function transferShares(uint256 who, uint256 to, uint256 shares) external watched {
        Puppet from = _staker(who);
        address[] memory targets = _holders();
        address receiver = targets[to % targets.length];
        shares = _bound(shares, 0, token.sharesOf(address(from)));
        _do(
            Kind.TransferShares,
            from,
            address(token),
            0,
            abi.encodeCall(token.transferShares, (receiver, shares))
        );
    }

    function instantExit(uint256 who, uint256 amount) external watched {
        Puppet from = _staker(who);
        amount = _bound(amount, 0, token.balanceOf(address(from)));
        InstantExitQuote memory q = token.quoteInstantExit(amount);
        if (q.refusal == ExitRefusal.Limit || q.refusal == ExitRefusal.FreeEther) {
            amount = q.available;
            q = token.quoteInstantExit(amount);
        }
        if (q.refusal != ExitRefusal.None || q.etherOut == 0) return;
        uint256 before = address(from).balance;
        bytes memory call_ = abi.encodeCall(token.instantExit, (amount, q.etherOut, address(from)));
        if (!_do(Kind.InstantExit, from, address(token), 0, call_)) return;
        assert(address(from).balance - before == q.etherOut); // L3: paid as quoted
        exited += amount;
    }

    function request(uint256 who, uint256 to, uint256 amount) external watched {
        if (queue.getLastRequestId() >= MOST_REQUESTS) return;
        Puppet from = _staker(who);
        uint256 balance = token.balanceOf(address(from));
        if (balance < 100) return;
        amount = _bound(amount, 100, balance);
        from.act(address(token), 0, abi.encodeCall(token.approve, (address(queue), type(uint256).max)));
        bytes memory call_ = abi.encodeCall(queue.requestWithdrawals, (_one(amount), address(_staker(to))));
        _do(Kind.Request, from, address(queue), 0, call_);
    }

    function requestWrapped(uint256 who, uint256 to, uint256 units) external watched {
        if (queue.getLastRequestId() >= MOST_REQUESTS) return;
        Puppet from = _staker(who);
        uint256 balance = wrapped.balanceOf(address(from));
        if (balance < 100) return;
        units = _bound(units, 100, balance);
        from.act(address(wrapped), 0, abi.encodeCall(wrapped.approve, (address(queue), units)));
        bytes memory call_ =
            abi.encodeCall(queue.requestWithdrawalsWstETH, (_one(units), address(_staker(to))));
        _do(Kind.RequestWrapped, from, address(queue), 0, call_);
    }

    function passOn(uint256 seed, uint256 to) external watched {
        (uint256 id, IWithdrawalQueue.Position memory p) = _position(seed);
        if (p.owner == address(0)) return;
        bytes memory call_ = abi.encodeCall(queue.transferFrom, (p.owner, address(_staker(to)), id));
        _do(Kind.PassOn, Puppet(payable(p.owner)), address(queue), 0, call_);
    }

    function claim(uint256 seed) external watched {
        (uint256 id, IWithdrawalQueue.Position memory p) = _position(seed);
        if (p.owner == address(0) || p.finalizedShares <= p.claimedShares) return;
        uint256[] memory hints = queue.findCheckpointHints(_one(id), 1, queue.getLastCheckpointIndex());
        uint256 preview = queue.getClaimableEther(_one(id), hints)[0];
        uint256 before = p.owner.balance;
        bytes memory call_ = abi.encodeCall(queue.claimWithdrawals, (_one(id), hints));
        bool ok = _do(Kind.Claim, Puppet(payable(p.owner)), address(queue), 0, call_);
        assert(ok); // G3: what is finalized can be claimed
        uint256 paid = p.owner.balance - before;
        assert(paid == preview); // L3: paid as previewed
        claimed += paid;
        paidFor[id] += paid;
    }

    function wrap(uint256 who, uint256 amount) external watched {
        Puppet from = _staker(who);
        amount = _bound(amount, 0, token.balanceOf(address(from)));
        _approveWrapper(from);
        _do(Kind.Wrap, from, address(wrapped), 0, abi.encodeCall(wrapped.wrap, (amount)));
    }

    function unwrap(uint256 who, uint256 units) external watched {
        Puppet from = _staker(who);
        units = _bound(units, 0, wrapped.balanceOf(address(from)));
        _do(Kind.Unwrap, from, address(wrapped), 0, abi.encodeCall(wrapped.unwrap, (units)));
    }

    function depositOrMint(uint256 who, uint256 to, uint256 amount, bool byUnits) external watched {
        Puppet from = _staker(who);
        address receiver = address(_staker(to));
        amount = _bound(amount, 0, token.balanceOf(address(from)));
        _approveWrapper(from);
        bytes memory call_ = byUnits
            ? abi.encodeCall(wrapped.mint, (wrapped.previewDeposit(amount), receiver))
            : abi.encodeCall(wrapped.deposit, (amount, receiver));
        _do(Kind.Deposit, from, address(wrapped), 0, call_);
    }

    function withdrawOrRedeem(uint256 who, uint256 to, uint256 units, bool byUnits) external watched {
        Puppet from = _staker(who);
        address receiver = address(_staker(to));
        units = _bound(units, 0, wrapped.balanceOf(address(from)));
        bytes memory call_ = byUnits
            ? abi.encodeCall(wrapped.redeem, (units, receiver, address(from)))
            : abi.encodeCall(wrapped.withdraw, (wrapped.previewRedeem(units), receiver, address(from)));
        _do(Kind.Withdraw, from, address(wrapped), 0, call_);
    }

    /// A checkpoint's gain, of any size and with any fee: the token's own bounds decide.
    function gain(uint256 amount, uint256 fee) external {
        uint256 most = token.getTotalPooledEther() * 30 / 10_000;
        amount = _bound(amount, 0, most);
        if (address(this).balance < amount) return;
        (uint256 shares, uint256 poolEther) = token.ledger();
        if (poolEther == 0) return;
        uint256 feeShares = _bound(fee, 0, amount * shares / poolEther / 5);
        try token.applyRebase(uint40(block.timestamp), int256(amount), 0, feeShares) {
            recognized += int256(amount);
            _note(Kind.Gain);
            payable(address(vault)).transfer(amount);
            vault.act(address(token), amount, abi.encodeCall(token.payIn, ()));
        } catch { }
    }

    /// Mostly small: a pool below 1 ETH takes no stake any more.
    function loss(uint256 amount) external {
        uint256 pool = token.getTotalPooledEther();
        amount = _bound(amount, 0, amount % 64 == 0 ? pool : pool / 50);
        try token.applyRebase(uint40(block.timestamp), -int256(amount), 0, 0) {
            recognized -= int256(amount);
            _note(Kind.Loss);
        } catch { }
    }

    function finalize(uint256 shares) external watched {
        uint256 most = queue.finalizableShares();
        uint256 affordable = token.getSharesByPooledEth(address(token).balance);
        shares = _bound(shares, 0, most < affordable ? most : affordable);
        (uint256 points, uint256 locked) = (queue.getLastCheckpointIndex(), _locked());
        try token.finalizeShares(shares) {
            if (shares != 0) _note(Kind.Finalize);
        } catch { }
        assert(queue.getLastCheckpointIndex() >= points && _locked() >= locked); // W3
    }

    // ------------------------------------------------------------ inside

    function _staker(uint256 seed) internal view returns (Puppet) {
        return stakers[seed % STAKERS];
    }

    function _position(uint256 seed) private view returns (uint256 id, IWithdrawalQueue.Position memory p) {
        uint256 last = queue.getLastRequestId();
        if (last == 0) return (0, p);
        id = 1 + seed % last;
        p = queue.position(id);
    }

    /// @return F at the end of what is finalized.
    function _locked() internal view returns (uint256) {
        uint256 last = queue.getLastRequestId();
        if (last == 0) return 0;
        return queue.payout(queue.position(last).endShares - queue.unfinalizedShares());
    }

    function _approveWrapper(Puppet from) private {
        from.act(address(token), 0, abi.encodeCall(token.approve, (address(wrapped), type(uint256).max)));
    }

    function _do(Kind kind, Puppet who, address target, uint256 value, bytes memory call_)
        private
        returns (bool ok)
    {
        (ok,) = who.act(target, value, call_);
        if (ok) _note(kind);
    }

    function _note(Kind kind) private {
        done |= 1 << uint256(kind);
    }
}
