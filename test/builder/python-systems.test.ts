/** The build systems of Python: an interpreter at the prefix, projects and wheels. */
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type BuildOutcome,
  type Layer,
  probePython,
  type PythonFacts,
} from "../../src/builder/index.ts";
import { digestOfManifest, TenonError } from "../../src/core/index.ts";
import { createSite, failureOf, isolation, noView, pathsOf, type Site, world } from "./site.ts";

const folders = (process.env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
const python = await probeHere();
const word =
  isolation.kind === "none"
    ? ` (skipped: ${isolation.reason})`
    : python === undefined
      ? " (skipped: there is no python3)"
      : "";

async function probeHere(): Promise<PythonFacts | undefined> {
  try {
    return await probePython(world, "python3", folders);
  } catch (error) {
    if (error instanceof TenonError) return undefined;
    throw error;
  }
}

let site: Site;
beforeEach(() => {
  site = createSite();
});
afterEach(() => site.remove());

const buildVenv = (changes = {}): Promise<BuildOutcome> =>
  site.build({ name: "python-venv", build: { system: "python-venv" } }, { python, ...changes });

/** A backend inside the source, which writes a wheel of one module with the settings in it. */
const backend = `
import base64, hashlib, zipfile
def build_wheel(folder, settings=None, metadata=None):
    name = "tiny-1.0-py3-none-any.whl"
    info = "tiny-1.0.dist-info"
    record = []
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        def add(path, text):
            wheel.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
            record.append("%s,sha256=%s,%d\\n" % (path, digest.rstrip("="), len(text)))
        add("tiny/__init__.py", "settings = %r\\n" % (settings,))
        add(info + "/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
        add(info + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "/RECORD", "".join(record) + info + "/RECORD,,\\n")
    return name
def get_requires_for_build_wheel(settings=None):
    return ["also-absent>=1", "only-on-windows; sys_platform == 'win32'"]
`;

const project = (more = ""): string =>
  `[build-system]\nrequires = ["absent-thing[x]>=2; python_version >= '3'"]\nbuild-backend = "backend"\nbackend-path = ["in"]\n${more}`;

describe.skipIf(noView || python === undefined)(`python${word}`, () => {
  test("python-venv is an interpreter at the prefix, without pip, twice the same", async () => {
    const first = await buildVenv();
    const second = await buildVenv();
    expect(pathsOf(first)).toContain("bin/python");
    expect(pathsOf(first)).toContain("pyvenv.cfg");
    expect(pathsOf(first).filter((path) => /pip|setuptools|gitignore/.test(path))).toEqual([]);
    if (first.kind !== "built" || second.kind !== "built") return;
    expect(digestOfManifest(second.manifest)).toBe(digestOfManifest(first.manifest));
  });

  test("python-venv without a view names the same paths", async () => {
    const isolated = await buildVenv();
    const plain = await buildVenv({ isolation: { kind: "none", reason: "" } });
    const { tree } = site.asLayer("python-venv", plain);
    expect(fs.readFileSync(`${tree}/bin/activate`, "utf8")).toContain(site.prefix);
    expect(fs.readFileSync(`${tree}/bin/activate`, "utf8")).not.toContain("destdir");
    expect(pathsOf(plain)).toEqual(pathsOf(isolated));
  });

  test("a project with a backend of its own", async () => {
    const layers: Layer[] = [site.asLayer("python-venv", await buildVenv())];
    const outcome = await site.build(
      {
        name: "tiny",
        files: { "pyproject.toml": project(), "in/backend.py": backend },
        build: { system: "python", args: ["color=red", "size=1", "size=2"] },
        check:
          'test "$(python -c "import tiny; print(tiny.settings[\\"color\\"], tiny.settings[\\"size\\"])")" = "red [\'1\', \'2\']"',
      },
      { python, layers },
    );
    const place = python?.scheme.purelib ?? "";
    expect(pathsOf(outcome)).toContain(`${place}/tiny/__init__.py`);
    expect(pathsOf(outcome)).toContain(`${place}/tiny-1.0.dist-info/METADATA`);
    expect(pathsOf(outcome).filter((path) => path.startsWith("bin/"))).toEqual([]);
  });

  test("when it fails, requirements that nothing provides are named", async () => {
    const layers: Layer[] = [site.asLayer("python-venv", await buildVenv())];
    const failing = backend.replace("    name =", "    raise SystemExit(3)\n    name =");
    const files = { "pyproject.toml": project(), "in/backend.py": failing };
    const failed = failureOf(
      await site.build({ name: "tiny", files, build: { system: "python" } }, { python, layers }),
    );
    expect(failed).toMatchObject({ step: "build-wheel", exitCode: 1 });
    expect(failed.reason).toBe(
      "it asks for absent-thing[x]>=2, also-absent>=1, which no declared dependency provides",
    );
    expect(failed.hints).toEqual([
      "No package here is known to provide the Python project absent-thing: add one that does to depends.build.",
      "No package here is known to provide the Python project also-absent: add one that does to depends.build.",
    ]);
  });

  test.each([
    '{"missing": "text"}',
    '{"missing": [1]}',
    '{"wheel": [1]}',
    "null",
    "[",
    '{"wheel": ".."}',
  ])(
    "a backend that writes the front end's answer itself fails its package: %s",
    async (answer) => {
      const layers: Layer[] = [site.asLayer("python-venv", await buildVenv())];
      const forging = backend.replace(
        "    name =",
        `    import os\n    open(os.path.dirname(folder) + "/tenon/answer.json", "w").write('${answer}')\n    os._exit(0)\n    name =`,
      );
      const files = { "pyproject.toml": project(), "in/backend.py": forging };
      const parts = { name: "tiny", files, build: { system: "python" } } as const;
      const failed = failureOf(await site.build(parts, { python, layers }));
      expect(failed.step).toBe("unpack");
    },
  );

  test("without a pyproject.toml, setuptools is asked for", async () => {
    const layers: Layer[] = [site.asLayer("python-venv", await buildVenv())];
    const parts = { name: "old", files: { "setup.py": "" }, build: { system: "python" } } as const;
    const failed = failureOf(await site.build(parts, { python, layers }));
    expect(failed.reason).toContain("asks for setuptools");
  });

  test("without an interpreter in the view", async () => {
    const parts = { name: "tiny", files: { "setup.py": "" }, build: { system: "python" } } as const;
    expect(failureOf(await site.build(parts, { python })).reason).toContain("bin/python");
  });

  test("a source that is no wheel", async () => {
    const parts = { name: "tiny", files: { x: "" }, build: { system: "wheel" } } as const;
    expect(failureOf(await site.build(parts, { python })).reason).toContain("0 wheels");
  });
});

describe.skipIf(python === undefined)("probePython (needs python3)", () => {
  test("tells what the interpreter is", () => {
    expect(python?.version).toMatch(/^3\.\d+\.\d+/);
    expect(fs.existsSync(python?.executable ?? "")).toBe(true);
    expect(python?.scheme).toMatchObject({ scripts: "bin", data: "" });
    expect(python?.scheme.purelib).toMatch(/^lib\/.*site-packages$/);
    expect(python?.supportedTags.at(-1)).toBe("py30-none-any");
  });

  test("of an interpreter in a virtual environment, gives the one it was made from", async () => {
    if (noView) return;
    const { tree } = site.asLayer("python-venv", await buildVenv());
    const facts = await probePython(world, `${tree}/bin/python`, []);
    expect(facts.executable).toBe(python?.executable);
  });

  test("refuses what is no interpreter, in words", async () => {
    await expect(probePython(world, "no-such-python", folders)).rejects.toMatchObject({
      kind: "machine",
      code: "PYTHON_MISSING",
    });
    await expect(probePython(world, "true", folders)).rejects.toMatchObject({
      code: "PYTHON_MISSING",
    });
  });
});
