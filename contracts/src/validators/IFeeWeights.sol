// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Where the registry tells how much working stake an operator runs: what its share of the fee follows.
interface IFeeWeights {
    /// @notice OperatorRegistry only. Counts from the close after the next one.
    /// @param byGwei By how much the operator's working principal has changed.
    function noteWeight(uint32 operatorId, int256 byGwei) external;
}
