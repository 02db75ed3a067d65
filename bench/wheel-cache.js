/** The wheels of the benchmarks: downloaded once, by pip, into a folder outside of the repository. */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { must } from "../proof/processes.js";

/** Absolute paths of the wheels that `list`, a file beside this one, names; sorted. */
export async function downloadedWheels(list, cache) {
  const folder = `${cache}/${list.replace(/\.txt$/, "")}`;
  if (!existsSync(folder)) await download(list, folder);
  const wheels = readdirSync(folder).filter((name) => name.endsWith(".whl"));
  return wheels.sort().map((name) => `${folder}/${name}`);
}

async function download(list, folder) {
  const file = fileURLToPath(new URL(list, import.meta.url));
  const count = readFileSync(file, "utf8").trim().split("\n").length;
  process.stderr.write(`downloading ${count} wheels, once, to ${folder}\n`);
  const incoming = `${folder}.part`;
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true });
  const options = ["-q", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check"];
  await must(["python3", "-m", "pip", "download", ...options, "-d", incoming, "-r", file], {
    timeoutMs: 3_600_000,
  });
  renameSync(incoming, folder);
}
