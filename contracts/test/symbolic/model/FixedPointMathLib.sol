// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// halmos's own cheats, as far as they are used here.
interface SymbolicVm {
    function createUint(uint256 bits, string memory name) external returns (uint256 value);
    function assume(bool condition) external;
}

/// What Solady's library of this name promises, in the place of its code while halmos proves what is built on it. A
/// solver cannot see through a 512-bit division; it can reason about the one number `q` with q x d <= x x y < (q + 1) x d.
/// There is exactly one for every x, y and d > 0, so that nothing is assumed away.
library FixedPointMathLib {
    /// Within this width no product here can wrap. A law that leaves it fails, loudly.
    uint256 private constant WIDTH = 128;

    SymbolicVm private constant SVM = SymbolicVm(0xF3993A62377BCd56AE39D773740A5390411E8BC9);
    SymbolicVm private constant VM = SymbolicVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

    error FullMulDivFailed();

    function fullMulDiv(uint256 x, uint256 y, uint256 d) internal pure returns (uint256) {
        function(uint256, uint256, uint256) returns (uint256) drawn = _quotient;
        function(uint256, uint256, uint256) pure returns (uint256) asPure;
        // asking the solver for a number is no state of the chain
        assembly ("memory-safe") {
            asPure := drawn
        }
        return asPure(x, y, d);
    }

    function fullMulDivUp(uint256 x, uint256 y, uint256 d) internal pure returns (uint256 z) {
        z = fullMulDiv(x, y, d);
        bool isExact = z * d == x * y;
        assembly ("memory-safe") {
            z := add(z, iszero(isExact))
        }
    }

    function min(uint256 x, uint256 y) internal pure returns (uint256) {
        return x < y ? x : y;
    }

    function _quotient(uint256 x, uint256 y, uint256 d) private returns (uint256 q) {
        if (d == 0) revert FullMulDivFailed();
        assert(x < 1 << WIDTH && y < 1 << WIDTH && d < 1 << WIDTH);
        unchecked {
            assert(x * y < d << WIDTH);
            q = SVM.createUint(WIDTH, "quotient");
            VM.assume(q * d <= x * y);
            VM.assume(x * y < (q + 1) * d);
        }
    }
}
