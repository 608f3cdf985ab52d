// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IFeeWeights } from "../validators/IFeeWeights.sol";

/// @notice Shares of the fee that wait for operators and for the treasury. Each is fetched, not sent.
///
/// Operators share by working principal: what they run less what was asked to exit, exits or is slashed. A change of it
/// counts from the close after the next one, so nobody earns a period's fee by stake that came right before its end.
interface IFeeSplit is IFeeWeights {
    /// @param activeGwei What the next close pays by.
    /// @param nextGwei What later ones pay by.
    struct Weight {
        uint64 activeGwei;
        uint64 nextGwei;
    }

    /// @notice One close's fee and pay.
    /// @param operatorShares For operators; they were sent here in the same transaction.
    /// @param treasuryShares For the treasury, likewise.
    /// @param opener Is paid {KeeperPay.OPEN_PAY}.
    /// @param prover Is paid `payGwei`; both together up to {KeeperPay.MOST_PAY}, and what the treasury has.
    /// @param poolShares By which ether becomes shares, with `poolEther`. A pool of 0 ether has no rate, and pays nobody.
    struct Split {
        uint256 operatorShares;
        uint256 treasuryShares;
        address opener;
        address prover;
        uint256 payGwei;
        uint256 poolShares;
        uint256 poolEther;
    }

    event WeightChanged(uint32 indexed operatorId, uint64 activeGwei, uint64 nextGwei);
    /// @param period Closes so far.
    /// @param accumulated Shares that 1 ETH of weight has earned since deployment.
    event FeesSplit(
        uint32 indexed period, uint256 operatorShares, uint256 treasuryShares, uint256 accumulated
    );
    event OperatorFeesClaimed(uint32 indexed operatorId, address indexed receiver, uint256 shares);
    event TreasuryClaimed(address indexed receiver, uint256 shares, uint256 treasurySharesAfter);
    event KeeperPaid(address indexed keeper, uint256 shares, uint256 treasurySharesAfter);
    event TreasuryChanged(address indexed treasury);

    error FeeSplitConfigZero();
    error FeeSplitCallerNotAllowed(address caller);
    error NoFeesOwed();

    /// @notice Splits shares that were sent here in the same transaction, and pays who did the checkpoint out of the
    /// treasury's; without working operators all are the treasury's. Checkpoints only, at every close.
    function split(Split calldata s) external;

    /// @notice Sends an operator's fees to its reward address. Anybody's.
    function claimOperatorFees(uint32 operatorId) external returns (uint256 shares);

    /// @notice Sends the treasury's fees to it. Anybody's.
    function claimTreasury() external returns (uint256 shares);

    /// @notice Governance only.
    function setTreasury(address treasury) external;

    function treasury() external view returns (address);
    /// @return Shares that wait for the treasury, or for keepers.
    function treasuryShares() external view returns (uint256);
    /// @return Shares that {claimOperatorFees} would send.
    function operatorFees(uint32 operatorId) external view returns (uint256);
    function weightOf(uint32 operatorId) external view returns (Weight memory);
    function totalWeight() external view returns (Weight memory);
}
