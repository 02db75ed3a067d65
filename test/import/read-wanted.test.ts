/** requirements.txt, pylock.toml and uv.lock: what they ask for, and what a person reads when they are wrong. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readWantedFile, type Requested } from "../../src/import/index.ts";
import type { WantedContext } from "../../src/import/wanted.ts";
import { showRequirement } from "../../src/requirements/index.ts";
import { digest, disk, errorOf, type Files, makeFolder } from "../recipe/workspace-folder.ts";

const environment = { sys_platform: "linux", python_version: "3.11" };
const other = "f".repeat(64);

function read(
  files: Files,
  name: string,
  more: Partial<Pick<WantedContext, "extras" | "groups" | "variables">> = {},
): Requested {
  const directory = makeFolder(files);
  const options = { disk, directory, environment, extras: [], groups: [], variables: {}, ...more };
  return readWantedFile(join(directory, name), options);
}

const shown = ({ requirements }: Requested): string[] => requirements.map(showRequirement);

test("requirements.txt with hashes, markers, comments, includes and options", () => {
  const wanted = read(
    {
      "requirements.txt": `# made by hand
--pre
six==1.17.0 \\
    --hash=sha256:${digest} \\
    --hash=sha256:${other}
    # via nobody
Foo_Bar[x] >= 1 , < 2  # with an extra
colorama ; sys_platform == "win32"
-r more/others.txt
-c bounds.txt
--no-binary=six,Foo.Bar
--only-binary :all:
`,
      "more/others.txt": "-r third.txt\ntomli",
      "more/third.txt": "attrs==25.3.0\n",
      "bounds.txt": "idna<4\n",
    },
    "requirements.txt",
  );
  expect(shown(wanted)).toEqual(["six==1.17.0", "foo-bar[x]>=1,<2", "attrs==25.3.0", "tomli"]);
  expect(wanted.constraints.map(showRequirement)).toEqual(["idna<4"]);
  expect(wanted.digests).toEqual(new Map([["six", new Set([digest, other])]]));
  expect(wanted.noBinary).toEqual(["six", "foo-bar"]);
  expect(wanted.onlyBinary).toEqual([":all:"]);
});

test("every wrong line of requirements.txt is told, with its place and a cure", () => {
  const text = `six==one
ok
-e ./local
git+https://example.org/x.git
./wheels/a.whl
a @ https://example.org/a.zip
--index-url https://example.org/simple
--frobnicate
-r missing.txt
-r requirements.txt
six==1.0 --hash=md5:abc
`;
  const error = errorOf(() => read({ "requirements.txt": text }, "requirements.txt"));
  expect(error).toMatchObject({ kind: "recipe", code: "REQUIREMENTS_LINE" });
  const sentences = error.message.split("\n").filter((line) => line.startsWith("requirements.txt"));
  expect(sentences).toEqual([
    'requirements.txt:1:1: "one" is not a version; expected a requirement, such as requests==2.32.5',
    'requirements.txt:3:1: "-e ./local" is not a project on the index; expected NAME==VERSION',
    'requirements.txt:4:1: "git+https://example.org/x.git" is not a project on the index; expected NAME==VERSION',
    'requirements.txt:5:1: "./wheels/a.whl" is not a project on the index; expected NAME==VERSION',
    'requirements.txt:6:1: "a @ https://example.org/a.zip" is not a project on the index; expected NAME==VERSION',
    "requirements.txt:7:1: --index-url says where packages come from, which is the machine's business; expected no such line",
    "requirements.txt:8:1: the option --frobnicate is not known here; expected a requirement",
    'requirements.txt:9:1: there is no file "missing.txt"; expected a file, from the folder of this one',
    'requirements.txt:10:1: "requirements.txt" includes itself; expected another file',
    'requirements.txt:11:1: "--hash=md5:abc" is not a digest that tenon can check; expected --hash=sha256: and 64 lower-case hexadecimal digits',
  ]);
  expect(error.hints).toEqual([
    "Write a recipe for it, with source.path, source.git or source.url; the others are imported without this line.",
    "Set the index in pip's configuration (`pip config set global.index-url URL`), which `tenon fetch` uses too.",
  ]);
});

describe("encodings of requirements files", () => {
  const text = "six==1.17.0\r\nidna==3.10\r\n";
  const utf16 = Buffer.from(`\uFEFF${text}`, "utf16le");
  test.each<[string, Buffer]>([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a mark", Buffer.from(`\uFEFF${text}`)],
    ["UTF-16, little end first", utf16],
    ["UTF-16, big end first", Buffer.from(utf16).swap16()],
    [
      "what a comment names",
      Buffer.from(`# -*- coding: latin-1 -*-\n# gr\u00FCn\n${text}`, "latin1"),
    ],
  ])("%s", (_name, content) => {
    const wanted = read({ "requirements.txt": content }, "requirements.txt");
    expect(shown(wanted)).toEqual(["six==1.17.0", "idna==3.10"]);
  });

  test.each<[string, Buffer, string]>([
    [
      "no UTF-8",
      Buffer.from("six\n# gr\u00FCn\n", "latin1"),
      "requirements.txt:2:1: this is not utf-8: byte 0xfc in column 5; ",
    ],
    [
      "not what it says",
      Buffer.from("#\n# coding: utf-8\n# gr\u00FCn\n", "latin1"),
      "requirements.txt:3:1: this is not utf-8: byte 0xfc in column 5; ",
    ],
    [
      "an encoding that nobody knows",
      Buffer.from("# coding: klingon\nsix\n"),
      'requirements.txt:1:1: the encoding "klingon" is unknown; ',
    ],
  ])("%s is told with its line", (_name, content, message) => {
    const error = errorOf(() => read({ "requirements.txt": content }, "requirements.txt"));
    expect(error).toMatchObject({ kind: "recipe", code: "REQUIREMENTS_LINE" });
    expect(error.message).toContain(message);
  });
});

test("variables in requirements.txt are those of the environment, as pip expands them", () => {
  const files = { "requirements.txt": "six==${VER}\n-r ${DIR}/a.txt\n", "more/a.txt": "idna\n" };
  const variables = { VER: "1.17.0", DIR: "more" };
  expect(shown(read(files, "requirements.txt", { variables }))).toEqual(["six==1.17.0", "idna"]);
  const error = errorOf(() => read(files, "requirements.txt", { variables: { DIR: "more" } }));
  expect(error.message).toContain(
    'requirements.txt:1:1: the variable VER, which "six==${VER}" names, is not set; ',
  );
  expect(error.hints).toEqual(["Run the command again with VER=VALUE before it."]);
});

test("--require-hashes names what has no hash", () => {
  const text = `--require-hashes\nsix==1.17.0 --hash=sha256:${digest}\n`;
  expect(shown(read({ "r.txt": text }, "r.txt"))).toEqual(["six==1.17.0"]);
  const error = errorOf(() => read({ "r.txt": `${text}idna==3.10\n` }, "r.txt"));
  expect(error.message).toContain("and there is no hash for idna; expected --hash=sha256:…");
});

test("no message shows a password", () => {
  const text =
    "-i https://user:secret@example.org/simple\na @ https://me:secret@example.org/a.zip\nb https://u:secret@x/\n";
  const error = errorOf(() => read({ "requirements.txt": text }, "requirements.txt"));
  expect(`${error.message}${error.hints.join("")}`).not.toContain("secret");
  expect(error.message).toContain("https://example.org/a.zip");
});

test("--pre lets versions before a release in", () => {
  expect(read({ "r.txt": "--pre\nsix\n" }, "r.txt").allowsPreviews).toBe(true);
  expect(read({ "r.txt": "six\n" }, "r.txt").allowsPreviews).toBe(false);
});

const pylock = `lock-version = "1.0"
created-by = "somebody"
extras = ["docs"]
dependency-groups = ["dev"]
default-groups = ["dev"]

[[packages]]
name = "Six"
version = "1.17.0"
sdist = { name = "six-1.17.0.tar.gz", hashes = { sha256 = "${digest}" } }
wheels = [{ name = "six-1.17.0-py2.py3-none-any.whl", hashes = { sha256 = "${other}" } }]

[[packages]]
name = "colorama"
version = "0.4.6"
marker = "sys_platform == 'win32'"

[[packages]]
name = "sphinx"
version = "9.0.4"
marker = "'docs' in extras"

[[packages]]
name = "pytest"
version = "9.0.0"
marker = "'dev' in dependency_groups"
`;

test("pylock.toml: what applies here, with its extras and groups", () => {
  const wanted = read({ "pylock.toml": pylock }, "pylock.toml");
  expect(shown(wanted)).toEqual(["six==1.17.0", "pytest==9.0.0"]);
  expect(wanted.digests.get("six")).toEqual(new Set([digest, other]));
  const more = read({ "pylock.ci.toml": pylock }, "pylock.ci.toml", { extras: ["docs"] });
  expect(shown(more)).toEqual(["six==1.17.0", "sphinx==9.0.4", "pytest==9.0.0"]);
});

describe("pylock.toml is followed as its standard says", () => {
  const six = `[[packages]]\nname = "six"\nversion = "1.17.0"\n`;
  const lock = (top: string, packages = six): Files => ({
    "pylock.toml": `lock-version = "1.0"\n${top}\n${packages}`,
  });

  test.each<[string, string, string | undefined]>([
    [
      "one of its environments is this one",
      `environments = ["sys_platform == 'linux'"]`,
      undefined,
    ],
    [
      "none of its environments is this one",
      `environments = ["sys_platform == 'win32'", "python_version < '3'"]`,
      ":2:16: the file is made for other machines than this one; ",
    ],
    ["it names no environment", "environments = []", "the file is made for other machines"],
    ["its Python is this one", 'requires-python = ">=3.9"', undefined],
    [
      "its Python is a later one",
      'requires-python = ">=3.13"',
      ':2:19: ">=3.13" does not take Python 3.11, which the workspace has; ',
    ],
  ])("%s", (_name, top, message) => {
    if (message === undefined) return expect(shown(read(lock(top), "pylock.toml"))).toHaveLength(1);
    const error = errorOf(() => read(lock(top), "pylock.toml"));
    expect(error).toMatchObject({ kind: "recipe", code: "PYLOCK_ENVIRONMENT" });
    expect(error.message).toContain(message);
  });

  test("the Python of one package", () => {
    const files = lock("", `${six}requires-python = "<3"\n`);
    const error = errorOf(() => read(files, "pylock.toml"));
    expect(error.message).toContain('"<3" does not take Python 3.11');
    const elsewhere = `${six}requires-python = "<3"\nmarker = "sys_platform == 'win32'"\n`;
    expect(shown(read(lock("", elsewhere), "pylock.toml"))).toEqual([]);
  });

  test("two packages of one name that both apply", () => {
    const error = errorOf(() => read(lock("", six + six.replace("six", "Six")), "pylock.toml"));
    expect(error.message).toContain('two packages "Six" apply to this machine; ');
  });

  test("extras and groups that it does not have", () => {
    const extra = errorOf(() =>
      read({ "pylock.toml": pylock }, "pylock.toml", { extras: ["doc"] }),
    );
    expect(extra).toMatchObject({ kind: "usage", code: "UNKNOWN_NAME", hints: ["It has docs."] });
    expect(extra.message).toBe('pylock.toml has no extra "doc"; did you mean "docs"?');
    const group = errorOf(() => read(lock(""), "pylock.toml", { groups: ["dev"] }));
    expect(group).toMatchObject({ kind: "usage", hints: ["It has no groups."] });
  });

  test("repositories, folders and addresses become sources of their own", () => {
    const commit = "a".repeat(40);
    const packages = `[[packages]]
name = "one"
version = "1"
vcs = { type = "git", url = "https://example.org/one.git", commit-id = "${commit}", subdirectory = "py" }
[[packages]]
name = "two"
version = "2"
directory = { path = "lib/two", editable = true }
[[packages]]
name = "three"
version = "3"
archive = { url = "https://example.org/three-3.tar.gz", hashes = { sha256 = "${digest}" } }
`;
    const wanted = read(lock("", packages), "pylock.toml");
    const source = { kind: "git", repository: "https://example.org/one.git", revision: commit };
    expect(wanted.direct.get("one")).toEqual({ version: "1", source, directory: "py" });
    expect(wanted.direct.get("two")).toMatchObject({ version: "2", source: { kind: "path" } });
    expect(wanted.direct.get("three")?.source).toMatchObject({ kind: "url", sha256: digest });
    const [one, two, three] = shown(wanted);
    expect(one).toBe(`one @ git+https://example.org/one.git@${commit}#subdirectory=py`);
    expect(two).toMatch(/^two @ file:\/\/\/.*\/lib\/two$/);
    expect(three).toBe("three @ https://example.org/three-3.tar.gz");
  });
});

const uvLock = `version = 1
revision = 3
requires-python = ">=3.9"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "requests", extra = ["socks"] },
    { name = "numpy", version = "2.0.2", source = { registry = "x" }, marker = "python_version < '3.10'" },
    { name = "numpy", version = "2.3.5", source = { registry = "x" }, marker = "python_version >= '3.10'" },
]

[package.optional-dependencies]
docs = [{ name = "sphinx" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "numpy"
version = "2.0.2"
source = { registry = "x" }
sdist = { url = "u/numpy-2.0.2.tar.gz", hash = "sha256:${other}" }

[[package]]
name = "numpy"
version = "2.3.5"
source = { registry = "x" }
sdist = { url = "u/numpy-2.3.5.tar.gz", hash = "sha256:${digest}" }

[[package]]
name = "requests"
version = "2.32.5"
source = { registry = "x" }
dependencies = [{ name = "idna" }]

[package.optional-dependencies]
socks = [{ name = "pysocks" }]

[[package]]
name = "idna"
version = "3.20"
source = { registry = "x" }
dependencies = [{ name = "requests" }]

[[package]]
name = "pysocks"
version = "1.7.1"
source = { registry = "x" }

[[package]]
name = "sphinx"
version = "9.0.4"
source = { registry = "x" }

[[package]]
name = "pytest"
version = "9.0.0"
source = { registry = "x" }
`;

test("uv.lock: what the project needs on this interpreter", () => {
  const wanted = read({ "uv.lock": uvLock }, "uv.lock");
  // As they are found: each with what it needs after it.
  const found = ["requests[socks]==2.32.5", "idna==3.20", "pysocks==1.7.1", "numpy==2.3.5"];
  expect(shown(wanted)).toEqual(found);
  expect(wanted.digests.get("numpy")).toEqual(new Set([digest]));
  const more = read({ "uv.lock": uvLock }, "uv.lock", { extras: ["docs"], groups: ["dev"] });
  expect(shown(more)).toEqual(expect.arrayContaining(["sphinx==9.0.4", "pytest==9.0.0"]));
});

const commit = "b".repeat(40);
const ownSources = `version = 1
requires-python = ">=3.9"

[[package]]
name = "root"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "member" }, { name = "repo", extra = ["x"] }, { name = "bundle" }]

[package.metadata]
provides-extras = ["empty"]

[[package]]
name = "member"
version = "1.0"
source = { editable = "members/one" }
dependencies = [{ name = "six" }]

[[package]]
name = "lone"
version = "1.0"
source = { editable = "members/two" }

[[package]]
name = "repo"
version = "2.0"
source = { git = "https://example.org/repo?subdirectory=sub&rev=main#${commit}" }

[[package]]
name = "bundle"
version = "3.0"
source = { path = "wheels/bundle-3.0-py3-none-any.whl" }
wheels = [{ filename = "bundle-3.0-py3-none-any.whl", hash = "sha256:${digest}" }]

[[package]]
name = "six"
version = "1.17.0"
source = { registry = "x" }
`;

test("uv.lock: members that are needed, repositories and paths have sources of their own", () => {
  const wanted = read({ "uv.lock": ownSources }, "uv.lock", { extras: ["empty"] });
  expect(shown(wanted).map((line) => line.replace(/ @ file:.*\//, " @ "))).toEqual([
    "member @ one",
    "six==1.17.0",
    `repo[x] @ git+https://example.org/repo@${commit}#subdirectory=sub`,
    "bundle @ bundle-3.0-py3-none-any.whl",
  ]);
  expect([...wanted.direct.keys()]).toEqual(["member", "repo", "bundle"]);
  expect(wanted.direct.get("repo")).toEqual({
    version: "2.0",
    source: { kind: "git", repository: "https://example.org/repo", revision: commit },
    directory: "sub",
    needs: [],
  });
  expect(wanted.direct.get("member")?.needs).toEqual(["six"]);
});

test("uv.lock: a resolver is asked for a repository that a package of the index needs", () => {
  const six = 'version = "1.17.0"\nsource = { registry = "x" }\n';
  const lock = ownSources.replace(six, `${six}dependencies = [{ name = "repo" }]\n`);
  const { direct } = read({ "uv.lock": lock }, "uv.lock");
  expect(direct.get("repo")?.needs).toBeUndefined();
  expect(direct.get("bundle")?.needs).toEqual([]);
});

test("uv.lock: what it is not made for is refused", () => {
  const later = { "uv.lock": uvLock.replace(">=3.9", ">=3.13") };
  const python = errorOf(() => read(later, "uv.lock"));
  expect(python).toMatchObject({ kind: "recipe", code: "UV_LOCK_ENVIRONMENT" });
  const windows = {
    "uv.lock": `${uvLock}`.replace(
      "revision = 3",
      `supported-markers = ["sys_platform == 'win32'"]`,
    ),
  };
  expect(errorOf(() => read(windows, "uv.lock")).message).toContain("made for other machines");
  const extra = errorOf(() => read({ "uv.lock": uvLock }, "uv.lock", { extras: ["dosc"] }));
  expect(extra).toMatchObject({ kind: "usage", hints: ["It has docs."] });
  const group = errorOf(() => read({ "uv.lock": uvLock }, "uv.lock", { groups: ["devv"] }));
  expect(group.message).toBe('uv.lock has no group "devv"; did you mean "dev"?');
});

test("uv.lock: of extras that exclude each other, the one that is wanted counts", () => {
  const lock = `version = 1
conflicts = [[{ package = "app", extra = "old" }, { package = "app", extra = "new" }]]
[[package]]
name = "app"
version = "1"
source = { virtual = "." }
[package.optional-dependencies]
old = [{ name = "six", version = "1.16.0", marker = "extra == 'extra-3-app-old'" }]
new = [{ name = "six", version = "1.17.0", marker = "extra == 'extra-3-app-new' or extra != 'extra-3-app-old'" }]
[[package]]
name = "six"
version = "1.16.0"
source = { registry = "x" }
[[package]]
name = "six"
version = "1.17.0"
source = { registry = "x" }
`;
  const wanted = (extras: string[]) => shown(read({ "uv.lock": lock }, "uv.lock", { extras }));
  expect(wanted([])).toEqual([]);
  expect(wanted(["old"])).toEqual(["six==1.16.0"]);
  expect(wanted(["new"])).toEqual(["six==1.17.0"]);
});

test("a table in the place of a text is a mistake like any other", () => {
  const python = 'lock-version = "1.0"\nrequires-python.on = ">=3.9"\npackages = []\n';
  expect(errorOf(() => read({ "pylock.toml": python }, "pylock.toml")).message).toContain(
    "requires-python does not take Python 3.11",
  );
  const version = uvLock.replace('version = "3.20"', "version = { x = 1 }");
  expect(errorOf(() => read({ "uv.lock": version }, "uv.lock")).kind).toBe("recipe");
  const hash = ownSources.replace(`"sha256:${digest}"`, "{ x = 1 }");
  expect(() => read({ "uv.lock": hash }, "uv.lock")).not.toThrow(TypeError);
});

describe("what is wrong in a lock file", () => {
  test.each([
    ["pylock.toml", "lock-version = [\n", /^pylock\.toml:2:1: this is not a value; /],
    [
      "pylock.toml",
      'lock-version = "2.0"\n',
      /:1:16: this tenon does not know lock-version 2\.0; /,
    ],
    ["pylock.toml", "packages = []\n", /lock-version is missing; expected text in quotes/],
    [
      "pylock.toml",
      'lock-version = "1.0"\npackages = 1\n',
      /:2:12: packages is not a list of tables; /,
    ],
    [
      "pylock.toml",
      'lock-version = "1.0"\n[[packages]]\nname = "a"\nmarker = "x"\n',
      /:4:10: x is compared with nothing; expected a marker/,
    ],
    [
      "pylock.toml",
      'lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1"\nsdist = { name = "a" }\n',
      /:5:9: packages\.sdist has no sha256; expected a sha256 for each file/,
    ],
    [
      "pylock.toml",
      'lock-version = "1.0"\n[[packages]]\nname = "a"\nvcs = { type = "git" }\n',
      /:2:1: "a" cannot be imported: it names no full commit of git; expected a commit of git/,
    ],
    ["uv.lock", "version = 7\n", /:1:11: this tenon does not know version 7; expected version = 1/],
    [
      "uv.lock",
      'version = 1\n[[package]]\nname = "app"\nsource = { virtual = "." }\ndependencies = [{ name = "six" }]\n',
      /:5:17: no package of the file is "six"; expected a \[\[package\]\] for it/,
    ],
  ])("%s: %j", (name, text, message) => {
    const error = errorOf(() => read({ [name]: text }, name));
    expect(error.kind).toBe("recipe");
    expect(error.message).toMatch(message);
  });

  test("a file of an unknown format", () => {
    const error = errorOf(() => read({ "poetry.lock": "" }, "poetry.lock"));
    expect(error).toMatchObject({ kind: "usage", code: "UNKNOWN_FORMAT" });
  });
});

test("a file that others include many times over is read once", () => {
  const files: Record<string, string> = { "f40.txt": "six==1.0\n" };
  for (let level = 0; level < 40; level += 1) {
    files[`f${level}.txt`] = `-r f${level + 1}.txt\n-r f${level + 1}.txt\n`;
  }
  expect(read(files, "f0.txt").requirements.map(({ name }) => name)).toEqual(["six"]);
});

test("files that include one another in a chain without end are refused", () => {
  const files = Object.fromEntries(
    Array.from({ length: 3000 }, (_, level) => [`f${level}.txt`, `-r f${level + 1}.txt\n`]),
  );
  expect(() => read(files, "f0.txt")).toThrow('"f51.txt" is included too deep');
});

test("uv.lock: a chain of dependencies may be longer than the call stack", () => {
  const entry = (name: string, source: string, next: string): string =>
    `[[package]]\nname = "${name}"\nversion = "1"\nsource = { ${source} = "." }\ndependencies = [{ name = "${next}" }]\n`;
  const chain = Array.from({ length: 12_000 }, (_, index) =>
    entry(`p${index}`, "registry", `p${(index + 1) % 12_000}`),
  );
  const text = `version = 1\n${entry("root", "virtual", "p0")}${chain.join("")}`;
  expect(read({ "uv.lock": text }, "uv.lock").requirements).toHaveLength(12_000);
});
