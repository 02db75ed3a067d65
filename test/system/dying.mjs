/**
 * Loaded into the program before it starts (node --import). Counts the calls that change something
 * below DIE_BELOW; at the call number DIE_AT the program is killed instead of doing it. The names of
 * the calls are written to DIE_LOG.
 */
import fs from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";

const { DIE_AT, DIE_BELOW, DIE_LOG } = process.env;
const { appendFileSync } = fs;
let count = 0;

function meet(name, paths) {
  if (!paths.some((path) => typeof path === "string" && path.startsWith(DIE_BELOW))) return;
  count += 1;
  appendFileSync(DIE_LOG, `${name} ${paths.join(" ")}\n`);
  if (count === Number(DIE_AT)) process.kill(process.pid, "SIGKILL");
}

const oneAndTwoPaths = ["mkdirSync", "symlinkSync", "linkSync", "renameSync", "copyFileSync"];
for (const name of [...oneAndTwoPaths, "unlinkSync", "rmdirSync", "rmSync"]) {
  const original = fs[name];
  fs[name] = (...args) => {
    meet(name, args.slice(0, 2));
    return original(...args);
  };
}
const { openSync } = fs;
fs.openSync = (path, flags, ...rest) => {
  if (/[wa]/.test(String(flags)) && !path.endsWith("lock")) meet("openSync", [path]);
  return openSync(path, flags, ...rest);
};
syncBuiltinESMExports();

const require = createRequire(process.argv[1]);
const koffi = require("koffi");
const { load } = koffi;
koffi.load = (...args) => {
  const library = load(...args);
  return {
    func: (prototype, ...types) => {
      const call = library.func(prototype, ...types);
      if (!prototype.includes("renameat2")) return call;
      const wrapped = (...given) => {
        meet("renameat2", [given[1], given[3]]);
        return call(...given);
      };
      return wrapped;
    },
  };
};
