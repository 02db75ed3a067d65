/**
 * How often the explanation of a failure is right, on the logs of test/failure/corpus/.
 *
 *     node proof/explain.js [--show NAME…] [--logs FOLDER]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { build } from "esbuild";
import { isHeldOut, judge } from "../test/failure/judge.js";

const folder = "test/failure/corpus";
const expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8"));
const { show, logs } = readArguments(process.argv.slice(2));
const explainLog = await load("src/failure/index.ts");
const counts = { "developed on": newCount(), "held out": newCount() };

for (const file of readdirSync(logs).filter((name) => !name.includes(".again."))) {
  if (!file.endsWith(".log")) continue;
  const name = file.slice(0, -".log".length);
  const log = readFileSync(`${logs}/${file}`, "utf8");
  const explanation = explainLog({ package: name, step: "build", log, ending: "it ended" });
  if (show.includes(name))
    process.stdout.write(`${name}: ${JSON.stringify(explanation, null, 1)}\n`);
  if (expected[name] === undefined) continue;
  const faults = judge(explanation, log, expected[name]);
  count(counts[isHeldOut(name) ? "held out" : "developed on"], explanation, faults, expected[name]);
  for (const fault of faults)
    process.stdout.write(`${name}${isHeldOut(name) ? " (held out)" : ""}: ${fault}\n`);
}
process.stdout.write(
  "\n| logs | number | explained | right kind | right line | right in all | precision | recall |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
);
for (const [title, { number, explained, kind, line, all, knowable }] of Object.entries(counts)) {
  const part = (of) => (of === 0 ? "–" : `${((100 * all) / of).toFixed(0)} %`);
  process.stdout.write(
    `| ${title} | ${number} | ${explained} | ${kind} | ${line} | ${all} | ${part(explained)} | ${part(knowable)} |\n`,
  );
}

function newCount() {
  return { number: 0, knowable: 0, explained: 0, kind: 0, line: 0, all: 0 };
}

/** What the log does not say counts as neither explained nor knowable when nothing is claimed. */
function count(sums, { kind }, faults, { kind: wanted }) {
  sums.number += 1;
  if (!faults.some((fault) => fault.startsWith("kind"))) sums.kind += 1;
  if (!faults.some((fault) => fault.startsWith("line"))) sums.line += 1;
  if (wanted !== "unknown") sums.knowable += 1;
  if (kind !== "unknown") sums.explained += 1;
  if (faults.length === 0 && kind !== "unknown") sums.all += 1;
}

async function load(entry) {
  const out = mkdtempSync(`${tmpdir()}/tenon-explain-`);
  try {
    await build({
      entryPoints: [entry],
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: `${out}/it.mjs`,
      logLevel: "error",
    });
    return (await import(`${out}/it.mjs`)).explainLog;
  } finally {
    rmSync(out, { recursive: true });
  }
}

function readArguments(words) {
  const at = words.indexOf("--logs");
  return { show: words, logs: at < 0 ? folder : words[at + 1] };
}
