// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Checkpoints } from "../../src/accounting/Checkpoints.sol";
import { Snapshot } from "../../src/accounting/ICheckpoints.sol";
import { IWithdrawalQueue } from "../../src/deposit/IWithdrawalQueue.sol";
import { StakedEther } from "../../src/deposit/StakedEther.sol";
import { WithdrawalQueue } from "../../src/deposit/WithdrawalQueue.sol";
import { WrappedStakedEther } from "../../src/deposit/WrappedStakedEther.sol";
import { DepositsInFlight } from "../../src/validators/DepositsInFlight.sol";
import { IOperatorRegistry, TierTerms } from "../../src/validators/IOperatorRegistry.sol";
import { OperatorRegistry } from "../../src/validators/OperatorRegistry.sol";
import { Penalties } from "../../src/validators/Penalties.sol";
import { ValidatorManager } from "../../src/validators/ValidatorManager.sol";
import { Withdrawals } from "../../src/validators/Withdrawals.sol";
import { BeaconMock } from "./BeaconMock.sol";
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
    uint256 public openTruth; // what was owned when the checkpoint was opened

    // facts the invariants look at
    bool public rateFell;
    bool public rateRose;
    bool public finalizedEarly;
    bool public keyTakenTwice;
    bool public lineShrank;
    bool public closeInexact;
    bool public previewWrong;
    bool public fundedBeyondLimits;
    bool public penalizedTwice;
    bool public bondEscaped;
    uint256 public departed;
    uint256 public settled;
    uint256 public idled;
    uint256 public closes;
    uint256 public closesWithFlows; // with stakes or bonds since the open

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

    function stack() external view returns (Stack memory) {
        return Stack(
            beacon,
            token,
            queue,
            wrapped,
            registry,
            validators,
            withdrawals,
            penalties,
            inFlight,
            checkpoints,
            address(withdrawalVault),
            address(executionVault),
            manager,
            keeper
        );
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

    function noteBondEscaped() external {
        bondEscaped = true;
    }

    function _join(uint40 index) private {
        members.push(index);
        for (uint256 i = members.length - 1; i > 0 && members[i] < members[i - 1]; --i) {
            (members[i], members[i - 1]) = (members[i - 1], members[i]);
        }
    }

    function noteOpened(Snapshot calldata s, bytes calldata state, bytes calldata balances) external {
        _snapshot = s;
        (stateProof, balancesProof) = (state, balances);
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
        if (etherBefore != _snapshot.poolEther) ++closesWithFlows;
        recognized += booked;
        unrecognized -= booked;
        if (int256(openTruth) != int256(uint256(_snapshot.poolEther)) + booked + int256(reserve)) {
            closeInexact = true;
        }
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
