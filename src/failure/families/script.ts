/** Shells, Perl, and the small programs that scripts call. */
import type { Recogniser } from "../recogniser.ts";

export const script: readonly Recogniser[] = [
  {
    kind: "missing-program",
    pattern: /(?:: |^)(?:line )?\d+: (?<name>[^\s:/]+): (?:command )?not found$/,
    missing: "program",
    certainty: "vague",
  },
  {
    kind: "missing-program",
    pattern: /^(?:\S+: )?(?<name>[^\s:/]+) ?: [Cc]ommand not found$/,
    missing: "program",
    certainty: "vague",
  },
  {
    kind: "missing-program",
    pattern: /: \d+: \S+: (?<name>[^\s:/]+): not found$/,
    missing: "program",
    certainty: "vague",
  },
  {
    kind: "missing-program",
    pattern: /(?:: |^)(?<name>[\w.+-]+): Cannot exec: No such file or directory$/,
    missing: "program",
  },
  {
    kind: "missing-program",
    pattern: /\bError: not found: (?<name>[\w.+-]+)$/,
    missing: "program",
    certainty: "vague",
  },
  {
    kind: "missing-program",
    pattern: /^(?:\S*\/)?env: [‘'](?<name>[^\s’']+)[’']: No such file or directory$/,
    missing: "program",
    certainty: "vague",
  },
  {
    kind: "missing-program",
    pattern: /: (?<name>\/\S+): bad (?:ELF )?interpreter: No such file or directory/,
    reason: "the interpreter $name is missing",
  },
  {
    kind: "missing-program",
    pattern: /cannot execute: required file not found/,
    reason: "the interpreter that a script asks for is missing",
  },
  {
    kind: "missing-program",
    pattern:
      /(?:Can't exec|Could not find (?:external )?command|Cannot run program|[Uu]nable to (?:run|execute|find) (?:command|program)) ["'`](?<name>[^"'`/\s]+)["'`]/,
    missing: "program",
    certainty: "vague",
  },
  {
    kind: "missing-file",
    pattern:
      /^g?make(?:\[\d+\])?: (?<name>[^\s:]*\/[^\s:]+): (?:[Cc]ommand not found|No such file or directory)$/,
    reason: "the file $name is missing",
  },
  {
    kind: "missing-module",
    pattern: /\bCan't locate (?<name>\S+?)(?:\.pm)? in @INC/,
    reason: "the Perl module $name is missing",
  },
  {
    kind: "script-error",
    pattern: /: (?:line )?\d+: Syntax error: (?<text>.*)/,
    reason: "a script has a syntax error: $text",
  },
  {
    kind: "script-error",
    pattern: /: (?:line )?\d+: syntax error:? (?<text>.*)/,
    reason: "a script has a syntax error: $text",
  },
  {
    kind: "script-error",
    pattern:
      /: (?:line )?\d+: (?<name>\w+): (?:unbound variable|parameter not set|parameter null or not set)/,
    reason: "a script uses the variable $name, which is not set",
  },
  {
    kind: "script-error",
    pattern: /^\S*sh: \d+: (?:cd: )?can't cd to (?<name>.*)/,
    reason: "the folder $name is missing",
  },
  {
    kind: "missing-file",
    pattern:
      /: (?:line )?\d+: (?:cd|\.|source): (?:can't (?:cd to|open) )?(?<name>[^\s:]+)(?:: No such file or directory)?$/,
    reason: "the file $name is missing",
    certainty: "vague",
  },
  {
    kind: "script-error",
    pattern:
      /: line \d+: (?<text>.+: (?:Not a directory|Is a directory|Argument list too long|ambiguous redirect|bad substitution|readonly variable|cannot execute binary file(?:: Exec format error)?|too many arguments|integer expression expected)|unexpected EOF .*)$/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "missing-file",
    pattern: /: line \d+: (?<name>\S+): No such file or directory$/,
    reason: "the file $name is missing",
    certainty: "vague",
  },
  {
    kind: "missing-file",
    pattern: /^\S*sh: (?<name>\S*\/\S+): (?:No such file or directory|not found)$/,
    reason: "the file $name is missing",
    certainty: "vague",
  },
  {
    kind: "missing-file",
    pattern: /: \d+: (?<name>\S+): not found$/,
    reason: "the file $name is missing",
    certainty: "vague",
  },
  {
    kind: "missing-file",
    pattern:
      /^(?:\S*\/)?(?:cp|mv|install|ln|rm|chmod|cat|sed|tar|touch|mkdir|ls|cd): (?:cannot .*? |can't \w+ )?[`'‘"]?(?<name>[^\s'’":]+)['’"]?: No such file or directory/,
    reason: "the file $name is missing",
    certainty: "vague",
  },
  {
    kind: "script-error",
    pattern:
      /^(?:\S*\/)?(?:cp|mv|install|ln|rm|mkdir|chmod|chown): (?<text>(?:cannot|failed|omitting|target|missing) .*|.* is a directory\b.*)/,
    reason: "$text",
    certainty: "vague",
  },
  // Whatever else a shell says of a line of a script.
  {
    kind: "script-error",
    pattern: /^[^\s:]+: line \d+: (?!.*Permission denied)(?<text>\S.*)/,
    reason: "$text",
    certainty: "summary",
  },
  {
    kind: "script-error",
    pattern: /^[^\s:]*sh: (?:\w+: )?line \d+: (?!.*Permission denied)(?<text>\S.*)/,
    reason: "$text",
    certainty: "summary",
  },
];
