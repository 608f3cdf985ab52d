// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @notice Creates the contracts of one deployment. Each one's address follows from its name alone, not from its code
/// (CREATE3: EIP-1014's CREATE2 of a constant that creates what it is given), so that contracts can name each other
/// whatever their order, and a deployment that stopped halfway goes on where it was.
interface IStackDeployer {
    /// @param initCodeHash keccak256 of the creation code with its arguments: with it, all immutables are known.
    /// @param codeHash keccak256 of the code that it left.
    event ContractDeployed(bytes32 indexed name, address at, bytes32 initCodeHash, bytes32 codeHash);

    error DeployerOnly(address caller);
    error NameTaken(bytes32 name, address at);

    /// @notice Who may deploy here.
    function DEPLOYER() external view returns (address);

    /// @return Where `name` is, or will be.
    function addressOf(bytes32 name) external view returns (address);

    /// @return initCodeHash Of the creation code of `name`, 0 if it is not deployed.
    /// @return codeHash Of what it left.
    function deployed(bytes32 name) external view returns (bytes32 initCodeHash, bytes32 codeHash);

    /// @notice Creates `name` from `initCode`, with the ether sent. The deployer only, once a name.
    function deploy(bytes32 name, bytes calldata initCode) external payable returns (address at);
}
