// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice ERC-20 allowances, given by a transaction or by a signature (ERC-2612; ERC-1271 for contracts).
/// The domain of the signatures can be read by `eip712Domain` (ERC-5267).
interface IAllowances {
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error SpenderZero();
    error AllowanceTooLow(address owner, address spender, uint256 allowed, uint256 needed);
    error PermitExpired(uint256 deadline, uint256 timestamp);
    /// @dev Signed by somebody else, for other values, for another nonce or chain, or malleable (high s).
    error PermitSignatureInvalid(address owner, address spender, uint256 value, uint256 nonce);

    function allowance(address owner, address spender) external view returns (uint256);

    /// @notice Lets `spender` take up to `amount` of the caller's tokens; the largest uint256 is never used up.
    function approve(address spender, uint256 amount) external returns (bool);

    /// @notice {approve} by a signature of `owner` (ERC-2612). Anybody may send it; it works once.
    /// @param deadline Unix seconds up to which it is valid.
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice The same for any signature: 65 bytes or 64 (ERC-2098) of a key, or what a contract takes by ERC-1271.
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature)
        external;

    /// @return The number that the next permit of `owner` must be signed for.
    function nonces(address owner) external view returns (uint256);

    function DOMAIN_SEPARATOR() external view returns (bytes32);
}
