// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// Somebody who does what the walk says, with ether of its own: no cheat code is needed.
contract Puppet {
    address private immutable WALK = msg.sender;

    receive() external payable { }

    /// @return ok Whether `target` accepted the call. @return data What it answered.
    function act(address target, uint256 value, bytes calldata call_)
        external
        returns (bool ok, bytes memory data)
    {
        require(msg.sender == WALK, "not the walk");
        return target.call{ value: value }(call_);
    }
}
