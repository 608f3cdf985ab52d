// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IAllowances } from "./IAllowances.sol";
import { ECDSA } from "solady/utils/ECDSA.sol";
import { EIP712 } from "solady/utils/EIP712.sol";
import { SignatureCheckerLib } from "solady/utils/SignatureCheckerLib.sol";

/// @dev What both tokens share. Who inherits moves the tokens and calls {_spendAllowance} first.
abstract contract Allowances is EIP712, IAllowances {
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    /// @dev Half of the order of secp256k1: a signature with a larger s is the twin of one with a smaller s.
    uint256 private constant HIGHEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    mapping(address owner => mapping(address spender => uint256 amount)) private _allowances;
    mapping(address owner => uint256 nonce) private _nonces;

    /// @inheritdoc IAllowances
    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowances[owner][spender];
    }

    /// @inheritdoc IAllowances
    function approve(address spender, uint256 amount) external returns (bool) {
        _approve(msg.sender, spender, amount);
        return true;
    }

    /// @inheritdoc IAllowances
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        _permit(owner, spender, value, deadline, abi.encodePacked(r, s, v));
    }

    /// @inheritdoc IAllowances
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature)
        external
    {
        _permit(owner, spender, value, deadline, signature);
    }

    /// @inheritdoc IAllowances
    function nonces(address owner) external view returns (uint256) {
        return _nonces[owner];
    }

    /// @inheritdoc IAllowances
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparator();
    }

    function _permit(address owner, address spender, uint256 value, uint256 deadline, bytes memory signature)
        private
    {
        if (block.timestamp > deadline) revert PermitExpired(deadline, block.timestamp);
        uint256 nonce = _nonces[owner]++;
        bytes32 digest =
            _hashTypedData(keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, nonce, deadline)));
        // a key's own signature counts even where the account has delegated its code (EIP-7702); the nonce is used up
        // before a contract is asked
        if (
            !_isSignedByKey(owner, digest, signature)
                && !(owner.code.length != 0
                    && SignatureCheckerLib.isValidERC1271SignatureNow(owner, digest, signature))
        ) revert PermitSignatureInvalid(owner, spender, value, nonce);
        _approve(owner, spender, value);
    }

    /// @dev A high s is refused from keys; contracts decide for themselves.
    function _isSignedByKey(address owner, bytes32 digest, bytes memory signature)
        private
        view
        returns (bool)
    {
        return owner != address(0) && !_hasHighS(signature) && ECDSA.tryRecover(digest, signature) == owner;
    }

    /// @dev 65 bytes are (r, s, v); in the 64 of ERC-2098 the highest bit of s belongs to v, so s is practically never high.
    function _hasHighS(bytes memory signature) private pure returns (bool) {
        if (signature.length != 65) return false;
        uint256 s;
        // s stands in bytes 32 to 63 of the signature, after the word of its length
        assembly ("memory-safe") {
            s := mload(add(signature, 0x40))
        }
        return s > HIGHEST_S;
    }

    function _approve(address owner, address spender, uint256 amount) private {
        if (spender == address(0)) revert SpenderZero();
        _allowances[owner][spender] = amount;
        emit Approval(owner, spender, amount);
    }

    function _spendAllowance(address owner, uint256 amount) internal {
        uint256 allowed = _allowances[owner][msg.sender];
        if (allowed == type(uint256).max) return;
        if (amount > allowed) revert AllowanceTooLow(owner, msg.sender, allowed, amount);
        // unchecked: amount ≤ allowed
        unchecked {
            _allowances[owner][msg.sender] = allowed - amount;
        }
    }
}
