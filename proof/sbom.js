/**
 * Bills of materials of a prefix of 625 packages: how long `tenon sbom` takes, and whether foreign tools that know the
 * published forms find anything wrong with what it writes: spdx-tools and cyclonedx-python-lib, which pip installs.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { must, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { printTable } from "./table.js";
import { writeFiles } from "./trees.js";

const { values } = parseArgs({
  options: {
    packages: { type: "string", default: "625" },
    files: { type: "string", default: "24" },
    runs: { type: "string", default: "5" },
    // Of a prefix that is there, instead.
    prefix: { type: "string" },
  },
});
const [count, files, runs] = [values.packages, values.files, values.runs].map(Number);

const check = `
import sys
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
from cyclonedx.validation.json import JsonStrictValidator
from cyclonedx.schema import SchemaVersion
document = parse_file(sys.argv[1])
faults = [each.validation_message for each in validate_full_spdx_document(document, "SPDX-2.3")]
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[2]).read())
if fault is not None: faults.append(str(fault))
print(len(document.packages), "packages,", len(document.files), "files,", len(document.relationships), "relationships,", len(faults), "faults")
for each in faults[:20]: print(each)
sys.exit(1 if faults else 0)
`;

requireTenon();
const folder = temporaryFolder("sbom");
const prefix = values.prefix ?? plantPrefix(`${folder}/prefix`);
const forms = [
  ["--format", "spdx"],
  ["--format", "cyclonedx"],
  ["--format", "spdx", "--no-files"],
];
const rows = [];
for (const form of forms) rows.push(await measure(form));
printTable(["form", "median ms", "least", "most", "bytes"], rows);

await must(["python3", "-m", "venv", `${folder}/venv`], { timeoutMs: 300_000 });
const tools = ["spdx-tools", "cyclonedx-python-lib[json-validation]"];
await must([`${folder}/venv/bin/pip`, "install", "-q", ...tools], { timeoutMs: 600_000 });
const written = [`${folder}/0.json`, `${folder}/1.json`];
const judged = await must([`${folder}/venv/bin/python`, "-c", check, ...written], {
  timeoutMs: 1_800_000,
});
process.stdout.write(judged.stdout);

async function measure(form) {
  const file = `${folder}/${forms.indexOf(form)}.json`;
  /** @type {number[]} */
  const times = [];
  let text = "";
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await must(tenon("sbom", "--prefix", prefix, "-o", file, ...form), { timeoutMs: 600_000 });
    times.push(performance.now() - start);
    const again = readFileSync(file, "utf8");
    if (text !== "" && text !== again) throw new Error("it wrote another text");
    text = again;
  }
  times.sort((a, b) => a - b);
  const shown = [runs >> 1, 0, runs - 1].map((at) => (times[at] ?? 0).toFixed(0));
  return [form.slice(1).join(" "), ...shown, text.length];
}

/** Packages with files of 4 KiB, each of which needs up to eight others. */
function plantPrefix(root) {
  const state = `${root}/var/lib/tenon/packages`;
  mkdirSync(state, { recursive: true });
  for (let number = 0; number < count; number += 1) {
    const name = `package-${number}`;
    const contents = Object.fromEntries(
      Array.from({ length: files }, (_, index) => [
        `lib/${name}/file${String(index).padStart(4, "0")}`,
        `${name} ${index}\n`.repeat(256),
      ]),
    );
    writeFiles(root, contents);
    writeFileSync(`${state}/${name}.json`, recordOf(name, number, contents));
  }
  return root;
}

function recordOf(name, number, contents) {
  const rows = [
    ["d", "lib", "0755"],
    ["d", `lib/${name}`, "0755"],
    ...Object.entries(contents).map(([path, text]) => [
      "f",
      path,
      "0644",
      text.length,
      sha256(text),
    ]),
  ];
  const others = Array.from({ length: 8 }, (_, step) => number - 1 - step * step * 7);
  const head = {
    format: 1,
    name,
    version: "1.0",
    artifact: sha256(name),
    depends: others.filter((each) => each >= 0).map((each) => `package-${each}`),
    about: {
      license: "MIT",
      source: { place: `https://source.invalid/${name}.tar.gz`, sha256: sha256(`${name} source`) },
    },
    takesOver: [],
    ceded: [],
    installedAtMs: Date.UTC(2026, 10, 30),
    transaction: "20261130T000000Z-1",
  };
  return `${JSON.stringify({ ...head, manifest: rows })}\n`;
}

function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
