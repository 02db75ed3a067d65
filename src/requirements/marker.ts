/** Environment markers (PEP 508, and the sets of PEP 751): reading them, and whether they hold. */
import { normalizeProject } from "./project-name.ts";
import { allows } from "./specifier.ts";
import { parseVersion } from "./version.ts";

/** What markers ask for, by name: `python_version`, `sys_platform`; sets such as `extras` too. */
export type MarkerEnvironment = Readonly<Record<string, string | readonly string[]>>;

export type Marker = Combination | Comparison;

interface Combination {
  readonly kind: "all" | "any";
  readonly parts: readonly Marker[];
}

interface Comparison {
  readonly kind: "comparison";
  readonly operator: string;
  readonly left: Operand;
  readonly right: Operand;
}

type Operand = { readonly variable: string } | { readonly text: string };

const tokenPattern =
  /\s*(?:(?<text>"[^"]*"|'[^']*')|(?<operator>===|==|~=|!=|<=|>=|<|>|\(|\)|not\s+in\b)|(?<word>[A-Za-z_][A-Za-z0-9_.]*))/y;

/** A string says what is wrong with it. */
export function parseMarker(text: string): Marker | string {
  const tokens = tokensOf(text);
  if (typeof tokens === "string") return tokens;
  const reader: Reader = { tokens, at: 0, depth: 0 };
  const marker = readAny(reader);
  if (typeof marker === "string") return marker;
  const rest = tokens[reader.at];
  return rest === undefined ? marker : `the marker does not end before ${rest}`;
}

/** Whether it holds. A variable that the environment does not have is the empty text. */
export function holds(marker: Marker, environment: MarkerEnvironment): boolean {
  switch (marker.kind) {
    case "all":
      return marker.parts.every((part) => holds(part, environment));
    case "any":
      return marker.parts.some((part) => holds(part, environment));
    case "comparison":
      return compares(marker, environment);
  }
}

function compares(marker: Comparison, environment: MarkerEnvironment): boolean {
  const left = valueOf(marker.left, environment);
  const right = valueOf(marker.right, environment);
  const names = [marker.left, marker.right].flatMap((side) =>
    "variable" in side ? side.variable : [],
  );
  const isName = names.some((name) => /^(extra|extras|dependency_groups)$/.test(name));
  if (typeof left !== "string" || typeof right !== "string") {
    return compareSets(marker.operator, [left, right]);
  }
  return isName
    ? compareTexts(marker.operator, normalizeProject(left), normalizeProject(right))
    : compare(marker.operator, left, right);
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  /** Parentheses that are open. */
  depth: number;
}

/** Reading, and looking whether it holds, goes as deep as the marker does. */
const deepest = 100;

function tokensOf(text: string): string[] | string {
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  let at = 0;
  while (text.slice(at).trim() !== "") {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (match === null)
      return `the marker cannot be read from ${JSON.stringify(text.slice(at))} on`;
    tokens.push((match[0] ?? "").trim().replace(/^not\s+in$/, "not in"));
    at = tokenPattern.lastIndex;
  }
  return tokens;
}

function readAny(reader: Reader): Marker | string {
  return readParts(reader, "or", (inner) => readParts(inner, "and", readOne));
}

function readParts(
  reader: Reader,
  word: "and" | "or",
  readPart: (reader: Reader) => Marker | string,
): Marker | string {
  const parts: Marker[] = [];
  do {
    if (parts.length > 0) reader.at += 1;
    const part = readPart(reader);
    if (typeof part === "string") return part;
    parts.push(part);
  } while (reader.tokens[reader.at] === word);
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return { kind: word === "and" ? "all" : "any", parts };
}

function readOne(reader: Reader): Marker | string {
  const token = reader.tokens[reader.at];
  if (token !== "(") return readComparison(reader);
  reader.at += 1;
  reader.depth += 1;
  if (reader.depth > deepest) return "the marker has too many parentheses in one another";
  const inner = readAny(reader);
  reader.depth -= 1;
  if (typeof inner === "string") return inner;
  if (reader.tokens[reader.at] !== ")") return "a parenthesis of the marker is not closed";
  reader.at += 1;
  return inner;
}

const operators = new Set(["===", "==", "~=", "!=", "<=", ">=", "<", ">", "in", "not in"]);

function readComparison(reader: Reader): Marker | string {
  const [left, operator, right] = reader.tokens.slice(reader.at, reader.at + 3);
  if (left === undefined) return "the marker ends where a comparison is due";
  if (operator === undefined || !operators.has(operator)) return `${left} is compared with nothing`;
  if (right === undefined) return `the marker ends after ${operator}`;
  reader.at += 3;
  const [leftSide, rightSide] = [operandOf(left), operandOf(right)];
  if (typeof leftSide === "string") return leftSide;
  if (typeof rightSide === "string") return rightSide;
  return { kind: "comparison", operator, left: leftSide, right: rightSide };
}

const variables = new Set([
  "os_name",
  "sys_platform",
  "platform_machine",
  "platform_python_implementation",
  "platform_release",
  "platform_system",
  "platform_version",
  "python_version",
  "python_full_version",
  "implementation_name",
  "implementation_version",
  "extra",
  "extras",
  "dependency_groups",
]);

/** As old metadata spells them. */
const oldNames: Readonly<Record<string, string>> = {
  "os.name": "os_name",
  "sys.platform": "sys_platform",
  "platform.version": "platform_version",
  "platform.machine": "platform_machine",
  "platform.python_implementation": "platform_python_implementation",
  python_implementation: "platform_python_implementation",
};

function operandOf(token: string): Operand | string {
  if (/^["']/.test(token)) return { text: token.slice(1, -1) };
  const variable = oldNames[token] ?? token;
  return variables.has(variable) ? { variable } : `${token} is not a variable of markers`;
}

function valueOf(operand: Operand, environment: MarkerEnvironment): string | readonly string[] {
  return "text" in operand ? operand.text : (environment[operand.variable] ?? "");
}

/** As versions where both are some, else as texts. */
function compare(operator: string, left: string, right: string): boolean {
  const isVersion = parseVersion(right.replace(/\.\*$/, "")) !== undefined;
  const isIn = operator === "in" || operator === "not in";
  if (!isIn && isVersion && parseVersion(left) !== undefined) {
    return allows(`${operator}${right}`, left);
  }
  return compareTexts(operator, left, right);
}

function compareTexts(operator: string, left: string, right: string): boolean {
  switch (operator) {
    case "==":
    case "===":
      return left === right;
    case "!=":
      return left !== right;
    case "in":
      return right.includes(left);
    case "not in":
      return !right.includes(left);
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      return false;
  }
}

type Side = string | readonly string[];

function compareSets(operator: string, [left, right]: readonly [Side, Side]): boolean {
  const set = (typeof left === "string" ? right : left) as readonly string[];
  const item = normalizeProject(String(typeof left === "string" ? left : right));
  const has = set.some((name) => normalizeProject(name) === item);
  return operator === "not in" || operator === "!=" ? !has : has;
}
