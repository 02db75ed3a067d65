/** What the tests of this room share: a context in a temporary folder, and a local web server. */
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { spawnSync } from "node:child_process";
import type { Recipe, Source } from "../../src/recipe/index.ts";
import type { SourceContext, SourceEvent } from "../../src/source/index.ts";
import { openStore } from "../../src/store/index.ts";
import { createRealWorld } from "../../src/world/index.ts";

export interface Fixture {
  readonly directory: string;
  readonly context: SourceContext;
  readonly events: SourceEvent[];
  /** What the clock was asked to sleep; it does not really sleep. */
  readonly sleptMs: number[];
}

const directories: string[] = [];

export function makeDirectory(): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "tenon-source-"));
  directories.push(directory);
  return directory;
}

export function removeDirectories(): void {
  for (const directory of directories.splice(0)) fs.rmSync(directory, { recursive: true });
}

export function makeContext(options: Partial<SourceContext> = {}): Fixture {
  const directory = makeDirectory();
  const events: SourceEvent[] = [];
  const sleptMs: number[] = [];
  const real = createRealWorld({});
  const sleep = async (ms: number): Promise<void> => {
    sleptMs.push(ms);
    await real.clock.sleep(2);
  };
  const world = { ...real, clock: { ...real.clock, sleep } };
  const context: SourceContext = {
    world,
    store: openStore(world, `${directory}/store`, { sync: false }),
    python: "python3",
    environment: { PATH: process.env["PATH"] ?? "", HOME: directory },
    offline: false,
    report: (event) => void events.push(event),
    stallMs: 2_000,
    ...options,
  };
  return { directory, context, events, sleptMs };
}

export function makeRecipe(source: Source, patches: readonly string[] = []): Recipe {
  return {
    name: "greet",
    version: "1.0",
    file: "/stack/packages/greet.toml",
    source,
    patches,
    depends: { build: [], run: [] },
    build: { system: "make", args: [], env: {} },
    stage: { drop: [], takesOver: [] },
  };
}

export interface Served {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
}

export interface Server {
  readonly url: string;
  readonly requests: Served[];
  bytesServed(): number;
  close(): Promise<void>;
}

export type Handler = (request: Served, answer: Answer, count: number) => void;

export interface Answer {
  send(status: number, headers: Record<string, string>, body?: string | Uint8Array): void;
  /** Sends a head for the whole and this beginning, then breaks the connection. */
  breakAfter(headers: Record<string, string>, start: Uint8Array): void;
  /** Sends a head and a beginning, then nothing more. */
  stallAfter(headers: Record<string, string>, start: Uint8Array): void;
}

/** `count` is how many requests there were before of the same path. */
export async function startServer(handler: Handler): Promise<Server> {
  const requests: Served[] = [];
  let bytes = 0;
  const server = http.createServer((request, response) => {
    const served = { path: request.url ?? "", headers: request.headers };
    const count = requests.filter(({ path }) => path === served.path).length;
    requests.push(served);
    const begin = (headers: Record<string, string>, start: Uint8Array, then: () => void): void => {
      bytes += start.length;
      response.writeHead(headers["content-range"] === undefined ? 200 : 206, headers);
      response.write(start, then);
    };
    handler(
      served,
      {
        send: (status, headers, body = "") => {
          bytes += Buffer.byteLength(body);
          response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
          response.end(body);
        },
        breakAfter: (headers, start) =>
          begin(headers, start, () => setTimeout(() => response.destroy(), 30)),
        stallAfter: (headers, start) => begin(headers, start, () => {}),
      },
      count,
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    bytesServed: () => bytes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An interpreter that answers as pip would, so that a test does not depend on the machine's. */
export function makePython(directory: string, settings: Readonly<Record<string, string>>): string {
  const file = `${directory}/fake-python`;
  const answer = { settings: Object.entries(settings), default: "http://127.0.0.1:1/simple" };
  fs.writeFileSync(file, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`, {
    mode: 0o755,
  });
  return file;
}

/** A gzipped tar with one folder at the top, and its bytes. */
export function makeArchive(
  directory: string,
  files: Readonly<Record<string, string>>,
  name = "greet-1.0.tar.gz",
): Buffer {
  const root = fs.mkdtempSync(`${directory}/tree-`);
  for (const [file, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(`${root}/greet-1.0/${file}`), { recursive: true });
    fs.writeFileSync(`${root}/greet-1.0/${file}`, content);
  }
  run("tar", ["-czf", `${directory}/${name}`, "-C", root, "greet-1.0"], directory);
  return fs.readFileSync(`${directory}/${name}`);
}

export function run(program: string, args: readonly string[], cwd: string): string {
  const identity = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "a" };
  const env = { ...process.env, ...identity, GIT_COMMITTER_EMAIL: "a@b", HOME: cwd };
  const result = spawnSync(program, [...args], { cwd, env, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${result.stderr}`);
  return result.stdout.trim();
}

/** The names in a folder, for tests that nothing was left. */
export function namesIn(folder: string): string[] {
  return fs.readdirSync(folder).sort();
}

export async function failureOf(action: Promise<unknown>): Promise<Error & { code: string }> {
  try {
    await action;
  } catch (error) {
    return error as Error & { code: string };
  }
  throw new Error("it did not fail");
}
