// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStackDeployer } from "./IStackDeployer.sol";
import { CREATE3 } from "solady/utils/CREATE3.sol";

/// Owns: the addresses of one deployment, and from what each contract was created.
/// Does not own: anything that the contracts do afterwards: it has no function besides creating.
/// Trusts: whoever deploys, until the result is verified.
contract StackDeployer is IStackDeployer {
    struct Record {
        bytes32 initCodeHash;
        bytes32 codeHash;
    }

    address public immutable DEPLOYER;

    mapping(bytes32 name => Record) private _records;

    constructor(address deployer) {
        if (deployer == address(0)) revert DeployerOnly(deployer);
        DEPLOYER = deployer;
    }

    /// @inheritdoc IStackDeployer
    function deploy(bytes32 name, bytes calldata initCode) external payable returns (address at) {
        if (msg.sender != DEPLOYER) revert DeployerOnly(msg.sender);
        if (_records[name].initCodeHash != 0) revert NameTaken(name, addressOf(name));
        // noted before the code runs; a constructor cannot come back here, for it is not the deployer
        _records[name].initCodeHash = keccak256(initCode);
        at = CREATE3.deployDeterministic(msg.value, initCode, name);
        _records[name].codeHash = at.codehash;
        emit ContractDeployed(name, at, keccak256(initCode), at.codehash);
    }

    /// @inheritdoc IStackDeployer
    function addressOf(bytes32 name) public view returns (address) {
        return CREATE3.predictDeterministicAddress(name);
    }

    /// @inheritdoc IStackDeployer
    function deployed(bytes32 name) external view returns (bytes32, bytes32) {
        return (_records[name].initCodeHash, _records[name].codeHash);
    }
}
