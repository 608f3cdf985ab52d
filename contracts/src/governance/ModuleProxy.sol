// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {
    TransparentUpgradeableProxy
} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";

/// Owns: which implementation a module runs (ERC-1967), through its own ProxyAdmin.
/// Does not own: anything of the module; who may upgrade it (the owner of its ProxyAdmin, which may give that up).
/// Trusts: that owner.
contract ModuleProxy is TransparentUpgradeableProxy {
    /// @param owner Owner of the ProxyAdmin that this makes.
    /// @param initialization Call of the module's initializer, made at once: nobody can come before it. Empty for a module
    /// that needs none.
    constructor(address implementation, address owner, bytes memory initialization)
        TransparentUpgradeableProxy(implementation, owner, initialization)
    { }

    /// @dev Modules without initial storage have no initializer.
    function _unsafeAllowUninitialized() internal pure override returns (bool) {
        return true;
    }
}
