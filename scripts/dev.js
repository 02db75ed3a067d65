/**
 * `npm run dev`: bundles the program again whenever a source changes. What is given after `--` is run by tenon each time:
 * `npm run dev -- doctor`. A command that still runs when a source changes is ended first.
 */
import { spawn } from "node:child_process";
import { watch } from "node:fs";

const args = process.argv.slice(2);
/** One save makes several notices. */
const quietMs = 100;
/** @type {import("node:child_process").ChildProcess | undefined} */
let running;
/** @type {NodeJS.Timeout | undefined} */
let waiting;

for (const folder of ["src", "scripts"]) watch(folder, { recursive: true }, soon);
again();

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(again, quietMs);
}

function again() {
  running?.removeAllListeners("close");
  running?.kill();
  start(["scripts/bundle.js"], (code) => {
    if (code !== 0) return;
    if (args.length === 0) process.stderr.write("dist/tenon.js is ready; watching src/\n");
    else
      start(["dist/tenon.js", ...args], (ended) => process.stderr.write(`(exit code ${ended})\n`));
  });
}

function start(/** @type {string[]} */ words, /** @type {(code: number | null) => void} */ then) {
  running = spawn(process.execPath, words, { stdio: "inherit" }).on("close", then);
}
