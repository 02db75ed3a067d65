/** Kills a build again and again, looks at what is there each time, and lets the same command go on. */
import { attempt } from "./sage-attempt.js";
import { emptyPrefix } from "./sage-checkout.js";
import { build, environment, look, workIn } from "./sage-look.js";
import { printTable } from "./table.js";

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
  "in scratch",
  "alive",
  "could go on",
];

/** One build, killed `count` times; the moments are spread over the time that an undisturbed one takes. */
export async function killOften(tool, setting, count) {
  const state = begin(tool, setting, tool.name);
  emptyPrefix(setting.checkout);
  for (const moment of spread(setting.random, count, Math.min(...tool.seconds)))
    await killAt(state, moment);
  await goOn(state);
  const { unlike, work, scratch } = compare(state);
  process.stdout.write(
    `${tool.name}, at the end: ${unlike.length} differences from an undisturbed build; ` +
      `${work.length} in work (undisturbed: ${tool.work}), ${scratch.length} in scratch\n`,
  );
  return report(state);
}

/** Everything is in the store of `killOften`: each time one join of all, killed once it has begun. */
export async function killJoins(tool, setting, count) {
  const hasBegun = () => workIn(setting).length > 0;
  const state = { ...begin(tool, setting, `${tool.name}, joining`), hasBegun };
  emptyPrefix(setting.checkout);
  const { secondsSince } = await build(tool, setting, state);
  for (const moment of spread(setting.random, count, secondsSince)) {
    emptyPrefix(setting.checkout);
    Object.assign(state, { seconds: 0, isOver: false, hasBegun });
    await killAt(state, moment);
    await goOn({ ...state, hasBegun: undefined });
    compare(state);
  }
  return report(state);
}

function begin(tool, setting, name) {
  const totals = { kills: 0, packages: 0, distributions: 0, alive: 0, failures: 0, differences: 0 };
  return { tool, setting, name, store: `killed-${tool.name}`, seconds: 0, rows: [], totals };
}

function spread(random, count, seconds) {
  return Array.from({ length: count }, (_, at) => ((at + random()) * seconds) / count);
}

async function killAt(state, moment) {
  const { name, rows, totals } = state;
  const { isKilled, alive } = await goOn(state, moment);
  if (!isKilled) return;
  const found = look(state);
  const { broken, distributions } = found;
  if (broken.length + distributions.length > 0) totals.kills += 1;
  totals.packages += broken.length;
  totals.distributions += distributions.length;
  totals.alive += alive;
  const kinds = [
    "whole",
    "half",
    "unstamped",
    "hollow",
    "torn",
    "distributions",
    "stray",
    "work",
    "scratch",
  ];
  const counts = kinds.map((kind) => found[kind].length);
  rows.push([rows.length + 1, state.seconds.toFixed(1), found.kept, ...counts, alive, "yes"]);
  const some = [...broken, ...distributions, ...found.stray].slice(0, 8);
  process.stdout.write(`${name}: ${rows.at(-1).slice(0, -1).join(" ")}: ${some.join(" ")}\n`);
}

/** The same command, until it is killed or over; what it says when it fails is the last kill's. */
async function goOn(state, moment) {
  if (state.isOver) return { isKilled: false, alive: 0 };
  const { tool, setting, store, rows, totals, hasBegun } = state;
  const said = [];
  let ended;
  do {
    const killAfterMs = moment && Math.max(0, moment - state.seconds) * 1000;
    ended = await build(tool, setting, { store, killAfterMs, hasBegun });
    state.seconds += ended.seconds;
    if (!ended.isGood) said.push(ended.said);
    if (said.length === 2) await mend(state);
  } while (!ended.isGood && said.length < 4);
  state.isOver = !ended.isKilled;
  if (said.length === 0) return ended;
  totals.failures += 1;
  rows.at(-1)?.splice(-1, 1, said.join("; "));
  return ended;
}

/** Only where the same command has failed twice. */
async function mend(state) {
  const { tool, setting, store } = state;
  const { broken } = look(state);
  if (tool.clean === undefined || broken.length === 0) return;
  const { checkout: place, timeoutMs } = setting;
  const env = environment(setting, store);
  const ended = await attempt(tool.clean(broken), { env, place, timeoutMs });
  process.stdout.write(`${state.name}: cleaned ${broken.join(" ")}: ${ended.said}\n`);
}

function compare(state) {
  const found = look(state);
  const lines = [...found.unlike, ...found.distributions];
  state.totals.differences += lines.length;
  for (const line of lines.slice(0, 20)) process.stdout.write(`  ${line}\n`);
  return found;
}

function report({ name, rows, totals }) {
  printTable([name, ...columns.slice(1)], rows);
  return [name, rows.length, ...Object.values(totals)];
}
