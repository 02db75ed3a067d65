/** `tenon bundle --sage DIR` and `tenon bundle --release FILE` */
import { showCount, showSize } from "../core/index.ts";
import {
  type BundledTree,
  bundleTree,
  lookAtPrefix,
  prepareRelease,
  readRelease,
  type Release,
  setNames,
  type SetName,
  type TreeForm,
  treeForms,
} from "../library/index.ts";
import { showPath } from "../report/index.ts";
import type { BundleFlags } from "./commands/bundle.ts";
import { type Context, makeSink, printJson, printUnlessQuiet } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { signingKeys } from "./key-folder.ts";
import { absolute, sessionOptions } from "./options.ts";
import { version } from "./version.ts";

export async function runBundleTree(context: Context, flags: BundleFlags) {
  const { world } = context;
  const release = releaseOf(context, flags);
  await prepareRelease(world, release);
  const { path } = release.checkout;
  const command = { activity: "tenon bundle", emit: makeSink(context, flags) };
  const session = {
    ...sessionOptions(context, flags, command),
    companion: { format: "sage", root: path },
  };
  const layout = await lookAtPrefix(world, session as Parameters<typeof lookAtPrefix>[1]);
  const { stage, trial = "", dist } = release;
  const bundled = await bundleTree(world, layout, {
    root: path,
    set: (stage.set ?? flags.set) as SetName,
    patterns: stage.patterns,
    forms: (dist.formats ?? [flags.format ?? "tar.zst"]) as TreeForm[],
    output: dist.folder,
    name: stage.name ?? "SageMath",
    ...(flags.noTrial ? {} : { trial: { script: trial } }),
    keys: signingKeys(context, flags.key ?? dist.key),
    tool: version,
  });
  if (flags.json) printJson(context, bundled);
  else printUnlessQuiet(context, flags, linesOf(bundled, context.currentDirectory));
  return exitCodes.done;
}

/** Without a file, the tree is there and built. */
function releaseOf(context: Context, flags: BundleFlags): Release {
  const { world, currentDirectory } = context;
  const folder = flags.output === undefined ? undefined : absolute(currentDirectory, flags.output);
  if (flags.release === undefined)
    return {
      checkout: { path: absolute(currentDirectory, flags.sage ?? ".") },
      stage: { patterns: [] },
      dist: { folder: folder ?? currentDirectory },
    };
  const file = absolute(currentDirectory, flags.release);
  const choices = { sets: setNames, formats: treeForms };
  const release = readRelease(file, world.disk.readFile(file), choices);
  return folder === undefined ? release : { ...release, dist: { ...release.dist, folder } };
}

function linesOf(bundled: BundledTree, currentDirectory: string): string[] {
  const { packages, files, relocated, longestPath, closed, signers, requirements } = bundled;
  const glibc = requirements.leastGlibc;
  const limit =
    longestPath === null ? "a path of any length" : `a path of at most ${longestPath} bytes`;
  return [
    ...bundled.archives.map(({ file, sizeBytes, trials }) => {
      const tried = trials.map(({ path, opened }) =>
        opened === undefined
          ? `${path.length} bytes`
          : `${path.length} bytes (${showCount(opened, "look")} at files)`,
      );
      const said = tried.length === 0 ? "not tried" : `tried at paths of ${tried.join(" and ")}`;
      return `bundled ${showCount(packages, "package")} into ${showPath(file, currentDirectory)} (${showSize(sizeBytes)}), ${said}`;
    }),
    `  ${showCount(files, "file")}, of which ${relocated} name the path; they can name ${limit}`,
    ...(glibc === undefined
      ? []
      : [`  it needs the GNU C library ${glibc.what} or newer, for ${glibc.path}`]),
    ...closed.map((path) => `  nobody can look into ${path}, which is in it as it is`),
    signers.length === 0
      ? "  it is not signed: `tenon key new NAME` makes a key"
      : `  signed by ${signers.join(", ")}`,
  ];
}
