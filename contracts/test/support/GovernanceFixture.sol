// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { EmergencyBrake } from "../../src/governance/EmergencyBrake.sol";
import { IBraked } from "../../src/governance/IBraked.sol";
import { IEmergencyBrake } from "../../src/governance/IEmergencyBrake.sol";
import { IExitLine } from "../../src/governance/IExitLine.sol";
import { ILockedVotes } from "../../src/governance/ILockedVotes.sol";
import { IStakedPool } from "../../src/governance/IStakedPool.sol";
import { LockedVotes } from "../../src/governance/LockedVotes.sol";
import { Roles } from "../../src/governance/Roles.sol";
import { StackDeployer } from "../../src/governance/StackDeployer.sol";
import { StakerGovernor } from "../../src/governance/StakerGovernor.sol";
import { GovernanceTable } from "./GovernanceTable.sol";
import { StackFixture } from "./StackFixture.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// The stack under its real governance, with the roles of contracts/roles.json, and the verbs of its actors.
abstract contract GovernanceFixture is StackFixture, GovernanceTable {
    struct Proposal {
        uint256 id;
        address[] targets;
        uint256[] values;
        bytes[] calldatas;
        string description;
    }

    uint48 internal constant UNLOCK = 7 days;
    uint32 internal constant MIN_PERIOD = 3 days;
    uint32 internal constant DELAY = 4 days;
    uint48 internal constant VOTING_DELAY = 1 days;
    uint32 internal constant VOTING_PERIOD = 5 days;
    uint48 internal constant EXTENSION = 2 days;
    uint16 internal constant THRESHOLD_BPS = 10;
    uint16 internal constant QUORUM_BPS = 400;
    uint8 internal constant AGAINST = 0;
    uint8 internal constant FOR = 1;
    uint8 internal constant ABSTAIN = 2;

    StackDeployer internal names;
    Roles internal roles;
    TimelockController internal timelock;
    LockedVotes internal votes;
    StakerGovernor internal governor;
    EmergencyBrake internal brake;

    address internal guardian = makeAddr("guardian");
    address internal stranger = makeAddr("stranger");
    uint256 private _count;

    function setUp() public virtual override {
        names = new StackDeployer(address(this));
        governance = names.addressOf("accessManager");
        super.setUp();
        _deployGovernance();
        _wire(roles);
        _grant();
    }

    function _brake() internal view override returns (address) {
        return names.addressOf("emergencyBrake");
    }

    function _deployGovernance() private {
        roles = Roles(_make("accessManager", type(Roles).creationCode, abi.encode(address(this))));
        address[] memory only = new address[](1);
        only[0] = names.addressOf("stakerGovernor");
        bytes memory args = abi.encode(DELAY, only, only, address(0));
        timelock = TimelockController(payable(_make("timelock", type(TimelockController).creationCode, args)));
        args = abi.encode(wrapped, queue, UNLOCK);
        votes = LockedVotes(_make("lockedVotes", type(LockedVotes).creationCode, args));
        args = abi.encode(roles, token, block.timestamp + 365 days);
        brake = EmergencyBrake(_make("emergencyBrake", type(EmergencyBrake).creationCode, args));
        args = abi.encode(_config());
        governor = StakerGovernor(payable(_make("stakerGovernor", type(StakerGovernor).creationCode, args)));
    }

    function _make(bytes32 name, bytes memory code, bytes memory args) private returns (address) {
        return names.deploy(name, abi.encodePacked(code, args));
    }

    function _config() internal view returns (StakerGovernor.Config memory) {
        return StakerGovernor.Config({
            pool: IStakedPool(address(token)),
            queue: IExitLine(address(queue)),
            votes: votes,
            timelock: timelock,
            manager: roles,
            brake: brake,
            beaconProofs: address(proofs),
            minVotingPeriod: MIN_PERIOD,
            noticeSeconds: DELAY,
            votingDelay: VOTING_DELAY,
            votingPeriod: VOTING_PERIOD,
            voteExtension: EXTENSION,
            thresholdBps: THRESHOLD_BPS,
            quorumBps: QUORUM_BPS
        });
    }

    /// The last acts of a deployment: who holds what; the deployer nothing.
    function _grant() private {
        uint64[6] memory ofTimelock = [
            roles.RELEASER(),
            roles.PARAMETERS(),
            roles.FORKS(),
            roles.OPERATORS(),
            roles.UPGRADES(),
            roles.OSSIFY()
        ];
        for (uint256 i; i < 6; ++i) {
            roles.grantRole(ofTimelock[i], address(timelock), 0);
        }
        roles.grantRole(roles.GUARDIAN(), guardian, 0);
        roles.grantRole(roles.RELEASER(), guardian, 0);
        roles.grantRole(roles.ADMIN(), address(timelock), 0);
        roles.renounceRole(roles.ADMIN(), address(this));
    }

    function addressOf(string memory name) public view override returns (address) {
        bytes32 key = keccak256(bytes(name));
        if (key == keccak256("accessManager")) return address(roles);
        if (key == keccak256("timelock")) return address(timelock);
        if (key == keccak256("stakerGovernor")) return address(governor);
        if (key == keccak256("emergencyBrake")) return address(brake);
        if (key == keccak256("operatorRegistry")) return address(registry);
        if (key == keccak256("beaconProofs")) return address(proofs);
        if (key == keccak256("validatorManager")) return address(validators);
        if (key == keccak256("checkpoints")) return address(checkpoints);
        if (key == keccak256("withdrawals")) return address(withdrawals);
        if (key == keccak256("penalties")) return address(penalties);
        if (key == keccak256("depositsInFlight")) return address(inFlight);
        if (key == keccak256("feeSplit")) return address(fees);
        revert(string.concat("no such contract: ", name));
    }

    /// All that governance can upgrade.
    function modules() internal view returns (address[8] memory) {
        return [
            address(registry),
            address(proofs),
            address(validators),
            address(checkpoints),
            address(withdrawals),
            address(penalties),
            address(inFlight),
            address(fees)
        ];
    }

    // ------------------------------------------------------------ votes

    function elapse(uint256 elapsedSeconds) internal {
        uint64 perSlot = beacon.SECONDS_PER_SLOT();
        beacon.tick(uint64((elapsedSeconds + perSlot - 1) / perSlot));
    }

    /// Ether becomes locked wcaETH of `who`.
    function lockFrom(address who, uint256 amount) internal returns (uint256 units) {
        stake(who, amount);
        units = wrap(who, amount);
        lockUnits(who, units);
    }

    function lockUnits(address who, uint256 units) internal {
        vm.startPrank(who);
        wrapped.approve(address(votes), units);
        votes.lock(units);
        vm.stopPrank();
    }

    // ------------------------------------------------------------ proposals

    /// One action asked of the manager, which asks it of `target`.
    function proposalOf(address target, bytes memory data) internal returns (Proposal memory p) {
        p = direct(address(roles), abi.encodeCall(IAccessManager.execute, (target, data)));
    }

    /// One action of the timelock's own.
    function direct(address target, bytes memory data) internal returns (Proposal memory p) {
        p.targets = new address[](1);
        p.values = new uint256[](1);
        p.calldatas = new bytes[](1);
        p.targets[0] = target;
        p.calldatas[0] = data;
        p.description = vm.toString(++_count);
        p.id = idOf(p);
    }

    /// `p` and `q` in one.
    function join(Proposal memory p, Proposal memory q) internal view returns (Proposal memory r) {
        uint256 length = p.targets.length + q.targets.length;
        r.targets = new address[](length);
        r.values = new uint256[](length);
        r.calldatas = new bytes[](length);
        for (uint256 i; i < length; ++i) {
            bool first = i < p.targets.length;
            uint256 j = first ? i : i - p.targets.length;
            r.targets[i] = first ? p.targets[j] : q.targets[j];
            r.values[i] = first ? p.values[j] : q.values[j];
            r.calldatas[i] = first ? p.calldatas[j] : q.calldatas[j];
        }
        r.description = string.concat(p.description, q.description);
        r.id = idOf(r);
    }

    function idOf(Proposal memory p) internal view returns (uint256) {
        return governor.hashProposal(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
    }

    function propose(address who, Proposal memory p) internal {
        vm.prank(who);
        governor.propose(p.targets, p.values, p.calldatas, p.description);
    }

    function voteFor(address who, Proposal memory p) internal {
        vm.prank(who);
        governor.castVote(p.id, FOR);
    }

    /// Proposed by `who` and passed with its votes alone.
    function pass(address who, Proposal memory p) internal {
        propose(who, p);
        elapse(governor.votingDelay() + 12);
        voteFor(who, p);
        elapse(governor.proposalDeadline(p.id) + 1 - block.timestamp);
        assertTrue(governor.state(p.id) == IGovernor.ProposalState.Succeeded, "passed");
    }

    function queueUp(Proposal memory p) internal {
        governor.queue(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
    }

    function passAndQueue(address who, Proposal memory p) internal {
        pass(who, p);
        queueUp(p);
    }

    function execute(Proposal memory p) internal {
        governor.execute(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)));
    }

    function veto(address who, Proposal memory p, string memory reason) internal {
        vm.prank(who);
        governor.veto(p.targets, p.values, p.calldatas, keccak256(bytes(p.description)), reason);
    }

    /// From the vote to the deed, with an empty queue.
    function enact(address who, Proposal memory p) internal {
        passAndQueue(who, p);
        elapse(DELAY);
        execute(p);
    }

    function contentOf(Proposal memory p) internal pure returns (bytes32) {
        return keccak256(abi.encode(p.targets, p.values, p.calldatas));
    }

    function harmless() internal returns (Proposal memory) {
        return proposalOf(address(fees), abi.encodeWithSignature("setTreasury(address)", treasury));
    }

    /// Most of the pool's ether goes to validators: the queue is crowded.
    function drain(uint64 amountGwei) internal returns (uint40 index) {
        index = member(joinOperator(), ++_count, amountGwei);
    }

    /// A validator pays `amountGwei` back, and the next checkpoint finalizes with it.
    function payBack(uint40 index, uint64 amountGwei) internal {
        beacon.setBalance(index, beacon.balanceOf(index) - amountGwei);
        vm.deal(address(withdrawalVault), address(withdrawalVault).balance + uint256(amountGwei) * 1 gwei);
    }
}
