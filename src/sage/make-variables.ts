/**
 * The variables of a makefile, as make would have them: assignments in their order, conditionals where
 * they can be decided without a function of make's. Nothing is run, since a checkout may come from anybody.
 */

export interface MakeVariables {
  /** As it is assigned; undefined where make would have nothing. */
  readonly text: (name: string) => string | undefined;
  /** With what its variables stand for; what make computes by a function stays as it is written. */
  readonly expand: (text: string) => string;
}

/** `inherited` is what the makefile finds in its environment. A later assignment wins, as in make. */
export function readVariables(
  makefile: string,
  inherited: Readonly<Record<string, string>>,
): MakeVariables {
  const values = new Map(Object.entries(inherited));
  const text = (name: string): string | undefined => values.get(name);
  const expand = (written: string): string => expandIn(text, written, deepest);
  const branches: Branch[] = [];
  let isInDefinition = false;
  for (const line of makefile.replaceAll(/\\\n[ \t]*/g, " ").split("\n")) {
    if (/^ *endef\b/.test(line)) isInDefinition = false;
    if (/^ *define\b/.test(line)) isInDefinition = true;
    if (isInDefinition || line.startsWith("\t")) continue;
    if (followConditional(branches, line, { text, expand })) continue;
    const [, name, operator, value] = /^ *([\w.]+) *([?:+]{0,3})= *(.*?) *$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const state = stateOf(branches);
    if (state === "not taken") continue;
    const before = values.get(name);
    const isNew = before === undefined || (operator !== "?" && state === "taken");
    if (operator === "+") values.set(name, `${before ?? ""} ${value}`.trim());
    else if (isNew) values.set(name, operator?.startsWith(":") ? expand(value) : value);
  }
  return { text, expand };
}

/** A variable that stands for itself would never end. */
const deepest = 20;

const reference = /\$(?:\((\w+)\)|\{(\w+)\})/g;

function expandIn(text: MakeVariables["text"], written: string, depth: number): string {
  if (depth === 0) return written;
  return written.replaceAll(reference, (_, round?: string, curly?: string) =>
    expandIn(text, text(round ?? curly ?? "") ?? "", depth - 1),
  );
}

/** What make would do with the lines of a branch; `unknown` where only make can tell. */
type Taken = "taken" | "not taken" | "unknown";

/** A conditional that is open, by its branch that is read at the moment. */
interface Branch {
  state: Taken;
  /** Whether one of the branches so far was taken. */
  before: Taken;
}

function stateOf(branches: readonly Branch[]): Taken {
  if (branches.some(({ state }) => state === "not taken")) return "not taken";
  return branches.some(({ state }) => state === "unknown") ? "unknown" : "taken";
}

/** Whether the line was one of a conditional's. */
function followConditional(branches: Branch[], line: string, variables: MakeVariables): boolean {
  const [, word, rest = ""] = /^ *(ifn?eq|ifn?def|else|endif)\b *(.*)$/.exec(line) ?? [];
  if (word === undefined) return false;
  if (word === "endif") branches.pop();
  else if (word !== "else") {
    const state = judge(word, rest, variables);
    branches.push({ state, before: state });
  } else {
    const branch = branches.at(-1);
    if (branch !== undefined) takeElse(branch, rest, variables);
  }
  return true;
}

function takeElse(branch: Branch, rest: string, variables: MakeVariables): void {
  const [, word, condition = ""] = /^(ifn?eq|ifn?def)\b *(.*)$/.exec(rest) ?? [];
  const own = word === undefined ? "taken" : judge(word, condition, variables);
  if (branch.before === "taken" || own === "not taken") branch.state = "not taken";
  else branch.state = branch.before === "unknown" ? "unknown" : own;
  if (branch.before !== "taken" && own !== "not taken") branch.before = branch.state;
}

function judge(word: string, condition: string, { text, expand }: MakeVariables): Taken {
  const isNegated = word.startsWith("ifn");
  if (word.endsWith("def")) {
    return ((text(condition.trim()) ?? "") !== "") === isNegated ? "not taken" : "taken";
  }
  const [, first, second] =
    /^\((.*?),(.*)\)$/.exec(condition) ?? /^["'](.*?)["'] +["'](.*)["']$/.exec(condition) ?? [];
  if (first === undefined || second === undefined) return "unknown";
  const [left, right] = [expand(first), expand(second)];
  if (left.includes("$") || right.includes("$")) return "unknown";
  return (left.trim() === right.trim()) === isNegated ? "not taken" : "taken";
}
