/** `tenon bundle`: packages of a prefix as one file that needs no tenon where it goes. */
import {
  type AskedPath,
  type FileNeeds,
  needsOf,
  type PortablePackage,
  requirementsOf,
  type Requirements,
  writeBundle,
} from "../bundle/index.ts";
import { type Entry, nameOf } from "../core/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import { mayBeLoaded } from "../stage/index.ts";
import type { Disk, World } from "../world/index.ts";
import { billOf, renderBill } from "./bill-packages.ts";
import { portablePackages } from "./portable-packages.ts";
import { selectInstalled } from "./select-installed.ts";

export interface BundleOptions {
  /** With what they need at run time; all where none is named. */
  readonly packages: readonly string[];
  /** Absolute. */
  readonly file: string;
  /** The version of tenon. */
  readonly tool: string;
}

export interface Bundled {
  readonly kind: "bundled";
  readonly file: string;
  readonly sizeBytes: number;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  /** What it asks of the machine where it is unpacked. */
  readonly requirements: Requirements;
}

/** Changes nothing in the prefix. The same packages give the same bytes. */
export async function bundlePackages(
  world: World,
  layout: PrefixLayout,
  { packages: names, file, tool }: BundleOptions,
): Promise<Bundled> {
  const records = selectInstalled(world, layout, names);
  const packages = await portablePackages(world, layout, records);
  const requirements = requirementsIn(world, layout, packages);
  const name = nameOf(file).replace(/\.sh$/, "");
  const portable = packages.map(({ record }) => record);
  const bill = billOf(world, layout, {
    records: portable,
    form: "spdx",
    files: false,
    tool,
    name,
  });
  const text = renderBill(bill, "spdx");
  const facts = { name, tool, requirements, bill: text, file };
  const sizeBytes = await writeBundle(world, { ...facts, packages });
  return {
    kind: "bundled",
    file,
    sizeBytes,
    packages: portable.map((each) => ({ name: each.name, version: each.version })),
    requirements,
  };
}

/** What the packages ask of a machine, by what is in their programs and libraries, and links that lead out of the prefix. */
export function requirementsIn(
  { disk }: World,
  { prefix }: PrefixLayout,
  packages: readonly PortablePackage[],
): Requirements {
  return requirementsOfTree(
    disk,
    prefix,
    packages.flatMap(({ record }) => record.manifest),
  );
}

/** The same of any files and links below a folder. */
export function requirementsOfTree(
  disk: Disk,
  root: string,
  entries: readonly Entry[],
): Requirements {
  const here: string[] = [];
  const needs: FileNeeds[] = [];
  const outside = new Map<string, AskedPath>();
  for (const entry of entries) {
    const { path } = entry;
    if (entry.type === "directory") continue;
    here.push(path);
    if (entry.type === "link") {
      const { target } = entry;
      if (target.startsWith("/") && !outside.has(target))
        outside.set(target, { what: target, path });
    } else if (mayBeLoaded(entry)) {
      const file = `${root}/${path}`;
      const found = needsOf(path, (offset, length) => disk.readSlice(file, offset, length));
      if (found !== undefined) needs.push(found);
    }
  }
  return requirementsOf(needs, { here, files: [...outside.values()] });
}
