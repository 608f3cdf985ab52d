// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IValidatorManager } from "../../../src/validators/IValidatorManager.sol";
import { World } from "../../support/World.sol";
import { Actor } from "./Actor.sol";

/// Operators: predeposit honestly or front-run themselves, have keys proven, ask for funding.
contract OperatorHandler is Actor {
    uint256 private constant MAX_KEYS = 20;

    constructor(World world) Actor(world) { }

    function predeposit(bool steal) external watched {
        uint256 n = WORLD.keysMade() + 1;
        if (n > MAX_KEYS) return;
        _predeposit(n);
        bytes32 credentials = steal && n > 2
            ? bytes32(uint256(0x01) << 248 | uint160(stack.manager))
            : stack.token.withdrawalCredentials();
        uint40 index = stack.beacon.addValidator(WORLD.keyOf(n), credentials, 1e9);
        stack.beacon.tick(1);
        WORLD.noteKey(n, index, steal && n > 2);
    }

    /// V1: the same key again is refused.
    function predepositAgain(uint256 seed) external watched {
        uint256 made = WORLD.keysMade();
        if (made == 0) return;
        uint256 n = 1 + seed % made;
        bytes[] memory keys = new bytes[](1);
        keys[0] = WORLD.keyOf(n);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = new bytes(96);
        uint32 operator = WORLD.operatorOf(seed >> 128);
        vm.prank(stack.manager);
        try stack.validators.predeposit{ value: 1 ether }(operator, keys, signatures, 0) {
            WORLD.noteTakenTwice();
        } catch { }
    }

    function _predeposit(uint256 n) private {
        bytes[] memory keys = new bytes[](1);
        keys[0] = WORLD.keyOf(n);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = new bytes(96);
        uint32 operator = WORLD.operatorOf(n);
        vm.prank(stack.manager);
        stack.validators.predeposit{ value: 1 ether }(operator, keys, signatures, 0);
    }

    function prove(uint256 seed) external watched {
        uint256 made = WORLD.keysMade();
        if (made == 0) return;
        uint256 n = 1 + seed % made;
        if (_status(n) != IValidatorManager.Status.Predeposited) return;
        stack.validators.prove(stack.beacon.validatorsProof(_index(WORLD.indexOf(n) - 1), false));
    }

    function askFunding(uint256 seed, uint64 targetGwei) external watched {
        uint256 made = WORLD.keysMade();
        if (made == 0) return;
        uint256 n = 1 + seed % made;
        bytes32 root = WORLD.rootOf(n);
        IValidatorManager.ValidatorRecord memory r = stack.validators.validator(root);
        bool open =
            r.status == IValidatorManager.Status.Eligible || r.status == IValidatorManager.Status.Member;
        if (!open) return;
        targetGwei = uint64(bound(targetGwei, 32, 2048)) * 1e9;
        uint32 operator = WORLD.operatorOf(n);
        vm.prank(stack.manager);
        // the operator may have a ticket open already
        try stack.validators.requestFunding(operator, root, targetGwei) { } catch { }
    }

    function _status(uint256 n) private view returns (IValidatorManager.Status) {
        return stack.validators.validator(WORLD.rootOf(n)).status;
    }
}
