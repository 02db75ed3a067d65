/**
 * Pythons import a package of a checkout again and again, each time in a new process, while tenon replaces it
 * by another patch level and back: how many of their imports fail. Both results are made beforehand, so that
 * each flip is what others would see of it: one transaction. `--make` lets Sage's make do the same, which
 * builds the package each time. The package must be installed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { inMake, requireConfigured, venvOf } from "./sage-checkout.js";
import { must, run } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { printTable } from "./table.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    package: { type: "string", default: "cython" },
    import: {
      type: "string",
      default: "Cython.Build, Cython.Compiler.Main, Cython.Debugger.Cygdb",
    },
    flips: { type: "string", default: "10" },
    pythons: { type: "string", default: "2" },
    pause: { type: "string", default: "5" },
    make: { type: "boolean", default: false },
  },
});
const [checkout] = positionals;
requireTenon();
requireConfigured(checkout, "node proof/sage-flips.js CHECKOUT");
const limit = { timeoutMs: 3_600_000, env: { ...process.env, MAKEFLAGS: "" } };
const versionFile = `${checkout}/build/pkgs/${values.package}/package-version.txt`;
const makefile = `${checkout}/build/make/Makefile`;
const before = {
  version: readFileSync(versionFile, "utf8"),
  makefile: readFileSync(makefile, "utf8"),
};
const usual = before.version.trim();
const versions = [`${usual.replace(/\.p\d+$/, "")}.p97`, usual];
const tools = {
  tenon: tenon("build", "--sage", checkout, "-j2", values.package),
  ...(values.make ? { make: inMake(checkout, values.package) } : {}),
};
const rows = [];
let failures = 0;
try {
  for (const [name, command] of Object.entries(tools)) rows.push(await flipOften(name, command));
} finally {
  writeFileSync(versionFile, before.version);
  writeFileSync(makefile, before.makefile);
}
printTable(["tool", "flips", "sweeps", "sweeps with an import error", "seconds"], rows);
if (failures > 0) process.exitCode = 1;

async function flipOften(name, command) {
  if (name === "tenon") for (const version of versions) await flip(command, version);
  const watching = { isOver: false };
  const watchers = Array.from({ length: Number(values.pythons) }, () => watch(watching));
  const startedMs = performance.now();
  for (let count = 0; count < Number(values.flips); count += 1) {
    await flip(command, versions[count % 2]);
    await new Promise((resolve) => setTimeout(resolve, Number(values.pause) * 1000));
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  watching.isOver = true;
  const counts = await Promise.all(watchers);
  const sum = (key) => counts.reduce((all, one) => all + one[key], 0);
  if (name === "tenon") failures += sum("failed");
  for (const { said } of counts) if (said !== "") process.stdout.write(`${name}: ${said}\n`);
  return [name, values.flips, String(sum("sweeps")), String(sum("failed")), seconds];
}

/** make knows the version by its makefile, tenon by the file from which configure has it. */
async function flip(command, version) {
  writeFileSync(versionFile, `${version}\n`);
  const line = new RegExp(`^vers_${values.package} = .*$`, "m");
  writeFileSync(makefile, before.makefile.replace(line, `vers_${values.package} = ${version}`));
  await must(command, limit);
}

async function watch(watching) {
  const python = [`${venvOf(checkout)}/bin/python3`, "-c", `import ${values.import}`];
  const counts = { sweeps: 0, failed: 0, said: "" };
  while (!watching.isOver) {
    const { code, stderr } = await run(python, limit);
    counts.sweeps += 1;
    if (code === 0) continue;
    counts.failed += 1;
    counts.said ||= stderr.trim().split("\n").at(-1) ?? "";
  }
  return counts;
}
