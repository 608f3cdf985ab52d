// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IBeaconDeposit } from "./IBeaconDeposit.sol";
import { Ssz } from "./Ssz.sol";

/// @notice One deposit to the beacon deposit contract.
library BeaconDeposits {
    /// @param pubkey 48-byte BLS key.
    /// @param credentials Withdrawal credentials.
    /// @param amountGwei At least 1 ETH; paid by the calling contract.
    /// @param signature 96 bytes, or empty for a top-up: the consensus layer does not check a signature once the
    /// validator exists (consensus-specs, electra, apply_pending_deposit), and 96 zero bytes are sent.
    function send(
        IBeaconDeposit to,
        bytes calldata pubkey,
        bytes32 credentials,
        uint64 amountGwei,
        bytes memory signature
    ) internal {
        if (signature.length == 0) signature = new bytes(Ssz.SIGNATURE_LENGTH);
        bytes32 root = Ssz.depositDataRoot(Ssz.pubkeyRoot(pubkey), credentials, amountGwei, signature);
        // the deposit contract calls nobody and reverts on anything malformed
        to.deposit{ value: uint256(amountGwei) * 1 gwei }(pubkey, abi.encode(credentials), signature, root);
    }
}
