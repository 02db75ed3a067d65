/** What a build's result depends on besides its recipe: the machine's compiler, Python, isolation. */
import { machineFactsOf, probePython, type PythonFacts, readCompiler } from "../builder/index.ts";
import { type Isolation, probeIsolation, systemPath } from "../view/index.ts";
import type { MachineFacts } from "../plan/index.ts";
import type { Session } from "../workspace/index.ts";
import { fixedBecause } from "./build-place.ts";
import { writableFolders } from "./writable-folders.ts";

export interface BuildFacts {
  readonly machine: MachineFacts;
  /** Of others, by whose results a machine without a compiler goes. */
  readonly compilers?: readonly string[];
  readonly python: PythonFacts | undefined;
  readonly isolation: Isolation;
  /** Why everything is built at the prefix's own path; undefined where it is not. */
  readonly fixed?: string;
  /** Where builds find the machine's programs. */
  readonly path: readonly string[];
  /** What they may write to besides their own folders. */
  readonly writable: readonly string[];
}

type WantedIsolation = "auto" | "view" | "none";

/** `known`: how builds are kept apart, as it is wanted, or as it is known already. */
export async function gatherFacts(
  session: Session,
  packages: readonly string[],
  known: WantedIsolation | Isolation,
): Promise<BuildFacts> {
  const { world, workspace } = session;
  const path = workspace.path ?? systemPath;
  const writable = writableFolders(session);
  const usesPython = packages.includes("python-venv");
  const callersPath = (session.options.environment["PATH"] ?? "").split(":").filter(Boolean);
  const [isolation, compiler, python] = await Promise.all([
    typeof known === "string" ? tryIsolation(session, known) : known,
    readCompiler(world, path),
    usesPython ? probePython(world, workspace.python, callersPath) : undefined,
  ]);
  const machine = machineFactsOf(world, { compiler, python, isolation });
  const fixed = fixedBecause(workspace, session.layout.prefix, isolation);
  return {
    machine,
    python,
    isolation,
    path,
    writable,
    ...(fixed === undefined ? {} : { fixed }),
  };
}

export function tryIsolation(
  { world, store, layout }: Session,
  wanted: WantedIsolation,
): Promise<Isolation> {
  return probeIsolation(world, { prefix: layout.prefix, scratch: store.layout.scratch, wanted });
}
