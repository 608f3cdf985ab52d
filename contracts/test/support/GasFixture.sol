// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { StackFixture } from "./StackFixture.sol";

/// Figures are whole transactions, so they mean something under `forge test --isolate` only. A plain run skips the
/// tests instead of writing other figures over the committed ones.
abstract contract GasFixture is StackFixture {
    function setUp() public virtual override {
        if (!_isolated()) vm.skip(true, "run with --isolate");
        super.setUp();
    }

    /// As a transaction of its own even a call that does nothing costs 21,000.
    function _isolated() private returns (bool) {
        (bool ok,) = makeAddr("nobody").call("");
        return ok && vm.lastCallGas().gasTotalUsed >= 21_000;
    }
}
