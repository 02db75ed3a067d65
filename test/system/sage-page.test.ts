/** What docs/how-to/sage.md says: each of its commands is run as it stands there, and make is asked what is left to do. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { program } from "./program.ts";
import { plantCheckout } from "./sage-tree.ts";
import { noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

const page = fs.readFileSync(new URL("../../docs/how-to/sage.md", import.meta.url), "utf8");

/** In their order, from its blocks and tables; what they say of cython and numpy is done with two packages that are here. */
const commands = [...page.matchAll(/(?:^ {4}|`)(tenon [a-z]+ --sage[^`#\n]*)/gm)].map(
  ([, command = ""]) =>
    command
      .trim()
      .replaceAll("cython", "tool")
      .replaceAll("numpy", "one")
      .replaceAll("NAME", "tool"),
);

let shop: Workshop;
let sage: string;
const stamps = "local/var/lib/sage/installed";

beforeEach(() => {
  shop = openWorkshop({});
  sage = plantCheckout(shop);
  fs.mkdirSync(`${shop.root}/bin`);
  const script = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
  fs.writeFileSync(`${shop.root}/bin/tenon`, script, { mode: 0o755 });
  fs.writeFileSync(`${sage}/build/make/rules`, rules);
});
afterEach(() => shop.dispose());

/** As a person types it, at the root of the checkout. */
function type(command: string): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
    cwd: sage,
    encoding: "utf8",
    env: {
      PATH: `${shop.root}/bin:${process.env["PATH"] ?? ""}`,
      HOME: shop.root,
      TENON_STORE: shop.store,
      TENON_TEST: shop.root,
    },
    timeout: 120_000,
  });
  return { status, said: `${stdout}${stderr}` };
}

/** The rules that a checkout's makefile has for each package: its stamp, and what that is older than. */
const rules = `S = ${stamps}
all: $(S)/one-1.5.p2 $(S)/tool-2
$(S)/one-1.5.p2: build/pkgs/one/spkg-install.in
	@echo make builds one
$(S)/tool-2: $(S)/one-1.5.p2 pkgs/tool/tool.txt
	@echo make builds tool
`;

function makeBuilds(): string {
  return type("make -s -f build/make/rules").said;
}

describe.skipIf(noView !== undefined)(`the page about SageMath${skippedWord}`, () => {
  test("has commands that all do what they are for", () => {
    expect(commands.length).toBeGreaterThan(12);
    for (const command of commands) {
      // The page's shell is for a person, who leaves it by hand.
      const typed = command.startsWith("tenon shell") ? `${command} -- true` : command;
      if (command.includes("rollback")) expect(type("tenon build --sage .").status).toBe(0);
      const { status, said } = type(typed);
      expect({ command, status }, said).toEqual({ command, status: 0 });
    }
  });

  test("is right that a tenon.toml can stand for the option", () => {
    const [, toml = ""] = /^((?: {4}\[workspace\]\n)(?: {4}.*\n)+)/m.exec(page) ?? [];
    fs.mkdirSync(`${shop.root}/mine`);
    fs.writeFileSync(`${shop.root}/mine/tenon.toml`, toml.replaceAll(/^ {4}/gm, ""));
    expect(type("cd ../mine && tenon build tool")).toMatchObject({ status: 0 });
    expect(fs.existsSync(`${sage}/${stamps}/tool-2`)).toBe(true);
  });
});

describe.skipIf(noView !== undefined)(`make has nothing to do${skippedWord}`, () => {
  beforeEach(() => {
    expect(type("tenon build --sage .")).toMatchObject({ status: 0 });
    expect(makeBuilds()).toBe("");
  });

  test("after a change, and after it was rolled back", () => {
    fs.writeFileSync(`${sage}/pkgs/tool/tool.txt`, "another tool\n");
    expect(makeBuilds()).toBe("make builds tool\n");
    expect(type("tenon build --sage .")).toMatchObject({ status: 0 });
    expect(makeBuilds()).toBe("");
    expect(type("tenon rollback --sage .")).toMatchObject({ status: 0 });
    expect(makeBuilds()).toBe("");
  });

  test("after what Sage has uninstalled was built again, or repaired", () => {
    for (const cure of ["tenon build --sage .", "tenon verify --sage . --repair"]) {
      fs.rmSync(`${sage}/${stamps}/one-1.5.p2`);
      fs.rmSync(`${sage}/local/include/one.h`);
      expect(makeBuilds()).toContain("make builds one");
      expect(type(cure)).toMatchObject({ status: 0 });
      expect(fs.readFileSync(`${sage}/local/include/one.h`, "utf8")).toBe("#define ONE 1\n");
      expect(makeBuilds()).toBe("");
    }
  });

  test("after tenon is gone, and after it has adopted what was there", () => {
    fs.rmSync(`${sage}/local/var/lib/tenon`, { recursive: true });
    expect(makeBuilds()).toBe("");
    expect(type("tenon build --sage .").said).toMatch(/adopted 4 packages/);
    expect(makeBuilds()).toBe("");
  });
});
