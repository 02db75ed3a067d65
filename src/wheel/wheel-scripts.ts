/** The text of the scripts that an unpacked wheel puts into the scripts folder. */
import { quoteForShell } from "../core/index.ts";
import type { EntryPoint } from "./wheel-metadata.ts";

/** What older Linux kernels read of a script's first line. */
const firstLineLimitBytes = 127;

/** A script that runs one function of a module. */
export function entryPointScript(script: EntryPoint, interpreter: string): string {
  const { module, attribute } = script;
  const [first] = attribute.split(".");
  return [
    startOfScript(interpreter),
    `# Runs ${attribute} of the module ${module}.`,
    `from ${module} import ${first}`,
    "",
    'if __name__ == "__main__":',
    `    raise SystemExit(${attribute}())`,
    "",
  ].join("\n");
}

/** Whether an installer is to write the interpreter into its first line. */
export function isPythonScript(content: Uint8Array): boolean {
  return firstLinePattern.test(splitLine(content)[0]);
}

const firstLinePattern = /^#!python[^\s/]*([ \t][^\r]*)?\r?$/;

/** Replaces a first line `#!python` or `#!pythonw` (options are kept) by the interpreter. */
export function rewriteScript(content: Uint8Array, interpreter: string): Uint8Array {
  const [line, rest] = splitLine(content);
  const match = firstLinePattern.exec(line);
  if (match === null) return content;
  const options = match[1]?.trim();
  const encoding = codingPattern.exec(splitLine(rest)[0])?.[1];
  return Buffer.concat([Buffer.from(`${startOfScript(interpreter, options, encoding)}\n`), rest]);
}

/** How a comment declares the encoding of a script (PEP 263); Python looks for it in two lines only. */
const codingPattern = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;

/** The first line, without its end, and what follows. */
function splitLine(content: Uint8Array): [string, Uint8Array] {
  const end = content.indexOf(0x0a);
  const line = Buffer.from(content.subarray(0, end < 0 ? undefined : end)).toString("utf8");
  return [line, end < 0 ? new Uint8Array() : content.subarray(end + 1)];
}

/**
 * The first line, or, where the kernel could not read it, a shell script that starts the interpreter and that
 * Python takes for comments. A form feed before a `#` is what the two read in different ways: white space to
 * Python, but to a shell the beginning of a command's name (of one that there cannot be, as it ends with a
 * slash). So the script's own docstring and its imports from `__future__` stay the first that Python sees, and
 * what declares its encoding stands in the second line. All of it is ASCII, whatever the encoding.
 */
function startOfScript(interpreter: string, options = "", encoding?: string): string {
  const line = `#!${interpreter}${options === "" ? "" : ` ${options}`}`;
  if (Buffer.byteLength(line) <= firstLineLimitBytes && !/\s/.test(interpreter)) return line;
  const words = options.split(/\s+/).filter(Boolean).map(quoteForShell);
  const command = [quoteAsAscii(interpreter), ...words, '"$0"', '"$@"'].join(" ");
  return [
    "#!/bin/sh",
    ...(encoding === undefined ? [] : [`# -*- coding: ${encoding} -*-`]),
    `\f#/ 2>/dev/null || exec ${command}`,
  ].join("\n");
}

/** One word for a shell; every byte that is not a printable ASCII character is written as its number. */
function quoteAsAscii(text: string): string {
  if (/^[ -~]*$/.test(text)) return quoteForShell(text);
  const written = [...Buffer.from(text)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[\w/.+-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"$(printf '${written.join("")}')"`;
}
