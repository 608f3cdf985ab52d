// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import { IStackDeployer } from "../../../src/governance/IStackDeployer.sol";
import { StackDeployer } from "../../../src/governance/StackDeployer.sol";
import { Test } from "forge-std/Test.sol";
import { CREATE3 } from "solady/utils/CREATE3.sol";

contract Thing {
    uint256 public immutable NUMBER;
    address public immutable OTHER;

    constructor(uint256 number, address other) payable {
        if (number == 0) revert("zero");
        (NUMBER, OTHER) = (number, other);
    }
}

/// Comes back while it is being created.
contract Returning {
    constructor(StackDeployer deployer, bytes32 name) {
        deployer.deploy(name, hex"600160005260206000f3");
    }
}

/// Deploys, and is called by what it deploys.
contract Careless {
    StackDeployer public immutable DEPLOYER = new StackDeployer(address(this));

    function run(bytes32 name) external {
        bytes memory code = abi.encodePacked(type(Calling).creationCode, abi.encode(this, name));
        DEPLOYER.deploy(name, code);
    }

    function again(bytes32 name) external {
        DEPLOYER.deploy(name, hex"600160005260206000f3");
    }
}

contract Calling {
    constructor(Careless careless, bytes32 name) {
        careless.again(name);
    }
}

contract StackDeployerTest is Test {
    StackDeployer private deployer;
    address private stranger = makeAddr("stranger");

    function setUp() public {
        deployer = new StackDeployer(address(this));
    }

    function _code(uint256 number, address other) private pure returns (bytes memory) {
        return abi.encodePacked(type(Thing).creationCode, abi.encode(number, other));
    }

    function test_Deploy_AtTheAddressOfItsName() public {
        address at = deployer.addressOf("thing");
        bytes memory code = _code(7, stranger);
        bytes32 codeHash = keccak256(address(new Thing(7, stranger)).code);
        vm.expectEmit(address(deployer));
        emit IStackDeployer.ContractDeployed("thing", at, keccak256(code), codeHash);
        assertEq(deployer.deploy("thing", code), at, "there");
        assertEq(Thing(at).NUMBER(), 7, "as asked");
        (bytes32 initCodeHash, bytes32 left) = deployer.deployed("thing");
        assertEq(initCodeHash, keccak256(code), "from this");
        assertEq(left, codeHash, "left this");
    }

    /// Two that need each other's address, whatever the order.
    function test_Deploy_ContractsNameEachOther() public {
        address a = deployer.addressOf("a");
        address b = deployer.addressOf("b");
        deployer.deploy("b", _code(2, a));
        deployer.deploy("a", _code(1, b));
        assertEq(Thing(a).OTHER(), b, "a knows b");
        assertEq(Thing(b).OTHER(), a, "b knows a");
    }

    function testFuzz_Deploy_AddressesFollowFromTheName(bytes32 name, bytes32 other, uint256 number) public {
        number = bound(number, 1, type(uint256).max);
        vm.assume(name != other);
        address at = deployer.addressOf(name);
        assertTrue(at != deployer.addressOf(other), "each its own");
        assertTrue(at != new StackDeployer(address(this)).addressOf(name), "of each deployer");
        assertEq(deployer.deploy(name, _code(number, stranger)), at, "whatever the code");
    }

    function test_Deploy_WithEther() public {
        vm.deal(address(this), 1 ether);
        address at = deployer.deploy{ value: 1 ether }("thing", _code(1, stranger));
        assertEq(at.balance, 1 ether, "passed on");
        assertEq(address(deployer).balance, 0, "nothing stays");
    }

    function test_Deploy_AFailedOneCanBeTriedAgain() public {
        vm.expectRevert(abi.encodeWithSelector(CREATE3.DeploymentFailed.selector));
        deployer.deploy("thing", _code(0, stranger));
        (bytes32 initCodeHash,) = deployer.deployed("thing");
        assertEq(initCodeHash, 0, "not taken");
        deployer.deploy("thing", _code(1, stranger));
    }

    function test_RevertWhen_TheNameIsTaken() public {
        address at = deployer.deploy("thing", _code(1, stranger));
        vm.expectRevert(abi.encodeWithSelector(IStackDeployer.NameTaken.selector, bytes32("thing"), at));
        deployer.deploy("thing", _code(2, stranger));
    }

    function test_RevertWhen_NothingIsLeft() public {
        vm.expectRevert(abi.encodeWithSelector(CREATE3.DeploymentFailed.selector));
        deployer.deploy("thing", "");
    }

    function test_RevertWhen_AStrangerDeploys() public {
        bytes memory code = _code(1, stranger);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IStackDeployer.DeployerOnly.selector, stranger));
        deployer.deploy("thing", code);
    }

    function test_RevertWhen_AConstructorDeploys() public {
        bytes memory code = abi.encodePacked(type(Returning).creationCode, abi.encode(deployer, bytes32("b")));
        vm.expectRevert(abi.encodeWithSelector(CREATE3.DeploymentFailed.selector));
        deployer.deploy("a", code);
    }

    /// A deployer that lets itself be called: the name is taken before the code runs.
    function test_RevertWhen_TheNameComesBack() public {
        Careless careless = new Careless();
        vm.expectRevert(abi.encodeWithSelector(CREATE3.DeploymentFailed.selector));
        careless.run("a");
    }

    function test_RevertWhen_NobodyMayDeploy() public {
        vm.expectRevert(abi.encodeWithSelector(IStackDeployer.DeployerOnly.selector, address(0)));
        new StackDeployer(address(0));
    }
}
