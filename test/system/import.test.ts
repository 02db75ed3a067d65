/** From Python requirements to an offline build: a small index in a folder, made here. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { openWorkshop, runInstalled, type Workshop, writeFiles } from "./workshop.ts";

let shop: Workshop;
let environment: Record<string, string>;

beforeEach(() => {
  shop = openWorkshop({});
  const folder = `${shop.root}/index`;
  fs.mkdirSync(folder);
  environment = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  for (const name of ["tenontiny", "tenonplug"]) {
    fs.writeFileSync(`${folder}/${name}-1.0-py3-none-any.whl`, wheels[name] as Buffer);
  }
  for (const [name, files] of Object.entries(sdists)) writeSdist(folder, name, files);
});
afterEach(() => shop.dispose());

/** Puts modules into a wheel, and asks for what a file of the project names. */
const backend = `import base64, hashlib, os, zipfile
def get_requires_for_build_wheel(config_settings=None):
    return open("more.txt").read().split("\\n") if os.path.exists("more.txt") else []
def build_wheel(directory, config_settings=None, metadata_directory=None):
    if os.path.exists("more.txt"):
        import tenonplug
    about = open("PKG-INFO").read()
    name, version = [line.split(": ")[1] for line in about.split("\\n")[1:3]]
    info = f"{name}-{version}.dist-info/"
    files = {each: open(each).read() for each in os.listdir(".") if each.endswith(".py")}
    files[info + "METADATA"] = about
    files[info + "WHEEL"] = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    lines = [f"{p},sha256={digest(t)},{len(t.encode())}\\n" for p, t in files.items()]
    files[info + "RECORD"] = "".join(lines) + info + "RECORD,,\\n"
    wheel = f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, wheel), "w") as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), text)
    return wheel
def digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
`;

const wheels: Record<string, Buffer> = {
  tenontiny: wheelOf({
    distInfo: "tenontiny-1.0.dist-info",
    metadata: "Metadata-Version: 2.1\nName: tenontiny\nVersion: 1.0\n",
    files: { "tenontiny.py": backend },
  }),
  tenonplug: wheelOf({
    distInfo: "tenonplug-1.0.dist-info",
    metadata: "Metadata-Version: 2.1\nName: tenonplug\nVersion: 1.0\n",
    files: { "tenonplug.py": "" },
  }),
};

const withBackend = '[build-system]\nrequires = ["tenontiny>=1"]\nbuild-backend = "tenontiny"\n';

const sdists: Record<string, Record<string, string>> = {
  "tenonalpha-1.0": {
    "PKG-INFO":
      "Metadata-Version: 2.2\nName: tenonalpha\nVersion: 1.0\nRequires-Dist: tenonbeta\n" +
      'Requires-Dist: tenongone; sys_platform == "win32"\n',
    "pyproject.toml": withBackend,
    "more.txt": "tenonplug",
    "tenonalpha.py": 'import tenonbeta\nword = "alpha " + tenonbeta.word\n',
  },
  // Builds itself, and needs nothing but Python.
  "tenonbeta-1.0": {
    "PKG-INFO": "Metadata-Version: 2.2\nName: tenonbeta\nVersion: 1.0\n",
    "pyproject.toml":
      '[build-system]\nrequires = []\nbuild-backend = "own_backend"\nbackend-path = ["."]\n',
    "own_backend.py": backend,
    "tenonbeta.py": 'word = "beta"\n',
  },
};

function writeSdist(folder: string, name: string, files: Record<string, string>): void {
  writeFiles(`${folder}/${name}`, files);
  const { status, stderr } = spawnSync("tar", ["-czf", `${name}.tar.gz`, name], {
    cwd: folder,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  fs.rmSync(`${folder}/${name}`, { recursive: true });
}

const recipeOf = (name: string): string =>
  fs.readFileSync(`${shop.workspace}/packages/${name}.toml`, "utf8");

test("requirements become recipes and pins, and all is built with no place to fetch from", async () => {
  shop.write({ "requirements.txt": "tenonalpha==1.0\n" });
  const forms = ["--from-source", "--only-binary", "tenontiny,tenonplug"];
  const imported = await shop.run(["import", "requirements.txt", ...forms], { environment });
  expect(imported).toMatchObject({ code: 0 });
  expect(imported.stdout.split("\n").slice(0, -1)).toEqual([
    "wrote tenonalpha 1.0",
    "wrote tenonbeta 1.0",
    "wrote tenonplug 1.0",
    "wrote tenontiny 1.0",
    "wrote 4 recipes to packages: 2 to build from source, 2 wheels",
  ]);
  expect(recipeOf("tenonalpha")).toBe(`name = "tenonalpha"
version = "1.0"
wanted-by = "requirements.txt"

[source]
pypi = "tenonalpha"

[depends]
build = [ "tenonplug", "tenontiny" ]
run = [ "tenonbeta" ]

[build]
system = "python"
`);
  expect(recipeOf("tenonbeta")).not.toContain("depends");
  expect(recipeOf("tenontiny")).toContain('system = "wheel"');

  expect(await shop.run(["fetch"], { environment })).toMatchObject({ code: 0 });
  fs.rmSync(`${shop.root}/index`, { recursive: true });
  await shop.must("build", "--offline");
  const question = "import tenonalpha; print(tenonalpha.word)";
  expect(runInstalled(`${shop.prefix}/bin/python`, "-c", question)).toBe("alpha beta\n");
});

test("recipes that are there are kept, whatever a person has made of them", async () => {
  const add = (...more: string[]) => shop.run(["add", "pypi:tenonbeta", ...more], { environment });
  expect((await add("--from-source")).stdout).toContain("wrote tenonbeta 1.0\n");
  const mine = `${recipeOf("tenonbeta")}env = { MINE = "1" }\n`;
  shop.write({ "packages/tenonbeta.toml": mine });
  expect((await add()).stdout).toBe("kept tenonbeta\nnothing to write: the recipes are there\n");
  expect(recipeOf("tenonbeta")).toBe(mine);
  expect((await add("--upgrade", "--from-source")).stdout).toContain("kept tenonbeta\n");
  expect(recipeOf("tenonbeta")).toBe(mine);
});

test("what cannot be had is told with its cure, and nothing is written", async () => {
  const failed = await shop.run(["add", "pypi:tenontiny", "--from-source"], { environment });
  expect(failed).toMatchObject({ code: 1, stdout: "" });
  expect(failed.stderr).toContain("no fitting sdist of tenontiny 1.0");
  expect(failed.stderr).toContain("hint: Take its wheel with --only-binary tenontiny.");
  const unknown = await shop.run(["add", "pypi:tenonnone"], { environment });
  expect(unknown).toMatchObject({ code: 1, stdout: "" });
  expect(unknown.stderr).toMatch(/^error: (uv|pip) finds no versions that go together:\n/m);
  const elsewhere = await shop.run(["add", "tenonbeta"], { environment });
  expect(elsewhere).toMatchObject({ code: 2, stdout: "" });
  expect(elsewhere.stderr).toContain("Write pypi:tenonbeta");
  expect(fs.existsSync(`${shop.workspace}/packages`)).toBe(false);
  expect(fs.existsSync(`${shop.workspace}/tenon.lock`)).toBe(false);
});

test("digests that are asked for and fit no file are told", async () => {
  const hash = `--hash=sha256:${"0".repeat(64)}`;
  shop.write({ "requirements.txt": `tenonbeta==1.0 ${hash}\n` });
  const failed = await shop.run(["import", "requirements.txt"], { environment });
  expect(failed).toMatchObject({ code: 1, stdout: "" });
  expect(failed.stderr).toMatch(
    /tenonbeta-1\.0\.tar\.gz of the package index has none of the digests that are asked for/,
  );
});

test("a uv.lock with a member and a repository: both are built from their own sources", async () => {
  const project = (name: string): Record<string, string> => ({
    "PKG-INFO": `Metadata-Version: 2.2\nName: ${name}\nVersion: 2.0\n`,
    "pyproject.toml": withBackend,
    [`${name}.py`]: `word = "${name}"\n`,
  });
  writeFiles(`${shop.workspace}/members/mine`, project("tenonmine"));
  writeFiles(`${shop.root}/repo/below`, project("tenonrepo"));
  const git = (...args: string[]) =>
    spawnSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      cwd: `${shop.root}/repo`,
      encoding: "utf8",
    }).stdout.trim();
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "one");
  const source = `{ git = "file://${shop.root}/repo?subdirectory=below#${git("rev-parse", "HEAD")}" }`;
  shop.write({
    "uv.lock": `version = 1
[[package]]
name = "root"
version = "0"
source = { virtual = "." }
dependencies = [{ name = "tenonmine" }, { name = "tenonrepo" }]
[[package]]
name = "tenonmine"
version = "2.0"
source = { editable = "members/mine" }
dependencies = [{ name = "tenonbeta" }]
[[package]]
name = "tenonrepo"
version = "2.0"
source = ${source}
[[package]]
name = "tenonbeta"
version = "1.0"
source = { registry = "x" }
sdist = { hash = "sha256:${digestOf(fs.readFileSync(`${shop.root}/index/tenonbeta-1.0.tar.gz`))}" }
`,
  });
  const imported = await shop.run(["import", "uv.lock", "--only-binary", "tenontiny"], {
    environment,
  });
  expect(imported).toMatchObject({ code: 0 });
  expect(recipeOf("tenonmine")).toContain('path = "../members/mine"');
  expect(recipeOf("tenonmine")).toContain('run = [ "tenonbeta" ]');
  expect(recipeOf("tenonrepo")).toContain('directory = "below"');
  expect(await shop.run(["fetch"], { environment })).toMatchObject({ code: 0 });
  fs.rmSync(`${shop.root}/repo`, { recursive: true });
  await shop.must("build", "--offline");
  const question = "import tenonmine, tenonrepo; print(tenonmine.word, tenonrepo.word)";
  expect(runInstalled(`${shop.prefix}/bin/python`, "-c", question)).toBe("tenonmine tenonrepo\n");
});

test("a workspace gets what its recipes lack, by the command that its error names", async () => {
  writeFiles(`${shop.workspace}/own`, {
    "PKG-INFO": "Metadata-Version: 2.2\nName: own\nVersion: 1.0\n",
    "pyproject.toml": withBackend,
    "own.py": "",
  });
  shop.write({
    "packages/own.toml":
      'name = "own"\nversion = "1.0"\n[source]\npath = "../own"\n[depends]\nbuild = ["tenontiny"]\n[build]\nsystem = "python"\n',
  });
  const refused = await shop.run(["build"], { environment });
  expect(refused.code).toBe(2);
  const [, command = ""] = /`tenon (add pypi:tenontiny)`/.exec(refused.stderr) ?? [];
  expect(await shop.run(command.split(" "), { environment })).toMatchObject({ code: 0 });
  await shop.must("build");
  const failed = await shop.run(["import", "-C", shop.root, "nothing.txt"], { environment });
  expect(failed.code).toBe(2);
  expect(fs.existsSync(`${shop.root}/tenon.toml`)).toBe(false);
});
