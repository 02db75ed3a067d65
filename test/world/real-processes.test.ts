/** The real Processes: outcomes, output, and groups that are killed whole. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CapturedOutcome, createRealWorld, isDiskError } from "../../src/world/index.ts";

const { processes } = createRealWorld({});

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "tenon-processes-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const shell = (script: string): { program: string; args: string[] } => ({
  program: "sh",
  args: ["-c", script],
});

describe("an outcome", () => {
  test("is the exit code, whether captured or not", async () => {
    expect(await processes.run(shell("exit 0"))).toEqual({ kind: "exited", code: 0 });
    expect(await processes.run(shell("exit 7"))).toEqual({ kind: "exited", code: 7 });
    expect(await processes.capture(shell("echo out; echo err >&2; exit 3"))).toEqual({
      outcome: { kind: "exited", code: 3 },
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  test("is the signal that killed the program", async () => {
    const outcome = await processes.run(shell("kill -TERM $$"));
    expect(outcome).toEqual({ kind: "killed", signal: "SIGTERM" });
  });

  test("says which program is missing or cannot be started", async () => {
    const program = `${folder}/none`;
    const none = { kind: "missing", program, reason: "ENOENT" };
    expect(await processes.run({ program, args: [] })).toEqual(none);
    expect((await processes.capture({ program, args: [] })).outcome).toEqual(none);
    fs.writeFileSync(program, "text", { mode: 0o644 });
    expect(await processes.run({ program, args: [] })).toMatchObject({ reason: "EACCES" });
    const long = await processes.run({ program: "true", args: ["x".repeat(1 << 20)] });
    expect(long).toEqual({ kind: "missing", program: "true", reason: "E2BIG" });
  });
});

describe("a command", () => {
  test("gets its input, its folder and nothing but its environment", async () => {
    const answer = await processes.capture({
      ...shell("cat; pwd; env | cut -d= -f1 | sort | tr '\\n' ' '"),
      input: "input\n",
      workingDirectory: fs.realpathSync(folder),
      environment: { PATH: process.env["PATH"] ?? "", ONLY: "this" },
    });
    expect(answer.stdout.split("\n")[0]).toBe("input");
    expect(answer.stdout.split("\n")[1]).toBe(fs.realpathSync(folder));
    expect(answer.stdout.split("\n")[2]).toContain("ONLY PATH");
    expect(answer.stdout).not.toContain("HOME");
  });

  test("may leave a large input unread", async () => {
    const input = "x".repeat(1 << 20);
    const outcome = await processes.run({ ...shell("exit 4"), input });
    expect(outcome).toEqual({ kind: "exited", code: 4 });
  });

  test("appends both streams to its log file", async () => {
    const logFile = `${folder}/log`;
    fs.writeFileSync(logFile, "before\n");
    await processes.run({ ...shell("echo out; echo err >&2"), logFile });
    expect(fs.readFileSync(logFile, "utf8")).toBe("before\nout\nerr\n");
  });

  test("is not started when its log file cannot be opened, and the path is told", async () => {
    const logFile = `${folder}/none/log`;
    const mark = `${folder}/mark`;
    const refused = await processes.run({ ...shell(`touch ${mark}`), logFile }).catch((e) => e);
    expect(isDiskError(refused, "ENOENT") && refused.path).toBe(logFile);
    expect(fs.existsSync(mark)).toBe(false);
  });
});

/**
 * A program whose grandchild says its id, then sleeps; `end` is what the program itself does
 * meanwhile. The grandchild keeps the output open, as a daemon does.
 */
async function withGrandchild(
  end: string,
  use: (start: (options: object) => Promise<CapturedOutcome>, id: Promise<number>) => Promise<void>,
): Promise<void> {
  const idFile = `${folder}/id`;
  const script = `sh -c 'echo $$ > ${idFile}.new; mv ${idFile}.new ${idFile}; sleep 60' & ${end}`;
  const id = (async () => {
    while (!fs.existsSync(idFile)) await new Promise((resolve) => setTimeout(resolve, 5));
    return Number(fs.readFileSync(idFile, "utf8"));
  })();
  await use((options) => processes.capture({ ...shell(script), ...options }), id);
  const grandchild = await id;
  while (isRunning(grandchild)) await new Promise((resolve) => setTimeout(resolve, 5));
}

function isRunning(id: number): boolean {
  try {
    const status = fs.readFileSync(`/proc/${id}/stat`, "utf8");
    return !/\) [ZX] /.test(status);
  } catch {
    return false;
  }
}

describe("a process group", () => {
  test("is killed whole when the command is aborted", async () => {
    const controller = new AbortController();
    await withGrandchild("sleep 60", async (start, id) => {
      const running = start({ signal: controller.signal });
      await id;
      controller.abort();
      expect((await running).outcome).toEqual({ kind: "killed", signal: "SIGKILL" });
    });
  });

  test("is killed whole when the time is up", async () => {
    await withGrandchild("sleep 60", async (start) => {
      expect((await start({ timeoutMs: 300 })).outcome).toEqual({ kind: "timed-out" });
    });
  });

  test("does not outlive its program, even when it holds the output open", async () => {
    const wait = `while [ ! -e ${"$PWD"}/id ]; do sleep 0.01; done; echo done`;
    await withGrandchild(wait, async (start) => {
      const { outcome, stdout } = await start({ workingDirectory: folder });
      expect(outcome).toEqual({ kind: "exited", code: 0 });
      expect(stdout).toBe("done\n");
    });
  });

  test("that is aborted before it starts is killed at once", async () => {
    const outcome = await processes.run({ ...shell("sleep 60"), signal: AbortSignal.abort() });
    expect(outcome).toEqual({ kind: "killed", signal: "SIGKILL" });
  });
});

test("a process is told from a later one of its number by when it was started", () => {
  const { ownId } = processes;
  expect(processes.startOf(ownId)).toMatch(/^\d+$/);
  expect(processes.startOf(ownId)).toBe(processes.startOf(ownId));
  expect(processes.startOf(2 ** 22 + 1)).toBeUndefined();
});
