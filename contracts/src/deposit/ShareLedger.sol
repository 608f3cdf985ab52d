// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { SharesMath } from "../types/SharesMath.sol";
import { Allowances } from "./Allowances.sol";
import { IShareLedger } from "./IShareLedger.sol";

struct Ledger {
    uint128 poolShares;
    uint128 poolEther;
}

/// @dev Who holds how many shares, and how they move. Who inherits moves the pool: it mints, burns and sets the rate.
abstract contract ShareLedger is Allowances, IShareLedger {
    /// @dev A struct, so that a slot is looked up once and then read and written.
    struct Account {
        uint256 shares;
    }

    Ledger internal _ledger;
    mapping(address holder => Account) private _accounts;

    // ---------------------------------------------------------------- ERC-20

    /// @inheritdoc IShareLedger
    function name() external pure returns (string memory) {
        return "Cairn Staked Ether";
    }

    /// @inheritdoc IShareLedger
    function symbol() external pure returns (string memory) {
        return "caETH";
    }

    /// @inheritdoc IShareLedger
    function decimals() external pure returns (uint8) {
        return 18;
    }

    /// @inheritdoc IShareLedger
    function totalSupply() external view returns (uint256) {
        return _ledger.poolEther;
    }

    /// @inheritdoc IShareLedger
    function balanceOf(address account) external view returns (uint256) {
        return getPooledEthByShares(sharesOf(account));
    }

    /// @inheritdoc IShareLedger
    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount, previewTransfer(amount));
        return true;
    }

    /// @inheritdoc IShareLedger
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spendAllowance(from, amount);
        _move(from, to, amount, previewTransfer(amount));
        return true;
    }

    /// @inheritdoc IShareLedger
    function previewTransfer(uint256 amount) public view returns (uint256) {
        (uint256 poolShares, uint256 poolEther) = (_ledger.poolShares, _ledger.poolEther);
        if (amount > poolEther) revert AmountAbovePool(amount, poolEther);
        return amount == 0 ? 0 : SharesMath.toSharesUp(amount, poolShares, poolEther);
    }

    // ---------------------------------------------------------------- shares

    /// @inheritdoc IShareLedger
    function sharesOf(address account) public view returns (uint256) {
        return _accounts[account].shares;
    }

    /// @inheritdoc IShareLedger
    function getTotalShares() external view returns (uint256) {
        return _ledger.poolShares;
    }

    /// @inheritdoc IShareLedger
    function getTotalPooledEther() external view returns (uint256) {
        return _ledger.poolEther;
    }

    /// @inheritdoc IShareLedger
    function getPooledEthByShares(uint256 shares) public view returns (uint256) {
        return SharesMath.toEtherDown(shares, _ledger.poolShares, _ledger.poolEther);
    }

    /// @inheritdoc IShareLedger
    function getSharesByPooledEth(uint256 amount) external view returns (uint256) {
        return SharesMath.toSharesDown(amount, _ledger.poolShares, _ledger.poolEther);
    }

    /// @inheritdoc IShareLedger
    function transferShares(address to, uint256 shares) external returns (uint256 value) {
        value = getPooledEthByShares(shares);
        _move(msg.sender, to, value, shares);
    }

    /// @inheritdoc IShareLedger
    function transferSharesFrom(address from, address to, uint256 shares) external returns (uint256 value) {
        (uint256 poolShares, uint256 poolEther) = (_ledger.poolShares, _ledger.poolEther);
        // shares of a pool that lost everything have no value by which an allowance could be spent
        if (poolEther == 0) revert PoolEmpty();
        _spendAllowance(from, SharesMath.toEtherUp(shares, poolShares, poolEther));
        value = SharesMath.toEtherDown(shares, poolShares, poolEther);
        _move(from, to, value, shares);
    }

    /// @inheritdoc IShareLedger
    function ledger() external view returns (uint128 poolShares, uint128 poolEther) {
        return (_ledger.poolShares, _ledger.poolEther);
    }

    // ---------------------------------------------------------------- inside

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Cairn Staked Ether", "1");
    }

    function _setLedger(uint256 poolShares, uint256 poolEther) internal {
        _ledger = Ledger(_toUint128(poolShares), _toUint128(poolEther));
    }

    /// @dev Balances only: the caller adds the shares to the pool.
    function _mint(address to, uint256 value, uint256 shares) internal {
        // unchecked: the sum of all balances is poolShares, which fits uint128
        unchecked {
            _accounts[to].shares += shares;
        }
        _emitTransfer(address(0), to, value, shares);
    }

    /// @dev Balances only: the caller takes the shares out of the pool.
    function _burn(address from, uint256 value, uint256 shares) internal {
        Account storage account = _accounts[from];
        uint256 balance = account.shares;
        if (shares > balance) revert BalanceTooLow(from, balance, shares);
        // unchecked: shares ≤ balance
        unchecked {
            account.shares = balance - shares;
        }
        _emitTransfer(from, address(0), value, shares);
    }

    function _move(address from, address to, uint256 value, uint256 shares) private {
        _requireReceiver(to);
        Account storage account = _accounts[from];
        uint256 balance = account.shares;
        if (shares > balance) revert BalanceTooLow(from, balance, shares);
        // unchecked: shares ≤ balance, and the sum of all balances fits uint128
        unchecked {
            account.shares = balance - shares;
            _accounts[to].shares += shares;
        }
        _emitTransfer(from, to, value, shares);
    }

    function _requireReceiver(address to) internal view {
        if (to == address(0)) revert AddressZero();
        if (to == address(this)) revert ReceiverIsToken();
    }

    function _emitTransfer(address from, address to, uint256 value, uint256 shares) private {
        emit Transfer(from, to, value);
        emit TransferShares(from, to, shares);
    }

    function _toUint128(uint256 value) internal pure returns (uint128) {
        if (value > type(uint128).max) revert PoolTooLarge(value);
        return uint128(value);
    }
}
