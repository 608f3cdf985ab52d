// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What a slashing is expected to cost (consensus-specs, electra/beacon-chain.md, `slash_validator` and
/// `process_slashings`; altair, `get_flag_index_deltas`). Pure arithmetic in gwei.
library SlashingLoss {
    /// @dev MIN_SLASHING_PENALTY_QUOTIENT_ELECTRA.
    uint256 internal constant INITIAL_QUOTIENT = 4096;
    /// @dev PROPORTIONAL_SLASHING_MULTIPLIER_BELLATRIX.
    uint256 internal constant CORRELATION_MULTIPLIER = 3;
    /// @dev Active stake of the network, taken low so that the correlation penalty is taken high.
    uint256 internal constant NETWORK_STAKE_GWEI = 25_000_000e9;
    /// @dev Attestation penalties until the withdrawable epoch, 8,192 epochs: (26 source and target weights + 14) / 64 of
    /// a base reward of 64e9 / √stake gwei an ETH is 0.207 % at 25,000,000 ETH; rounded up.
    uint256 internal constant IDLE_BPS = 21;

    function initialGwei(uint64 effectiveGwei) internal pure returns (uint64) {
        return uint64(effectiveGwei / INITIAL_QUOTIENT);
    }

    /// @param effectiveGwei Effective balance of the validator.
    /// @param othersGwei Effective balances of our other validators slashed and not yet settled.
    /// @return What this slashing adds to the expected loss of all: its own, and the correlation it brings the others. At
    /// most `effectiveGwei`.
    function expectedGwei(uint64 effectiveGwei, uint256 othersGwei) internal pure returns (uint64) {
        uint256 effective = effectiveGwei;
        // all of them lose 3 × (Σ effective)² / network; this is what the sum's square grows by
        uint256 loss = effective / INITIAL_QUOTIENT + effective * CORRELATION_MULTIPLIER
            * (2 * othersGwei + effective) / NETWORK_STAKE_GWEI + effective * IDLE_BPS / 10_000;
        // at most the argument
        return loss < effective ? uint64(loss) : effectiveGwei;
    }
}
