// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { Ssz, Validator } from "../../src/types/Ssz.sol";
import { PendingDeposit } from "../../src/validators/IDepositsInFlight.sol";
import { Gindices } from "./Gindices.sol";

/// The SSZ trees of the mock's head: an Electra state and its header, any node of which can be read.
abstract contract BeaconTrees {
    bytes32 public constant GENESIS_VALIDATORS_ROOT = keccak256("genesis validators");
    // generalized indices from the block root, Electra
    uint256 internal constant G_SLOT = 8;
    uint256 internal constant G_VERSION = 2829;
    uint256 internal constant G_VALIDATORS = 715;
    uint256 internal constant G_BALANCES = 716;
    uint256 internal constant G_PENDING_DEPOSITS = 738;
    uint256 internal constant G_GENESIS_VALIDATORS = 705;
    uint256 internal constant G_PARTICIPATION = 719;
    uint256 internal constant G_FINALIZED_EPOCH = 1448;
    uint256 internal constant G_BLOCK_HASH = 23_308;

    /// Root of a balances list too long to be held here, 0 for the list that is.
    bytes32 public balancesRoot;
    /// Roots of zero subtrees by height, kept because every proof needs dozens of them.
    bytes32[41] private _zeroHashes;

    /// Frozen at the end of each slot: what proofs are made of.
    struct Frozen {
        uint64 slot;
        bytes4 version;
        bytes32 executionBlockHash;
        PendingDeposit[] pending;
        Validator[] validators;
        uint64[] balances;
        uint8[] participation;
        uint64 finalizedEpoch;
        bytes32 root;
    }

    Frozen internal _head;

    constructor() {
        for (uint256 i; i < 40; ++i) {
            _zeroHashes[i + 1] = Ssz.hashPair(_zeroHashes[i], _zeroHashes[i]);
        }
    }

    /// Value at generalized index `g` of the tree whose root is the head's block root.
    function node(uint256 g) public view returns (bytes32) {
        if (g == G_SLOT) return Ssz.leaf(_head.slot);
        if (g > 8 && g < 16 && g != 11) return g < 13 ? keccak256(abi.encode("header", g)) : bytes32(0);
        if (g == G_VERSION) return bytes32(_head.version);
        if (g == G_BLOCK_HASH) return _head.executionBlockHash;
        if (g == G_GENESIS_VALIDATORS) return GENESIS_VALIDATORS_ROOT;
        if (g == G_FINALIZED_EPOCH) return Ssz.leaf(_head.finalizedEpoch);
        if (g == G_FINALIZED_EPOCH + 1) return keccak256("finalized root");
        if (Gindices.under(g, G_PENDING_DEPOSITS)) return _pendingNode(g);
        if (Gindices.under(g, G_VALIDATORS)) return _listNode(g, G_VALIDATORS, 40, _head.validators.length);
        if (Gindices.under(g, G_PARTICIPATION)) {
            return _listNode(g, G_PARTICIPATION, 35, (_head.validators.length + 31) / 32);
        }
        if (g == G_BALANCES && balancesRoot != 0) return balancesRoot;
        if (Gindices.under(g, G_BALANCES)) {
            return _listNode(g, G_BALANCES, 38, (_head.balances.length + 3) / 4);
        }
        // other fields of the state, of the fork, and of the execution payload header: fixed leaves
        if (g >= 704 && g < 768 && !_inner(g)) {
            return g < 741 ? keccak256(abi.encode("state", g)) : bytes32(0);
        }
        if (g >= 2828 && g < 2832) return g == 2831 ? bytes32(0) : keccak256(abi.encode("fork", g));
        if (g >= 23_296 && g < 23_328) return g < 23_313 ? keccak256(abi.encode("payload", g)) : bytes32(0);
        // below a leaf there is nothing: whatever a proof says
        if (g >= 23_328 || (g >= 768 && !_inner(g))) return keccak256(abi.encode("nothing", g));
        return Ssz.hashPair(node(g * 2), node(g * 2 + 1));
    }

    /// The fork (707), the finalized checkpoint (724) and the execution payload header (728) are opened further.
    function _inner(uint256 g) private pure returns (bool) {
        while (g > 2831) {
            g >>= 1;
        }
        return g == 707 || g == 724 || g == 728 || g >> 1 == 707 || g >> 1 == 728 || g >> 2 == 728;
    }

    function _pendingNode(uint256 g) private view returns (bytes32) {
        uint256 below = Gindices.log2(g) - Gindices.log2(G_PENDING_DEPOSITS);
        if (below <= 28) return _listNode(g, G_PENDING_DEPOSITS, 27, _head.pending.length);
        uint256 element = (g >> (below - 28)) - ((G_PENDING_DEPOSITS * 2) << 27);
        if (below > 31 || element >= _head.pending.length) return keccak256(abi.encode("nothing", g));
        if (below < 31) return Ssz.hashPair(node(g * 2), node(g * 2 + 1));
        return _elementField(_head.pending[element], g & 7);
    }

    function _elementField(PendingDeposit memory d, uint256 field) private pure returns (bytes32) {
        if (field == 0) return d.pubkeyRoot;
        if (field == 1) return d.withdrawalCredentials;
        if (field == 2) return Ssz.leaf(d.amountGwei);
        if (field == 3) return d.signatureRoot;
        return field == 4 ? Ssz.leaf(d.slot) : bytes32(0);
    }

    function _listNode(uint256 g, uint256 top, uint256 depth, uint256 count) private view returns (bytes32) {
        uint256 below = Gindices.log2(g) - Gindices.log2(top);
        if (below == 0) return Ssz.hashPair(node(top * 2), node(top * 2 + 1));
        if (g == top * 2 + 1) {
            return
                Ssz.leaf(uint64(top == G_PENDING_DEPOSITS ? _head.pending.length : _head.validators.length));
        }
        if (below > depth + 1) return keccak256(abi.encode("nothing", g));
        uint256 height = depth + 1 - below;
        uint256 first = (g - ((top * 2) << (below - 1))) << height;
        return _subtree(first, height, count, top);
    }

    function _subtree(uint256 first, uint256 height, uint256 count, uint256 top)
        private
        view
        returns (bytes32 result)
    {
        if (first >= count) return _zeroHashes[height];
        if (height == 0) {
            if (top == G_VALIDATORS) return _validatorRoot(_head.validators[first]);
            if (top == G_PENDING_DEPOSITS) return _elementRoot(_head.pending[first]);
            return top == G_BALANCES ? _chunk(first) : _flags(first);
        }
        return Ssz.hashPair(
            _subtree(first, height - 1, count, top),
            _subtree(first + (1 << (height - 1)), height - 1, count, top)
        );
    }

    function _elementRoot(PendingDeposit memory d) private view returns (bytes32) {
        bytes32[8] memory f;
        for (uint256 i; i < 5; ++i) {
            f[i] = _elementField(d, i);
        }
        for (uint256 n = 8; n > 1; n /= 2) {
            for (uint256 i; i < n; i += 2) {
                f[i / 2] = Ssz.hashPair(f[i], f[i + 1]);
            }
        }
        return f[0];
    }

    function _validatorRoot(Validator memory v) private view returns (bytes32) {
        return this.validatorRoot(v);
    }

    function validatorRoot(Validator calldata v) external view returns (bytes32) {
        return Ssz.validatorRoot(v);
    }

    function _chunk(uint256 c) internal view returns (bytes32 chunk) {
        for (uint256 k; k < 4; ++k) {
            uint256 i = c * 4 + k;
            if (i < _head.balances.length) chunk |= Ssz.leaf(_head.balances[i]) >> (k * 64);
        }
    }

    function _flags(uint256 c) internal view returns (bytes32 chunk) {
        for (uint256 k; k < 32 && c * 32 + k < _head.participation.length; ++k) {
            chunk |= bytes32(bytes1(_head.participation[c * 32 + k])) >> (k * 8);
        }
    }

    /// The missing siblings for `leaves` (descending), in descending order.
    function _nodes(uint256[] memory leaves) internal view returns (bytes32[] memory) {
        return _values(Gindices.helpers(leaves));
    }

    /// The same for leaves given relative to the subtree at `top`.
    function _nodesUnder(uint256[] memory leaves, uint256 top) internal view returns (bytes32[] memory) {
        uint256[] memory helpers = Gindices.helpers(leaves);
        for (uint256 i; i < helpers.length; ++i) {
            uint256 depth = Gindices.log2(helpers[i]);
            helpers[i] = (top << depth) | (helpers[i] - (1 << depth));
        }
        return _values(helpers);
    }

    function _values(uint256[] memory g) private view returns (bytes32[] memory values) {
        values = new bytes32[](g.length);
        for (uint256 i; i < g.length; ++i) {
            values[i] = node(g[i]);
        }
    }
}
