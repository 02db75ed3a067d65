/** SageMath's graph of packages with seeded durations, as a workspace, a Makefile and a ninja file. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { randomFrom } from "../proof/random.js";

const file =
  process.env.TENON_GRAPH ??
  fileURLToPath(new URL("../../shared/data/sage-graph.json", import.meta.url));

/** How long the kinds of sources take beside each other, in the middle. */
const middleSeconds = { normal: 60, script: 20, pip: 8, wheel: 2, none: 0.5 };
/** Of the logarithm: one package in six takes 2.7 times as long as the middle one, or longer. */
const spread = 1;

/** Undefined, with a word on stderr, when the file with the graph is not there. */
export function readGraph({ seed = 1 } = {}) {
  if (!existsSync(file)) {
    process.stderr.write(`skipped: ${file} is missing; TENON_GRAPH names another place\n`);
    return undefined;
  }
  const random = randomFrom(seed);
  return JSON.parse(readFileSync(file, "utf8")).map((row) => {
    const build = unique([...row.build, ...row.order]).map(nameOf);
    const run = unique(row.run).map(nameOf);
    const seconds = middleSeconds[row.source] * Math.exp(spread * normal(random));
    return { name: nameOf(row.name), build, run, needs: unique([...build, ...run]), seconds };
  });
}

/** The same graph, with durations that make `jobs` jobs take at least this long. */
export function scale(graph, { jobs, boundSeconds }) {
  const factor = boundSeconds / boundOf(graph, jobs).boundSeconds;
  return graph.map((each) => ({ ...each, seconds: Number((each.seconds * factor).toFixed(3)) }));
}

/** What no schedule can beat: the longest chain, and all work shared by the jobs. */
export function boundOf(graph, jobs) {
  const byName = new Map(graph.map((each) => [each.name, each]));
  const ends = new Map();
  const endOf = (name) => {
    if (!ends.has(name)) {
      const { needs, seconds } = byName.get(name);
      ends.set(name, seconds + Math.max(0, ...needs.map(endOf)));
    }
    return ends.get(name);
  };
  const pathSeconds = Math.max(...graph.map(({ name }) => endOf(name)));
  const workSeconds = graph.reduce((sum, { seconds }) => sum + seconds, 0);
  return { pathSeconds, workSeconds, boundSeconds: Math.max(pathSeconds, workSeconds / jobs) };
}

export function writeWorkspace(folder, graph, { prefix }) {
  mkdirSync(`${folder}/packages`, { recursive: true });
  writeFileSync(`${folder}/tenon.toml`, `[workspace]\nprefix = ${JSON.stringify(prefix)}\n`);
  for (const { name, build, run, seconds } of graph) {
    const script = `sleep ${seconds}; echo ${name} >"$PREFIX/${name}"`;
    writeFileSync(
      `${folder}/packages/${name}.toml`,
      `name = "${name}"\nversion = "1"\n[depends]\nbuild = ${JSON.stringify(build)}\n` +
        `run = ${JSON.stringify(run)}\n[build]\nsystem = "script"\nscript = '${script}'\n`,
    );
  }
}

export function writeMakefile(folder, graph) {
  mkdirSync(folder, { recursive: true });
  const rules = graph.map(
    ({ name, needs, seconds }) => `${name}: ${needs.join(" ")}\n\t@sleep ${seconds}; touch $@\n`,
  );
  const all = `all: ${graph.map(({ name }) => name).join(" ")}\n.PHONY: all\n`;
  writeFileSync(`${folder}/Makefile`, `MAKEFLAGS += -r\n${all}${rules.join("")}`);
}

export function writeNinja(folder, graph) {
  mkdirSync(folder, { recursive: true });
  const rule = "rule make\n  command = sleep $seconds; touch $out\n";
  const edges = graph.map(
    ({ name, needs, seconds }) =>
      `build ${name}: make ${needs.join(" ")}\n  seconds = ${seconds}\n`,
  );
  writeFileSync(`${folder}/build.ninja`, `${rule}${edges.join("")}`);
}

/** Names of packages begin with a letter or a digit. */
function nameOf(name) {
  return name.replace(/^_/, "0_");
}

function unique(names) {
  return [...new Set(names)];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}
