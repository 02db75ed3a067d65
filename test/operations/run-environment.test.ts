/** The environment of those who use a prefix, and what a shell makes of it. */
import { describe, expect, test } from "vitest";
import { applySettings, describeEnvironment } from "../../src/operations/run-environment.ts";
import type { About } from "../../src/core/index.ts";

function settingsOf(packages: Record<string, About["env"]>, isPython = false) {
  const records = Object.entries(packages).map(([name, env]) => ({
    name,
    about: env === undefined ? {} : { env },
  }));
  return describeEnvironment("/p", { isPython, records });
}

/** What the variables come to be. */
function after(
  packages: Record<string, About["env"]>,
  environment: Record<string, string> = {},
): Record<string, string> {
  return applySettings(settingsOf(packages).settings, environment);
}

test("programs, manuals, pkg-config files and CMake packages of the prefix come first", () => {
  expect(after({}, { PATH: "/usr/bin", PKG_CONFIG_PATH: "/q", HOME: "/h" })).toEqual({
    HOME: "/h",
    TENON_PREFIX: "/p",
    PATH: "/p/bin:/usr/bin",
    // An empty part stands for the machine's own manuals.
    MANPATH: "/p/share/man:",
    PKG_CONFIG_PATH: "/p/lib/pkgconfig:/p/lib64/pkgconfig:/p/share/pkgconfig:/q",
    CMAKE_PREFIX_PATH: "/p:/p/lib64/cmake",
  });
});

test("done twice, nothing more changes; what is there, comes to the front", () => {
  const once = after({}, { PATH: "/usr/bin:/p/bin", MANPATH: "/m" });
  expect(once).toMatchObject({ PATH: "/p/bin:/usr/bin", MANPATH: "/p/share/man:/m" });
  expect(after({}, once)).toEqual(once);
});

test("a virtual environment is activated as its own script does it", () => {
  const { settings } = settingsOf({}, true);
  const environment = applySettings(settings, { PYTHONHOME: "/x" });
  expect(environment).toMatchObject({ VIRTUAL_ENV: "/p" });
  expect(environment).not.toHaveProperty("PYTHONHOME");
});

describe("what packages declare", () => {
  test("is set, with the prefix in its place", () => {
    expect(after({ a: { A_HOME: "${PREFIX}/share/a", MODE: "x" } })).toMatchObject({
      A_HOME: "/p/share/a",
      MODE: "x",
    });
  });

  test("comes before what the variable was, or stands for when it is not set", () => {
    const packages = {
      a: { XDG_DATA_DIRS: "${PREFIX}/a:${XDG_DATA_DIRS}", A_PATH: "${PREFIX}/a:${A_PATH}" },
      b: { XDG_DATA_DIRS: "${PREFIX}/b:${XDG_DATA_DIRS}" },
    };
    expect(after(packages)).toMatchObject({
      XDG_DATA_DIRS: "/p/a:/p/b:/usr/local/share:/usr/share",
      A_PATH: "/p/a",
    });
    expect(after(packages, { XDG_DATA_DIRS: "/d", A_PATH: "/e" })).toMatchObject({
      XDG_DATA_DIRS: "/p/a:/p/b:/d",
      A_PATH: "/p/a:/e",
    });
  });

  test("differently, is contested, and the last one is taken", () => {
    const packages = { a: { X: "1", Y: "1" }, b: { X: "2", Y: "1" } };
    expect(after(packages)).toMatchObject({ X: "2", Y: "1" });
    expect(settingsOf(packages).contested).toEqual([{ variable: "X", packages: ["a", "b"] }]);
  });
});
