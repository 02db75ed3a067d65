/** The examples for those who keep their build system: each is run as its files say, with the built program. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { program } from "./program.ts";

const root = fs.mkdtempSync(join(os.tmpdir(), "tenon-examples-"));
const examples = join(root, "examples");
const prefix = join(root, "prefix");
const env = {
  ...process.env,
  HOME: root,
  TENON_STORE: join(root, "store"),
  TENON_OPTIONS: "--no-sync",
  PATH: `${root}/bin:${process.env["PATH"]}`,
  MAKEFLAGS: "",
};

/** Tools that are not everywhere; .ci/run installs them. */
const lacks = (name: string): boolean => spawnSync(name, ["--help"], { env }).error !== undefined;

beforeAll(() => {
  fs.cpSync("examples", examples, {
    recursive: true,
    filter: (file) => !/\/(?:prefix|\.tenon)$/.test(file),
  });
  writeProgram("tenon", `exec ${process.execPath} ${program} "$@"`);
});
afterAll(() => fs.rmSync(root, { recursive: true }));

function writeProgram(name: string, script: string): void {
  fs.mkdirSync(join(root, "bin"), { recursive: true });
  fs.writeFileSync(join(root, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

const ran: string[] = [];

function run(name: string, args: readonly string[], cwd = examples): string {
  ran.push([name, ...args].join(" "));
  return execFileSync(name, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] }).toString();
}

/** What tenon has recorded in a prefix, as `name version`. */
function packagesOf(folder = prefix): string[] {
  const lines = run("tenon", ["list", "--prefix", folder, "--json"]).trim().split("\n");
  return lines.map((line) => JSON.parse(line)).map(({ name, version }) => `${name} ${version}`);
}

test("CMake: a superbuild joins a project with a Makefile, and one that links it", () => {
  run("cmake", ["-S", "cmake", "-B", "superbuild", `-DCMAKE_INSTALL_PREFIX=${prefix}`]);
  run("cmake", ["--build", "superbuild"]);
  expect(run(join(prefix, "bin/hello"), [])).toBe("Hello, CMake, from C!\n");
  expect(packagesOf()).toEqual(["hello 0.1", "libgreet 1.0"]);
});

test("CMake: a project joins itself by the target tenon-install", () => {
  const options = [`-DCMAKE_INSTALL_PREFIX=${prefix}`, `-DCMAKE_PREFIX_PATH=${prefix}`];
  run("cmake", ["-S", "cmake/hello", "-B", "hello", ...options]);
  fs.rmSync(join(prefix, "bin/hello"));
  run("cmake", ["--build", "hello", "--target", "tenon-install"]);
  expect(run(join(prefix, "bin/hello"), [])).toBe("Hello, CMake, from C!\n");
});

test("CMake: a tenon that is missing is named, with what to do", () => {
  const args = ["-S", "cmake", "-B", "without", "-DTENON_EXECUTABLE=NO"];
  const { status, stderr } = spawnSync("cmake", args, { cwd: examples, env, encoding: "utf8" });
  expect(status).not.toBe(0);
  expect(stderr).toContain("Install tenon, or name it with -DTENON_EXECUTABLE=PATH.");
});

test("Make: `make join`", () => {
  run("make", ["-C", "make", "join", `PREFIX=${prefix}`]);
  expect(run(join(prefix, "bin/hello-make"), [])).toBe("Hello from make!\n");
  expect(packagesOf()).toContain("hello-make 1.0");
  expect(fs.existsSync(join(examples, "make/.tenon-stage"))).toBe(false);
});

test.skipIf(lacks("meson"))("Meson: `meson compile join` (needs meson)", () => {
  run("meson", ["setup", "meson-build", "meson", "--prefix", prefix]);
  run("meson", ["compile", "-C", "meson-build", "join"]);
  expect(run(join(prefix, "bin/hello-meson"), [])).toBe("Hello from Meson!\n");
  expect(packagesOf()).toContain("hello-meson 1.0");
});

test.skipIf(lacks("colcon"))("colcon: a merged install is joined (needs colcon)", () => {
  const colcon = fs.realpathSync(run("which", ["colcon"]).trim());
  const extension = join(root, "extension");
  const options = ["-q", "--no-deps", "--no-build-isolation", "--target", extension];
  run(join(colcon, "../python3"), ["-m", "pip", "install", ...options, "./colcon"]);
  const workspace = join(examples, "colcon/workspace");
  const build = ["build", "--merge-install"];
  ran.push(`colcon ${build.join(" ")}`);
  execFileSync("colcon", build, {
    cwd: workspace,
    env: { ...env, PYTHONPATH: extension },
    stdio: "pipe",
  });
  const install = join(workspace, "install");
  expect(run(join(install, "bin/hello-colcon"), [])).toContain("Hello from colcon!");
  expect(packagesOf(install)).toEqual(["greet 0", "hello 0"]);
});

test("the GitHub action builds, and makes a report of a build that fails", () => {
  const workspace = join(root, "workspace");
  fs.mkdirSync(join(workspace, "packages"), { recursive: true });
  const settings = '[workspace]\nprefix = "prefix"\nrecipes = "packages"\n';
  fs.writeFileSync(join(workspace, "tenon.toml"), settings);
  const build = (script: string) => {
    const recipe = `name = "one"\nversion = "1"\n[build]\nsystem = "script"\nscript = "${script}"\n`;
    fs.writeFileSync(join(workspace, "packages/one.toml"), recipe);
    const step = { ...env, DIRECTORY: workspace, ARGUMENTS: "one --no-sync", RUNNER_TEMP: root };
    return spawnSync("sh", ["github-action/build.sh"], {
      cwd: examples,
      env: step,
      encoding: "utf8",
    });
  };
  const good = build("mkdir -p $DESTDIR$PREFIX && echo 1 > $DESTDIR$PREFIX/one");
  expect({ status: good.status, group: good.stdout.startsWith("::group::tenon doctor\n") }).toEqual(
    {
      status: 0,
      group: true,
    },
  );
  expect(fs.existsSync(join(root, "tenon-report.html"))).toBe(false);
  expect(build("exit 3").status).toBe(1);
  expect(fs.readFileSync(join(root, "tenon-report.html"), "utf8")).toContain("<html");
});

test("Spack: the packages of an environment are joined without Spack's notes (a stand-in for spack)", () => {
  for (const name of ["zlib", "bzip2"]) {
    fs.mkdirSync(join(root, "spack", name, ".spack"), { recursive: true });
    fs.mkdirSync(join(root, "spack", name, "lib"), { recursive: true });
    fs.writeFileSync(join(root, "spack", name, ".spack/spec.json"), name);
    fs.writeFileSync(join(root, "spack", name, "lib", name), name);
  }
  const lines = [`zlib 1.3 ${root}/spack/zlib`, `bzip2 1.0.8 ${root}/spack/bzip2`];
  writeProgram("spack", `printf '%s\\n' '${lines.join("' '")}'`);
  const view = join(root, "view");
  run("sh", ["spack/spack-join.sh", view]);
  expect(packagesOf(view)).toEqual(["bzip2 1.0.8", "zlib 1.3"]);
  expect(fs.readdirSync(view).sort()).toEqual(["lib", "var"]);
  expect(fs.readFileSync(join(root, "spack/zlib/lib/zlib"), "utf8")).toBe("zlib");
});

test("each command of docs/how-to/keep-your-build-system.md was run above", () => {
  const page = fs.readFileSync(
    new URL("../../docs/how-to/keep-your-build-system.md", import.meta.url),
    "utf8",
  );
  const rows = page.match(/^\| a .*$/gm) ?? [];
  const commands = rows.flatMap((row) => /`([a-z]+ [^`]+)` \|$/.exec(row)?.[1] ?? []);
  expect(commands.length).toBeGreaterThan(5);
  const missing = commands.filter((command) => {
    const words = command.split(" ");
    if (lacks(words[0] ?? "")) return false;
    // The names of folders are the test's own.
    const own = words.map((word) => word.replace(/^build$|^PREFIX$|(?<=^PREFIX=).*/, "\\S*"));
    if (words[1] === "build") own[1] = "build";
    const like = new RegExp(`^${own.join("( .*)? (\\S*/)?")}`);
    return !ran.some((each) => like.test(each));
  });
  expect(missing).toEqual([]);
});
