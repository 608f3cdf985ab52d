// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IShareLedger } from "../../../src/deposit/IShareLedger.sol";
import { IStakedEther } from "../../../src/deposit/IStakedEther.sol";
import { StakedEther } from "../../../src/deposit/StakedEther.sol";
import { StackFixture } from "../../support/StackFixture.sol";
import { SystemContracts } from "../../support/SystemContracts.sol";

contract StakedEtherDeployTest is StackFixture {
    function _config() private returns (StakedEther.Config memory) {
        return StakedEther.Config({
            queue: makeAddr("queue"),
            withdrawalVault: makeAddr("withdrawalVault"),
            executionVault: makeAddr("executionVault"),
            validators: makeAddr("validators"),
            checkpoints: makeAddr("checkpoints"),
            bondHolder: makeAddr("bondHolder"),
            brake: makeAddr("brake"),
            beaconDeposit: SystemContracts.depositContract(),
            instantExitFeeBps: EXIT_FEE_BPS,
            instantExitSnapshotAge: EXIT_SNAPSHOT_AGE
        });
    }

    function test_Deploy_SeedBelongsToNobody() public view {
        address nobody = token.SEED_HOLDER();
        assertEq(nobody, address(0xdEaD), "nobody");
        assertEq(token.sharesOf(nobody), SEED * 1e9, "seed shares");
        assertEq(token.balanceOf(nobody), SEED, "seed ether");
        assertEq(token.getTotalShares(), SEED * 1e9, "total shares");
        assertEq(token.getTotalPooledEther(), SEED, "total ether");
        assertEq(token.totalSupply(), SEED, "supply");
        (uint128 shares, uint128 ethers) = token.ledger();
        assertEq(shares, SEED * 1e9, "ledger shares");
        assertEq(ethers, SEED, "ledger ether");
    }

    function test_Deploy_StartsOpenWithMarkAtOne() public view {
        (uint128 markEther, uint128 markShares) = token.mark();
        assertEq(markEther, SEED, "mark ether");
        assertEq(markShares, SEED * 1e9, "mark shares");
        assertEq(token.stakingPausedUntil(), 0, "not paused");
        assertFalse(token.checkpointOpen(), "none open");
        assertEq(token.lastSnapshotTime(), block.timestamp, "counts from deployment");
        assertEq(token.getCurrentStakeLimit(), 50_000 ether, "limit starts full");
    }

    function test_Deploy_NamesItself() public view {
        assertEq(token.name(), "Cairn Staked Ether", "name");
        assertEq(token.symbol(), "caETH", "symbol");
        assertEq(token.decimals(), 18, "decimals");
    }

    function test_Deploy_CredentialsAreTheVaults() public view {
        bytes32 expected =
            bytes32(abi.encodePacked(bytes12(0x020000000000000000000000), address(withdrawalVault)));
        assertEq(token.withdrawalCredentials(), expected, "0x02, eleven zero bytes, vault");
    }

    function test_Deploy_EmitsTheSeed() public {
        StakedEther.Config memory config = _config();
        address at = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
        vm.expectEmit(at);
        emit IStakedEther.Submitted(address(this), 3 ether, address(0));
        vm.expectEmit(at);
        emit IShareLedger.Transfer(address(0), address(0xdEaD), 3 ether);
        vm.expectEmit(at);
        emit IShareLedger.TransferShares(address(0), address(0xdEaD), 3e27);
        new StakedEther{ value: 3 ether }(config);
    }

    function test_RevertWhen_SeedIsTooSmall() public {
        StakedEther.Config memory config = _config();
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.PoolTooSmall.selector, 1 ether - 1, uint256(1 ether))
        );
        new StakedEther{ value: 1 ether - 1 }(config);
    }

    function test_RevertWhen_SeedIsTooLarge() public {
        StakedEther.Config memory config = _config();
        uint256 seed = uint256(type(uint128).max) / 1e9 + 1;
        vm.deal(address(this), seed);
        vm.expectRevert(abi.encodeWithSelector(IShareLedger.PoolTooLarge.selector, seed * 1e9));
        new StakedEther{ value: seed }(config);
    }

    function test_RevertWhen_DepositContractHasNoCode() public {
        StakedEther.Config memory config = _config();
        config.beaconDeposit = makeAddr("no code");
        vm.expectRevert(
            abi.encodeWithSelector(IStakedEther.ConfigInvalid.selector, "beaconDeposit", uint256(0))
        );
        new StakedEther{ value: 1 ether }(config);
    }

    function test_RevertWhen_AnyAddressIsZero() public {
        for (uint256 i; i < 7; ++i) {
            StakedEther.Config memory config = _config();
            if (i == 0) config.queue = address(0);
            if (i == 1) config.withdrawalVault = address(0);
            if (i == 2) config.executionVault = address(0);
            if (i == 3) config.validators = address(0);
            if (i == 4) config.checkpoints = address(0);
            if (i == 5) config.bondHolder = address(0);
            if (i == 6) config.brake = address(0);
            vm.expectRevert(abi.encodeWithSelector(IShareLedger.AddressZero.selector));
            new StakedEther{ value: 1 ether }(config);
        }
    }
}
