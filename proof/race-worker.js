/**
 * A worker of the race: tenon as a library. Each line of its input is a request: to install or build
 * versions of packages, those of one after each other and all packages at once, or to verify. It
 * answers why each install failed (null: it did not), or what `verify` found.
 */
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { library } from "./program.js";

const { build, createRealWorld, installStage, openPrefix, verify } = await import(
  pathToFileURL(library).href
);
const world = createRealWorld({});

for await (const line of createInterface({ input: process.stdin })) {
  const { prefix, chains, sync, weakRenames } = JSON.parse(line);
  const how = { sync, weakRenames };
  const answer = chains
    ? (await Promise.all(chains.map((chain) => installAll(prefix, how, chain)))).flat()
    : await whyFailed(() => verifyPrefix(prefix));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function installAll(prefix, how, chain) {
  const failures = [];
  for (const each of chain) {
    const join = each.workspace === undefined ? install : buildOne;
    failures.push(await whyFailed(() => join(prefix, how, each)));
  }
  return failures;
}

async function whyFailed(work) {
  try {
    await work();
    return null;
  } catch (error) {
    return Object(error).stack;
  }
}

async function install(prefix, how, { name, version, stage }) {
  const teller = makeTeller("install", how);
  const opened = await openPrefix(world, { directory: "/", prefix, ...teller });
  const about = { name, version, stage, keepStage: false, allowSetuid: false, replaces: [] };
  const result = await installStage(opened, about);
  if (result.kind !== "done") throw new Error(JSON.stringify(result));
}

/** It is in the store already, and has to be relocated and joined only. */
async function buildOne(prefix, how, { name, workspace, recipe, store }) {
  writeFileSync(`${workspace}/packages/${name}.toml`, recipe);
  const where = { directory: workspace, prefix, store, environment: { PATH: process.env.PATH } };
  const what = { packages: [name], isolation: "auto", offline: true, failFast: false };
  const options = { ...where, ...what, ...makeTeller("build", how), dryRun: false };
  const result = await build(world, options);
  if (result.kind !== "done" || result.built > 0) throw new Error(JSON.stringify(result));
}

async function verifyPrefix(prefix) {
  const teller = makeTeller("verify", { sync: true });
  const { layout } = await openPrefix(world, { directory: "/", prefix, ...teller });
  const { findings } = await verify(world, layout, [], teller);
  if (findings.length > 0) throw new Error(JSON.stringify(findings));
}

/** Nothing dies here: a recovery would mean that a living transaction was taken for a dead one. */
function makeTeller(activity, how) {
  const emit = (event) => {
    if (event.kind === "recovered") throw new Error(`recovered: ${event.text}`);
  };
  return { activity, ...how, emit };
}
