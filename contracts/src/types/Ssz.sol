// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice The consensus layer's `Validator` container (consensus-specs, phase0, "Validator"), with the
/// 48-byte public key replaced by its hash tree root.
struct Validator {
    bytes32 pubkeyRoot;
    bytes32 withdrawalCredentials;
    uint64 effectiveBalance; // gwei
    bool slashed;
    uint64 activationEligibilityEpoch;
    uint64 activationEpoch;
    uint64 exitEpoch;
    uint64 withdrawableEpoch;
}

/// @notice Hash tree roots of the few SSZ values Cairn needs (consensus-specs, ssz/simple-serialize.md).
library Ssz {
    uint64 internal constant FAR_FUTURE_EPOCH = type(uint64).max;
    uint256 internal constant PUBKEY_LENGTH = 48;
    uint256 internal constant SIGNATURE_LENGTH = 96;

    error PubkeyLengthWrong(uint256 length);
    error SignatureLengthWrong(uint256 length);

    /// @return result `value` as an SSZ leaf: 8 bytes little-endian, then 24 zero bytes.
    function leaf(uint64 value) internal pure returns (bytes32 result) {
        uint256 v = value;
        v = ((v & 0x00FF00FF00FF00FF) << 8) | ((v >> 8) & 0x00FF00FF00FF00FF);
        v = ((v & 0x0000FFFF0000FFFF) << 16) | ((v >> 16) & 0x0000FFFF0000FFFF);
        v = (v << 32 | v >> 32) & 0xFFFFFFFFFFFFFFFF;
        result = bytes32(v << 192);
    }

    /// @return The balance in gwei at `position` (0 to 3) of a chunk of four little-endian uint64.
    function balanceAt(bytes32 chunk, uint256 position) internal pure returns (uint64) {
        // the shift leaves the wanted eight bytes on top; reading them is the inverse of `leaf`
        uint64 v = uint64(uint256(chunk << (position * 64)) >> 192);
        return uint64(uint256(leaf(v)) >> 192);
    }

    /// @return result sha256(left ‖ right).
    function hashPair(bytes32 left, bytes32 right) internal view returns (bytes32 result) {
        assembly ("memory-safe") {
            mstore(0x00, left)
            mstore(0x20, right)
            // the precompile at 2 cannot fail with enough gas; without it the whole call must end
            if iszero(staticcall(gas(), 0x02, 0x00, 0x40, 0x00, 0x20)) { revert(0, 0) }
            result := mload(0x00)
        }
    }

    /// @return Hash tree root of a BLS public key, the name of a validator everywhere in Cairn.
    function pubkeyRoot(bytes calldata pubkey) internal pure returns (bytes32) {
        if (pubkey.length != PUBKEY_LENGTH) revert PubkeyLengthWrong(pubkey.length);
        return sha256(abi.encodePacked(pubkey, bytes16(0)));
    }

    /// @return Hash tree root of the container.
    function validatorRoot(Validator calldata v) internal view returns (bytes32) {
        bytes32 keys = hashPair(v.pubkeyRoot, v.withdrawalCredentials);
        bytes32 stake =
            hashPair(leaf(v.effectiveBalance), v.slashed ? bytes32(uint256(1) << 248) : bytes32(0));
        bytes32 entry = hashPair(leaf(v.activationEligibilityEpoch), leaf(v.activationEpoch));
        bytes32 exit = hashPair(leaf(v.exitEpoch), leaf(v.withdrawableEpoch));
        return hashPair(hashPair(keys, stake), hashPair(entry, exit));
    }

    /// @notice Root of `DepositData`, which the beacon deposit contract asks for.
    /// @param keyRoot Hash tree root of the public key.
    /// @param credentials 32-byte withdrawal credentials.
    /// @param amountGwei Deposit in gwei.
    /// @param signature 96 bytes.
    function depositDataRoot(bytes32 keyRoot, bytes32 credentials, uint64 amountGwei, bytes memory signature)
        internal
        view
        returns (bytes32)
    {
        if (signature.length != SIGNATURE_LENGTH) revert SignatureLengthWrong(signature.length);
        bytes32 a;
        bytes32 b;
        bytes32 c;
        assembly ("memory-safe") {
            a := mload(add(signature, 0x20))
            b := mload(add(signature, 0x40))
            c := mload(add(signature, 0x60))
        }
        bytes32 signatureRoot = hashPair(hashPair(a, b), hashPair(c, 0));
        return hashPair(hashPair(keyRoot, credentials), hashPair(leaf(amountGwei), signatureRoot));
    }
}
