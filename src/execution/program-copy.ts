/** The program itself in the shared folder, once for each version of it, so that workers need nothing but Node.js. */
import { digestOfJson, TenonError } from "../core/index.ts";
import { exists, listIfAny, makeDirectories, removeTree, type World } from "../world/index.ts";

/** Loaded by the program while it builds: all else is in its bundle. */
const native = "koffi";
const nativeParts = "@koromix";
const needed = /\.(?:js|cjs|mjs|json|node)$/;

interface ProgramFile {
  /** In the copy. */
  readonly path: string;
  readonly from: string;
}

/**
 * Gives the path of the copy's `tenon.js`. `root` is the folder of the program's package, with `dist`; `folder` that of all
 * copies. Throws a TenonError of kind `machine` where the program is not bundled.
 */
export function copyProgram(world: World, root: string, folder: string): string {
  const { disk, clock } = world;
  const files = programFiles(world, root);
  if (!files.some(({ path }) => path === "dist/tenon.js")) throw notBundled(root);
  const digest = digestOfJson(files.map(({ path, from }) => [path, disk.digestFile(from)]));
  const copy = `${folder}/${digest.slice(0, 16)}`;
  if (!exists(disk, copy)) {
    const temporary = `${folder}/.${clock.uniqueId()}`;
    for (const { path, from } of files) {
      makeDirectories(disk, `${temporary}/${path}`.replace(/\/[^/]*$/, ""));
      disk.copyFile(from, `${temporary}/${path}`);
    }
    if (exists(disk, copy)) removeTree(disk, temporary);
    else disk.rename(temporary, copy);
  }
  return `${copy}/dist/tenon.js`;
}

function programFiles({ disk }: World, root: string): ProgramFile[] {
  const modules = [`${root}/node_modules`, root.replace(/\/[^/]*$/, "")].find((folder) =>
    exists(disk, `${folder}/${native}`),
  );
  const parts = listIfAny(disk, `${modules}/${nativeParts}`).filter(({ name }) =>
    name.startsWith(`${native}-linux-`),
  );
  const names = [native, ...parts.map(({ name }) => `${nativeParts}/${name}`)];
  const files: ProgramFile[] = [];
  const take = (from: string, path: string): void => {
    for (const { name, type } of listIfAny(disk, from)) {
      if (type === "directory" && !/^(?:docs?|vendor|types)$/.test(name))
        take(`${from}/${name}`, `${path}/${name}`);
      else if (type === "file" && needed.test(name))
        files.push({ from: `${from}/${name}`, path: `${path}/${name}` });
    }
  };
  for (const name of ["dist/tenon.js", "package.json"])
    if (exists(disk, `${root}/${name}`)) files.push({ from: `${root}/${name}`, path: name });
  take(`${root}/dist/parts`, "dist/parts");
  for (const name of names) take(`${modules}/${name}`, `node_modules/${name}`);
  return files;
}

function notBundled(root: string): TenonError {
  return new TenonError({
    kind: "machine",
    code: "PROGRAM_NOT_BUNDLED",
    message: `${root} has no dist/tenon.js, which workers run`,
    hints: ["Make it: `npm run build`."],
  });
}
