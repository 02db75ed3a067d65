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

/** Replaces a first line `#!python` or `#!pythonw` (options are kept) by the interpreter. */
export function rewriteScript(content: Uint8Array, interpreter: string): Uint8Array {
  const lineEnd = content.indexOf(0x0a);
  const line = Buffer.from(content.subarray(0, lineEnd < 0 ? undefined : lineEnd)).toString("utf8");
  const match = /^#!python[^\s/]*([ \t][^\r]*)?\r?$/.exec(line);
  if (match === null) return content;
  const rest = lineEnd < 0 ? new Uint8Array() : content.subarray(lineEnd + 1);
  return Buffer.concat([Buffer.from(`${startOfScript(interpreter, match[1]?.trim())}\n`), rest]);
}

/**
 * The first line, or, where the kernel could not read it, lines that are at once a shell program
 * that starts the interpreter and a Python string that does nothing.
 */
function startOfScript(interpreter: string, options = ""): string {
  const line = `#!${interpreter}${options === "" ? "" : ` ${options}`}`;
  if (Buffer.byteLength(line) <= firstLineLimitBytes && !/\s/.test(interpreter)) return line;
  const command = [quoteForShell(interpreter), options, '"$0"', '"$@"'].filter(Boolean).join(" ");
  return ["#!/bin/sh", "''':'", `exec ${command}`, "'''"].join("\n");
}
