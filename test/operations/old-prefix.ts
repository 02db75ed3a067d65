/** A prefix on a simulated machine, with a package that was built for any prefix, one of which nobody knows, and a person's files. */
import {
  digestOf,
  digestOfManifest,
  type Entry,
  makeManifest,
  type Manifest,
} from "../../src/core/index.ts";
import { changePrefix, type Incoming } from "../../src/install/index.ts";
import type { OpenPrefix } from "../../src/operations/operate.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { findPlaces, findRows, placeholder, toMapRow } from "../../src/relocation/index.ts";
import { openStore, relocateArtifact } from "../../src/store/index.ts";
import {
  createSimulatedDisk,
  createSimulatedWorld,
  type SimulatedDisk,
  type SimulatedWorld,
  type Tree,
} from "../../src/world/simulated/index.ts";

export const old = "/opt/old";
export const layout = layoutOf(old);
const options = { activity: "tenon build", sync: true };

export const script = (prefix: string): string => `#!${prefix}/bin/python\nprint(1)\n`;
export const row = (text: string): string =>
  `../../bin/run,sha256=${Buffer.from(digestOf(text), "hex").toString("base64url")},${text.length}\n`;
export const record = (name: string): string => `lib/site/${name}-1.dist-info/RECORD`;

/** As the artifact of `app` has them. */
const appFiles = {
  "bin/run": script(placeholder),
  "lib/plain": "nothing of it\n",
  "lib/data": `\0${placeholder}/share\0`,
  [record("app")]: row(script(placeholder)),
};
const toolFiles = {
  "bin/tool": script(old),
  "share/tool": "nothing\n",
  [record("tool")]: row(script(old)).replace("run", "tool"),
};
export const foreign: Tree = {
  "mine/note": `see ${old}/bin\n`,
  "mine/link": { link: `${old}/bin/run` },
  "mine/deep/plain": "mine\n",
  "lib/own": "mine\n",
};

function entryOf(path: string, content: string, isMapped: boolean): Entry {
  const places = path === record("app") ? findRows(content, () => true) : undefined;
  const map = places ? ({ form: "text", places } as const) : findPlaces(Buffer.from(content)).map;
  const entry = { type: "file", path, mode: 0o644, sizeBytes: content.length } as const;
  const relocation = isMapped && map ? { relocation: { map: toMapRow(map) } } : {};
  return { ...entry, sha256: digestOf(content), ...relocation };
}

function manifestOf(files: Record<string, string>, isMapped: boolean): Manifest {
  return makeManifest(Object.entries(files).map(([path, text]) => entryOf(path, text, isMapped)));
}

function appOn(world: SimulatedWorld): Incoming {
  const store = openStore(world, "/store", { sync: false });
  const manifest = manifestOf(appFiles, true);
  world.disk.plant(`${store.makeScratch("app")}/stage`, appFiles);
  const id = store.addArtifact("/store/scratch/app/stage", manifest);
  const relocated = relocateArtifact(world, store, { id, manifest }, old);
  if (relocated === undefined) throw new Error("the artifact is damaged");
  const tree = store.layout.artifactTree(id);
  return { ...namesOf("app"), artifact: id, tree, ...relocated, key: digestOf("key"), pins: [] };
}

function toolOn(world: SimulatedWorld, more: Record<string, string>): Incoming {
  const files = { ...toolFiles, ...more };
  const link: Entry = { type: "link", path: "share/abs", target: `${old}/bin/tool` };
  const manifest = makeManifest([...manifestOf(files, false), link]);
  world.disk.plant("/tool", { ...files, "share/abs": { link: `${old}/bin/tool` } });
  return { ...namesOf("tool"), artifact: digestOfManifest(manifest), manifest, tree: "/tool" };
}

function namesOf(name: string): Pick<Incoming, "name" | "version" | "depends" | "takesOver"> {
  return { name, version: "1", depends: name === "tool" ? ["app"] : [], takesOver: [] };
}

/** `more` are files that `tool` has besides. */
export async function plantOld(more: Record<string, string> = {}): Promise<SimulatedWorld> {
  const world = createSimulatedWorld({ disk: createSimulatedDisk() });
  const add = [appOn(world), toolOn(world, more)];
  await changePrefix(world, layout, { add, remove: [] }, options);
  world.disk.plant(old, foreign);
  return world;
}

export function prefixOn(world: SimulatedWorld, changes: Partial<OpenPrefix> = {}): OpenPrefix {
  return { world, layout, activity: "tenon move", sync: true, emit: () => {}, ...changes };
}

/** The same machine, by another process's sight. */
export function worldOf(disk: SimulatedDisk): SimulatedWorld {
  return createSimulatedWorld({ disk });
}
