/**
 * Bytecode of a package's modules, for the views of what is built with it. Artifacts have none (I5), so in
 * a view every Python would compile anew what it imports: half a second of pip, as much of setuptools, and
 * a wheel takes several processes of both.
 *
 * It lies in the store beside the package's tree, is a layer of its own in views, and never comes into the prefix.
 */
import type { Manifest } from "../../core/index.ts";
import { showStage } from "../on-stage.ts";
import { isInLayers } from "../programs.ts";
import type { PackageBuild } from "../package-build.ts";
import { enclose } from "../run-program.ts";
import { compileArguments } from "./compile-modules.ts";

/**
 * Gives the folder that holds it, shaped like the prefix; undefined where there is nothing to compile. It is made in
 * a view of the sealed stage, by the Python that is there: that may be the package itself.
 */
export async function makeBytecode(
  build: PackageBuild,
  manifest: Manifest,
): Promise<string | undefined> {
  const { online: _online, ...job } = build.job;
  const { work, workInside, stage, prefix } = build.places;
  const { disk, processes } = build.context.world;
  for (const [root, modules] of modulesByRoot(manifest)) {
    const python = `${root}bin/python3`;
    if (!isInLayers([{ manifest }, ...job.layers], python)) continue;
    showStage(build, stage);
    const argv = [`${prefix}/${python}`, ...compileArguments(prefix, `${workInside}/bytecode`)];
    await processes.capture({
      ...enclose({ ...build, job }, { argv, directory: workInside }, true),
      input: modules.map((path) => `${prefix}/${path}`).join("\0"),
      ...(job.signal === undefined ? {} : { signal: job.signal }),
    });
  }
  const folder = `${work}/bytecode`;
  return disk.status(folder)?.type === "directory" ? folder : undefined;
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
