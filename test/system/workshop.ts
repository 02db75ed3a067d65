/** A workspace with a prefix and a store of its own, in a temporary folder, made for one test. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect } from "vitest";
import { probeIsolation } from "../../src/view/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { type Ended, type Running, start } from "./program.ts";
import { readTree, type Tree } from "./trees.ts";

export type Files = Readonly<Record<string, string | Buffer | { text: string; mode: number }>>;

export interface Workshop {
  /** Everything lies below it, so a process of this test has it in its environment. */
  readonly root: string;
  readonly workspace: string;
  readonly prefix: string;
  readonly store: string;
  /** What builds may write to besides their own folders; `tally` is in it. */
  readonly told: string;
  /** Paths are relative to the workspace. */
  write(files: Files): void;
  /** Replaces a text that must be there. */
  edit(file: string, from: string, to: string): void;
  start(args: readonly string[], changes?: RunChanges): Running;
  run(args: readonly string[], changes?: RunChanges): Promise<Ended>;
  /** Runs it and expects it to succeed; gives what it said on stdout. */
  must(...args: string[]): Promise<string>;
  tree(): Tree;
  /** The builds that came to their end, whoever started them, in order. */
  tally(): string[];
  transactions(): string[];
  /** Command lines of the processes that this test has started and that still live. */
  processes(): string[];
  /** As if nothing had ever been built. */
  forget(): void;
  dispose(): void;
}

export interface RunChanges {
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly node?: readonly string[];
}

export interface WorkshopOptions {
  /** Lie in another workshop instead. */
  readonly store?: string;
  readonly prefix?: string;
}

export function openWorkshop(files: Files, options: WorkshopOptions = {}): Workshop {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-system-")));
  const workspace = `${root}/workspace`;
  const { prefix = `${root}/prefix`, store = `${root}/store` } = options;
  const told = `${root}/told`;
  const tally = `${told}/tally`;
  fs.mkdirSync(told);
  const environment = {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: `${root}/home`,
    TENON_STORE: store,
    TENON_WRITABLE: told,
    TENON_TEST: root,
  };
  const startHere = (args: readonly string[], changes: RunChanges = {}): Running =>
    start(args, {
      directory: changes.directory ?? workspace,
      environment: { ...environment, ...changes.environment },
      ...(changes.node === undefined ? {} : { node: changes.node }),
    });
  const write = (more: Files): void => writeFiles(workspace, more);
  write({
    "tenon.toml": `[workspace]\nprefix = "${prefix}"\nenv = { TALLY = "${tally}" }\n`,
    ...files,
  });

  return {
    root,
    workspace,
    prefix,
    store,
    told,
    write,
    edit: (file, from, to) => {
      const text = fs.readFileSync(`${workspace}/${file}`, "utf8");
      expect(text).toContain(from);
      write({ [file]: text.replace(from, to) });
    },
    start: startHere,
    run: (args, changes) => startHere(args, changes).ended,
    must: async (...args) => {
      const ended = await startHere(args).ended;
      expect(ended).toMatchObject({ code: 0 });
      return ended.stdout;
    },
    tree: () => readTree(prefix),
    tally: () => (fs.existsSync(tally) ? linesOf(fs.readFileSync(tally, "utf8")) : []),
    transactions: () => listIfAny(`${prefix}/var/lib/tenon/history`),
    processes: () => processesOf(root),
    forget: () => {
      for (const each of [prefix, store, `${workspace}/.tenon`, tally]) {
        fs.rmSync(each, { recursive: true, force: true });
      }
    },
    dispose: () => fs.rmSync(root, { recursive: true, force: true }),
  };
}

export function writeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const file = `${folder}/${name}`;
    const isPlain = typeof content === "string" || Buffer.isBuffer(content);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, isPlain ? content : content.text);
    fs.chmodSync(file, isPlain ? 0o644 : content.mode);
  }
}

export function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function listIfAny(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
}

/** A build's own environment names its prefix, wherever its processes have moved to. */
function processesOf(root: string): string[] {
  return fs.readdirSync("/proc").flatMap((id) => {
    if (!/^\d+$/.test(id) || Number(id) === process.pid) return [];
    try {
      const commandLine = fs.readFileSync(`/proc/${id}/cmdline`, "utf8");
      const all = commandLine + fs.readFileSync(`/proc/${id}/environ`, "utf8");
      return all.includes(root) ? [commandLine.replaceAll("\0", " ")] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

/** Runs an installed program, and gives what it prints. */
export function runInstalled(file: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: "utf8", env: {} });
  expect({ file, status, stderr, error }).toEqual({
    file,
    status: 0,
    stderr: "",
    error: undefined,
  });
  return stdout;
}

/** The events of a run with --json; its last line, the result, is among them. */
export function eventsOf(stdout: string): (Record<string, unknown> & { kind: string })[] {
  return linesOf(stdout).map((line) => JSON.parse(line));
}

/** Why builds cannot have views here; undefined when they can. */
export const noView: string | undefined = await probeHere();

async function probeHere(): Promise<string | undefined> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "tenon-probe-"));
  try {
    const options = { prefix: `${root}/p`, scratch: root, wanted: "auto" } as const;
    const isolation = await probeIsolation(createRealWorld({}), options);
    return isolation.kind === "none" ? isolation.reason : undefined;
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/** For the titles of tests that need views. */
export const skippedWord = noView === undefined ? "" : ` (skipped: ${noView})`;
