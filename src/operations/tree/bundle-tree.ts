/**
 * `tenon bundle --sage DIR`: a checkout with all that was built in it, as archives that anybody can unpack at another path. The files
 * name the checkout's own path; the archive has a program that puts another one in its place, and tenon's records, so that
 * `tenon verify` holds there.
 */
import {
  type HeadFacts,
  type Requirements,
  archiveEnd,
  memberHead,
  memberTail,
  renderHead,
  secondLook,
  writeUnpacking,
} from "../../bundle/index.ts";
import {
  type Digest,
  type Entry,
  isWithin,
  nameOf,
  parentOf,
  TenonError,
} from "../../core/index.ts";
import type { PrefixLayout } from "../../prefix/index.ts";
import { type SecretKey, renderEnvelope } from "../../signing/index.ts";
import {
  choose,
  namedSet,
  type Pattern,
  planRelocation,
  type RelocationPlan,
  type SetName,
  type Staged,
  stageTree,
  treeArchive,
  treeMembers,
  type TreeToPack,
  writeCompressed,
} from "../../tree-bundle/index.ts";
import {
  exists,
  makeDirectories,
  readTextIfAny,
  removeTree,
  type World,
} from "../../world/index.ts";
import { requirementsOfTree } from "../bundle-packages.ts";
import { addedFiles } from "./added-files.ts";
import { statementOf } from "./statement-of.ts";
import { type Trial, tryArchive } from "./try-archive.ts";

export const treeForms = ["tar.zst", "tar.bz2", "sh"] as const;

export type TreeForm = (typeof treeForms)[number];

export interface BundleTreeOptions {
  /** The root of the checkout, absolute. */
  readonly root: string;
  readonly set: SetName;
  /** Behind those of the set: the last one that matches decides. */
  readonly patterns: readonly Pattern[];
  readonly forms: readonly TreeForm[];
  /** The folder for the archives, absolute. */
  readonly output: string;
  /** What the folder in the archive is called. */
  readonly name: string;
  /** What is run at each of two new paths, by sh, in the unpacked tree; absent where nothing is to be tried. */
  readonly trial?: { readonly script: string };
  readonly keys: readonly SecretKey[];
  /** The version of tenon. */
  readonly tool: string;
}

export interface BundledTree {
  readonly kind: "bundled-tree";
  readonly version: string;
  readonly archives: readonly {
    readonly file: string;
    readonly sizeBytes: number;
    readonly sha256: Digest;
    readonly trials: readonly Trial[];
  }[];
  readonly packages: number;
  readonly files: number;
  /** How many of them name the path. */
  readonly relocated: number;
  readonly longestPath: number | null;
  readonly closed: readonly string[];
  readonly signers: readonly string[];
  readonly requirements: Requirements;
}

/** Changes nothing in the checkout. */
export async function bundleTree(
  world: World,
  layout: PrefixLayout,
  options: BundleTreeOptions,
): Promise<BundledTree> {
  const { disk } = world;
  const root = disk.realPath(options.root);
  const prefix = prefixWithin(root, layout.prefix);
  requireOutside(root, options.output);
  const patterns = [...namedSet(options.set, prefix), ...options.patterns];
  const staged = stageTree(disk, root, choose(patterns));
  const plan = await planRelocation({ world, root, names: root, staged });
  const entries = entriesOf(staged, plan);
  const requirements = requirementsOfTree(disk, root, entries);
  const version = versionOf(world, root);
  const facts = { prefix, entries, plan, requirements, tool: options.tool, name: options.name };
  const { added, packages } = addedFiles(world, layout, { root, ...facts });
  const tree = { disk, root, staged, digests: plan.digests, added };
  const head = { packages, requirements, name: options.name, tool: options.tool };
  makeDirectories(disk, options.output);
  const archives = [];
  for (const form of options.forms) {
    const file = `${options.output}/${archiveName(version, options.set, requirements)}.${form}`;
    archives.push(
      await makeArchive(world, { form, file, tree, plan, head, root, prefix, options }),
    );
  }
  return {
    kind: "bundled-tree",
    version,
    archives,
    packages,
    files: plan.digests.size,
    relocated: plan.files.length,
    longestPath: plan.tight?.room ?? null,
    closed: plan.closed,
    signers: options.keys.map(({ name }) => name),
    requirements,
  };
}

interface ToMake {
  readonly form: TreeForm;
  readonly file: string;
  readonly tree: Omit<TreeToPack, "top">;
  readonly plan: RelocationPlan;
  readonly head: Omit<HeadFacts, "longestPath">;
  readonly root: string;
  readonly prefix: string;
  readonly options: BundleTreeOptions;
}

/** It gets its name when it was tried. */
async function makeArchive(world: World, made: ToMake): Promise<BundledTree["archives"][number]> {
  const { form, file, tree, plan, root, prefix, options } = made;
  const { disk } = world;
  const fresh = `${parentOf(file)}/.${nameOf(file)}.tenon-new`;
  try {
    if (form === "sh") await writeUnpacking(world, { file: fresh, ...unpackingOf(made) });
    else
      await writeCompressed(world, {
        file: fresh,
        form,
        chunks: treeArchive({ ...tree, top: options.name }),
      });
    const { trial } = options;
    const room = plan.tight?.room;
    const trials =
      trial === undefined
        ? []
        : await tryArchive(world, {
            file: fresh,
            form,
            root,
            prefix,
            room,
            ...trial,
            name: options.name,
          });
    const sha256 = disk.digestFile(fresh);
    const sizeBytes = disk.status(fresh)?.sizeBytes ?? 0;
    disk.rename(fresh, file);
    sign(world, { file, sha256, options });
    return { file, sizeBytes, sha256, trials };
  } finally {
    removeTree(disk, fresh);
  }
}

/** With the bundle's own installer before it, which looks at the machine, unpacks and runs the program once. */
function unpackingOf({ tree, plan, head: facts }: ToMake) {
  const longestPath = plan.tight?.room ?? longestAnywhere;
  const head = renderHead({ ...facts, longestPath });
  const script = `${secondLook(head)}
sh "$new/tree/relocate-once.py" -d "$P" 2>"$new/said" || { cat "$new/said" >&2; exit 4; }
ended=yes
`;
  const chunks = function* (): Generator<Uint8Array> {
    yield* treeMembers({ ...tree, top: "tree" });
    const content = Buffer.from(script);
    yield memberHead({ type: "file", path: "relocate", mode: 0o644, sizeBytes: content.length });
    yield content;
    yield memberTail(content.length);
    yield archiveEnd;
  };
  return { head, chunks: chunks() };
}

/** The kernel's limit for a path, less what is below. */
const longestAnywhere = 2000;

function sign(
  { disk, clock }: World,
  { file, sha256, options }: { file: string; sha256: Digest; options: BundleTreeOptions },
): void {
  const place = `${file}.intoto.json`;
  if (exists(disk, place)) disk.removeFile(place);
  if (options.keys.length === 0) return;
  const facts = { name: nameOf(file), sha256, atMs: clock.now(), tool: options.tool };
  disk.createFile(place, renderEnvelope(statementOf(facts, options.keys)));
}

/** As the records of packages have them, with the digests that were just taken. */
function entriesOf(staged: readonly Staged[], { digests }: RelocationPlan): Entry[] {
  return staged.map((each): Entry => {
    const { path } = each;
    if (each.type === "link") return { type: "link", path, target: each.target };
    if (each.type === "directory") return { type: "directory", path, mode: each.mode };
    const sha256 = digests.get(path) as Digest;
    return { type: "file", path, mode: each.mode, sizeBytes: each.sizeBytes, sha256 };
  });
}

function archiveName(version: string, set: SetName, { machine }: Requirements): string {
  const start = set === "whole" ? "sage" : `sage-${set}`;
  return `${start}-${version}-Linux-${machine?.what ?? "any"}`;
}

/** As the first line of VERSION.txt has it: `SageMath version 10.9, Release Date: …`. */
function versionOf({ disk }: World, root: string): string {
  const text = readTextIfAny(disk, `${root}/VERSION.txt`) ?? "";
  return /version (\d[\w.+-]*)/.exec(text)?.[1] ?? "0";
}

function prefixWithin(root: string, prefix: string): string {
  if (prefix !== root && isWithin(prefix, root)) return prefix.slice(root.length + 1);
  throw new TenonError({
    kind: "usage",
    code: "PREFIX_OUTSIDE",
    message: `SAGE_LOCAL, ${prefix}, is not in the checkout ${root}, so the checkout alone is of no use elsewhere`,
    hints: ["Run its ./configure without --prefix, and build there."],
  });
}

function requireOutside(root: string, output: string): void {
  if (!isWithin(output, root)) return;
  throw new TenonError({
    kind: "usage",
    code: "OUTPUT_INSIDE",
    message: `the archives would be in the checkout itself: ${output} is in ${root}`,
    hints: ["Name a folder outside of it with --output."],
  });
}
