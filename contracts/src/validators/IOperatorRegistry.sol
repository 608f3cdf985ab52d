// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { FundingRefusal, IValidatorManager } from "./IValidatorManager.sol";

/// @dev Permissionless: anybody, with a bond. Curated: granted by governance.
enum Tier {
    Permissionless,
    Curated
}

/// @notice What a tier's operators may run and must put up.
/// @param operatorShareBps Stake of one operator at most, of the pool as of the last close: 1 to 2,500.
/// @param tierShareBps Stake of all its operators together: 1 to 10,000.
/// @param operatorFloorGwei What one operator may run in any case, while the pool is young: at most 50,000 ETH.
/// @param tierFloorGwei The same for the tier as a whole: at most 100,000 ETH.
/// @param kneeGwei Stake up to which `bondBps` holds.
/// @param bondBps Bond for each unit of stake up to the knee: at most 5,000.
/// @param bondBpsAbove Bond for each unit above it: at most 5,000.
struct TierTerms {
    uint16 operatorShareBps;
    uint16 tierShareBps;
    uint64 operatorFloorGwei;
    uint64 tierFloorGwei;
    uint64 kneeGwei;
    uint16 bondBps;
    uint16 bondBpsAbove;
}

/// @notice Who runs validators, the bond shares that answer for them, and how much stake an operator may run.
/// Joining is permissionless. Stake is the sum of principals (protocol §3); every path is O(1) in operators.
interface IOperatorRegistry {
    /// @param manager Acts for the operator.
    /// @param rewardAddress Receives rewards and bond that leaves.
    /// @param openSlashings Slashings of its validators not yet settled: while there is one the whole bond is locked.
    /// @param members Funded validators that have not left.
    /// @param belowTarget Members that are not proven to leave and hold less than the fill target.
    /// @param bondShares Shares held here for the operator.
    /// @param stakeGwei Sum of its members' principals.
    /// @param askedGwei Part of it in validators asked to exit.
    /// @param exitingGwei Part of it in validators proven exiting.
    /// @param slashedGwei Part of it in validators proven slashed.
    struct Operator {
        address manager;
        address rewardAddress;
        Tier tier;
        bool leaving;
        uint16 openSlashings;
        uint32 members;
        uint32 belowTarget;
        uint128 bondShares;
        uint64 stakeGwei;
        uint64 askedGwei;
        uint64 exitingGwei;
        uint64 slashedGwei;
    }

    /// @param shares 0 when none is asked for.
    /// @param releaseAt Unix time from which it can be claimed.
    struct BondExit {
        uint128 shares;
        uint40 releaseAt;
    }

    event OperatorJoined(uint32 indexed operatorId, address indexed manager, address rewardAddress);
    event ManagerProposed(uint32 indexed operatorId, address indexed manager);
    event ManagerChanged(uint32 indexed operatorId, address indexed manager);
    event RewardAddressChanged(uint32 indexed operatorId, address rewardAddress);
    event OperatorLeaving(uint32 indexed operatorId);
    event TierGranted(uint32 indexed operatorId, Tier tier);
    event TierTermsChanged(Tier indexed tier, TierTerms terms);
    event BondCredited(uint32 indexed operatorId, uint256 shares, uint256 bondSharesAfter);
    event BondTaken(uint32 indexed operatorId, address indexed to, uint256 shares, uint256 bondSharesAfter);
    event BondExitRequested(uint32 indexed operatorId, uint256 shares, uint40 releaseAt);
    event BondExitCancelled(uint32 indexed operatorId, uint256 shares);
    event BondExitClaimed(
        uint32 indexed operatorId, address indexed receiver, uint256 shares, uint256 bondSharesAfter
    );
    event SlashingsOpenChanged(uint32 indexed operatorId, uint16 openSlashings);

    error RegistryAddressZero();
    error RegistryCallerNotAllowed(address caller);
    error FillTargetInvalid(uint64 fillTargetGwei);
    error OperatorUnknown(uint32 operatorId, uint32 operatorCount);
    error OperatorManagerOnly(uint32 operatorId, address caller);
    error ManagerNotProposed(uint32 operatorId, address caller);
    error TierTermInvalid(string field, uint256 value);
    error BondPaymentZero();
    error BondNotFree(uint32 operatorId, uint256 requestedShares, uint256 freeShares);
    error BondLocked(uint32 operatorId, uint256 openSlashings);
    error BondExitMissing(uint32 operatorId);
    error BondExitTooEarly(uint32 operatorId, uint256 releaseAt);
    error BondExitTooLate(uint32 operatorId, uint256 claimableUntil);

    // ---------------------------------------------------------------- operators

    /// @notice Registers the caller as manager of a new operator, in the permissionless tier.
    /// @return operatorId From 1 on.
    function join(address rewardAddress) external returns (uint32 operatorId);

    /// @notice Offers the operator to another manager, who must accept; zero takes the offer back. Manager only.
    function proposeManager(uint32 operatorId, address manager) external;
    /// @notice Takes over as manager. The proposed manager only.
    function acceptManager(uint32 operatorId) external;
    /// @notice Manager only.
    function setRewardAddress(uint32 operatorId, address rewardAddress) external;
    /// @notice The operator takes no more keys and no more pool ether, for good. What it runs it exits by itself; its
    /// bond is free once they have left. Manager only.
    function leave(uint32 operatorId) external;

    // ---------------------------------------------------------------- bond

    /// @notice Adds bond out of the caller's caETH, which must have allowed it. Anybody may, for anybody.
    /// @param shares Shares to move.
    function topUpBond(uint32 operatorId, uint256 shares) external;
    /// @notice Adds bond by staking `msg.value`. Anybody may, for anybody.
    /// @return shares Shares minted.
    function topUpBondWithEther(uint32 operatorId) external payable returns (uint256 shares);
    /// @notice Asks for free bond back; it can be claimed after the delay, during which a slashing still takes it.
    /// A new request replaces the one before, and its clock. Manager only.
    function requestBondExit(uint32 operatorId, uint128 shares) external;
    /// @notice Manager only.
    function cancelBondExit(uint32 operatorId) external;
    /// @notice Pays what was asked for to the reward address, within 7 days after the delay and if it is still free; less where
    /// a charge has taken some. Anybody.
    /// @return shares Shares paid.
    function claimBondExit(uint32 operatorId) external returns (uint256 shares);

    // ---------------------------------------------------------------- governance only

    /// @notice Moves the operator, with its stake, to another tier.
    function setTier(uint32 operatorId, Tier tier) external;
    /// @notice Changes a tier's terms within the bounds of {TierTerms}. Never takes anything from anybody: higher demands
    /// bind the next funding.
    function setTierTerms(Tier tier, TierTerms calldata terms) external;

    // ---------------------------------------------------------------- validators and penalties only

    /// @notice Notes a deposit to a working validator and bond shares that the token has just minted here.
    /// ValidatorManager only.
    /// @param beforeGwei Principal before, 0 for a validator's first funding.
    function noteFunded(uint32 operatorId, uint64 beforeGwei, uint64 afterGwei, uint256 bondShares) external;
    /// @notice Notes that a principal was proven lower. ValidatorManager only.
    function noteLowered(
        uint32 operatorId,
        IValidatorManager.Status status,
        uint64 beforeGwei,
        uint64 afterGwei
    ) external;
    /// @notice Notes that a validator of this principal went from one status to another. ValidatorManager only.
    function noteMoved(
        uint32 operatorId,
        IValidatorManager.Status from,
        IValidatorManager.Status to,
        uint64 principalGwei
    ) external;
    /// @notice Notes that a slashing was proven (true) or settled (false). Penalties only.
    function noteSlashing(uint32 operatorId, bool open) external;
    /// @notice Takes up to `shares` of the bond. Penalties only.
    /// @return taken Shares moved.
    function takeBond(uint32 operatorId, uint256 shares, address to) external returns (uint256 taken);

    // ---------------------------------------------------------------- readers

    function operator(uint32 operatorId) external view returns (Operator memory);
    function operatorCount() external view returns (uint32);
    /// @return manager Who acts for the operator.
    /// @return leaving Whether it takes no more keys.
    function managerOf(uint32 operatorId) external view returns (address manager, bool leaving);
    function proposedManager(uint32 operatorId) external view returns (address);
    function bondExit(uint32 operatorId) external view returns (BondExit memory);
    function tierTerms(Tier tier) external view returns (TierTerms memory);
    /// @return Sum of principals of the tier's operators in gwei.
    function tierStakeGwei(Tier tier) external view returns (uint64);
    /// @return Stake in gwei that one operator of the tier, and all of them together, may run now.
    function limitsGwei(Tier tier) external view returns (uint64, uint64);
    /// @return Wei of bond that the operator's stake requires: its tier's curve, at least 1 ETH a member.
    function requiredBond(uint32 operatorId) external view returns (uint256);
    /// @return Wei that the operator's bond is worth at the stored rate, without what has been asked to leave.
    function bondEther(uint32 operatorId) external view returns (uint256);
    /// @return Shares that {requestBondExit} would accept now.
    function freeBondShares(uint32 operatorId) external view returns (uint256);
    /// @notice How much more stake the operator may run, in gwei.
    /// @param first For a validator's first funding, whose 1 ETH then counts as bond.
    /// @return roomGwei 0 when refused.
    /// @return limitedBy What bounds it; for a room of 0 why it is refused.
    function fundingRoom(uint32 operatorId, bool first)
        external
        view
        returns (uint64 roomGwei, FundingRefusal limitedBy);
    /// @return Whether anybody may have its validators exited: a slashing is open, or the bond is worth less than 80 % of
    /// what is required.
    function isEjectable(uint32 operatorId) external view returns (bool);
}
