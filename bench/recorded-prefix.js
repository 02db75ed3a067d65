/** A prefix of many packages with many files each, of which nothing but the records is there. */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

const digest = createHash("sha256").update("").digest("hex");

/** Records and history as tenon writes them, without the files: nothing here looks at those. */
export function recordPackages(prefix, count, files) {
  rmSync(prefix, { recursive: true, force: true });
  const state = `${prefix}/var/lib/tenon`;
  for (const name of ["packages", "history", "tx"])
    mkdirSync(`${state}/${name}`, { recursive: true });
  for (let number = 0; number < count; number += 1) {
    const name = `package-${number}`;
    writeFileSync(`${state}/packages/${name}.json`, recordOf(name, files));
    const id = idOf(number);
    const entry = {
      format: 1,
      id,
      sequence: number + 1,
      activity: "tenon install",
      atMs: 1,
      changes: [{ package: name, from: null, to: "1" }],
    };
    writeFileSync(`${state}/history/${id}.json`, `${JSON.stringify(entry, null, 2)}\n`);
    mkdirSync(`${state}/tx/${id}`);
    writeFileSync(`${state}/tx/${id}/journal.json`, "{}\n");
  }
  const [path, text] = [`${prefix}/${fileOf(count, files)}`, ""];
  mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  writeFileSync(path, text);
}

/** A path that is asked for; only this one is there. */
export function fileOf(count, files) {
  const part = Math.floor((files - 2) / 20);
  return `lib/python3/site-packages/package-${Math.floor(count / 2)}/part${part}/module${files - 1}.py`;
}

function recordOf(name, files) {
  const site = `lib/python3/site-packages/${name}`;
  const directories = ["bin", "lib", "lib/python3", "lib/python3/site-packages", site];
  const rows = [
    ...directories.map((path) => ["d", path, "0755"]),
    ["f", `bin/${name}`, "0755", 0, digest],
  ];
  for (let number = 1; number < files; number += 1) {
    if (number % 20 === 1) rows.push(["d", `${site}/part${Math.floor(number / 20)}`, "0755"]);
    rows.push([
      "f",
      `${site}/part${Math.floor((number - 1) / 20)}/module${number}.py`,
      "0644",
      0,
      digest,
    ]);
  }
  rows.sort(([, a], [, b]) => (a < b ? -1 : 1));
  const head = {
    format: 1,
    name,
    version: "1",
    artifact: digest,
    depends: [],
    takesOver: [],
    ceded: [],
    installedAtMs: 1,
    transaction: idOf(0),
    summary: { files, sizeBytes: 0 },
  };
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "manifest": [\n${lines}\n  ]\n}\n`;
}

function idOf(number) {
  return `20260101T000000Z-${number.toString(16)}`;
}
