/** `tenon install FILE.whl…`: wheels join the prefix together, without a resolver and a network. */
import { probePython, type PythonFacts } from "../build/index.ts";
import { digestOfManifest, TenonError } from "../core/index.ts";
import type { Incoming } from "../install/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import {
  checkPython,
  checkTags,
  normalizeName,
  readWheel,
  unpackWheel,
  type Wheel,
} from "../stage/index.ts";
import { openStore } from "../store/index.ts";
import { exists, type World } from "../world/index.ts";
import { changeAndTell } from "./change-and-tell.ts";
import { compileBytecode } from "./compile-bytecode.ts";
import type { InstallResult } from "./install.ts";
import type { Teller } from "./transaction-events.ts";
import { describeUnmet } from "./unmet-requirements.ts";
import { unmetAfter } from "./wheel-requirements.ts";

export interface InstallWheelsOptions extends Teller {
  /** Absolute. */
  readonly files: readonly string[];
  /** The interpreter of a prefix that has none of its own, by name or absolute. */
  readonly python: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The machine's store, absolute: wheels are unpacked there first. */
  readonly store: string;
  readonly replaces: readonly string[];
  /** Make bytecode of their modules beforehand. */
  readonly compileBytecode: boolean;
  /** Look whether Requires-Python and Requires-Dist are met. */
  readonly checkRequirements: boolean;
}

export async function installWheels(
  world: World,
  layout: PrefixLayout,
  options: InstallWheelsOptions,
): Promise<InstallResult> {
  const { python, interpreter } = await findPython(world, layout, options);
  const wheels = options.files.map((file) => readWheel(world.disk, file));
  for (const wheel of wheels) checkTags(wheel, new Set(python.supportedTags));
  refuseTwice(wheels);
  if (options.checkRequirements) for (const wheel of wheels) checkPython(wheel, python.version);
  const store = openStore(world, options.store, { sync: false });
  const scratch = `install-${world.clock.uniqueId()}`;
  const root = store.makeScratch(scratch);
  try {
    const add = wheels.map((wheel, index): Incoming => {
      const stage = `${root}/${index}`;
      world.disk.makeDirectory(stage);
      const { scheme } = python;
      const file = options.files[index] ?? "";
      const requested = { url: fileUrl(file), sha256: world.disk.digestFile(file) };
      const { manifest } = unpackWheel({
        disk: world.disk,
        wheel,
        stage,
        scheme,
        interpreter,
        requested,
      });
      return {
        name: normalizeName(wheel.name),
        version: wheel.version,
        artifact: digestOfManifest(manifest),
        manifest,
        tree: stage,
        transfer: "link",
        depends: [],
        takesOver: options.replaces,
      };
    });
    const unmet = options.checkRequirements ? unmetAfter(world.disk, layout, wheels, python) : [];
    const outcome = await changeAndTell(world, layout, { add, remove: [] }, options);
    if (outcome.kind === "conflict") return outcome;
    for (const text of describeUnmet(unmet)) options.emit({ kind: "note", text });
    if (options.compileBytecode) {
      const notes = await compileBytecode(world, {
        interpreter,
        prefix: layout.prefix,
        folders: [python.scheme.purelib, python.scheme.platlib],
        manifests: add.map(({ manifest }) => manifest),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      for (const text of notes) options.emit({ kind: "note", text });
    }
    const packages = add.map(({ name, version }) => ({ name, version }));
    return { kind: "installed", packages, unmet };
  } finally {
    store.removeScratch(scratch);
  }
}

/** `file:///tmp/a%20b.whl`; the path is absolute. */
function fileUrl(path: string): string {
  return `file://${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The prefix's own one where it has one: its scripts are to run with it wherever it comes from. */
async function findPython(
  world: World,
  layout: PrefixLayout,
  { python, environment }: InstallWheelsOptions,
): Promise<{ python: PythonFacts; interpreter: string }> {
  const own = ["python", "python3"]
    .map((name) => `${layout.prefix}/bin/${name}`)
    .find((file) => exists(world.disk, file));
  const path = (environment["PATH"] ?? "").split(":").filter(Boolean);
  if (own !== undefined) {
    return { python: await probePython(world, own, path), interpreter: own };
  }
  const facts = await probePython(world, python, path);
  return { python: facts, interpreter: facts.executable };
}

function refuseTwice(wheels: readonly Wheel[]): void {
  const names = wheels.map(({ name }) => normalizeName(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new TenonError({
    kind: "usage",
    code: "WHEEL_TWICE",
    message: `two of the wheels are of ${twice}`,
    hints: ["Name one version of it."],
  });
}
