/** Workspaces in temporary folders, for the tests of this room. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect } from "vitest";
import { readWorkspace, type Workspace } from "../../src/recipe/index.ts";
import { TenonError } from "../../src/core/index.ts";
import { createRealWorld } from "../../src/world/index.ts";

export const { disk } = createRealWorld({});

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
}, 120_000); // one of them has ten thousand recipes

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** An empty tenon.toml is there unless the files bring one. */
export function makeFolder(files: Files): string {
  const folder = fs.mkdtempSync(join(tmpdir(), "tenon-recipe-"));
  folders.push(folder);
  for (const [path, content] of Object.entries({ "tenon.toml": "", ...files })) {
    fs.mkdirSync(dirname(join(folder, path)), { recursive: true });
    fs.writeFileSync(join(folder, path), content);
  }
  return folder;
}

export function read(files: Files): Workspace {
  return readWorkspace(disk, makeFolder(files));
}

export function errorOf(action: () => unknown): TenonError {
  try {
    action();
  } catch (error) {
    if (error instanceof TenonError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** A good recipe with nothing in it but what is given after its head. */
export function recipe(name: string, rest = '[build]\nscript = "true"\n'): string {
  return `name = "${name}"\nversion = "1.0"\n${rest}`;
}

export const digest = "0123456789abcdef".repeat(4);

export interface WrongFiles {
  readonly title: string;
  /** The lines of each file. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly code: string;
  /** The lines of the whole message. */
  readonly message: readonly string[];
  readonly hints?: readonly string[];
}

export function expectMistake({ files, code, message, hints = [] }: WrongFiles): void {
  const contents = Object.entries(files).map(([path, lines]) => [
    path,
    lines.map((line) => `${line}\n`).join(""),
  ]);
  const error = errorOf(() => read(Object.fromEntries(contents) as Files));
  expect(error.message.split("\n")).toEqual(message);
  expect({ kind: error.kind, code: error.code, hints: error.hints }).toEqual({
    kind: "recipe",
    code,
    hints,
  });
}
