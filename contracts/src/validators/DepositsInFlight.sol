// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { DepositLine } from "./DepositLine.sol";
import { IBeaconProofs, PendingDepositsProof } from "./IBeaconProofs.sol";
import { IDepositsInFlight } from "./IDepositsInFlight.sol";

/// Owns: the line of the pool's deposits and the pointer to the last that landed.
/// Does not own: who is funded (ValidatorManager), what the totals are (Checkpoints).
/// Trusts: ValidatorManager to note every deposit; BeaconProofs for what is pending.
contract DepositsInFlight is IDepositsInFlight {
    using DepositLine for DepositLine.Line;

    IBeaconProofs public immutable PROOFS;
    address public immutable VALIDATORS;

    DepositLine.Line private _line;

    constructor(IBeaconProofs proofs, address validators) {
        if (address(proofs) == address(0) || validators == address(0)) revert InFlightConfigZero();
        PROOFS = proofs;
        VALIDATORS = validators;
    }

    /// @inheritdoc IDepositsInFlight
    function push(bytes32 pubkeyRoot, uint32 previous, uint40 index, uint32 operatorId, uint64 amountGwei)
        external
        returns (uint32 number)
    {
        if (msg.sender != VALIDATORS) revert InFlightCallerNotAllowed(msg.sender);
        // slots since genesis fit 48 bits
        uint48 slot = uint48(PROOFS.currentSlot());
        if (previous != 0 && _line.deposits[previous - 1].slot >= slot) {
            revert SecondDepositInSlot(pubkeyRoot, slot);
        }
        number = _line.push(DepositLine.Deposit(index, operatorId, slot, amountGwei, 0));
        emit DepositInFlight(number, pubkeyRoot, amountGwei, slot, _line.inFlightGwei());
    }

    /// @inheritdoc IDepositsInFlight
    function proveLanded(PendingDepositsProof calldata proof, uint64 upTo) external {
        PROOFS.verifyNoPendingDeposits(proof);
        _line.land(upTo, proof.slot);
        emit DepositsLanded(upTo, proof.slot, _line.inFlightGwei());
    }

    /// @inheritdoc IDepositsInFlight
    function inFlight() external view returns (uint64 count, uint64 landed, uint64 gwei_) {
        // numbers of deposits fit 32 bits (DepositLine.push)
        return (uint64(_line.deposits.length), _line.landed, _line.inFlightGwei());
    }

    /// @inheritdoc IDepositsInFlight
    function landing() external view returns (uint64 landed, uint64 slot) {
        return (_line.landed, _line.landedSlot);
    }

    /// @inheritdoc IDepositsInFlight
    function deposit(uint32 number) external view returns (DepositLine.Deposit memory) {
        return _line.deposits[number - 1];
    }

    /// @inheritdoc IDepositsInFlight
    function inFlightOf(uint32[] calldata operatorIds) external view returns (uint64[] memory gweiOf) {
        gweiOf = new uint64[](operatorIds.length);
        for (uint256 d = _line.landed; d < _line.deposits.length; ++d) {
            DepositLine.Deposit memory flying = _line.deposits[d];
            for (uint256 i; i < operatorIds.length; ++i) {
                if (operatorIds[i] == flying.operatorId) gweiOf[i] += flying.amountGwei;
            }
        }
    }
}
