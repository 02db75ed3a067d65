/** `tenon image`: packages of a prefix as an image of a container, without a container engine. */
import { TenonError } from "../core/index.ts";
import type { NetworkOptions } from "../cache/index.ts";
import { billPath, historyOf, type PortablePackage, transactionOf } from "../bundle/index.ts";
import {
  architectureOf,
  parseTarget,
  type PushedImage,
  pushImage,
  readBase,
  writeImage,
  type WrittenImage,
  writeTar,
} from "../image/index.ts";
import type { PackageRecord, PrefixLayout } from "../prefix/index.ts";
import { targetDefect } from "../relocation/index.ts";
import { removeTree, type World } from "../world/index.ts";
import { billOf, renderBill } from "./bill-packages.ts";
import { requirementsIn } from "./bundle-packages.ts";
import { type Beside, putInPlace, requireFree, withBeside } from "./moving/beside.ts";
import { portablePackages } from "./portable-packages.ts";
import { selectInstalled } from "./select-installed.ts";

export interface ImageOptions {
  /** With what they need at run time; all where none is named. */
  readonly packages: readonly string[];
  /** Absolute: a folder that is not there or empty, or a file whose name ends with `.tar`. */
  readonly output: string;
  /** The path of the prefix in the image. */
  readonly at: string;
  readonly name: string;
  /** An OCI image layout to stand on: its folder, absolute, with `@sha256:DIGEST` where that is not clear. */
  readonly base?: string | undefined;
  /** The version of tenon. */
  readonly tool: string;
  readonly push?: ImagePush | undefined;
}

export interface ImagePush {
  /** `HOST/NAME:TAG` */
  readonly target: string;
  /** Nothing is left at `output`; beside it, the image is made. */
  readonly only: boolean;
  readonly network: NetworkOptions;
}

export interface MadeImage extends WrittenImage {
  readonly kind: "image";
  /** Absent where it was only pushed. */
  readonly output?: string;
  readonly at: string;
  readonly packages: number;
  readonly pushed?: PushedImage;
}

/** Changes nothing in the prefix. The same packages give the same digest. */
export async function makeImage(
  world: World,
  layout: PrefixLayout,
  options: ImageOptions,
): Promise<MadeImage> {
  const { packages: names, output, at, name, tool, push } = options;
  const { disk } = world;
  const target = push && parseTarget(push.target);
  const isKept = push?.only !== true;
  const defect = targetDefect(at);
  if (defect !== undefined) throw wrongPlace(at, defect);
  if (isKept && !output.endsWith(".tar")) requireFree(disk, output);
  const base = options.base === undefined ? undefined : readBase(disk, options.base);
  const records = selectInstalled(world, layout, names);
  const packages = (await portablePackages(world, layout, records)).map(inImage);
  const portable = packages.map(({ record }) => record);
  const { machine } = requirementsIn(world, layout, packages);
  const bill = billOf(world, layout, { records: portable, form: "spdx", files: false, tool, name });
  const facts = {
    packages,
    at,
    name,
    more: new Map([[billPath, renderBill(bill, "spdx")], historyOf(portable, "tenon image")]),
    architecture: architectureOf(machine?.what ?? world.machine.architecture),
    env: environmentOf(portable, at),
    ...(base === undefined ? {} : { base }),
  };
  const written = await withBeside(world, output, async (beside) => {
    const image = await writeImage(world, { ...facts, folder: beside.fresh });
    const folder = beside.fresh;
    const pushed =
      target && (await pushImage(world, { ...image, folder }, target, push?.network ?? {}));
    if (isKept) putImage(world, beside, output);
    return { ...image, ...(pushed === undefined ? {} : { pushed }) };
  });
  const place = isKept ? { output } : {};
  return { kind: "image", ...place, at, packages: packages.length, ...written };
}

/** Its transaction has the same name in each image, so that a record says nothing of the packages beside it. */
function inImage(each: PortablePackage): PortablePackage {
  return { ...each, record: { ...each.record, transaction: transactionOf(["image"]) } };
}

/** Whole, in one step. */
function putImage(world: World, beside: Beside, output: string): void {
  const { disk } = world;
  if (!output.endsWith(".tar")) return putInPlace(disk, beside, { place: output, sync: false });
  removeTree(disk, beside.temporary);
  writeTar(world, beside.fresh, beside.temporary);
  disk.rename(beside.temporary, output);
}

/** As `tenon env` sets them, for one who starts a container. */
function environmentOf(records: readonly PackageRecord[], at: string): Record<string, string> {
  const env: Record<string, string> = { PATH: `${at}/bin` };
  for (const { about } of records)
    for (const [name, value] of Object.entries(about?.env ?? {})) {
      const here = value.replaceAll("${PREFIX}", at).replace(`:\${${name}}`, "");
      env[name] = env[name] === undefined ? here : `${here}:${env[name]}`;
    }
  return env;
}

function wrongPlace(at: string, defect: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_PLACE",
    message: `${at} cannot be the prefix in an image: ${defect}`,
    hints: ["Choose another path: `tenon image --at /opt/stack`."],
  });
}
