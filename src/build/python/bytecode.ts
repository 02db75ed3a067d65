/**
 * Bytecode of a package's modules, for the views of what is built with it. Artifacts have none (I5), so in
 * a view every Python would compile anew what it imports: half a second of pip, as much of setuptools, and
 * a wheel takes several processes of both.
 *
 * It lies in the store beside the package's tree, is a layer of its own in views, and never comes into the prefix.
 * Python checks it by the module's digest (PEP 552, `checked-hash`): what a build changes is not run stale.
 */
import { dirname, resolve } from "node:path";
import { type Entry, isWithin, type Manifest } from "../../core/index.ts";
import type { Run } from "../run.ts";

/** Gives the folder that holds it, shaped like the prefix; undefined where there is nothing to compile. */
export async function makeBytecode(run: Run, manifest: Manifest): Promise<string | undefined> {
  const { job, places } = run;
  const { disk, processes } = run.context.world;
  const folder = `${places.scratch}/bytecode`;
  for (const [root, modules] of modulesByRoot(manifest)) {
    const interpreter = interpreterOf(run, manifest, `${root}bin/python3`);
    if (interpreter === undefined) continue;
    await processes.capture({
      program: interpreter,
      args: ["-I", "-S", "-c", script, places.stage, places.prefix, folder],
      input: modules.join("\0"),
      ...(job.signal === undefined ? {} : { signal: job.signal }),
    });
  }
  return disk.status(folder) === undefined ? undefined : folder;
}

/** By the folder, with a slash at its end, that has `lib` and `bin`; a prefix may hold virtual environments. */
function modulesByRoot(manifest: Manifest): Map<string, string[]> {
  const byRoot = new Map<string, string[]>();
  for (const { type, path } of manifest) {
    const [, root] = /^(|.*?\/)lib\/python3\.\d+\/site-packages\/.*\.py$/.exec(path) ?? [];
    if (type !== "file" || root === undefined) continue;
    const modules = byRoot.get(root);
    if (modules === undefined) byRoot.set(root, [path]);
    else modules.push(path);
  }
  return byRoot;
}

/** The machine's one that a path in the view leads to. One that lies in the view itself can run nowhere else. */
function interpreterOf({ job }: Run, manifest: Manifest, path: string): string | undefined {
  const manifests = [manifest, ...job.layers.map((layer) => layer.manifest)];
  const at = (wanted: string): Entry | undefined => {
    for (const entries of manifests) {
      const found = entries.find((entry) => entry.path === wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  let inPrefix = path;
  for (let links = 0; links < linksAtMost; links += 1) {
    const entry = at(inPrefix);
    if (entry?.type !== "link") return undefined;
    const target = resolve(job.prefix, dirname(inPrefix), entry.target);
    if (!isWithin(target, job.prefix)) return target;
    inPrefix = target.slice(job.prefix.length + 1);
  }
  return undefined;
}

const linksAtMost = 10;

/** A module that is meant for another Python is left out, and stays as it is. */
const script = `
import importlib.util, os, py_compile, sys
stage, prefix, folder = sys.argv[1:]
for name in sys.stdin.buffer.read().split(b"\\0"):
    path = os.fsdecode(name)
    try:
        py_compile.compile(
            os.path.join(stage, path),
            os.path.join(folder, importlib.util.cache_from_source(path)),
            os.path.join(prefix, path),
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
        )
    except Exception:
        pass
`;
