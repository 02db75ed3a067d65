/** requirements.txt, pylock.toml and uv.lock: what they ask for, and what a person reads when they are wrong. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readWantedFile, type Wanted } from "../../src/recipe/index.ts";
import { showRequirement } from "../../src/requirements/index.ts";
import { digest, disk, errorOf, type Files, makeFolder } from "./workspace-folder.ts";

const environment = { sys_platform: "linux", python_version: "3.11" };
const other = "f".repeat(64);

function read(
  files: Files,
  name: string,
  more: { extras?: string[]; groups?: string[] } = {},
): Wanted {
  const directory = makeFolder(files);
  const options = { disk, directory, environment, extras: [], groups: [], ...more };
  return readWantedFile(join(directory, name), options);
}

const shown = ({ requirements }: Wanted): string[] => requirements.map(showRequirement);

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
    'requirements.txt:1:1: "one" is no version; expected a requirement, such as requests==2.32.5',
    'requirements.txt:3:1: "-e ./local" is not a project on the index; expected NAME==VERSION',
    'requirements.txt:4:1: "git+https://example.org/x.git" is not a project on the index; expected NAME==VERSION',
    'requirements.txt:5:1: "./wheels/a.whl" is not a project on the index; expected NAME==VERSION',
    'requirements.txt:6:1: "a @ https://example.org/a.zip" is not a project on the index; expected NAME==VERSION',
    "requirements.txt:7:1: --index-url says where packages come from, which is the machine's business; expected no such line",
    "requirements.txt:8:1: the option --frobnicate is not known here; expected a requirement",
    'requirements.txt:9:1: there is no file "missing.txt"; expected a file, from the folder of this one',
    'requirements.txt:10:1: "requirements.txt" includes itself; expected another file',
    'requirements.txt:11:1: "--hash=md5:abc" is no digest that tenon can check; expected --hash=sha256: and 64 lower-case hexadecimal digits',
  ]);
  expect(error.hints).toEqual([
    "Write a recipe for it, with source.path, source.git or source.url; the others are imported without this line.",
    "Set the index in pip's configuration (`pip config set global.index-url URL`), which `tenon fetch` uses too.",
  ]);
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
      /:2:12: packages is no list of tables; /,
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
      /:4:7: "a" comes from its vcs, not from an index; expected a package of the index/,
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
