// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Ssz, Validator } from "../../src/types/Ssz.sol";
import { DepositLine } from "../../src/validators/DepositLine.sol";
import { DepositsInFlight } from "../../src/validators/DepositsInFlight.sol";
import {
    ContainersProof,
    InFlightProof,
    PendingDeposit,
    PendingProof
} from "../../src/validators/IDepositsInFlight.sol";
import { BeaconMock } from "./BeaconMock.sol";

/// An honest prover of what is in flight: shows the whole truth of the mock's head in one call.
contract InFlightShower {
    BeaconMock private immutable BEACON;
    DepositsInFlight private immutable LINE;

    /// Places of a list under way.
    uint32[] private _shown;
    uint32[] private _shownAt;
    uint32[] private _boundary;

    constructor(BeaconMock beacon, DepositsInFlight line) {
        BEACON = beacon;
        LINE = line;
    }

    function showAll() external {
        LINE.prove(whole());
    }

    /// Everything there is to show at the head, for a checkpoint of which nothing was shown.
    function whole() public returns (InFlightProof memory proof) {
        delete _shown;
        delete _shownAt;
        delete _boundary;
        (uint32 count, uint32 landed,) = LINE.inFlight();
        PendingDeposit[] memory list = BEACON.headPending();
        proof.pending = wholeList(list.length);
        proof.containers = allContainers();
        _showShort(list, landed);
        proof.newest = _newest(proof.containers, list, landed, count);
        uint32 number = landed + 1;
        for (; number <= count; ++number) {
            DepositLine.Deposit memory d = LINE.deposit(number);
            if (d.slot > BEACON.headSlot()) break;
            (bool isListed, uint32 at) = find(list, number);
            // one before the newest landed that is listed still: its like is, or it was postponed
            if (isListed && number > proof.newest && !_isExiting(proof.containers, d.validatorIndex)) break;
            // what lies before the newest landed is somebody else's, just like ours
            if (!isListed || (number < proof.newest && !_isExiting(proof.containers, d.validatorIndex))) {
                continue;
            }
            _shown.push(number);
            _shownAt.push(at);
        }
        proof.walkTo = number - 1;
        if (number <= count) _bound(proof, list, number, count);
        (proof.shown, proof.shownAt, proof.boundary) = (_shown, _shownAt, _boundary);
    }

    /// The last that isn't listed, its validator not exiting.
    function _newest(ContainersProof memory containers, PendingDeposit[] memory list, uint32 from, uint32 to)
        private
        view
        returns (uint32 newest)
    {
        for (uint32 number = from + 1; number <= to; ++number) {
            DepositLine.Deposit memory d = LINE.deposit(number);
            (bool isListed,) = find(list, number);
            if (d.slot > BEACON.headSlot() || isListed || _isExiting(containers, d.validatorIndex)) continue;
            newest = number;
        }
    }

    function _showShort(PendingDeposit[] memory list, uint32 landed) private {
        for (uint32 number = 1; number <= landed; ++number) {
            (bool isListed, uint32 at) = find(list, number);
            if (!isListed || !LINE.isShort(number)) continue;
            _shown.push(number);
            _shownAt.push(at);
        }
    }

    function _bound(InFlightProof memory proof, PendingDeposit[] memory list, uint32 number, uint32 count)
        private
    {
        uint48 slot = LINE.deposit(number).slot;
        if (slot > BEACON.headSlot()) return;
        proof.anchor = number;
        for (; number <= count && LINE.deposit(number).slot == slot; ++number) {
            (, uint32 at) = find(list, number);
            _boundary.push(at);
        }
    }

    function wholeList(uint256 length) public view returns (PendingProof memory) {
        uint32[] memory positions = new uint32[](length);
        for (uint256 i; i < length; ++i) {
            positions[i] = uint32(i);
        }
        return BEACON.pendingProof(positions);
    }

    /// All validators that deposits on the line are for.
    function allContainers() public view returns (ContainersProof memory) {
        (uint32 count,,) = LINE.inFlight();
        uint40[] memory indices = new uint40[](count);
        uint256 used;
        for (uint32 number = 1; number <= count; ++number) {
            uint40 index = LINE.deposit(number).validatorIndex;
            uint256 at;
            while (at < used && indices[at] < index) ++at;
            if (at < used && indices[at] == index) continue;
            for (uint256 i = used++; i > at; --i) {
                indices[i] = indices[i - 1];
            }
            indices[at] = index;
        }
        assembly {
            mstore(indices, used)
        }
        return BEACON.containersProof(indices);
    }

    function find(PendingDeposit[] memory list, uint32 number)
        public
        view
        returns (bool isListed, uint32 at)
    {
        DepositLine.Deposit memory d = LINE.deposit(number);
        for (; at < list.length; ++at) {
            if (list[at].amountGwei != d.amountGwei || list[at].slot != d.slot) continue;
            if (BEACON.indexOf(list[at].pubkeyRoot) == d.validatorIndex) return (true, at);
        }
        return (false, 0);
    }

    function _isExiting(ContainersProof memory containers, uint40 index) private pure returns (bool) {
        uint256 i;
        while (containers.indices[i] != index) ++i;
        return containers.validators[i].exitEpoch != Ssz.FAR_FUTURE_EPOCH;
    }
}
