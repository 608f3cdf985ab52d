// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice What governance asks of the withdrawal queue: how far its line reaches and how far it is finalized, and a
/// place in it.
interface IExitLine {
    function getLastRequestId() external view returns (uint256);

    /// @notice Members of the queue's own `Position`, in its order.
    function position(uint256 requestId)
        external
        view
        returns (
            address owner,
            uint256 startShares,
            uint256 endShares,
            uint256 claimedShares,
            uint256 finalizedShares
        );

    /// @return Shares requested and not finalized.
    function unfinalizedShares() external view returns (uint256);

    /// @notice Puts wcaETH of the caller on the line, a position of `owner` for each amount.
    function requestWithdrawalsWstETH(uint256[] calldata amounts, address owner)
        external
        returns (uint256[] memory requestIds);
}
