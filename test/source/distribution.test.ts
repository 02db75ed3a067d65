/** Reading the names of distribution files. */
import { describe, expect, test } from "vitest";
import { canonicalVersion, normalizeProject } from "../../src/requirements/index.ts";
import { rankOf, readDistribution } from "../../src/source/distribution.ts";

test("project names have one spelling", () => {
  expect(normalizeProject("Ruamel.Yaml__clib")).toBe("ruamel-yaml-clib");
});

describe("sdists", () => {
  test.each([
    ["ruamel.yaml-0.18.tar.gz", "ruamel-yaml", "0.18", ".tar.gz"],
    ["ruamel_yaml-0.18.zip", "ruamel.yaml", "0.18", ".zip"],
    ["backports.ssl-match-hostname-3.5.0.1.tar.gz", "backports-ssl_match_hostname", "3.5.0.1"],
    ["py-1.0-beta2.tar.gz", "py", "1.0-beta2"],
  ])("%s", (file, project, version, suffix = ".tar.gz") => {
    expect(readDistribution(file, project)).toEqual({ kind: "sdist", version, suffix });
  });

  test.each(["pyyaml-6.0.tar.gz", "py-1.0.exe", "py-1.0.tar.gz.asc", "a/py-1.0.tar.gz"])(
    "%s is none of py",
    (file) => expect(readDistribution(file, "py")).toBeUndefined(),
  );
});

describe("wheels", () => {
  test("the name stands for every combination of its tags", () => {
    expect(readDistribution("six-1.17.0-2-py2.py3-none-any.whl", "six")).toEqual({
      kind: "wheel",
      version: "1.17.0",
      buildNumber: 2,
      tags: ["py2-none-any", "py3-none-any"],
    });
  });

  test("a path in place of a name is refused (I11)", () => {
    expect(readDistribution("six-1-1/../../x-py3-none-any.whl", "six")).toBeUndefined();
  });

  test("pure is best, then the machine's order", () => {
    const rank = (tags: string): number | undefined => {
      const wheel = readDistribution(`a-1-${tags}.whl`, "a");
      return wheel && rankOf(wheel, ["cp311-cp311-linux_x86_64", "cp311-abi3-linux_x86_64"]);
    };
    expect(rank("py2.py3-none-any")).toBe(0);
    expect(rank("cp311-cp311-linux_x86_64")).toBe(1);
    expect(rank("cp311-abi3-linux_x86_64")).toBe(2);
    expect(rank("cp312-cp312-linux_x86_64")).toBeUndefined();
  });
});

test.each([
  ["1.0", "1"],
  ["v2.0.0-Beta.2", "2b2"],
  ["1.0-1", "1.post1"],
  ["1.0.rev3", "1.post3"],
  ["1!2.0c1", "1!2rc1"],
  ["1.0.DEV", "1.dev0"],
  ["1.010+Local-1", "1.10+local.1"],
  ["0.0", "0"],
  ["Not-a-version", "not-a-version"],
])("version %s is %s", (version, canonical) => {
  expect(canonicalVersion(version)).toBe(canonical);
});
