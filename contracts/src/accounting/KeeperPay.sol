// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What a checkpoint is worth to those who do it: the gas a proof needs, by what it proves, and a fifth more.
/// @dev By words and members, for a proof's cost follows both (snapshots: 1,000 neighbours in 4 words 454,000 gas, 100
/// members in 100 words 1,600,000). A batch of one word pays less than its transaction costs, so splitting earns nothing.
library KeeperPay {
    /// @dev Of the opener; in ordinary times it pays for the landings too.
    uint256 internal constant OPEN_PAY = 0.01 ether;
    uint256 internal constant GAS_PER_MEMBER = 450;
    uint256 internal constant GAS_PER_WORD = 15_000;
    uint256 internal constant CLOSE_GAS = 250_000;
    /// @dev Times 6/5.
    uint256 private constant NUMERATOR = 6;
    uint256 private constant DENOMINATOR = 5;
    /// @dev Base fees above it are paid as this: whoever can wait, should.
    uint256 internal constant MOST_BASE_FEE = 200 gwei;
    /// @dev Of one checkpoint, the opener's part included.
    uint256 internal constant MOST_PAY = 5 ether;
    /// @dev For so long only the opener's batches are paid: 50 slots. Nobody gains by racing it.
    uint256 internal constant HEAD_START = 10 minutes;

    /// @return Gwei for a batch.
    function ofBatch(uint256 words, uint256 members) internal view returns (uint256) {
        return _gwei(words * GAS_PER_WORD + members * GAS_PER_MEMBER);
    }

    /// @return Gwei for a close.
    function ofClose() internal view returns (uint256) {
        return _gwei(CLOSE_GAS);
    }

    function _gwei(uint256 gas_) private view returns (uint256) {
        uint256 price = block.basefee < MOST_BASE_FEE ? block.basefee : MOST_BASE_FEE;
        return gas_ * price * NUMERATOR / (DENOMINATOR * 1 gwei);
    }
}
