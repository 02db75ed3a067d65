/** The manual: a page for man(1) for each command and one for tenon, and docs/reference/commands.md. */
import type { Description, Option } from "./describe.ts";
import type { Group } from "./descriptions.ts";
import { briefOf, usageOf } from "./help.ts";
import { environment, exitStatus } from "./program-facts.ts";

export { describeAll } from "./descriptions.ts";
export { environment, exitStatus } from "./program-facts.ts";

/** Pages by the names of their files, in roff with the macros of man(7). */
export function renderManPages(
  groups: readonly Group[],
  version: string,
): ReadonlyMap<string, string> {
  const pages = groups.flatMap(({ commands }) =>
    commands.map((each) => [`tenon-${each.name}.1`, commandPage(each, version)] as const),
  );
  return new Map([["tenon.1", overviewPage(groups, version)], ...pages]);
}

function overviewPage(groups: readonly Group[], version: string): string {
  return lines([
    title("tenon", version),
    ".SH NAME",
    "tenon \\- builds a stack of packages from source into one shared prefix",
    ".SH SYNOPSIS",
    `.B tenon`,
    ".I COMMAND",
    "\\&...",
    ...groups.flatMap(({ title: name, commands }) => [
      `.SH ${roff(name.toUpperCase())}`,
      ...commands.flatMap((each) => [
        ".TP",
        `.BR tenon\\-${roff(each.name)} (1)`,
        roff(`${each.docs.brief}.`),
      ]),
    ]),
    ".SH ENVIRONMENT",
    ...environment.flatMap(([name, text]) => [".TP", `.B ${roff(name)}`, roff(text)]),
    ".SH EXIT STATUS",
    ...exitStatus.flatMap(([code, text]) => [".TP", `.B ${code}`, roff(text)]),
  ]);
}

function commandPage(command: Description, version: string): string {
  const { name, docs } = command;
  return lines([
    title(`tenon-${name}`, version),
    ".SH NAME",
    `tenon\\-${roff(name)} \\- ${roff(lowered(docs.brief))}`,
    ".SH SYNOPSIS",
    ...usageOf(command).flatMap((form, at) => [...(at === 0 ? [] : [".br"]), `.B ${roff(form)}`]),
    ...(docs.more === undefined
      ? []
      : [".SH DESCRIPTION", ...docs.more.flatMap((text) => [".PP", roff(text)])]),
    ...(command.arguments.length === 0 ? [] : [".SH ARGUMENTS"]),
    ...command.arguments.flatMap((each) => [
      ".TP",
      `.I ${roff(each.name)}`,
      roff(`${each.brief}.`),
    ]),
    ".SH OPTIONS",
    ...ownFirst(command).flatMap((each) => [".TP", optionLine(each), roff(`${briefOf(each)}.`)]),
    ".TP",
    '.BR \\-h ", " \\-\\-help',
    "Print the command's help.",
    ...(docs.examples === undefined ? [] : [".SH EXAMPLES"]),
    ...(docs.examples ?? []).flatMap(([line, what]) => [
      ".TP",
      `.B ${roff(line)}`,
      roff(`${what}.`),
    ]),
    ".SH SEE ALSO",
    ".BR tenon (1)",
  ]);
}

function optionLine({ name, letter, value, bare }: Option): string {
  const names = [...(letter === undefined ? [] : [`-${letter}`]), `--${name}`].map(roff);
  const spelt = `\\fB${names.join("\\fR, \\fB")}\\fR`;
  if (value === undefined) return spelt;
  return bare === undefined
    ? `${spelt} \\fI${roff(value)}\\fR`
    : `${spelt}[=\\fI${roff(value)}\\fR]`;
}

function ownFirst({ options }: Description): Option[] {
  return [
    ...options.filter(({ isCommon }) => !isCommon),
    ...options.filter((each) => each.isCommon),
  ];
}

/** No date: a page is the same whenever it is made. */
function title(name: string, version: string): string {
  return `.TH ${roff(name.toUpperCase())} 1 "" "tenon ${version}" "tenon"`;
}

/** A hyphen that is to be copied is `\-`; a dot or a quote at a line's beginning would be a macro. */
function roff(text: string): string {
  const escaped = text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...");
  return escaped.replace(/^(?=[.'])/, "\\&");
}

function lowered(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}

/** docs/reference/commands.md: all commands with all their options. */
export function renderReference(groups: readonly Group[]): string {
  return lines([
    "# Commands",
    "",
    "This page is made from what the program says of itself (`node scripts/manual.js`), as `tenon help COMMAND` and the pages for",
    "man(1) are. Options that most commands have are [at its end](#options-of-most-commands).",
    ...groups.flatMap(({ title: name, commands }) => [
      "",
      `## ${name}`,
      ...commands.flatMap(commandSection),
    ]),
    "",
    "## Options of most commands",
    "",
    ...optionTable(commonOptions(groups)),
  ]);
}

function commandSection(command: Description): string[] {
  const { name, docs } = command;
  const own = command.options.filter(({ isCommon, isHidden }) => !isCommon && !isHidden);
  return [
    "",
    `### tenon ${name}`,
    "",
    `${docs.brief}.`,
    ...(docs.more ?? []).flatMap((text) => ["", text]),
    "",
    ...usageOf(command).map((form) => `    ${form}`),
    ...(own.length === 0 ? [] : ["", ...optionTable(own)]),
    ...(docs.examples ?? []).flatMap(([line, what]) => ["", `${what}:`, "", `    ${line}`]),
  ];
}

function optionTable(options: readonly Option[]): string[] {
  return [
    "| option | meaning |",
    "| --- | --- |",
    ...options.map((each) => `| ${optionCell(each)} | ${cell(briefOf(each))} |`),
  ];
}

function optionCell({ name, letter, value, bare }: Option): string {
  const spelt = `${letter === undefined ? "" : `-${letter}, `}--${name}`;
  if (value === undefined) return `\`${spelt}\``;
  return cell(`\`${bare === undefined ? `${spelt} ${value}` : `${spelt}[=${value}]`}\``);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function commonOptions(groups: readonly Group[]): Option[] {
  const all = groups.flatMap(({ commands }) => commands.flatMap(({ options }) => options));
  return [
    ...new Map(all.filter(({ isCommon }) => isCommon).map((each) => [each.name, each])).values(),
  ];
}
