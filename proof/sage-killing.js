/** Kills a build again and again, looks at what is there each time, and lets the same command go on. */
import { existsSync, readdirSync } from "node:fs";
import { attempt } from "./sage-attempt.js";
import { emptyPrefix, localOf, venvOf } from "./sage-checkout.js";
import { brokenDistributions, differencesFrom, judge, readFiles } from "./sage-state.js";
import { printTable } from "./shared.js";

/** Of a row of the totals, after the name: what is not 0 in the last ones is bad. */
export const totalColumns = [
  "kills",
  "kills that broke",
  "packages broken",
  "distributions broken",
  "processes alive",
  "did not go on",
  "differences at the end",
];
const columns = [
  "kill",
  "second",
  "kept",
  "whole",
  "half-installed",
  "no stamp",
  "stamp, not whole",
  "torn files",
  "distributions",
  "stray files",
  "in work",
  "alive",
  "could go on",
];

export function environment({ root }, store) {
  return { ...process.env, MAKEFLAGS: "", TENON_STORE: `${root}/${store}` };
}

export function build(tool, setting, { store, killAfterMs }) {
  const { checkout, timeoutMs } = setting;
  const env = environment(setting, store);
  return attempt(tool.command, { env, place: checkout, timeoutMs, killAfterMs });
}

/** Folders of builds and transactions that are under way, or have been. */
export function workIn({ checkout, root }, store) {
  const local = localOf(checkout);
  const builds = [local, venvOf(checkout)].map((tree) => `${tree}/var/tmp/sage/build`);
  return [...builds, `${local}/var/lib/tenon/tx`, `${root}/${store}/scratch`].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : [],
  );
}

/** One build, killed `count` times; the moments are spread over the time that an undisturbed one takes. */
export async function killOften(tool, setting, count) {
  const expected = Math.min(...tool.seconds);
  const moments = spread(setting.random, count, expected);
  const state = {
    tool,
    setting,
    store: `killed-${tool.name}`,
    seconds: 0,
    rows: [],
    totals: zero(),
  };
  emptyPrefix(setting.checkout);
  for (const moment of moments) await killAt(state, moment);
  await goOn(state);
  return report(state, tool.name);
}

/** Everything is in the store of `killOften`: each time one join of all, killed once. */
export async function killJoins(tool, setting, count) {
  const state = {
    tool,
    setting,
    store: `killed-${tool.name}`,
    seconds: 0,
    rows: [],
    totals: zero(),
  };
  emptyPrefix(setting.checkout);
  const { seconds } = await build(tool, setting, state);
  for (const moment of spread(setting.random, count, seconds)) {
    emptyPrefix(setting.checkout);
    Object.assign(state, { seconds: 0, isOver: false });
    await killAt(state, moment);
    await goOn(state);
    state.totals.differences += differencesFrom(
      tool.reference,
      readFiles(localOf(setting.checkout)),
    ).length;
  }
  return report(state, `${tool.name}, joining`);
}

const zero = () => ({
  kills: 0,
  packages: 0,
  distributions: 0,
  alive: 0,
  failures: 0,
  differences: 0,
});

function spread(random, count, seconds) {
  return Array.from({ length: count }, (_, at) => ((at + random()) * seconds) / count);
}

async function killAt(state, moment) {
  const { tool, rows, totals } = state;
  const ended = await goOn(state, moment);
  if (!ended.isKilled) return;
  const found = look(state);
  const broken = brokenPackages(found);
  if (broken.length + found.distributions.length > 0) totals.kills += 1;
  totals.packages += broken.length;
  totals.distributions += found.distributions.length;
  totals.alive += ended.alive;
  const counts = ["whole", "half", "unstamped", "hollow", "torn", "distributions", "stray", "work"];
  const row = [
    rows.length + 1,
    state.seconds.toFixed(1),
    ...counts.map((one) => found[one].length),
  ];
  rows.push([...row, ended.alive]);
  process.stdout.write(`${tool.name}, kill ${row.join(" ")}: ${broken.join(" ")}`);
  process.stdout.write(` ${found.distributions.join(" ")} ${found.stray.slice(0, 5).join(" ")}\n`);
}

/** The same command, until it is killed or over; what it says when it fails is the last kill's. */
async function goOn(state, moment) {
  if (state.isOver) return { isKilled: false };
  const { tool, setting, store, rows, totals } = state;
  const said = [];
  let ended;
  do {
    const killAfterMs = moment && Math.max(0, moment - state.seconds) * 1000;
    ended = await build(tool, setting, { store, killAfterMs });
    state.seconds += ended.seconds;
    if (!ended.isGood) said.push(ended.said);
    if (said.length === 2) await mend(state);
  } while (!ended.isGood && said.length < 4);
  state.isOver = !ended.isKilled;
  if (said.length > 0) totals.failures += 1;
  if (rows.at(-1)?.length === columns.length - 1)
    rows.at(-1).push(said.length === 0 ? "yes" : said.join("; "));
  return ended;
}

/** Only where the same command has failed twice. */
async function mend({ tool, setting, store, ...state }) {
  const broken = brokenPackages(look({ tool, setting, store, ...state }));
  if (tool.clean === undefined || broken.length === 0) return;
  const { checkout: place, timeoutMs } = setting;
  const ended = await attempt(tool.clean(broken), {
    env: environment(setting, store),
    place,
    timeoutMs,
  });
  process.stdout.write(`${tool.name}: cleaned ${broken.join(" ")}: ${ended.said}\n`);
}

function look({ tool, setting, store }) {
  const found = judge(tool.reference, readFiles(localOf(setting.checkout)));
  const distributions = brokenDistributions(venvOf(setting.checkout));
  return {
    ...found,
    distributions: distributions.filter((name) => !tool.broken.includes(name)),
    work: workIn(setting, store),
    kept: tool.kept?.(`${setting.root}/${store}`) ?? found.whole.length,
  };
}

function brokenPackages({ half, unstamped, hollow }) {
  return [...new Set([...half, ...unstamped, ...hollow])];
}

function report(state, name) {
  const { tool, setting, store, rows, totals } = state;
  printTable([name, ...columns.slice(1)], rows);
  const unlike = differencesFrom(tool.reference, readFiles(localOf(setting.checkout)));
  const { distributions, work } = look(state);
  const lines = [...unlike, ...distributions].slice(0, 20).map((line) => `\n  ${line}`);
  process.stdout.write(
    `${name}, at the end: ${unlike.length} differences from an undisturbed build, ` +
      `${distributions.length} distributions broken, ${work.length} folders of work (undisturbed: ` +
      `${tool.work})${lines.join("")}\n`,
  );
  totals.differences += unlike.length + distributions.length;
  return [name, rows.length, ...Object.values(totals)];
}
