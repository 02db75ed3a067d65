/** What a person sees of the prefix, and whether a state after a power cut is whole. */
import { operationsFor, environment, places } from "./power-operations.js";
import { howItEnded, run } from "./processes.js";
import { tenon } from "./program.js";
import { differences, readTree, writeFiles } from "./trees.js";

const onPrefix = (...args) => tenon(...args, "--prefix", places.prefix);
const runTenon = (command) => run(command, { env: environment, timeoutMs: 240_000 });

/**
 * The prefix without by-products and `var/` (it is tenon's), the stage, and what tenon says of it:
 * what it has said of the same tree in an earlier state need not be asked again.
 */
export async function stateOf(earlier) {
  const [tree, stage] = [[...prefixTree()], [...readTree(places.stage)]];
  if (earlier !== undefined && JSON.stringify(tree) === JSON.stringify(earlier.tree))
    return { ...earlier, stage };
  return { tree, stage, list: await ask("list"), verify: await ask("verify") };
}

function prefixTree() {
  return readTree(places.prefix, (place) => place === "var" || place.endsWith("__pycache__"));
}

async function ask(question) {
  const ended = await runTenon(onPrefix(question, "--json"));
  return (ended.code ?? 0) > 1 ? `${howItEnded(ended)}: ${ended.stderr}` : ended.stdout;
}

/**
 * Recovers, and gives `old`, `new` or `neither` with what is wrong. A command that had ended before
 * the cut must have done what it said; the next command must do what it is told.
 */
export async function look(share, operation, mustBeNew) {
  const recovered = await runTenon(onPrefix("recover"));
  const isNoneYet = operation.old.list === "" && recovered.code === 2; // that is no prefix, it says
  const complaints = recovered.code === 0 || isNoneYet ? [] : [said("recover", recovered)];
  const state = await stateOf();
  const [fromOld, fromNew] = [operation.old, operation.next].map((each) => compare(each, state));
  const outcome = fromNew.length === 0 ? "new" : fromOld.length === 0 ? "old" : "neither";
  if (outcome === "neither") {
    const [name, lines] = fromOld.length < fromNew.length ? ["old", fromOld] : ["new", fromNew];
    complaints.push(`neither old nor new; from the ${name}:`, ...lines);
  } else if (outcome === "old" && mustBeNew) {
    complaints.push("the command had ended, but the prefix is the old one");
  } else {
    complaints.push(...(await goOn(share, operation, outcome)));
  }
  return { outcome, complaints };
}

function compare(expected, { tree, stage, list, verify }) {
  return [
    ...differences(new Map(expected.tree), new Map(tree)),
    ...differences(new Map(expected.stage), new Map(stage)).map((line) => `the stage: ${line}`),
    ...(list === expected.list ? [] : [`list: ${list}`]),
    ...(verify === expected.verify ? [] : [`verify: ${verify}`]),
  ];
}

/** From the old prefix the same command leads to the new one; into the new one something else goes. */
async function goOn(share, { name, next }, outcome) {
  const stage = `${places.disk}/probe`;
  writeFiles(stage, { "share/probe": "probe\n" });
  const probe = onPrefix("install", "--name", "probe", "--version", "1", "--stage", stage);
  const operation = operationsFor(share).find((each) => each.name === name);
  const ended = await runTenon(outcome === "old" ? operation?.command : probe);
  if (ended.code !== 0) return [said("the next command", ended)];
  const tree = prefixTree();
  if (outcome === "new" && !tree.delete("share/probe")) return ["share/probe is missing"];
  return differences(new Map(next.tree), tree).map((line) => `afterwards: ${line}`);
}

function said(what, ended) {
  return `${what}: ${howItEnded(ended)}: ${`${ended.stdout}${ended.stderr}`.trim()}`;
}
