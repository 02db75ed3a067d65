/** The packages of the race as recipes, built before it for another prefix: in each round they are relocated anew. */
import { mkdirSync, writeFileSync } from "node:fs";
import { filesOf } from "./race-content.js";
import { must } from "./processes.js";
import { tenon } from "./program.js";
import { writeFiles } from "./trees.js";

/** A store with both versions of all packages. Whoever builds one of them gives `recipeOf` for a recipe. */
export async function makeBuilds({ folder, installers }) {
  const workspace = `${folder}/builds/all`;
  const env = { ...process.env, TENON_STORE: `${folder}/builds/store` };
  const numbers = Array.from({ length: installers }, (_, number) => number);
  writeWorkspace(workspace);
  for (const version of [1, 2]) {
    for (const number of numbers) {
      writeFiles(sourceOf(folder, number, version), filesOf(number, version, "@PREFIX@"));
      const recipe = recipeOf(folder, number, version);
      writeFileSync(`${workspace}/packages/pkg${number}.toml`, recipe);
    }
    await must(tenon("build", "--offline", "-C", workspace), { env, timeoutMs: 3_600_000 });
  }
}

/** The store of a round is a copy, in which nothing is relocated yet; each package has a workspace of its own. */
export async function chainsOfBuilds({ folder, installers }, versions, place) {
  const store = `${place}/store`;
  await must(["cp", "-a", `${folder}/builds/store`, store]);
  return Array.from({ length: installers }, (_, number) => {
    const workspace = `${place}/workspaces/${number}`;
    writeWorkspace(workspace);
    return versions.map((version) => {
      return { name: `pkg${number}`, workspace, store, recipe: recipeOf(folder, number, version) };
    });
  });
}

function writeWorkspace(workspace) {
  mkdirSync(`${workspace}/packages`, { recursive: true });
  writeFileSync(`${workspace}/tenon.toml`, "[workspace]\n");
}

function sourceOf(folder, number, version) {
  return `${folder}/builds/sources/${number}-${version}`;
}

function recipeOf(folder, number, version) {
  const source = sourceOf(folder, number, version);
  const fill = 'grep -rl @PREFIX@ . | xargs sed -i "s|@PREFIX@|$PREFIX|g"';
  return `name = "pkg${number}"
version = "${version}"
[source]
path = "${source}"
[build]
system = "script"
script = '''
${fill}
mkdir -p "$DESTDIR$PREFIX"
cp -R . "$DESTDIR$PREFIX"
'''
`;
}
