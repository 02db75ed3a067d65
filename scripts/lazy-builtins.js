/**
 * A plugin for the bundler: a module of Node's is loaded when something of it is used for the first time.
 *
 * An `import` would load it at the start, and make a second face of it for modules, for which Node touches each
 * of its names: that is a third of the time that a short command takes. Packages import what they need as they always do.
 */
import { readdirSync, readFileSync } from "node:fs";

const statement = /^import (?!type )(\{[^}]*\}|[^"]*) from "(node:[^"]*)";/gm;

export const lazyBuiltins = {
  name: "lazy-builtins",
  setup({ onResolve, onLoad }) {
    const used = namesUsed("src");
    onResolve({ filter: /^node:/ }, ({ path, importer }) =>
      importer.includes("/node_modules/")
        ? { path, external: true }
        : { path, namespace: "builtin" },
    );
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: faceOf(path, used.get(path)),
    }));
  },
};

/** By module, what files import of it; undefined where one wants the module itself. */
function namesUsed(folder) {
  const used = new Map();
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const text = readFileSync(`${folder}/${file}`, "utf8");
    for (const [, what, module] of text.matchAll(statement)) {
      const names = what.match(/(?<=[{,]\s*)\w+(?=\s*[,}])/g) ?? [];
      const known = used.has(module) ? used.get(module) : [];
      used.set(module, what.startsWith("{") && known ? [...known, ...names] : undefined);
    }
  }
  return used;
}

function faceOf(module, names) {
  const load = `process.getBuiltinModule(${JSON.stringify(module)})`;
  if (names === undefined) return `module.exports = ${load};`;
  const faces = [...new Set(names)].map((name) => `get ${name}() { return load().${name}; }`);
  return `let loaded; const load = () => (loaded ??= ${load}); module.exports = { ${faces.join(", ")} };`;
}
