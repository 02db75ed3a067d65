/**
 * A plugin for the bundler: what a file imports through a room's `index.ts` it gets from the file that defines it.
 *
 * The bundler puts into a command whatever the files name that it imports, used or not. So each command would
 * load whole rooms for the sake of one function.
 */
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";

const statement = /\b(import|export)(\s+type)?\s*\{([^}]*)\}\s*from\s*"(\.[^"]*)";/g;

export const withoutIndexes = {
  name: "without-indexes",
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
      contents: isIndex(path) ? undefined : direct(path, readFileSync(path, "utf8")),
      loader: "ts",
    }));
  },
};

function direct(path, text) {
  return text.replace(statement, (whole, word, type = "", names, from) => {
    const target = resolve(dirname(path), from);
    if (!isIndex(target)) return whole;
    return namesIn(names)
      .map(({ isType, original, alias }) => {
        const found = definitionOf(target, original);
        const to = `./${relative(dirname(path), found.file)}`;
        // Of an import that has only types in its braces the bundler leaves the file.
        return `${word}${isType ? " type" : type} { ${found.name} as ${alias} } from "${to}";`;
      })
      .join(" ");
  });
}

const exportsOf = new Map();

function definitionOf(file, name) {
  if (!isIndex(file)) return { file, name };
  if (!exportsOf.has(file)) exportsOf.set(file, readExports(file));
  const found = exportsOf.get(file).get(name);
  return found === undefined ? { file, name } : definitionOf(found.file, found.original);
}

function readExports(file) {
  const found = new Map();
  for (const [, word, , names, from] of readFileSync(file, "utf8").matchAll(statement)) {
    if (word !== "export") continue;
    for (const { original, alias } of namesIn(names)) {
      found.set(alias, { file: resolve(dirname(file), from), original });
    }
  }
  return found;
}

function namesIn(text) {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [original, alias = original] = part.replace(/^type\s+/, "").split(/\s+as\s+/);
      return { isType: part.startsWith("type "), original, alias };
    });
}

function isIndex(path) {
  return path.endsWith("/index.ts");
}
