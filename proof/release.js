/**
 * Installs a release as people do: in a Debian without Node.js, as an ordinary user, in each way there is. Builds a part
 * of the quickstart's stack, upgrades tenon while it builds, removes it, and looks for what stayed behind. Root runs it;
 * it needs debootstrap, and for arm64 qemu-user-static, of Debian's packages.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { copyNpm, makeRelease, makeWorkspaces } from "./release-make.js";
import { debian, machineOn } from "./release-root.js";
import { timed, upgradeWhileBuilding, versions, watched } from "./release-shell.js";
import { theirs, waysFor } from "./release-ways.js";
import { printTable } from "./table.js";

const { values } = parseArgs({
  options: {
    /** The release, of all platforms that are tried; without it, one is made. */
    release: { type: "string" },
    /** The release that is upgraded to; without it, the same commit with another version. */
    newer: { type: "string" },
    roots: { type: "string", default: "/var/tmp/tenon-proof-roots" },
    suite: { type: "string", default: "bookworm" },
    architecture: { type: "string", default: "amd64" },
    libc: { type: "string", default: "glibc" },
    only: { type: "string" },
    /** Builds the whole stack of the quickstart. */
    whole: { type: "boolean", default: false },
    /** Makes the release twice, in two folders, and compares the bytes. */
    twice: { type: "boolean", default: false },
  },
});
const folder = mkdtempSync(`${tmpdir()}/tenon-proof-`);
const cpu = values.architecture === "arm64" ? "arm64" : "x64";
const platform = `linux-${cpu}${values.libc === "musl" ? "-musl" : ""}`;
const newerVersion = "0.1.99";
const failures = [];
const rows = [];
try {
  const release = resolve(values.release ?? makeRelease(`${folder}/release`, platform));
  if (values.twice) compare(release, makeRelease(`${folder}/again`, platform));
  const newer = resolve(values.newer ?? makeRelease(`${folder}/newer`, platform, newerVersion));
  const root = debian(values.roots, values.suite, values.architecture);
  for (const way of waysFor(cpu, values.libc)) {
    if (values.only === undefined || way.name.startsWith(values.only))
      tryWay(way, { release, newer, root });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
printTable(["way", "install s", "to first build s", "build s", "--version ms", "left"], rows);
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.stdout.write(`${rows.length * 5 - failures.length} passed, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

function tryWay(way, { release, newer, root }) {
  process.stdout.write(`\n# ${way.name} on ${values.suite} ${values.architecture}\n`);
  const place = `${folder}/machine-${rows.length}`;
  const node = way.name === "npm" ? { "/opt/node": copyNpm(`${folder}/node`) } : {};
  const workspaces = { "/workspaces": makeWorkspaces(`${place}/workspaces`) };
  const machine = machineOn(root, place, {
    "/release": release,
    "/newer": newer,
    ...workspaces,
    ...node,
  });
  const type = (shown, script = shown) => {
    process.stdout.write(`$ ${shown}\n`);
    const { status, said } = machine.shell(script);
    process.stdout.write(`${said}\n`);
    if (status !== 0) failures.push(`${way.name}: ${script}: exit code ${status}`);
    return said;
  };
  const from = (text) => (files) => text.replaceAll("FILES", files);
  const program = from(way.program ?? "tenon");
  if (way.before !== undefined) type(way.before);
  const install = from(way.install)("/release");
  const tookInstall = numberIn(type(install, timed(install)), "took");
  const version = numberIn(
    type(`${program("/release")} --version`, versions(program("/release"))),
    "fastest",
  );
  type("cp -r /workspaces/* .");
  const targets = values.whole ? "" : " libgreet packaging";
  const build = `${program("/release")} build -C quickstart${targets}`;
  const built = type(build, watched(build));
  const upgrade = from(way.upgrade);
  type(
    `${program("/release")} build -C slow & ${upgrade("/newer")}`,
    upgradeWhileBuilding({ program, upgrade, version: newerVersion }),
  );
  type(from(way.remove)("/newer"));
  const left = machine.traces().filter((file) => !theirs.test(file) && !isWork(file));
  if (left.length > 0) failures.push(`${way.name}: left ${left.slice(0, 5).join(", ")}`);
  const underWay = tookInstall + numberIn(built, "under way after");
  const times = [tookInstall, underWay, numberIn(built, "done after")].map((each) =>
    each.toFixed(2),
  );
  rows.push([way.name, ...times, version, left.length]);
  rmSync(place, { recursive: true });
}

/** What a person makes with tenon, and removes by hand. */
function isWork(file) {
  return /^~\/(?:quickstart|slow|\.cache\/tenon)\//.test(file);
}

function numberIn(text, label) {
  return Number(new RegExp(`${label} ([\\d.]+)`).exec(text)?.[1] ?? Number.NaN);
}

function compare(first, second) {
  const [one, other] = [first, second].map((place) => readFileSync(`${place}/SHA256SUMS`, "utf8"));
  if (one !== other) failures.push(`two runs differ:\n${one}\n${other}`);
  process.stdout.write(`two runs ${one === other ? "gave the same bytes" : "differ"}\n`);
}
