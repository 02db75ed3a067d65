/**
 * `tenon install --compile-bytecode`: bytecode of installed modules, made by an interpreter for each
 * processor.
 *
 * It is made when the transaction is closed, in the prefix itself. Coming in with the modules it
 * would need a place in shared directories and so an owner, which by-products have not (I5). Nothing
 * odd can come of being late: Python writes each file beside its place and renames it, so a crash
 * leaves some modules compiled and the others as they were without the option. And it is bytecode
 * that Python checks by the source's digest (PEP 552, `checked-hash`): where a later transaction has
 * replaced a module meanwhile, or a person replaces it by one of the same size and time, what was
 * made of the old one is not run.
 */
import { compileArguments } from "../builder/index.ts";
import { isWithin, type Manifest } from "../core/index.ts";
import type { CapturedOutcome, World } from "../world/index.ts";

export interface Compilation {
  /** Absolute. */
  readonly interpreter: string;
  /** Absolute. */
  readonly prefix: string;
  /** The folders of importable packages, relative to the prefix. */
  readonly folders: readonly string[];
  readonly manifests: readonly Manifest[];
  readonly signal?: AbortSignal;
}

/** Gives notes for the person: without bytecode everything works as well, only slower. */
export async function compileBytecode(
  { processes, machine }: World,
  { interpreter, prefix, folders, manifests, signal }: Compilation,
): Promise<readonly string[]> {
  const modules = manifests
    .flat()
    .filter(({ type, path }) => type === "file" && path.endsWith(".py"))
    .filter(({ path }) => folders.some((folder) => isWithin(path, folder)))
    .map(({ path }) => path);
  if (modules.length === 0) return [];
  const shares = Math.min(machine.processors, Math.ceil(modules.length / modulesForProcess));
  const ended = await Promise.all(
    Array.from({ length: shares }, (_, share) =>
      processes.capture({
        program: interpreter,
        args: compileArguments(prefix, prefix),
        input: modules
          .filter((_path, index) => index % shares === share)
          .map((path) => `${prefix}/${path}`)
          .join("\0"),
        ...(signal === undefined ? {} : { signal }),
      }),
    ),
  );
  const failed: Failure[] = [];
  for (const each of ended) {
    const failures = failuresIn(each);
    if (failures === undefined) return [`no bytecode was made: ${wordsFor(interpreter, each)}`];
    failed.push(...failures);
  }
  const [first, ...rest] = failed;
  if (first === undefined) return [];
  const others = rest.length === 0 ? "" : `; nor have ${rest.length} more`;
  return [`${first.file} has no bytecode: ${first.reason}${others}`];
}

/** Compiled in about the time that an interpreter takes to start, a few times over. */
const modulesForProcess = 100;

interface Failure {
  readonly file: string;
  readonly reason: string;
}

function failuresIn({ outcome, stdout }: CapturedOutcome): readonly Failure[] | undefined {
  if (outcome.kind !== "exited" || outcome.code !== 0) return undefined;
  try {
    return JSON.parse(stdout) as Failure[];
  } catch {
    return undefined;
  }
}

function wordsFor(interpreter: string, { outcome, stderr }: CapturedOutcome): string {
  if (outcome.kind === "missing") return `${interpreter}: ${outcome.reason}`;
  const last = stderr.trim().split("\n").at(-1);
  return `${interpreter} did not end well${last ? `: ${last}` : ""}`;
}
