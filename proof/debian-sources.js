/** Archives of Debian's source packages, from where the machine has its packages; what apt knows of it is left as it is. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { must, run } from "./processes.js";

/**
 * Gives each package's version and the head of its recipe. What is in `archives` already is not fetched again.
 *
 * @param {string} archives
 * @param {string[]} names
 */
export async function fetchSources(archives, names, limit = {}) {
  mkdirSync(archives, { recursive: true });
  const missing = names.filter((name) => !archivesIn(archives).has(name));
  const said = missing.length === 0 ? "" : await download(archives, missing, limit);
  const there = archivesIn(archives);
  const lacking = names.filter((name) => !there.has(name));
  if (lacking.length > 0) throw new Error(`not to be had: ${lacking.join(", ")}\n${said}`);
  return new Map(names.map((name) => [name, headOf(archives, name, there.get(name))]));
}

function archivesIn(archives) {
  const found = new Map();
  for (const file of readdirSync(archives)) {
    const [, name, version] = /^([a-z0-9.-]+)_(\d[^_]*)\.orig\.tar\.\w+$/.exec(file) ?? [];
    if (name !== undefined) found.set(name, { file, version: version.replaceAll("+", "-") });
  }
  return found;
}

function headOf(archives, name, { file, version }) {
  const sha256 = createHash("sha256")
    .update(readFileSync(`${archives}/${file}`))
    .digest("hex");
  return `name = "${name}"\nversion = "${version}"\n[source]\nurl = "file://${archives}/${file}"\nsha256 = "${sha256}"\n`;
}

/** Gives what apt said. */
async function download(archives, names, limit) {
  const state = `${archives}/apt`;
  mkdirSync(`${state}/lists/partial`, { recursive: true });
  const all = await run(["sh", "-c", "cat /etc/apt/sources.list.d/*.sources"], limit);
  writeFileSync(`${state}/all.sources`, all.stdout.replaceAll(/^Types:.*$/gm, "Types: deb-src"));
  const options = {
    "Dir::Etc::SourceList": `${state}/all.sources`,
    "Dir::Etc::SourceParts": `${state}/none`,
    "Dir::State::Lists": `${state}/lists`,
    "APT::Sandbox::User": "root",
  };
  const given = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const apt = ["apt-get", "-qq", ...given];
  await must([...apt, "update"], limit);
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  let said = "";
  // One at a time: a mirror may lack Debian's own part of a source package, which is of no use here, or the newest version.
  for (const name of names)
    for (const wanted of [name, `${name}/${release}`]) {
      if (archivesIn(archives).has(name)) break;
      const source = [...apt, "source", "--download-only", wanted];
      said += (await run(source, { ...limit, cwd: archives })).stderr;
    }
  return said;
}
