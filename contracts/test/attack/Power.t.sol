// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { ICheckpoints } from "../../src/accounting/ICheckpoints.sol";
import { IStakedEther } from "../../src/deposit/IStakedEther.sol";
import { Zone } from "../../src/governance/IBraked.sol";
import { Tier, TierTerms } from "../../src/validators/IOperatorRegistry.sol";
import { GovernanceFixture } from "../support/GovernanceFixture.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import { ProxyAdmin } from "@openzeppelin/contracts/proxy/transparent/ProxyAdmin.sol";
import {
    ITransparentUpgradeableProxy
} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";

/// A module with another layout: its first variable lies where the parameters are.
contract Misplaced {
    uint256 private _counter;

    function count() external {
        ++_counter;
    }

    function parameters() external view returns (uint256) {
        return _counter;
    }
}

/// What a captured majority would put in place of Checkpoints.
contract CapturedCheckpoints {
    function take(IStakedEther token, address from, address to, uint256 shares) external {
        token.transferSharesFrom(from, to, shares);
    }

    function finalize(IStakedEther token, uint256 shares) external {
        token.finalizeShares(shares);
    }

    function book(IStakedEther token, int256 gain, uint256 burn, uint256 fee) external {
        token.applyRebase(uint40(block.timestamp), gain, burn, fee);
    }
}

/// G1: how far the power of governance reaches, at its worst.
contract PowerAttackTest is GovernanceFixture {
    bytes32 private constant IMPLEMENTATION =
        0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;

    uint32 private operator;
    uint40 private index;

    function setUp() public override {
        super.setUp();
        stake(alice, 500 ether);
        stake(bob, 399 ether);
        operator = joinOperator();
        index = member(operator, 1, 32e9);
    }

    function _asTimelock(address target, bytes memory data) private {
        vm.prank(address(timelock));
        roles.execute(target, data);
    }

    function _upgrade(address module, address implementation) private {
        bytes memory call = abi.encodeCall(
            ProxyAdmin.upgradeAndCall, (ITransparentUpgradeableProxy(module), implementation, "")
        );
        _asTimelock(adminOf(module), call);
    }

    /// All shares and ether that anybody has, and the rate.
    function _holdings() private view returns (bytes32) {
        address[9] memory holders = [
            alice,
            bob,
            manager,
            token.SEED_HOLDER(),
            address(registry),
            address(checkpoints),
            address(fees),
            address(queue),
            address(wrapped)
        ];
        uint256[20] memory found;
        for (uint256 i; i < 9; ++i) {
            found[2 * i] = token.sharesOf(holders[i]);
            found[2 * i + 1] = holders[i].balance;
        }
        (found[18], found[19]) = token.ledger();
        return keccak256(abi.encode(found, address(token).balance, address(withdrawalVault).balance));
    }

    // ------------------------------------------------------------ G1

    /// G1: whatever governance calls, upgrades aside, no share and no wei moves.
    function testFuzz_G1_NoRoleMovesShares(uint16 bps, uint8 zone, uint8 tier) public {
        bytes32 before = _holdings();
        ICheckpoints.Parameters memory p = _parameters();
        p.operatorFeeBps = uint16(bound(bps, 0, 900));
        _asTimelock(address(checkpoints), abi.encodeCall(checkpoints.setParameters, (p)));
        TierTerms memory terms = _curated();
        terms.bondBps = uint16(bound(bps, 0, 5000));
        _asTimelock(address(registry), abi.encodeCall(registry.setTierTerms, (Tier(tier % 2), terms)));
        _asTimelock(address(registry), abi.encodeCall(registry.setTier, (operator, Tier(tier % 2))));
        _asTimelock(address(fees), abi.encodeCall(fees.setTreasury, (address(uint160(bps) + 1))));
        bytes32[] memory roots = new bytes32[](1);
        roots[0] = keyRoot(1);
        _asTimelock(address(withdrawals), abi.encodeCall(withdrawals.orderExits, (roots)));
        vm.startPrank(guardian);
        brake.pull(Zone(zone % 3), 14 days, "G1");
        brake.release(Zone(zone % 3));
        vm.stopPrank();
        vm.warp(block.timestamp + 60 days);
        vm.startPrank(address(timelock));
        brake.rearm(Zone(zone % 3));
        brake.renewMandate(uint40(block.timestamp));
        vm.stopPrank();
        assertEq(_holdings(), before, "G1");
    }

    /// The worst upgrade there is takes nobody's shares, and moves the rate no faster than the token lets anybody.
    function test_Attack_CapturedCheckpoints() public {
        _upgrade(address(checkpoints), address(new CapturedCheckpoints()));
        CapturedCheckpoints captured = CapturedCheckpoints(address(checkpoints));
        vm.expectRevert();
        captured.take(token, alice, guardian, 1);
        vm.warp(block.timestamp + 3 days);
        uint256 pool = token.getTotalPooledEther();
        vm.expectPartialRevert(IStakedEther.RebaseAboveCap.selector);
        captured.book(token, int256(pool * 31 / 10_000), 0, 0);
        vm.expectPartialRevert(IStakedEther.FeeAboveCap.selector);
        captured.book(token, int256(pool / 10_000), 0, pool * 1e9 / 10_000);
        uint256 hers = token.sharesOf(alice);
        captured.book(token, int256(pool * 29 / 10_000), 0, 0);
        assertEq(token.sharesOf(alice), hers, "G1: shares stay");
        vm.expectRevert();
        captured.finalize(token, 1); // nobody has asked
    }

    // ------------------------------------------------------------ another layout

    /// What the layout check keeps out of a release: on chain nothing refuses it. It reads and writes the wrong words, and
    /// going back finds all that it did not write as it was.
    function test_Attack_UpgradedToAnotherLayout() public {
        bytes32 before = keccak256(abi.encode(checkpoints.parameters()));
        address old = address(uint160(uint256(vm.load(address(checkpoints), IMPLEMENTATION))));
        uint256 word = uint256(vm.load(address(checkpoints), 0));
        _upgrade(address(checkpoints), address(new Misplaced()));
        assertEq(Misplaced(address(checkpoints)).parameters(), word, "the words of another");
        _upgrade(address(checkpoints), old);
        assertEq(keccak256(abi.encode(checkpoints.parameters())), before, "nothing was lost by looking");
        _upgrade(address(checkpoints), address(new Misplaced()));
        Misplaced(address(checkpoints)).count();
        _upgrade(address(checkpoints), old);
        assertTrue(keccak256(abi.encode(checkpoints.parameters())) != before, "by writing it would be");
        _asTimelock(address(checkpoints), abi.encodeCall(checkpoints.setParameters, (_parameters())));
        checkpoint(); // parameters set anew, it goes on
    }

    /// No implementation can be destroyed, nor made to run foreign code: neither instruction is in any.
    function test_Attack_SelfdestructedImplementation() public view {
        address[8] memory all = modules();
        for (uint256 m; m < 8; ++m) {
            bytes memory code = address(uint160(uint256(vm.load(all[m], IMPLEMENTATION)))).code;
            for (uint256 i; i < code.length; ++i) {
                uint8 op = uint8(code[i]);
                if (op >= 0x60 && op < 0x80) i += op - 0x5f; // PUSH1 to PUSH32: data follows
                else assertTrue(op != 0xf4 && op != 0xf2, "DELEGATECALL or CALLCODE");
                if (op == 0xfe) break; // INVALID: what follows is data
                assertTrue(op != 0xff, "SELFDESTRUCT");
            }
        }
    }

    // ------------------------------------------------------------ completeness of the table

    /// Every writing function of every module that lets the manager go further than a stranger stands in the table.
    function test_Table_IsComplete() public {
        string[8] memory names_ = [
            "OperatorRegistry",
            "BeaconProofs",
            "ValidatorManager",
            "Checkpoints",
            "Withdrawals",
            "Penalties",
            "DepositsInFlight",
            "FeeSplit"
        ];
        address[8] memory all = modules();
        Row[] memory table = _table();
        uint256 found;
        for (uint256 m; m < 8; ++m) {
            string memory json =
                vm.readFile(string.concat("contracts/out/", names_[m], ".sol/", names_[m], ".json"));
            string[] memory signatures = vm.parseJsonKeys(json, ".methodIdentifiers");
            for (uint256 i; i < signatures.length; ++i) {
                bytes4 selector = bytes4(keccak256(bytes(signatures[i])));
                if (!_letsGovernance(all[m], selector)) continue;
                ++found;
                bool listed;
                for (uint256 r; r < table.length; ++r) {
                    listed = listed || (table[r].target == all[m] && table[r].selector == selector);
                }
                assertTrue(listed, string.concat(names_[m], ".", signatures[i], " is not in the table"));
            }
        }
        assertEq(found, 6, "setTier, setTierTerms, proposeFork, setParameters, orderExits, setTreasury");
    }

    /// Whether a stranger is refused by name, and the manager is not.
    function _letsGovernance(address module, bytes4 selector) private returns (bool) {
        bytes memory data = abi.encodePacked(selector, new bytes(2048));
        return _refusedByName(module, data, stranger) && !_refusedByName(module, data, address(roles));
    }

    function _refusedByName(address module, bytes memory data, address caller) private returns (bool) {
        uint256 state = vm.snapshotState();
        vm.prank(caller);
        (bool ok, bytes memory reason) = module.call(data);
        vm.revertToStateAndDelete(state);
        if (ok) return false;
        for (uint256 at = 4; at + 32 <= reason.length; at += 32) {
            uint256 word;
            assembly {
                word := mload(add(add(reason, 0x20), at))
            }
            if (word == uint160(caller)) return true;
        }
        return false;
    }
}
