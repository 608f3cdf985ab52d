import { expect, test } from "vitest";
import { applied, describe as described, mutationsOf } from "../mutants/mutations.ts";

const body = (statements: string) => `pragma solidity 0.8.30;
/// Signs of other alphabets count as more than a byte: ⌈x⌉ − 1.
contract C {
    uint256 public constant MOST = 1 + 2;
    uint256 private sum;
    event Done(uint256 x);
    error TooMuch(uint256 x);

    function f(uint256 a, uint256 b) external returns (uint256) {
        ${statements}
    }
}
`;

/** The line with the statements, under each mutation. */
function mutantsOf(statements: string): string[] {
  const source = body(statements);
  return mutationsOf("C.sol", source).map((one) => (applied(source, one).split("\n")[9] ?? "").trim());
}

test("a comparison loses or gains its edge, and a condition its say", () => {
  expect(mutantsOf("if (a < b) revert TooMuch(a);")).toEqual([
    "if (false) revert TooMuch(a);",
    "if (a <= b) revert TooMuch(a);",
  ]);
});

test("each side of a junction is left away", () => {
  expect(mutantsOf("return a != 0 && b > 1 ? a : b;")).toEqual([
    "return b > 1 ? a : b;",
    "return a;",
    "return b;",
    "return a == 0 && b > 1 ? a : b;",
    "return a != 0 ? a : b;",
    "return a != 0 && b >= 1 ? a : b;",
  ]);
});

test("a term is left away, a factor turned round, a rounding changed", () => {
  expect(mutantsOf("return a.fullMulDiv(b + 1, b) * a;")).toEqual([
    "return a.fullMulDivUp(b + 1, b) * a;",
    "return a.fullMulDiv(b, b) * a;",
    "return a.fullMulDiv(b + 1, b) / a;",
  ]);
});

test("a statement goes, an event too; a sum runs the other way", () => {
  expect(mutantsOf("sum += a; emit Done(a);")).toEqual([
    "{ } emit Done(a);",
    "sum -= a; emit Done(a);",
    "sum += a; { }",
  ]);
});

test("what stands outside of functions is left alone", () => {
  expect(mutantsOf("return a;")).toEqual([]);
});

test("a mutation is told by its line", () => {
  const source = body("return a > b ? a : b;");
  const [, , last] = mutationsOf("C.sol", source);
  expect(described(source, last as never)).toEqual({
    line: 10,
    from: ">",
    to: ">=",
    text: "return a > b ? a : b;",
  });
});
