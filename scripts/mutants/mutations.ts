import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../runSteps.ts";

/** One change of one place in a source. Offsets are bytes of its UTF-8 text. */
export interface Mutation {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

interface Node {
  readonly nodeType: string;
  /** "offset:length:file", in bytes. */
  readonly src: string;
  readonly [field: string]: unknown;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What stands for an operator; `left` and `right` leave one side away. One that any test of the function would refuse (a
 * comparison turned round) is no use: it costs as long as the others.
 */
const BINARY: Readonly<Record<string, readonly string[]>> = {
  "<": ["<="],
  "<=": ["<"],
  ">": [">="],
  ">=": [">"],
  "==": ["!="],
  "!=": ["=="],
  "+": ["left"],
  "-": ["left"],
  "*": ["/"],
  "/": ["*"],
  "%": ["/"],
  "<<": [">>"],
  ">>": ["<<"],
  "&": ["|"],
  "|": ["&"],
  "&&": ["left", "right"],
  "||": ["left", "right"],
};

const ASSIGNMENT: Readonly<Record<string, string>> = { "+=": "-=", "-=": "+=", "|=": "=" };

/** Functions that differ in their rounding, or in which of two they choose. */
const TWINS: readonly (readonly [string, string])[] = [
  ["fullMulDiv", "fullMulDivUp"],
  ["mulDiv", "mulDivUp"],
  ["toSharesDown", "toSharesUp"],
  ["toEtherDown", "toEtherUp"],
  ["min", "max"],
];

/** The syntax tree of a source, parsed only: whatever it imports isn't needed. */
function parse(path: string, content: string): Node {
  const settings = { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } };
  const input = JSON.stringify({ language: "Solidity", sources: { [path]: { content } }, settings });
  const command = [join(ROOT, "contracts/solc"), "--standard-json"];
  const output = execFileSync(process.execPath, command, { cwd: ROOT, input, maxBuffer: 2 ** 28 });
  return JSON.parse(String(output)).sources[path].ast;
}

/** Every mutation of the bodies of a source's functions, in the order of the text. */
export function mutationsOf(path: string, content: string): Mutation[] {
  const bytes = Buffer.from(content);
  const found: Mutation[] = [];
  const walk = (value: unknown, isBody: boolean): void => {
    if (Array.isArray(value)) for (const one of value) walk(one, isBody);
    if (!isNode(value)) return;
    if (isBody) found.push(...mutationsAt(value, bytes));
    const fields = Object.entries(value);
    for (const [name, field] of fields)
      walk(field, isBody || (name === "body" && value.nodeType !== "ContractDefinition"));
  };
  walk(parse(path, content), false);
  const unique = new Map(found.map((one) => [`${one.start}:${one.end}:${one.replacement}`, one]));
  return [...unique.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).nodeType === "string";

function spanOf(node: Node): Span {
  const [start = 0, length = 0] = node.src.split(":").map(Number);
  return { start, end: start + length };
}

function mutationsAt(node: Node, bytes: Buffer): Mutation[] {
  const whole = spanOf(node);
  const textOf = ({ start, end }: Span) => bytes.subarray(start, end).toString();
  const child = (field: string) => spanOf(node[field] as Node);
  switch (node.nodeType) {
    case "BinaryOperation":
      return binary(node.operator as string, child("leftExpression"), child("rightExpression"), bytes);
    case "UnaryOperation":
      return node.operator === "!" ? [{ ...whole, replacement: textOf(child("subExpression")) }] : [];
    case "Conditional":
      return ["trueExpression", "falseExpression"].map((side) => ({
        ...whole,
        replacement: textOf(child(side)),
      }));
    case "IfStatement":
      return [{ ...child("condition"), replacement: "false" }];
    case "Assignment": {
      const replacement = ASSIGNMENT[node.operator as string];
      if (replacement === undefined) return [];
      return [
        between(child("leftHandSide"), child("rightHandSide"), node.operator as string, replacement, bytes),
      ];
    }
    case "EmitStatement":
    case "ExpressionStatement":
      return [withoutStatement(whole, bytes)];
    case "MemberAccess":
    case "Identifier":
      return twins(node, whole);
    default:
      return [];
  }
}

/** A statement goes away as a whole; what is left is an empty block, which may stand anywhere. */
function withoutStatement({ start, end }: Span, bytes: Buffer): Mutation {
  const semicolon = bytes.indexOf(";", end);
  return { start, end: semicolon + 1, replacement: "{ }" };
}

function between(left: Span, right: Span, operator: string, replacement: string, bytes: Buffer): Mutation {
  const start = bytes.indexOf(operator, left.end);
  if (start < 0 || start >= right.start) throw new Error(`no ${operator} at byte ${left.end}`);
  return { start, end: start + operator.length, replacement };
}

function binary(operator: string, left: Span, right: Span, bytes: Buffer): Mutation[] {
  return (BINARY[operator] ?? []).map((replacement): Mutation => {
    if (replacement === "left") return { start: left.end, end: right.end, replacement: "" };
    if (replacement === "right") return { start: left.start, end: right.start, replacement: "" };
    return between(left, right, operator, replacement, bytes);
  });
}

function twins(node: Node, { end }: Span): Mutation[] {
  const name = (node.memberName ?? node.name) as string;
  return TWINS.flatMap(([one, other]) => {
    if (name !== one && name !== other) return [];
    return [{ start: end - name.length, end, replacement: name === one ? other : one }];
  });
}

/** The source with the mutation in it. */
export function applied(content: string, { start, end, replacement }: Mutation): string {
  const bytes = Buffer.from(content);
  return bytes.subarray(0, start).toString() + replacement + bytes.subarray(end).toString();
}

/** A mutation for people: its line, what stood there, what stands there now. */
export function describe(
  content: string,
  { start, end, replacement }: Mutation,
): { line: number; from: string; to: string; text: string } {
  const bytes = Buffer.from(content);
  const before = bytes.subarray(0, start).toString();
  const from = bytes.subarray(start, end).toString();
  const line = before.split("\n").length;
  return { line, from, to: replacement, text: (content.split("\n")[line - 1] ?? "").trim() };
}
