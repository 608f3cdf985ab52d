// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { SharesMath } from "../types/SharesMath.sol";
import { Allowances } from "./Allowances.sol";
import { IStakedEther } from "./IStakedEther.sol";
import { IWrappedStakedEther } from "./IWrappedStakedEther.sol";

/// Owns: who holds how many units of wrapped shares.
/// Does not own: the rate, which is the token's.
/// Trusts: the token it wraps.
contract WrappedStakedEther is Allowances, IWrappedStakedEther {
    using SharesMath for uint256;

    /// @notice Shares of caETH in one unit.
    uint256 public constant UNIT = SharesMath.SHARES_PER_WEI;

    IStakedEther public immutable TOKEN;

    /// @dev A struct, so that a slot is looked up once and then read and written.
    struct Account {
        uint256 units;
    }

    uint256 private _supply;
    mapping(address holder => Account) private _accounts;

    constructor(IStakedEther token) {
        if (address(token) == address(0)) revert WrapperReceiverInvalid(address(token));
        TOKEN = token;
    }

    // ---------------------------------------------------------------- wrap

    /// @inheritdoc IWrappedStakedEther
    function wrap(uint256 amount) external returns (uint256 units) {
        units = convertToShares(amount);
        if (units == 0) revert WrapZero();
        _mint(msg.sender, units);
        TOKEN.transferSharesFrom(msg.sender, address(this), units * UNIT);
    }

    /// @inheritdoc IWrappedStakedEther
    function unwrap(uint256 units) external returns (uint256 amount) {
        if (units == 0) revert WrapZero();
        _burn(msg.sender, units);
        amount = TOKEN.transferShares(msg.sender, units * UNIT);
    }

    /// @inheritdoc IWrappedStakedEther
    function stakeAndWrap(address receiver, uint256 minUnits) external payable returns (uint256 units) {
        _requireReceiver(receiver);
        units = TOKEN.stake{ value: msg.value }(address(this), 0) / UNIT;
        if (units == 0) revert WrapZero();
        if (units < minUnits) revert UnitsBelowMinimum(units, minUnits);
        _mint(receiver, units);
    }

    /// @inheritdoc IWrappedStakedEther
    function previewStakeAndWrap(uint256 amount) external view returns (uint256) {
        return convertToShares(amount);
    }

    // ---------------------------------------------------------------- rate

    /// @inheritdoc IWrappedStakedEther
    function stETH() external view returns (address) {
        return address(TOKEN);
    }

    /// @inheritdoc IWrappedStakedEther
    function stEthPerToken() external view returns (uint256) {
        return convertToAssets(1 ether);
    }

    /// @inheritdoc IWrappedStakedEther
    function tokensPerStEth() external view returns (uint256) {
        return convertToShares(1 ether);
    }

    /// @inheritdoc IWrappedStakedEther
    function getWstETHByStETH(uint256 amount) external view returns (uint256) {
        return convertToShares(amount);
    }

    /// @inheritdoc IWrappedStakedEther
    function getStETHByWstETH(uint256 units) external view returns (uint256) {
        return convertToAssets(units);
    }

    /// @inheritdoc IWrappedStakedEther
    function getRate() external view returns (uint256) {
        return convertToAssets(1 ether);
    }

    // ---------------------------------------------------------------- ERC-20

    /// @inheritdoc IWrappedStakedEther
    function name() external pure returns (string memory) {
        return "Wrapped Cairn Staked Ether";
    }

    /// @inheritdoc IWrappedStakedEther
    function symbol() external pure returns (string memory) {
        return "wcaETH";
    }

    /// @inheritdoc IWrappedStakedEther
    function decimals() external pure returns (uint8) {
        return 18;
    }

    /// @inheritdoc IWrappedStakedEther
    function totalSupply() external view returns (uint256) {
        return _supply;
    }

    /// @inheritdoc IWrappedStakedEther
    function balanceOf(address account) external view returns (uint256) {
        return _accounts[account].units;
    }

    /// @inheritdoc IWrappedStakedEther
    function transfer(address to, uint256 units) external returns (bool) {
        _move(msg.sender, to, units);
        return true;
    }

    /// @inheritdoc IWrappedStakedEther
    function transferFrom(address from, address to, uint256 units) external returns (bool) {
        _spendAllowance(from, units);
        _move(from, to, units);
        return true;
    }

    // ---------------------------------------------------------------- ERC-4626: how much

    /// @inheritdoc IWrappedStakedEther
    function asset() external view returns (address) {
        return address(TOKEN);
    }

    /// @inheritdoc IWrappedStakedEther
    function totalAssets() external view returns (uint256) {
        return convertToAssets(_supply);
    }

    /// @inheritdoc IWrappedStakedEther
    function convertToShares(uint256 assets) public view returns (uint256) {
        (uint256 poolShares, uint256 poolEther) = TOKEN.ledger();
        return poolEther == 0 ? 0 : assets.toSharesDown(poolShares, poolEther) / UNIT;
    }

    /// @inheritdoc IWrappedStakedEther
    function convertToAssets(uint256 shares) public view returns (uint256) {
        (uint256 poolShares, uint256 poolEther) = TOKEN.ledger();
        return (shares * UNIT).toEtherDown(poolShares, poolEther);
    }

    /// @inheritdoc IWrappedStakedEther
    function maxDeposit(address) public view returns (uint256) {
        return TOKEN.getTotalPooledEther() == 0 ? 0 : type(uint256).max;
    }

    /// @inheritdoc IWrappedStakedEther
    function maxMint(address receiver) external view returns (uint256) {
        return maxDeposit(receiver);
    }

    /// @inheritdoc IWrappedStakedEther
    function maxWithdraw(address owner) external view returns (uint256) {
        return convertToAssets(_accounts[owner].units);
    }

    /// @inheritdoc IWrappedStakedEther
    function maxRedeem(address owner) external view returns (uint256) {
        return _accounts[owner].units;
    }

    /// @inheritdoc IWrappedStakedEther
    function previewDeposit(uint256 assets) external view returns (uint256) {
        return convertToShares(assets);
    }

    /// @inheritdoc IWrappedStakedEther
    function previewMint(uint256 shares) public view returns (uint256) {
        (uint256 poolShares, uint256 poolEther) = TOKEN.ledger();
        return (shares * UNIT).toEtherUp(poolShares, poolEther);
    }

    /// @inheritdoc IWrappedStakedEther
    function previewWithdraw(uint256 assets) public view returns (uint256) {
        if (assets == 0) return 0;
        (uint256 poolShares, uint256 poolEther) = TOKEN.ledger();
        return (assets.toSharesUp(poolShares, poolEther) + UNIT - 1) / UNIT;
    }

    /// @inheritdoc IWrappedStakedEther
    function previewRedeem(uint256 shares) external view returns (uint256) {
        return convertToAssets(shares);
    }

    // ---------------------------------------------------------------- ERC-4626: verbs

    /// @inheritdoc IWrappedStakedEther
    function deposit(uint256 assets, address receiver) external returns (uint256 shares) {
        shares = convertToShares(assets);
        _deposit(assets, shares, receiver);
    }

    /// @inheritdoc IWrappedStakedEther
    function mint(uint256 shares, address receiver) external returns (uint256 assets) {
        assets = previewMint(shares);
        _deposit(assets, shares, receiver);
    }

    /// @inheritdoc IWrappedStakedEther
    function withdraw(uint256 assets, address receiver, address owner) external returns (uint256 shares) {
        shares = previewWithdraw(assets);
        _withdraw(assets, shares, receiver, owner);
    }

    /// @inheritdoc IWrappedStakedEther
    function redeem(uint256 shares, address receiver, address owner) external returns (uint256 assets) {
        assets = convertToAssets(shares);
        _withdraw(assets, shares, receiver, owner);
    }

    /// @dev Takes ⌈assets⌉ in shares of caETH, at least those of the units it mints.
    function _deposit(uint256 assets, uint256 units, address receiver) private {
        _requireReceiver(receiver);
        // only when the pool is worth nothing
        if (assets == 0 && units != 0) revert WrapZero();
        _mint(receiver, units);
        // the token reverts or returns true, and calls nobody
        TOKEN.transferFrom(msg.sender, address(this), assets);
        emit Deposit(msg.sender, receiver, assets, units);
    }

    /// @dev Gives ⌈assets⌉ in shares of caETH, at most those of the units it burns.
    function _withdraw(uint256 assets, uint256 units, address receiver, address owner) private {
        _requireReceiver(receiver);
        if (msg.sender != owner) _spendAllowance(owner, units);
        _burn(owner, units);
        TOKEN.transfer(receiver, assets);
        emit Withdraw(msg.sender, receiver, owner, assets, units);
    }

    // ---------------------------------------------------------------- inside

    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Wrapped Cairn Staked Ether", "1");
    }

    function _requireReceiver(address to) private view {
        if (to == address(0) || to == address(this) || to == address(TOKEN)) {
            revert WrapperReceiverInvalid(to);
        }
    }

    function _mint(address to, uint256 units) private {
        _supply += units;
        // unchecked: a balance is part of the supply
        unchecked {
            _accounts[to].units += units;
        }
        emit Transfer(address(0), to, units);
    }

    function _burn(address from, uint256 units) private {
        Account storage account = _accounts[from];
        uint256 balance = account.units;
        if (units > balance) revert WrappedBalanceTooLow(from, balance, units);
        // unchecked: units ≤ balance ≤ supply
        unchecked {
            account.units = balance - units;
            _supply -= units;
        }
        emit Transfer(from, address(0), units);
    }

    function _move(address from, address to, uint256 units) private {
        _requireReceiver(to);
        Account storage account = _accounts[from];
        uint256 balance = account.units;
        if (units > balance) revert WrappedBalanceTooLow(from, balance, units);
        // unchecked: units ≤ balance, and a balance is part of the supply
        unchecked {
            account.units = balance - units;
            _accounts[to].units += units;
        }
        emit Transfer(from, to, units);
    }
}
