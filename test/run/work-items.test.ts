/** Fetches, builds and checks as nodes of one schedule. */
import { expect, test } from "vitest";
import { nodeName, nodeOf, workItems } from "../../src/run/work-items.ts";
import { directory, openWorkspace, reopen } from "../workspace/workspace.ts";

const expectSecond = () => ({ expectedMs: 1000, isRecorded: false });
const names = ["base", "lib", "app"];

test("a fetch comes before its build, a check after it, and nothing needs a check", () => {
  const { disk } = openWorkspace({ app: { build: ["lib"] }, lib: { run: ["base"] }, base: {} });
  disk.removeFile(`${directory}/packages/base.toml`);
  disk.createFile(
    `${directory}/packages/base.toml`,
    `name = "base"
version = "1"
check.script = "true"
[source]
url = "https://example.org/base-1.tar.gz"
sha256 = "${"a".repeat(64)}"
[build]
system = "script"
script = "true"
`,
  );
  const { session } = reopen(disk);
  const items = workItems(session, names, { expect: expectSecond, check: true });
  expect(items).toEqual([
    { name: "fetch base", needs: [], lane: "ahead", expectedMs: 1000 },
    { name: "base", needs: ["fetch base"], expectedMs: 1000 },
    { name: "check base", needs: ["base"], expectedMs: 1000 },
    { name: "lib", needs: ["base"], expectedMs: 1000 },
    { name: "app", needs: ["lib"], expectedMs: 1000 },
  ]);
  const unchecked = workItems(session, ["app"], { expect: expectSecond, check: false });
  expect(unchecked).toEqual([{ name: "app", needs: [], expectedMs: 1000 }]);
});

test("a node is found by its name again", () => {
  for (const kind of ["fetch", "build", "check"] as const) {
    expect(nodeOf(nodeName(kind, "a-b.c+d"))).toEqual({ kind, name: "a-b.c+d" });
  }
});
