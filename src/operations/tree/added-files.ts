/** What the archive of a tree has besides the tree: the program that relocates it, what that knows, and tenon's own records. */
import {
  billPath,
  historyOf,
  memberSeconds,
  type Requirements,
  transactionOf,
} from "../../bundle/index.ts";
import {
  type Entry,
  type Manifest,
  namesPrefix,
  type NamingFile,
  TenonError,
} from "../../core/index.ts";
import { carriedOf } from "../../install/index.ts";
import {
  type PackageRecord,
  type PrefixLayout,
  readRecords,
  renderRecord,
  statePath,
} from "../../prefix/index.ts";
import {
  type AddedFile,
  placesFile,
  programName,
  relocationFolder,
  type RelocationPlan,
  renderRelocateOnce,
} from "../../tree-bundle/index.ts";
import type { World } from "../../world/index.ts";
import { billOf, renderBill } from "../bill-packages.ts";
import { fromMapRow } from "../../relocation/index.ts";
import { notAsRecorded } from "../portable-packages.ts";

export interface TreeFacts {
  /** Absolute; the path that the files name. */
  readonly root: string;
  /** That of the packages, relative to the tree. */
  readonly prefix: string;
  /** All that is in the archive. */
  readonly entries: readonly Entry[];
  readonly plan: RelocationPlan;
  readonly requirements: Requirements;
  readonly name: string;
  readonly tool: string;
}

export function addedFiles(
  world: World,
  layout: PrefixLayout,
  facts: TreeFacts,
): { added: AddedFile[]; packages: number } {
  const { prefix, name, tool } = facts;
  const installed = [...readRecords(world.disk, layout).values()];
  if (installed.length === 0) throw nothingBuilt(facts.root);
  const transaction = transactionOf(installed.map(({ artifact }) => artifact));
  const staged = new Map(facts.entries.map((entry) => [entry.path, entry]));
  const records = installed.map((record) => ({
    ...carriedOf(record),
    installedAtMs: memberSeconds * 1000,
    transaction,
    found: [],
    manifest: manifestOf(record, { prefix, place: layout.prefix, staged }),
  }));
  const bill = billOf(world, layout, { records, form: "spdx", files: false, tool, name });
  const texts = [
    ...records.map((record) => [`${statePath}/packages/${record.name}.json`, renderRecord(record)]),
    [billPath, renderBill(bill, "spdx")],
    historyOf(records, "tenon bundle"),
    [`${statePath}/${relocationFolder}/${placesFile}`, placesOf(facts)],
  ] as const;
  const home = `${prefix}/${statePath}/${relocationFolder}`;
  const program = Buffer.from(renderRelocateOnce(home, prefix));
  return {
    packages: records.length,
    added: [
      ...texts.map(([path = "", text = ""]) => ({
        path: `${prefix}/${path}`,
        content: Buffer.from(text),
        mode: 0o644,
      })),
      { path: programName, content: program, mode: 0o755 },
    ],
  };
}

interface Staged {
  readonly prefix: string;
  readonly place: string;
  readonly staged: ReadonlyMap<string, Entry>;
}

/** What of a package is in the archive, as it is there. */
function manifestOf(
  { name, manifest }: PackageRecord,
  { prefix, place, staged }: Staged,
): Manifest {
  return manifest.flatMap((entry): Entry[] => {
    const found = staged.get(`${prefix}/${entry.path}`);
    if (found === undefined) return [];
    const isSame =
      found.type === entry.type &&
      (found.type !== "file" || entry.type !== "file" || found.sha256 === entry.sha256);
    if (!isSame) throw notAsRecorded(name, entry.path, place);
    if (namesPrefix(entry) && isInPieces(entry)) throw inPieces(name, entry.path);
    return [{ ...found, path: entry.path }];
  });
}

/** No search finds the path there. */
function isInPieces({ relocation, sizeBytes }: NamingFile): boolean {
  const { map, original } = relocation;
  const places = fromMapRow(map, original?.sizeBytes ?? sizeBytes)?.places ?? [];
  return places.some(({ kind }) => kind === "piece");
}

function inPieces(name: string, path: string): TenonError {
  return new TenonError({
    kind: "recipe",
    code: "BOUND_TO_PREFIX",
    message: `${path} of the package ${name} has the path in pieces, as compilers copy constant strings, so nothing was bundled`,
    hints: ["Compile what names the prefix so that it keeps whole strings, as -Os does."],
  });
}

/** What `relocate-once.py` knows. */
function placesOf({ root, plan, requirements }: TreeFacts): string {
  const { machine, leastGlibc, files } = requirements;
  const { tight } = plan;
  return `${JSON.stringify({
    format: 1,
    from: root,
    ...(tight === undefined ? {} : { tight }),
    needs: {
      ...(machine === undefined ? {} : { machine: machine.what }),
      ...(leastGlibc === undefined
        ? {}
        : { glibc: { version: leastGlibc.what, path: leastGlibc.path } }),
      files: files.map(({ what, path }) => ({ file: what, path })),
    },
    records: plan.records,
    files: plan.files,
  })}\n`;
}

function nothingBuilt(root: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_PACKAGES",
    message: `${root} holds no packages of tenon's`,
    hints: [`Run \`tenon build --sage ${root}\` first; it adopts what Sage's make has built.`],
  });
}
