// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Checkpoints } from "../../src/accounting/Checkpoints.sol";
import { FeeSplit } from "../../src/accounting/FeeSplit.sol";
import { ICheckpoints, Indices, Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { StakedEther } from "../../src/deposit/StakedEther.sol";
import { WithdrawalQueue } from "../../src/deposit/WithdrawalQueue.sol";
import { WrappedStakedEther } from "../../src/deposit/WrappedStakedEther.sol";
import { Zone } from "../../src/governance/IBraked.sol";
import { DepositsInFlight } from "../../src/validators/DepositsInFlight.sol";
import { IOperatorRegistry, TierTerms } from "../../src/validators/IOperatorRegistry.sol";
import { OperatorRegistry } from "../../src/validators/OperatorRegistry.sol";
import { Penalties } from "../../src/validators/Penalties.sol";
import { ValidatorManager } from "../../src/validators/ValidatorManager.sol";
import { Withdrawals } from "../../src/validators/Withdrawals.sol";
import { BeaconMock } from "./BeaconMock.sol";
import { InFlightShower } from "./InFlightShower.sol";
import { StackFixture } from "./StackFixture.sol";

/// The stack the handlers act on, and the books kept beside it: what went in, what came out, what is not yet
/// recognized. Nothing here is read from the contracts that the invariants check it against.
contract World is StackFixture {
    struct Stack {
        BeaconMock beacon;
        StakedEther token;
        WithdrawalQueue queue;
        WrappedStakedEther wrapped;
        OperatorRegistry registry;
        ValidatorManager validators;
        Withdrawals withdrawals;
        Penalties penalties;
        DepositsInFlight inFlight;
        Checkpoints checkpoints;
        FeeSplit fees;
        InFlightShower shower;
        address withdrawalVault;
        address executionVault;
        address manager;
        address keeper;
    }

    uint256 private constant BOND = 30 ether;

    address[] private _stakers;
    address[] private _holders;
    uint32[] private _operators;

    /// Wei staked by users, bonds minted, wei claimed, wei that left at once (fees included), wei recognized by closes.
    uint256 public staked;
    uint256 public bonds;
    uint256 public claimed;
    uint256 public exited;
    int256 public recognized;
    /// Wei owned and not yet recognized: gains, losses and donations that no close has booked.
    int256 public unrecognized;
    /// Wei sent to the beacon deposit contract by operators, and by the pool.
    uint256 public predeposited;
    uint256 public deposited;

    uint256 public keysMade;
    mapping(uint256 n => uint40 index) public indexOf; // of key n, plus one
    mapping(uint256 n => bool) public frontRun;
    mapping(uint256 id => uint256) public paidFor;
    mapping(uint256 id => uint256) public requestedAt;

    Snapshot private _snapshot;
    bytes public stateProof; // of the open checkpoint's root
    bytes public balancesProof;
    bytes public inFlightProof;
    uint256 public openTruth; // what was owned when the checkpoint was opened

    // facts the invariants look at
    bool public rateFell;
    bool public rateRose;
    bool public finalizedEarly;
    bool public keyTakenTwice;
    bool public lineShrank;
    bool public closeInexact;
    bool public previewWrong;
    bool public feeInexact;
    bool public incomeInexact;
    bool public capExceeded;
    bool public fundedBeyondLimits;
    bool public penalizedTwice;
    bool public bondEscaped;
    bool public brakeFailed;
    /// How often something was done, and refused, while a zone was stopped.
    mapping(Zone => uint256) public doneBraked;
    mapping(Zone => uint256) public refusedBraked;
    uint256 public departed;
    uint256 public settled;
    uint256 public idled;
    uint256 public closes;
    uint256 public closesWithFee;
    uint256 public closesWithFlows; // with stakes or bonds since the open
    uint256 public closesInFlight; // with deposits in flight

    function setUp() public override {
        vm.deal(address(this), SEED);
        super.setUp();
        for (uint256 i; i < 5; ++i) {
            _stakers.push(makeAddr(string.concat("staker", vm.toString(i))));
            vm.deal(_stakers[i], 1_000_000 ether);
            _holders.push(_stakers[i]);
        }
        for (uint256 i; i < 3; ++i) {
            _operators.push(joinOperator());
        }
        _holders.push(address(0xdEaD));
        _holders.push(address(queue));
        _holders.push(address(wrapped));
        _holders.push(address(registry));
        _holders.push(address(withdrawalVault));
        _holders.push(address(executionVault));
        _holders.push(address(validators));
        _holders.push(address(checkpoints));
        _holders.push(address(fees));
        _holders.push(treasury);
        _holders.push(manager);
        _holders.push(keeper);
        vm.deal(manager, 1_000_000 ether);
        for (uint256 i; i < _operators.length; ++i) {
            vm.prank(manager);
            registry.topUpBondWithEther{ value: BOND }(_operators[i]);
            staked += BOND;
        }
    }

    /// Bonds that matter, and limits that a walk of a few hundred calls can reach.
    function _permissionless() internal pure override returns (TierTerms memory) {
        return TierTerms({
            operatorShareBps: 2000,
            tierShareBps: 8000,
            operatorFloorGwei: 1000e9,
            tierFloorGwei: 2500e9,
            kneeGwei: 512e9,
            bondBps: 400,
            bondBpsAbove: 200
        });
    }

    // ------------------------------------------------------------ readers

    function stack() external view returns (Stack memory s) {
        (s.beacon, s.token, s.queue, s.wrapped) = (beacon, token, queue, wrapped);
        (s.registry, s.validators, s.withdrawals) = (registry, validators, withdrawals);
        (s.penalties, s.inFlight, s.checkpoints) = (penalties, inFlight, checkpoints);
        (s.withdrawalVault, s.executionVault) = (address(withdrawalVault), address(executionVault));
        (s.fees, s.shower, s.manager, s.keeper) = (fees, shower, manager, keeper);
    }

    function staker(uint256 seed) external view returns (address) {
        return _stakers[seed % _stakers.length];
    }

    function holders() external view returns (address[] memory) {
        return _holders;
    }

    function operatorOf(uint256 n) public view returns (uint32) {
        return _operators[n % _operators.length];
    }

    function memberList() external view returns (uint40[] memory) {
        return members;
    }

    function ownedNow() external view returns (uint256) {
        return owned();
    }

    function snapshot() external view returns (Snapshot memory) {
        return _snapshot;
    }

    function isOpen() external view returns (bool) {
        return checkpoints.openSnapshotHash() != 0;
    }

    function keyOf(uint256 n) external pure returns (bytes memory) {
        return key(n);
    }

    function rootOf(uint256 n) external pure returns (bytes32) {
        return keyRoot(n);
    }

    // ------------------------------------------------------------ books

    /// Somebody who is paid in shares.
    function noteHolder(address holder) external {
        _holders.push(holder);
    }

    function noteStaked(uint256 amount) external {
        staked += amount;
    }

    function noteRequested(uint256 id) external {
        requestedAt[id] = block.timestamp;
    }

    function noteClaimed(uint256 id, uint256 amount) external {
        claimed += amount;
        paidFor[id] += amount;
    }

    /// The fee is ether that stays, and that no close has recognized.
    function noteExited(uint256 amount, uint256 fee) external {
        exited += amount;
        unrecognized += int256(fee);
    }

    function noteGain(int256 amount) external {
        unrecognized += amount;
    }

    function noteKey(uint256 n, uint40 index, bool stolen) external {
        keysMade = n;
        indexOf[n] = index + 1;
        frontRun[n] = stolen;
        predeposited += 1 ether;
    }

    function noteTakenTwice() external {
        keyTakenTwice = true;
    }

    function noteFunded(uint256 n, uint64 amountGwei, bool joined) external {
        if (amountGwei == 0) return;
        deposited += uint256(amountGwei) * 1 gwei;
        if (!joined) return;
        bonds += 1 ether;
        _join(indexOf[n] - 1);
        // what the key holds beyond the bond that was minted for it
        unrecognized += int256(uint256(beacon.balanceOf(indexOf[n] - 1)) * 1 gwei) - 1 ether;
    }

    /// V3: after a funding the bond covers the stake, and both limits hold.
    function noteFundingOf(uint32 operatorId) external {
        IOperatorRegistry.Operator memory o = registry.operator(operatorId);
        (uint64 own, uint64 tier) = registry.limitsGwei(o.tier);
        bool held = o.stakeGwei <= own && registry.tierStakeGwei(o.tier) <= tier;
        // a wei of rounding for each share price
        held = held && registry.bondEther(operatorId) + 1 gwei >= registry.requiredBond(operatorId);
        if (!held || o.openSlashings != 0 || o.leaving) fundedBeyondLimits = true;
    }

    function noteLeft(uint256 n) external {
        ++departed;
        uint40 index = indexOf[n] - 1;
        uint256 at;
        while (members[at] != index) ++at;
        for (; at + 1 < members.length; ++at) {
            members[at] = members[at + 1];
        }
        members.pop();
    }

    function noteSettled() external {
        ++settled;
    }

    function noteIdle() external {
        ++idled;
    }

    function noteSlashedTwice() external {
        penalizedTwice = true;
    }

    function noteBraked(Zone zone, bool ok, bool failed) external {
        if (ok) ++doneBraked[zone];
        else ++refusedBraked[zone];
        brakeFailed = brakeFailed || failed;
    }

    function noteBondEscaped() external {
        bondEscaped = true;
    }

    function _join(uint40 index) private {
        members.push(index);
        for (uint256 i = members.length - 1; i > 0 && members[i] < members[i - 1]; --i) {
            (members[i], members[i - 1]) = (members[i - 1], members[i]);
        }
    }

    function noteOpened(
        Snapshot calldata s,
        bytes calldata state,
        bytes calldata balances,
        bytes calldata flying
    ) external {
        _snapshot = s;
        (stateProof, balancesProof, inFlightProof) = (state, balances, flying);
        openTruth = owned();
    }

    /// L2: from (s0, e0) to (s1, e1) without a rebase: never down, up by less than a share and a wei.
    function noteRate(uint256 s0, uint256 e0, uint256 s1, uint256 e1) external {
        if (e1 * s0 < e0 * s1) rateFell = true;
        if (e1 * s0 > e0 * s1 + s0 + e0) rateRose = true;
    }

    /// A result booked straight at the token, without a checkpoint.
    function noteRebased(int256 booked) external {
        recognized += booked;
    }

    /// What a close booked, against what was owned at its open.
    function noteClosed(uint256 etherBefore, int256 booked, uint256 reserve) external {
        ++closes;
        if (_snapshot.inFlightGwei != 0) ++closesInFlight;
        if (etherBefore != _snapshot.poolEther) ++closesWithFlows;
        recognized += booked;
        unrecognized -= booked;
        if (int256(openTruth) != int256(uint256(_snapshot.poolEther)) + booked + int256(reserve)) {
            closeInexact = true;
        }
    }

    /// A3: the fee's shares are worth the fee on what was recognized above the mark; none on a loss. A6: no more than the cap.
    function noteFee(ICheckpoints.Result calldata r, uint256 markEther, uint256 markShares) external {
        uint256 gain = r.recognized > 0 ? uint256(r.recognized) : 0;
        uint256 limit = uint256(_snapshot.poolEther) * MAX_BPS_PER_DAY * _threeDaysAtMost(r.elapsed);
        if (gain * 10_000 * 1 days > limit) capExceeded = true;
        uint256 kept = r.poolSharesAfter - r.feeShares;
        uint256 floor = markEther * kept / markShares;
        uint256 before = r.poolEtherAfter - gain;
        if (before > floor) floor = before;
        uint256 base = r.poolEtherAfter > floor ? r.poolEtherAfter - floor : 0;
        if (base > gain) base = gain;
        uint256 feeBps = OPERATOR_FEE_BPS + TREASURY_FEE_BPS + INSURANCE_FEE_BPS;
        uint256 worth = r.feeShares * r.poolEtherAfter / r.poolSharesAfter;
        uint256 owed = base * feeBps / 10_000;
        if (worth > owed + 2 || worth + 2 < owed) feeInexact = true;
        if (r.recognized < 0 && r.feeShares != 0) feeInexact = true;
        if (r.feeShares != 0) ++closesWithFee;
    }

    function _threeDaysAtMost(uint256 elapsed) private pure returns (uint256) {
        return elapsed < 3 days ? elapsed : 3 days;
    }

    /// A5: the sources together are what a share grew by.
    function noteIncome(ICheckpoints.Result calldata r, Indices calldata i0, Indices calldata i1) external {
        int256 sum = int256(i1.consensus) - i0.consensus + i1.execution - i0.execution;
        sum += int256(i1.penalties) - i0.penalties + i1.fees - i0.fees;
        int256 rise = int256(r.poolEtherAfter * 1e36 / r.poolSharesAfter)
            - int256(r.poolEtherBefore * 1e36 / r.poolSharesBefore);
        if (sum != rise || i1.fees > i0.fees || i1.penalties < i0.penalties) incomeInexact = true;
    }

    function notePreviewWrong() external {
        previewWrong = true;
    }

    function noteLineShrank() external {
        lineShrank = true;
    }

    /// W5 for every request that the close just made reached.
    function noteFinalized(uint256 fromShares, uint256 toShares) external {
        uint256 last = queue.getLastRequestId();
        for (uint256 id = 1; id <= last; ++id) {
            IWithdrawalQueue.Position memory p = queue.position(id);
            bool touched = p.endShares > fromShares && p.startShares < toShares;
            if (touched && _snapshot.openedAt < requestedAt[id] + INTERVAL) finalizedEarly = true;
        }
    }
}
