/**
 * Scripts that let bash, zsh and fish complete command lines of tenon. What commands and options there are
 * is written into them; for names of packages they ask tenon.
 */
import { quoteForFish, quoteForShell } from "../core/index.ts";
import { type CompletedShell, completedShells, namesWord } from "./commands/completion.ts";
import type { Description, Option } from "./describe.ts";
import type { Group } from "./descriptions.ts";

export function renderCompletion(shell: CompletedShell, groups: readonly Group[]): string[] {
  const commands = groups.flatMap((group) => group.commands);
  const render = { bash: forBash, zsh: forZsh, fish: forFish }[shell];
  return render(commands);
}

/** What stands for a value or an argument. */
type Completed =
  | { readonly kind: "folders" | "files" | "packages" | "programs" | "nothing" }
  | { readonly kind: "words"; readonly words: readonly string[] };

function valueOf({ value = "", values }: Option): Completed {
  return values === undefined ? completedBy(value) : { kind: "words", words: values };
}

/** What a command's arguments are. */
function argumentOf(command: Description, commands: readonly Description[]): Completed {
  const { name, arguments: given } = command;
  if (name === "help") return { kind: "words", words: commands.map((each) => each.name) };
  if (name === "completion") return { kind: "words", words: completedShells };
  if (name === "run") return { kind: "programs" };
  return completedBy(given[0]?.name ?? "");
}

function completedBy(placeholder: string): Completed {
  if (placeholder === "DIR") return { kind: "folders" };
  if (/^(FILE|PATH|LOG)\b/.test(placeholder)) return { kind: "files" };
  if (placeholder.startsWith("PACKAGE")) return { kind: "packages" };
  return { kind: placeholder === "PROGRAM" ? "programs" : "nothing" };
}

function shown({ options }: Description): Option[] {
  return options.filter(({ isHidden }) => !isHidden);
}

function spellings({ name, letter }: Option): string[] {
  return letter === undefined ? [`--${name}`] : [`-${letter}`, `--${name}`];
}

/** By these a command finds its prefix: they are passed on when names of packages are asked for. */
const placeOptions = ["-C", "--directory", "--prefix", "--sage", "--trust"];

function forBash(commands: readonly Description[]): string[] {
  const takers = optionsWithValues(commands);
  return [
    "# Completion of tenon for bash.",
    "_tenon_words() {",
    '  COMPREPLY=($(compgen -W "$1" -- "$cur"))',
    "}",
    "",
    "_tenon_files() {",
    '  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")',
    "  compopt -o filenames 2>/dev/null",
    "}",
    "",
    "_tenon_packages() {",
    `  _tenon_words "$(tenon completion ${namesWord} "\${place[@]}" 2>/dev/null)"`,
    "}",
    "",
    "_tenon() {",
    "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= options= i",
    "  local -a place=()",
    "  # The parts of --option=value are words of their own.",
    "  [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD-2]}",
    "  [[ $cur == = ]] && cur=",
    "  COMPREPLY=()",
    "  for ((i = 1; i < COMP_CWORD; i++)); do",
    "    case ${COMP_WORDS[i]} in",
    `      ${placeOptions.join("|")}) place+=("\${COMP_WORDS[i]}" "\${COMP_WORDS[++i]}") ;;`,
    `      ${takers.flatMap(spellings).join("|")}) ((++i)) ;;`,
    "      -*) ;;",
    "      *) command=${COMP_WORDS[i]}; break ;;",
    "    esac",
    "  done",
    "  case $prev in",
    ...takers.map(
      (each) => `    ${spellings(each).join("|")}) ${bashAction(valueOf(each))}; return ;;`,
    ),
    "  esac",
    "  case $command in",
    `    "") _tenon_words "${commands.map(({ name }) => name).join(" ")} --help --version -C --prefix"; return ;;`,
    ...commands.map((each) => {
      const options = [...shown(each).flatMap(spellings), "--help"].join(" ");
      return `    ${each.name}) options="${options}"; ${bashAction(argumentOf(each, commands))} ;;`;
    }),
    "  esac",
    '  [[ $cur == -* ]] && _tenon_words "$options"',
    "  return 0",
    "}",
    "complete -o bashdefault -o default -F _tenon tenon",
  ];
}

/** Each option of any command that has to have a value, once. */
function optionsWithValues(commands: readonly Description[]): Option[] {
  const byName = new Map(commands.flatMap(shown).map((each) => [each.name, each]));
  return [...byName.values()].filter(
    ({ value, bare }) => value !== undefined && bare === undefined,
  );
}

function bashAction(completed: Completed): string {
  switch (completed.kind) {
    case "folders":
      return "_tenon_files -d";
    case "files":
      return "_tenon_files -f";
    case "programs":
      return "_tenon_files -c";
    case "packages":
      return "_tenon_packages";
    case "words":
      return `_tenon_words "${completed.words.join(" ")}"`;
    case "nothing":
      return ":";
  }
}

function forZsh(commands: readonly Description[]): string[] {
  const help = "'(- *)'{-h,--help}'[Print help]'";
  return [
    "#compdef tenon",
    "# Completion of tenon for zsh.",
    "_tenon_packages() {",
    "  local -a names place",
    "  local option",
    `  for option in ${placeOptions.join(" ")}; do`,
    "    (( ${+opt_args[$option]} )) && place+=($option ${(Q)opt_args[$option]})",
    "  done",
    `  names=(\${(f)"$(tenon completion ${namesWord} $place 2>/dev/null)"})`,
    "  compadd -a names",
    "}",
    "",
    "_tenon_commands() {",
    "  local -a commands",
    "  commands=(",
    ...commands.map(({ name, docs }) => `    ${quoteForShell(`${name}:${docs.brief}`)}`),
    "  )",
    "  _describe -t commands command commands",
    "}",
    "",
    "_tenon() {",
    "  local curcontext=$curcontext state line",
    "  typeset -A opt_args",
    `  _arguments -C ${help} '(- *)'{-v,--version}'[Print the version]' \\`,
    "    '-C+[Act as if started in this folder]:DIR:_files -/' '--prefix=[The prefix]:DIR:_files -/' \\",
    "    '1:command:_tenon_commands' '*::argument:->argument'",
    "  [[ $state == argument ]] || return",
    "  case $line[1] in",
    ...commands.flatMap((each) => {
      const specs = [...shown(each).map(zshOption), help, ...zshArgument(each, commands)];
      return [
        `    ${each.name})`,
        `      _arguments -S \\`,
        `        ${specs.join(" \\\n        ")} ;;`,
      ];
    }),
    "  esac",
    "}",
    "",
    'if [[ $funcstack[1] == _tenon ]]; then _tenon "$@"; else compdef _tenon tenon; fi',
  ].flatMap((line) => line.split("\n"));
}

/** zshcompsys(1), `_arguments`: `--name=` takes its value in the same word or the next, `=-` in the same. */
function zshOption(option: Option): string {
  const { name, letter, value, brief, repeats, bare } = option;
  const equals = value === undefined ? "" : bare === undefined ? "=" : "=-";
  const rest =
    value === undefined
      ? ""
      : `${bare === undefined ? ":" : "::"}${zshText(value)}:${zshAction(valueOf(option))}`;
  const text = `[${zshText(brief)}]${rest}`;
  const spelt = `--${name}${equals}`;
  if (letter === undefined) return quoteForShell(`${repeats ? "*" : ""}${spelt}${text}`);
  return `${quoteForShell(`(-${letter} --${name})`)}{-${letter},${spelt}}${quoteForShell(text)}`;
}

function zshArgument(command: Description, commands: readonly Description[]): string[] {
  const [first] = command.arguments;
  if (first === undefined) return [];
  // What comes after a program is its own affair.
  if (command.name === "run") return ["'(-)1:program:_command_names -e'", "'*::argument:_normal'"];
  const many = command.usage.some((form) => form.includes("…")) ? "*" : "1";
  const action =
    command.name === "help" ? "_tenon_commands" : zshAction(argumentOf(command, commands));
  return [quoteForShell(`${many}:${zshText(first.name)}:${action}`)];
}

function zshText(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, (sign) => `\\${sign}`);
}

function zshAction(completed: Completed): string {
  switch (completed.kind) {
    case "folders":
      return "_files -/";
    case "files":
      return "_files";
    case "programs":
      return "_command_names -e";
    case "packages":
      return "_tenon_packages";
    case "words":
      return `(${completed.words.join(" ")})`;
    case "nothing":
      return "";
  }
}

function forFish(commands: readonly Description[]): string[] {
  const names = commands.map(({ name }) => name).join(" ");
  return [
    "# Completion of tenon for fish.",
    "function __tenon_packages",
    "  set -l place",
    "  set -l words (commandline -opc)",
    "  for at in (seq (count $words))",
    `    if contains -- $words[$at] ${placeOptions.join(" ")}`,
    "      set -a place $words[$at] $words[(math $at + 1)]",
    "    end",
    "  end",
    `  tenon completion ${namesWord} $place 2>/dev/null`,
    "end",
    "",
    "complete -c tenon -f",
    `complete -c tenon -n "not __fish_seen_subcommand_from ${names}" -s h -l help -d 'Print help'`,
    `complete -c tenon -n "not __fish_seen_subcommand_from ${names}" -s v -l version -d 'Print the version'`,
    ...commands.map(
      ({ name, docs }) =>
        `complete -c tenon -n "not __fish_seen_subcommand_from ${names}" -a ${name} -d ${quoteForFish(docs.brief)}`,
    ),
    ...commands.flatMap((each) => [
      ...shown(each).map((option) => `${fishFor(each)} ${fishOption(option)}`),
      `${fishFor(each)} -s h -l help -d 'Print help'`,
      ...fishArgument(argumentOf(each, commands)).map((line) => `${fishFor(each)} ${line}`),
    ]),
  ];
}

function fishFor({ name }: Description): string {
  return `complete -c tenon -n "__fish_seen_subcommand_from ${name}"`;
}

function fishOption(option: Option): string {
  const { name, letter, value, bare, brief } = option;
  const spelt = letter === undefined ? `-l ${name}` : `-s ${letter} -l ${name}`;
  const text = `-d ${quoteForFish(brief)}`;
  if (value === undefined) return `${spelt} ${text}`;
  const [completes = ""] = fishArgument(valueOf(option));
  return `${spelt} ${bare === undefined ? "-r " : ""}${completes} ${text}`.replaceAll("  ", " ");
}

function fishArgument(completed: Completed): string[] {
  switch (completed.kind) {
    case "folders":
      return ['-xa "(__fish_complete_directories)"'];
    case "files":
      return ["-F"];
    case "programs":
      return ['-xa "(__fish_complete_subcommand --fcs-skip=2)"'];
    case "packages":
      return ['-xa "(__tenon_packages)"'];
    case "words":
      return [`-xa "${completed.words.join(" ")}"`];
    case "nothing":
      return [];
  }
}
