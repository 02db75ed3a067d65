/** A build in a real pseudo terminal, by way of `script` of util-linux. */
/* oxlint-disable no-control-regex */
import { spawn, spawnSync } from "node:child_process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { program } from "./program.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

const hasScript = spawnSync("script", ["--version"]).status === 0;

function openStack(): void {
  const slow = (name: string): string =>
    `name = "${name}"\nversion = "1"\nbuild.script = "echo from ${name}; sleep 1"\n`;
  shop = openWorkshop({ "packages/one.toml": slow("one"), "packages/two.toml": slow("two") });
}

interface Shown {
  said(): string;
  type(keys: string): void;
  readonly ended: Promise<number | null>;
}

/** Runs a shell line in a terminal of 70 columns. */
function inTerminal(line: string, environment: Record<string, string> = {}): Shown {
  const child = spawn("script", ["-qefc", `stty cols 70 rows 20; ${line}`, "/dev/null"], {
    cwd: shop.workspace,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: shop.root,
      TENON_STORE: shop.store,
      TERM: "xterm-256color",
      TENON: `${process.execPath} ${program}`,
      ...environment,
    },
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  return {
    said: () => said,
    type: (keys) => void child.stdin.write(keys),
    ended: new Promise((resolve) => child.once("close", resolve)),
  };
}

/** Bash's job control makes it a job that can be stopped, also without a terminal. */
test("what is stopped stops its builds, and goes on with them", async () => {
  shop = openWorkshop({
    "packages/slow.toml": `name = "slow"\nversion = "1"\nbuild.script = "for i in $(seq 40); do echo $i; sleep 0.1; done"\n`,
  });
  const script = `set -m
    ${process.execPath} ${program} build & job=$!
    size() { cat .tenon/runs/*/slow/*.log 2>/dev/null | wc -l; }
    until [ $(size) -gt 2 ]; do sleep 0.05; done
    kill -TSTP $job; sleep 0.5
    before=$(size); sleep 1; echo stood $(($(size) - before))
    kill -CONT $job
    code=148 # bash may not have heard yet that it goes on
    while [ $code = 148 ]; do sleep 0.1; wait $job; code=$?; done
    echo code $code`;
  const ended = spawnSync("bash", ["-c", script], {
    cwd: shop.workspace,
    env: { PATH: process.env["PATH"] ?? "", HOME: shop.root, TENON_STORE: shop.store },
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(ended.stdout).toContain("stood 0\n");
  expect(ended.stdout).toContain("code 0\n");
});

const soon = { timeout: 20_000, interval: 20 };

describe.skipIf(!hasScript)("in a terminal (needs script)", () => {
  test("a view is drawn, taken away at the end, and its colours obey NO_COLOR", async () => {
    openStack();
    const shown = inTerminal("$TENON build -j2; stty -a", { NO_COLOR: "1" });
    expect(await shown.ended).toBe(0);
    const text = shown.said();
    expect(text).toContain("[0/2] 2 running, 0 waiting");
    expect(text).toMatch(/ {2}one 1 {2}\d s {2}script {2}from one/);
    expect(text).not.toMatch(/\u001B\[\d*m/);
    const [end = "", modes = ""] = text.split("done: 2 packages built");
    expect(end).toMatch(/\u001B\[J[^\u001B]*joined 2 packages[^\u001B]*\u001B\[\?2026l$/);
    expect(modes).toMatch(/ icanon .* echo /s);
  });

  test("Ctrl-C stops the build, and the terminal is as it was", async () => {
    openStack();
    const shown = inTerminal("$TENON build -j2; echo code $?; stty -a");
    await vi.waitFor(() => expect(shown.said()).toContain("from two"), soon);
    shown.type("\u0003");
    await shown.ended;
    expect(shown.said()).toContain("code 130");
    expect(shown.said()).toMatch(/ icanon .* echo /s);
  });

  test.each([["dumb"], [""]])("TERM=%s: plain lines", async (term) => {
    openStack();
    const shown = inTerminal("$TENON build -j2", { TERM: term });
    expect(await shown.ended).toBe(0);
    expect(shown.said()).not.toContain("\u001B[J");
    expect(shown.said()).toContain(" building two 1\r\n");
  });
});
