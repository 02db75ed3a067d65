/** What is printed for a shell means there what `tenon run` does: asked of the machine's own sh. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { VariableSetting } from "../../src/library/index.ts";
import { renderEnvironment } from "../../src/report/environment-text.ts";

const settings: VariableSetting[] = [
  { kind: "set", variable: "A", value: 'it\'s $HOME `x` \\ "y"' },
  { kind: "prepend", variable: "P", value: "/p/a b:/p/c" },
  { kind: "prepend", variable: "Q", value: "/q" },
  { kind: "prepend", variable: "M", value: "/m", whenUnset: "" },
  { kind: "prepend", variable: "D", value: "/d", whenUnset: "/usr/share" },
  { kind: "prepend", variable: "E", value: "/e", whenUnset: "/usr/share" },
  { kind: "unset", variable: "GONE" },
];

test("sh reads it, and a second time changes nothing", () => {
  const script = renderEnvironment({ settings }, "sh").join("\n");
  const show = 'printf "%s\\n" "$A" "$P" "$Q" "$M" "$D" "$E" "${GONE-none}"';
  const env = { PATH: "/usr/bin:/bin", P: "/old", E: "/old", GONE: "1" };
  const said = execFileSync("sh", ["-eu", "-c", `${script}\n${script}\n${show}`], { env });
  expect(said.toString().split("\n")).toEqual([
    'it\'s $HOME `x` \\ "y"',
    "/p/a b:/p/c:/old",
    "/q",
    "/m:",
    "/d:/usr/share",
    "/e:/old",
    "none",
    "",
  ]);
});

test("for fish, quotes and backslashes are written as it reads them", () => {
  const set: VariableSetting = { kind: "set", variable: "A", value: "it's a \\" };
  expect(renderEnvironment({ settings: [set] }, "fish")).toEqual(["set -gx A 'it\\'s a \\\\'"]);
});
