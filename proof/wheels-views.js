/** What other programs see of what tenon installed, beside what they see of pip's. */
import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { must, run } from "./processes.js";
import { readTree } from "./trees.js";

const timeoutMs = 20 * 60_000;

const metadata = `
import importlib.metadata as metadata, json
def describe(found):
    files = sorted(str(file) for file in found.files or [] if not str(file).endswith(".pyc"))
    points = sorted(map(str, found.entry_points))
    return [found.metadata["Name"], found.version, sorted(found.requires or []), points, files]
print(json.dumps(sorted(map(describe, metadata.distributions()))))
`;

/** How many distributions each sees, and where they see another thing. */
export async function compareViews({ theirs, ours, pip, environment, unmet }) {
  const unjustified = [];
  const seen = {};
  const look = async (name, commandOf, read) => {
    const [expected, found] = await Promise.all(
      [theirs, ours].map(async (venv) =>
        read(await run(commandOf(venv), { env: environment, timeoutMs }), venv),
      ),
    );
    if (isDeepStrictEqual(expected.value, found.value)) seen[name] = found.count;
    else unjustified.push(`${name}: ${firstDifference(expected.value, found.value)}`);
  };
  const withPip = (venv, ...args) => [...pip, "--python", `${venv}/bin/python`, ...args];
  const asJson = ({ stdout }) => ({ value: JSON.parse(stdout), count: JSON.parse(stdout).length });

  await look("pip list", (venv) => withPip(venv, "list", "--format=json"), asJson);
  const names = JSON.parse(
    (await must(withPip(theirs, "list", "--format=json"), { env: environment })).stdout,
  );
  // Its time grows with the square of their number; importlib.metadata below sees all.
  const every = Math.ceil(names.length / 40);
  const shown = names.map(({ name }) => name).filter((_name, index) => index % every === 0);
  await look("pip show -f", (venv) => withPip(venv, "show", "-f", ...shown), readShown);
  let checked = [];
  await look(
    "pip check",
    (venv) => withPip(venv, "check"),
    ({ code, stdout }) => {
      checked = stdout.split("\n").filter(Boolean).sort();
      return { value: [code, checked], count: names.length };
    },
  );
  const [expected, found] = [checked.flatMap(lackOf), unmet.flatMap(lackIn)].map((all) =>
    all.sort(),
  );
  if (isDeepStrictEqual(expected, found))
    seen["requirements that tenon says are not met"] = found.length;
  else unjustified.push(`unmet requirements: ${firstDifference(expected, found)}`);
  await look("importlib.metadata", (venv) => [`${venv}/bin/python`, "-c", metadata], readMetadata);
  const own = `${ours}/bin/uv`;
  const uv = existsSync(own) ? own : "uv";
  if ((await run([uv, "--version"])).code !== 0) seen["uv pip list (no uv here)"] = 0;
  else
    await look(
      "uv pip list",
      (venv) => [uv, "pip", "list", "--format=json", "--python", `${venv}/bin/python`],
      asJson,
    );
  return { seen, unjustified };
}

/** `a 1 requires b, which is not installed.`, `a 1 has requirement b<2, but you have b 2.` */
function lackOf(line) {
  const [, name, wanted, found = ""] =
    /^(\S+) \S+ (?:requires|has requirement) ([A-Za-z0-9._-]+).*?(?:, but you have \S+ (\S+)\.)?$/.exec(
      line,
    ) ?? [];
  if (name === undefined) return line === "No broken requirements found." ? [] : [line];
  return [`${plain(name)} ${plain(wanted)} ${found}`];
}

/** pip check asks for no extras. */
function lackIn({ package: name, requirement, found = "" }) {
  if (name.includes("[")) return [];
  const [wanted] = /^[A-Za-z0-9._-]+/.exec(requirement) ?? [""];
  return [`${plain(name)} ${plain(wanted)} ${found}`];
}

function plain(name) {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** pip's own third script is its own matter. */
function isListed(file) {
  return !/(?:\.pyc|\/bin\/pip3\.\d+)$/.test(file);
}

function readMetadata({ stdout }) {
  const value = JSON.parse(stdout).map(([name, version, requires, points, files]) => [
    name,
    version,
    requires,
    points,
    files.filter(isListed),
  ]);
  return { value, count: value.length };
}

function readShown({ stdout }, venv) {
  const value = stdout.split("\n---\n").map((text) => {
    const lines = text.replaceAll(venv, "PREFIX").split("\n");
    return lines.filter((line) => isListed(line) && !line.startsWith("Installer:"));
  });
  return { value, count: value.length };
}

function firstDifference(expected, found) {
  const [here, there] = [expected, found].map((value) => JSON.stringify(value));
  let at = 0;
  while (here[at] === there[at] && at < here.length) at += 1;
  const around = (text) => text.slice(Math.max(0, at - 80), at + 120);
  return `pip ${around(here)} tenon ${around(there)}`;
}

/** pip takes away what tenon installed: nothing of it may be left, bytecode included. */
export async function uninstallAll({ ours, pip, environment, skip, fresh }) {
  const command = [...pip, "--python", `${ours}/bin/python`];
  const { stdout } = await must([...command, "list", "--format=json"], { env: environment });
  const names = JSON.parse(stdout).map(({ name }) => name);
  const uninstall = [...command, "uninstall", "--yes", "--quiet", ...names];
  const { code, stderr } = await run(uninstall, { env: environment, timeoutMs });
  const left = [...readTree(ours, skip)]
    .filter(([path, kind]) => !kind.startsWith("directory") && !fresh.has(path))
    .map(([path]) => `${path}: left by pip uninstall of what tenon installed`);
  return { packages: names.length, unjustified: code === 0 ? left : [stderr.trim(), ...left] };
}
