/** Requirements and their markers as PEP 508 writes them. */
import { describe, expect, test } from "vitest";
import {
  isWanted,
  parseRequirement,
  type Requirement,
  showRequirement,
} from "../../src/requirements/index.ts";

const environment = {
  os_name: "posix",
  sys_platform: "linux",
  platform_machine: "x86_64",
  platform_release: "6.1.0",
  implementation_name: "cpython",
  python_version: "3.11",
  python_full_version: "3.11.7",
  extras: ["docs"],
  dependency_groups: [],
};

function parse(text: string): Requirement {
  const requirement = parseRequirement(text);
  if (typeof requirement === "string") throw new Error(requirement);
  return requirement;
}

test("name, extras, specifier, address", () => {
  expect(parse("Foo.Bar_baz[Tests, lint_all] (>= 1.0, <2) ; os_name == 'nt'")).toMatchObject({
    name: "foo-bar-baz",
    extras: ["tests", "lint-all"],
    specifier: ">=1.0,<2",
  });
  expect(parse("six")).toEqual({ name: "six", extras: [], specifier: "" });
  expect(parse("a @ https://example.org/a;b.zip ; os_name == 'nt'").url).toBe(
    "https://example.org/a;b.zip",
  );
  expect(showRequirement(parse("A[b,c] >=1 ; python_version > '3'"))).toBe("a[b,c]>=1");
});

const markers: readonly (readonly [string, boolean])[] = [
  ["python_version < '3.11'", false],
  ["python_version >= '3.9' and python_version < '3.12'", true],
  // Not as texts: 3.9 is older than 3.11.
  ["python_version > '3.9'", true],
  ["python_version == '3.*'", true],
  ["python_full_version >= '3.11.0b1'", true],
  ["'3.11' <= python_version", true],
  ["sys_platform == 'win32' or os_name == 'posix'", true],
  ["sys_platform == 'win32' or (os_name == 'posix' and implementation_name == 'pypy')", false],
  ["sys_platform == 'linux' or os_name == 'nt' and os_name == 'posix'", true],
  ["'linux' in sys_platform", true],
  ["sys_platform not  in 'win32 darwin'", true],
  ['platform_machine != "arm64"', true],
  ["sys.platform == 'linux'", true],
  ["extra == 'socks'", false],
  ["'Docs' in extras", true],
  ["'test' in dependency_groups", false],
];

describe("markers", () => {
  for (const [marker, expected] of markers) {
    test(marker, () => expect(isWanted(parse(`six; ${marker}`), environment)).toBe(expected));
  }
});

test("with an extra that is wanted, whatever its spelling", () => {
  const requirement = parse("pysocks; extra == 'So_cks'");
  expect(isWanted(requirement, environment, ["so-cks"])).toBe(true);
  expect(isWanted(requirement, environment, ["other"])).toBe(false);
});

test.each([
  ["", '"" begins with no project\'s name'],
  ["./a.whl", '"./a.whl" begins with no project\'s name'],
  ["six = 1", '"= 1" is not a version specifier'],
  ["six >= one", '"one" is not a version'],
  ["six; python_version", "python_version is compared with nothing"],
  ["six; python_version >", "the marker ends after >"],
  ["six; (os_name == 'a'", "a parenthesis of the marker is not closed"],
  ["six; os_name == 'a' b", "the marker does not end before b"],
  ["six; my_name == 'a'", "my_name is not a variable of markers"],
  ["six; os_name == $", 'the marker cannot be read from " $" on'],
])("%s is refused", (text, defect) => {
  expect(parseRequirement(text)).toBe(defect);
});

describe("a marker of very many parts", () => {
  const nested = (depth: number): string =>
    `six; ${"(".repeat(depth)}os_name == 'posix'${")".repeat(depth)}`;

  test("parentheses go as deep as any reader has use for", () => {
    expect(isWanted(parse(nested(100)), environment)).toBe(true);
    const tooDeep = "the marker has too many parentheses in one another";
    expect(parseRequirement(nested(101))).toBe(tooDeep);
    expect(parseRequirement(nested(250_000))).toBe(tooDeep);
    expect(parseRequirement(`six; ${"(".repeat(250_000)}`)).toBe(tooDeep);
  });

  test("a chain of them may be of any length", () => {
    const chain = Array.from({ length: 20_000 }, () => "(os_name == 'posix')").join(" and ");
    expect(isWanted(parse(`six; ${chain}`), environment)).toBe(true);
  });
});
