// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Checkpoints } from "../../src/accounting/Checkpoints.sol";
import { ICheckpoints } from "../../src/accounting/ICheckpoints.sol";
import { ModuleProxy } from "../../src/governance/ModuleProxy.sol";
import { BeaconProofs } from "../../src/validators/BeaconProofs.sol";
import { ForkEntry } from "../../src/validators/ForkTable.sol";
import { ChainConstants } from "../../src/validators/IBeaconProofs.sol";
import { TierTerms } from "../../src/validators/IOperatorRegistry.sol";
import { IValidatorManager } from "../../src/validators/IValidatorManager.sol";
import { OperatorRegistry } from "../../src/validators/OperatorRegistry.sol";

/// Single modules behind a proxy each, for tests of one beside the stack.
library Modules {
    function proxy(address implementation, bytes memory initialization) internal returns (address) {
        return address(new ModuleProxy(implementation, address(this), initialization));
    }

    function proofs(
        ChainConstants memory constants,
        ForkEntry[] memory forks,
        address governance,
        IValidatorManager validators
    ) internal returns (BeaconProofs) {
        address implementation = address(new BeaconProofs(constants, governance, validators));
        return BeaconProofs(proxy(implementation, abi.encodeCall(BeaconProofs.initialize, (forks))));
    }

    function registry(OperatorRegistry.Config memory config, TierTerms memory open, TierTerms memory curated)
        internal
        returns (OperatorRegistry)
    {
        address implementation = address(new OperatorRegistry(config));
        bytes memory call = abi.encodeCall(OperatorRegistry.initialize, (open, curated));
        return OperatorRegistry(proxy(implementation, call));
    }

    function checkpoints(Checkpoints.Config memory config, ICheckpoints.Parameters memory p)
        internal
        returns (Checkpoints)
    {
        address implementation = address(new Checkpoints(config));
        return Checkpoints(proxy(implementation, abi.encodeCall(Checkpoints.initialize, (p))));
    }
}
