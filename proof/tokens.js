/** Packages that each run make with many slow rules: how many rules run at once, and whether always. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { howItEnded, start, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { printTable } from "./table.js";
import { writeFiles } from "./trees.js";

const { values } = parseArgs({
  options: {
    packages: { type: "string", default: "8" },
    rules: { type: "string", default: "50" },
    seconds: { type: "string", default: "0.2" },
    jobs: { type: "string", short: "j", default: "4" },
  },
});
const [packages, rules, seconds, jobs] = [
  values.packages,
  values.rules,
  values.seconds,
  values.jobs,
].map(Number);

requireTenon();
const root = temporaryFolder("tokens");
const env = {
  ...process.env,
  MAKEFLAGS: "",
  TENON_STORE: `${root}/store`,
  TENON_WRITABLE: `${root}/log`, // where the rules of all packages are counted
};
const names = Array.from({ length: packages }, (_, index) => `package${index + 1}`);
writeFiles(root, workspaceFiles());

const ways = {
  tenon: tenon("build", "-C", root, `-j${jobs}`, "--no-sync"),
  "one make": ["make", `-j${jobs}`, "-f", `${root}/all.mk`],
  "a make for each": ["sh", "-c", `printf '%s\\n' ${names.join(" ")} | ${makesAtOnce()}`],
};
process.stdout.write(
  `${packages} packages, each make with ${rules} rules of ${seconds} s, -j${jobs}; ` +
    `ideal: ${(idealMs() / 1000).toFixed(1)} s\n`,
);
const rows = [];
for (const [way, command] of Object.entries(ways)) rows.push(await measure(way, command));
printTable(
  ["way", "most at once", `below ${jobs}`, "lost", "seconds", "to ideal", "own CPU"],
  rows,
);
if (rows[0][1] !== jobs) process.exitCode = 1;

async function measure(way, command) {
  rmSync(`${root}/log`, { recursive: true, force: true });
  mkdirSync(`${root}/log`);
  const startedMs = performance.now();
  const process = start(command, { env, timeoutMs: 600_000 });
  const cpu = watchCpu(process.pid);
  const ended = await process.ended;
  const tookMs = performance.now() - startedMs;
  if (ended.code !== 0) throw new Error(`${way}: ${howItEnded(ended)}\n${ended.stderr}`);
  const { most, below, lost } = readLog();
  const share = way === "tenon" ? percent(cpu() / tookMs) : "";
  const ratio = (tookMs / idealMs()).toFixed(3);
  return [way, most, percent(below), percent(lost), (tookMs / 1000).toFixed(1), ratio, share];
}

/**
 * `below`: the share of time with fewer rules than jobs, while some rule had not begun; `lost`: the
 * share of the jobs' time meanwhile that no rule had.
 */
function readLog() {
  const changes = readdirSync(`${root}/log`).flatMap((name) =>
    readFileSync(`${root}/log/${name}`, "utf8")
      .trim()
      .split("\n")
      .map((nanoseconds, index) => ({ atMs: Number(nanoseconds) / 1e6, by: index === 0 ? 1 : -1 })),
  );
  if (changes.length !== 2 * packages * rules)
    throw new Error(`${changes.length} times in the log`);
  changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  const firstMs = changes[0].atMs;
  const lastMs = changes.findLast(({ by }) => by > 0)?.atMs ?? firstMs;
  let [running, most, belowMs, lostMs] = [0, 0, 0, 0];
  changes.forEach(({ atMs, by }, index) => {
    running += by;
    most = Math.max(most, running);
    const forMs = Math.min(changes[index + 1]?.atMs ?? atMs, lastMs) - atMs;
    if (running >= jobs || forMs <= 0) return;
    belowMs += forMs;
    lostMs += (forMs * (jobs - running)) / jobs;
  });
  return { most, below: belowMs / (lastMs - firstMs), lost: lostMs / (lastMs - firstMs) };
}

function workspaceFiles() {
  const recipes = names.map((name) => [
    `packages/${name}.toml`,
    `name = "${name}"\nversion = "1"\nsource.path = "../source"\n` +
      `[build]\nsystem = "make"\nargs = ["NAME=${name}"]\n`,
  ]);
  const rule = `	@date +%s%N >>$(LOG)/$@; sleep ${seconds}; date +%s%N >>$(LOG)/$@\n`;
  const own = Array.from({ length: rules }, (_, index) => `$(NAME)-${index}`).join(" ");
  const install =
    '\tmkdir -p "$(DESTDIR)$(PREFIX)/share" && : >"$(DESTDIR)$(PREFIX)/share/$(NAME)"\n';
  const all = names.flatMap((name) => own.split(" ").map((one) => one.replace("$(NAME)", name)));
  return {
    "tenon.toml": `[workspace]\nprefix = "prefix"\nenv = { LOG = "${root}/log" }\n`,
    ...Object.fromEntries(recipes),
    "source/Makefile": `all: ${own}\n$(NAME)-%:\n${rule}install:\n${install}`,
    "all.mk": `LOG = ${root}/log\nall: ${all.join(" ")}\npackage%:\n${rule}`,
  };
}

function makesAtOnce() {
  return `xargs -P${jobs} -I{} make -s -j${jobs} -C ${root}/source LOG=${root}/log NAME={}`;
}

/** Processor time of the process itself, not of what it starts; the last value that was seen. */
function watchCpu(pid) {
  const ticksPerSecond = 100;
  let ms = 0;
  const timer = setInterval(() => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
      ms = ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
    } catch {
      clearInterval(timer);
    }
  }, 100);
  return () => {
    clearInterval(timer);
    return ms;
  };
}

function idealMs() {
  return (packages * rules * seconds * 1000) / jobs;
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
