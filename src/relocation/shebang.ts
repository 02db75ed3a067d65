/** First lines of scripts for Python, which older kernels cut at 127 bytes. */
import { lastName, placeholder } from "./placeholder.ts";

interface Shebang {
  readonly gap: string;
  readonly rest: string;
}

const longestLine = 127;

/** Of a text that begins with one that has the path once; other interpreters' lines are text like all else. */
export function findShebang(text: string, path = placeholder): Shebang | undefined {
  const line = /^#![^\r\n]*(?=\n)/.exec(text)?.[0];
  const at = line?.indexOf(path) ?? -1;
  if (line === undefined || at < 0) return undefined;
  const [gap, rest] = [line.slice(2, at), line.slice(at + path.length)];
  if (rest.includes(path === placeholder ? lastName : path)) return undefined;
  const isPython =
    /^[ \t]*$/.test(gap) && /^\/[^\s"'$`\\]*python[\d.]*([ \t][^"'$`\\]*)?$/.test(rest);
  return isPython ? { gap, rest } : undefined;
}

/** A kernel takes what stands behind one for an argument. */
export function hasSpace(path: string): boolean {
  return /[ \t]/.test(path);
}

/**
 * Where it would be too long, or be cut at a space, a shell that starts the interpreter, in lines that are a string to
 * Python.
 */
export function relocatedShebang({ gap, rest }: Shebang, target: string): string {
  const line = `#!${gap}${target}${rest}`;
  if (Buffer.byteLength(line) <= longestLine && !hasSpace(target)) return line;
  const [program = "", ...options] = rest.split(/[ \t]+/);
  const place = `${target}${program}`.replaceAll(/["$`\\]/g, "\\$&");
  const words = [`"${place}"`, ...options.filter((word) => word !== "")];
  return `#!/bin/sh\n'''exec' ${words.join(" ")} "$0" "$@"\n' '''`;
}
