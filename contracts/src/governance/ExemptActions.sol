// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IEmergencyBrake } from "./IEmergencyBrake.sol";
import { IAccessManager } from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

/// @notice Which actions need no notice: a fork entry (it has a delay and a probe of its own) and the release of a brake.
/// Each asked of the manager, exactly so and without ether.
library ExemptActions {
    /// @dev IBeaconProofs.proposeFork, of a zone to the right. Changed, it would be exempt no more.
    bytes4 internal constant PROPOSE_FORK = bytes4(
        keccak256(
            "proposeFork((bytes4,uint64,uint32,uint32,uint32,uint32,uint32,uint32,uint32,uint32,uint8))"
        )
    );
    uint256 private constant FORK_BYTES = 4 + 11 * 32;
    uint256 private constant RELEASE_BYTES = 4 + 32;
    /// @dev Selector, and the words of the target, the place of the bytes, and their length.
    uint256 private constant HEAD = 4 + 3 * 32;

    /// @return Whether all of a proposal's actions are exempt. Arrays of equal length.
    function areAll(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        address manager,
        address proofs,
        address brake
    ) internal pure returns (bool) {
        for (uint256 i; i < targets.length; ++i) {
            if (targets[i] != manager || values[i] != 0) return false;
            (address target, bytes4 selector, uint256 length) = _decode(calldatas[i]);
            bool isFork = target == proofs && selector == PROPOSE_FORK && length == FORK_BYTES;
            bool isRelease =
                target == brake && selector == IEmergencyBrake.release.selector && length == RELEASE_BYTES;
            if (!isFork && !isRelease) return false;
        }
        return true;
    }

    /// @return target What `execute(target, data)` would call; zero unless `data` is such a call, encoded as compilers do.
    /// @return selector With which function.
    /// @return length With how many bytes, the selector's included.
    function _decode(bytes memory data)
        private
        pure
        returns (address target, bytes4 selector, uint256 length)
    {
        if (data.length < HEAD + 4) {
            return (address(0), 0, 0);
        }
        uint256 targetWord;
        uint256 place;
        bytes4 outer;
        // within the bytes: at least HEAD + 4 of them
        assembly ("memory-safe") {
            outer := mload(add(data, 0x20))
            targetWord := mload(add(data, 0x24))
            place := mload(add(data, 0x44))
            length := mload(add(data, 0x64))
            selector := mload(add(data, 0x84))
        }
        // the bytes follow at once and fill the rest, padded to whole words
        bool isStrict = outer == IAccessManager.execute.selector && targetWord <= type(uint160).max
            && place == 0x40 && length <= data.length && HEAD + (length + 31) / 32 * 32 == data.length;
        // 160 bits, checked
        if (isStrict) target = address(uint160(targetWord));
    }
}
