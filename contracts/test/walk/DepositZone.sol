// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { StakedEther } from "../../src/deposit/StakedEther.sol";
import { WithdrawalQueue } from "../../src/deposit/WithdrawalQueue.sol";
import { WrappedStakedEther } from "../../src/deposit/WrappedStakedEther.sol";
import { Puppet } from "./Puppet.sol";

/// The deposit zone with plain contracts around it, deployed without a cheat code: the walk itself stands where Checkpoints
/// stands, a puppet where the vaults and the validators' modules do.
abstract contract DepositZone {
    uint256 internal constant STAKERS = 4;
    uint256 internal constant SEED = 1 ether;

    Puppet[STAKERS] internal stakers;
    Puppet internal vault;
    StakedEther internal token;
    WithdrawalQueue internal queue;
    WrappedStakedEther internal wrapped;

    constructor() payable {
        for (uint256 i; i < STAKERS; ++i) {
            stakers[i] = new Puppet();
        }
        vault = new Puppet();
        // this contract has made the stakers and the vault, and its first number is 1
        uint256 made = STAKERS + 2;
        StakedEther.Config memory config = StakedEther.Config({
            queue: _createdAs(made + 1),
            withdrawalVault: address(vault),
            executionVault: address(vault),
            validators: address(vault),
            checkpoints: address(this),
            bondHolder: address(vault),
            brake: address(vault),
            beaconDeposit: address(vault),
            instantExitFeeBps: 10,
            instantExitSnapshotAge: 2 days
        });
        token = new StakedEther{ value: SEED }(config);
        queue = new WithdrawalQueue(token, WrappedStakedEther(payable(_createdAs(made + 2))));
        wrapped = new WrappedStakedEther(token);
        require(address(queue) == config.queue, "the queue stands elsewhere");
        require(address(queue.WRAPPED()) == address(wrapped), "the wrapper stands elsewhere");
    }

    /// @dev Address of the `number`th contract that this one creates, below 128.
    function _createdAs(uint256 number) private view returns (address) {
        bytes32 hash = keccak256(abi.encodePacked(hex"d694", address(this), bytes1(uint8(number))));
        return address(uint160(uint256(hash)));
    }

    /// @return list Everybody who can hold shares.
    function _holders() internal view returns (address[] memory list) {
        list = new address[](STAKERS + 5);
        for (uint256 i; i < STAKERS; ++i) {
            list[i] = address(stakers[i]);
        }
        list[STAKERS] = token.SEED_HOLDER();
        list[STAKERS + 1] = address(queue);
        list[STAKERS + 2] = address(wrapped);
        list[STAKERS + 3] = address(vault);
        list[STAKERS + 4] = address(this);
    }

    function _bound(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + x % (high - low + 1);
    }

    function _one(uint256 value) internal pure returns (uint256[] memory list) {
        list = new uint256[](1);
        list[0] = value;
    }
}
