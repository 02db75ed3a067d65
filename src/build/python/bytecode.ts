/**
 * Bytecode of a package's modules, for the views of what is built with it. Artifacts have none (I5), so in
 * a view every Python would compile anew what it imports: half a second of pip, as much of setuptools, and
 * a wheel takes several processes of both.
 *
 * It lies in the store beside the package's tree, is a layer of its own in views, and never comes into the prefix.
 * Python checks it by the module's digest (PEP 552, `checked-hash`): what a build changes is not run stale.
 */
import type { Manifest } from "../../core/index.ts";
import { showStage } from "../on-stage.ts";
import type { Run } from "../run.ts";
import { enclose } from "../run-program.ts";

/**
 * Gives the folder that holds it, shaped like the prefix; undefined where there is nothing to compile. It is made in
 * a view of the sealed stage, by the Python that is there: that may be the package itself.
 */
export async function makeBytecode(run: Run, manifest: Manifest): Promise<string | undefined> {
  const { online: _online, ...job } = run.job;
  const { work, workInside, stage, prefix } = run.places;
  const { disk, processes } = run.context.world;
  const modules = modulesByRoot(manifest);
  const roots = rootsWithPython([manifest, ...job.layers.map((layer) => layer.manifest)]);
  for (const root of [...modules.keys()].filter((each) => roots.has(each))) {
    showStage(run, stage);
    disk.createFile(`${work}/modules`, (modules.get(root) ?? []).join("\0"));
    const python = [`${prefix}/${root}bin/python3`, "-I", "-S", "-c", script];
    const argv = [...python, prefix, `${workInside}/modules`, `${workInside}/bytecode`];
    await processes.capture({
      ...enclose({ ...run, job }, { argv, directory: workInside }, true),
      ...(job.signal === undefined ? {} : { signal: job.signal }),
    });
    disk.removeFile(`${work}/modules`);
  }
  const folder = `${work}/bytecode`;
  return disk.status(folder) === undefined ? undefined : folder;
}

/** By the folder, with a slash at its end, that has `lib` and `bin`; a prefix may hold virtual environments. */
function modulesByRoot(manifest: Manifest): Map<string, string[]> {
  const byRoot = new Map<string, string[]>();
  for (const { type, path } of manifest) {
    const [, root] = /^(|.*?\/)lib\/python3\.\d+\/.*\.py$/.exec(path) ?? [];
    const isTest = /\/tests?\//.test(path); // many, and nothing is built with them
    if (type !== "file" || root === undefined || isTest) continue;
    const modules = byRoot.get(root);
    if (modules === undefined) byRoot.set(root, [path]);
    else modules.push(path);
  }
  return byRoot;
}

function rootsWithPython(manifests: readonly Manifest[]): Set<string> {
  const found = manifests.flatMap((manifest) =>
    manifest.flatMap(({ path }) => /^(|.*\/)bin\/python3$/.exec(path)?.[1] ?? []),
  );
  return new Set(found);
}

/** A module that is meant for another Python is left out, and stays as it is. */
const script = `
import importlib.util, os, py_compile, sys
prefix, modules, folder = sys.argv[1:]
for name in open(modules, "rb").read().split(b"\\0"):
    path = os.fsdecode(name)
    try:
        py_compile.compile(
            os.path.join(prefix, path),
            os.path.join(folder, importlib.util.cache_from_source(path)),
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
        )
    except Exception:
        pass
`;
