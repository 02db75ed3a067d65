/**
 * The interpreter that wheels are installed for. The prefix's own one where it has one: its scripts are to run
 * with it wherever it comes from. But nothing that a wheel brought is run to install another one: tenon lets no
 * wheel bring an interpreter, but an older tenon did, and pip does.
 */
import { probePython, type PythonFacts } from "../builder/index.ts";
import { digestOf, type EventSink, isWithin } from "../core/index.ts";
import { openInstalled, type PackageRecord, type PrefixLayout } from "../prefix/index.ts";
import type { Store } from "../store/index.ts";
import { findProgram } from "../view/index.ts";
import { type Disk, exists, type World } from "../world/index.ts";
import { distributionsIn, filesOf, pythonSites } from "./distributions.ts";
import { askOnce } from "./known-python.ts";

export interface FoundPython {
  readonly python: PythonFacts;
  /** What scripts name: absolute, not resolved. */
  readonly interpreter: string;
}

interface WantedPython {
  /** Of a prefix that has none of its own, by name or absolute. */
  readonly python: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly emit: EventSink;
  /** Remembers what interpreters have answered. */
  readonly store?: Store;
}

export async function findPython(
  world: World,
  layout: PrefixLayout,
  { python, environment, emit, store }: WantedPython,
): Promise<FoundPython> {
  const path = (environment["PATH"] ?? "").split(":").filter(Boolean);
  const own = ["python", "python3"]
    .map((name) => `${layout.prefix}/bin/${name}`)
    .find((file) => exists(world.disk, file));
  const probe = (program: string): Promise<PythonFacts> => {
    const found = findProgram(world.disk, program, path);
    const ask = (): Promise<PythonFacts> => probePython(world, program, path);
    return store === undefined || found === undefined ? ask() : askOnce(world, store, found, ask);
  };
  const wheel = own === undefined ? undefined : findBringer(world.disk, layout, own);
  if (own !== undefined && wheel === undefined)
    return { python: await probe(own), interpreter: own };
  const facts = await probe(python);
  if (own !== undefined) {
    const text = `${own} came with the wheel ${wheel}, so it is not run: scripts name ${facts.executable}`;
    emit({ kind: "note", text });
  }
  return { python: facts, interpreter: facts.executable };
}

/** The wheel that brought what is run when the interpreter is. */
function findBringer(disk: Disk, layout: PrefixLayout, interpreter: string): string | undefined {
  const { prefix } = layout;
  if (disk.statusOfTarget(interpreter) === undefined) return undefined;
  const file = disk.realPath(interpreter);
  const inside = isWithin(file, prefix) ? [file.slice(prefix.length + 1)] : [];
  const settings = ["pyvenv.cfg", "bin/pyvenv.cfg"];
  const installed = openInstalled(disk, layout);
  for (const path of [...inside, ...settings]) {
    const owners = [...installed.ownersOf(path)];
    const wheel = owners.find(isOfWheel);
    if (wheel !== undefined) return `${wheel.name} ${wheel.version}`;
    if (owners.length > 0 || !inside.includes(path)) continue;
    const outside = pythonSites(disk, layout, "lib")
      .flatMap((site) => distributionsIn(disk, layout, site))
      .find((each) => filesOf(disk, layout, each).includes(path));
    if (outside !== undefined) return `${outside.name} ${outside.version}`;
  }
  return undefined;
}

const installer = digestOf("tenon\n");

/** Whether tenon unpacked it from a wheel: then it wrote the name of the installer. */
function isOfWheel({ manifest }: PackageRecord): boolean {
  return manifest.some(
    (entry) =>
      entry.type === "file" &&
      entry.sha256 === installer &&
      entry.path.endsWith(".dist-info/INSTALLER"),
  );
}
