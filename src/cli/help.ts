/** The text of `tenon --help` and `tenon COMMAND --help`, for a terminal of any width. */
import { widthOf, wrap } from "../report/index.ts";
import type { Description, Option } from "./describe.ts";
import type { Group } from "./descriptions.ts";

interface HelpOptions {
  readonly columns: number;
  /** Also the options that few people need. */
  readonly all?: boolean;
}

/** Of tenon as a whole: what it is for, and its commands. */
export function renderOverview(groups: readonly Group[], { columns }: HelpOptions): string[] {
  const width = Math.max(
    ...groups.flatMap(({ commands }) => commands.map(({ name }) => name.length)),
  );
  return [
    ...wrap("tenon builds a stack of packages from source into one shared prefix.", columns),
    "",
    "Usage: tenon COMMAND …",
    ...groups.flatMap(({ title, commands }) => [
      "",
      `${title}:`,
      ...commands.flatMap(({ name, docs }) => row(name, docs.brief, { width, columns })),
    ]),
    "",
    ...wrap("`tenon help COMMAND` explains one of them.", columns),
    ...wrap("-h, --help prints this; -v, --version the version.", columns),
  ];
}

/** Of one command: how it is called, and all its options. */
export function renderCommandHelp(command: Description, options: HelpOptions): string[] {
  const { columns } = options;
  const shown = command.options.filter(({ isHidden }) => options.all || !isHidden);
  const rowsOf = (options: readonly Option[]) =>
    options.map((each) => [nameOf(each), briefOf(each)] as const);
  const own = rowsOf(shown.filter(({ isCommon }) => !isCommon));
  const common = [...rowsOf(shown.filter(({ isCommon }) => isCommon)), helpRow];
  const width = Math.max(...[...own, ...common].map(([name]) => widthOf(name)));
  return [
    ...wrap(`${command.docs.brief}.`, columns),
    "",
    ...usageOf(command).flatMap((line, at) => [`${at === 0 ? "Usage: " : "       "}${line}`]),
    ...paragraphs(command.docs.more ?? [], columns),
    ...titled("Arguments", argumentRows(command, columns)),
    ...titled(
      "Options",
      own.flatMap(([name, brief]) => row(name, brief, { width, columns })),
    ),
    ...titled(
      own.length === 0 ? "Options" : "Options of most commands",
      common.flatMap(([name, brief]) => row(name, brief, { width, columns })),
    ),
    ...titled("Examples", exampleRows(command, columns)),
  ];
}

/** Each form in which a command is called. */
export function usageOf({ name, usage }: Description): string[] {
  return usage.map((form) => `tenon ${name} ${form}`.trimEnd());
}

const helpRow = ["-h, --help", "Print this help"] as const;

/** `-j, --jobs N`; a letter is left room for where there is none. */
function nameOf({ name, letter, value, bare }: Option): string {
  const names = `${letter === undefined ? "    " : `-${letter}, `}--${name}`;
  if (value === undefined) return names;
  return bare === undefined ? `${names} ${value}` : `${names}[=${value}]`;
}

/** What it does, and what goes without saying. */
export function briefOf({ brief, defaultValue, repeats }: Option): string {
  const facts = [
    ...(defaultValue === undefined ? [] : [`${defaultValue} when absent`]),
    ...(repeats && !brief.includes("repeated") ? ["may be repeated"] : []),
  ];
  return facts.length === 0 ? brief : `${brief} (${facts.join("; ")})`;
}

function argumentRows({ arguments: all }: Description, columns: number): string[] {
  const width = Math.max(0, ...all.map(({ name }) => widthOf(name)));
  return all.flatMap(({ name, brief }) => row(name, brief, { width, columns }));
}

function exampleRows({ docs: { examples = [] } }: Description, columns: number): string[] {
  return examples.flatMap(([line, what]) => [
    `  ${line}`,
    ...wrap(what, columns - 6).map((each) => `      ${each}`),
  ]);
}

function paragraphs(texts: readonly string[], columns: number): string[] {
  return texts.flatMap((text) => ["", ...wrap(text, columns)]);
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines];
}

/** The widest name that has its text beside it, not below. */
const widestBeside = 26;

function row(
  name: string,
  text: string,
  { width, columns }: { readonly width: number; readonly columns: number },
): string[] {
  const beside = Math.min(width, widestBeside) + 4;
  const isNarrow = columns - beside < 24;
  const indent = isNarrow ? 8 : beside;
  const lines = wrap(text, Math.max(columns - indent, 12)).map(
    (line) => `${" ".repeat(indent)}${line}`,
  );
  if (isNarrow || widthOf(name) + 4 > beside) return [`  ${name}`, ...lines];
  const [first = "", ...more] = lines;
  return [`  ${name}${first.slice(widthOf(name) + 2)}`, ...more];
}
