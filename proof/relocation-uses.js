/** Programs used where they lie, by another user, with the files that they open watched. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { howItEnded, run } from "./processes.js";

/** Nobody's. */
const user = "65534";
/** A stretch of the placeholder that stands nowhere else; it is not imported, since sources are not shipped. */
const ofPlaceholder = /\/zbwvrjxzrxl5i7s6p5o7gq5xql4nqxjzvbq7p6wkzkj7n5j/;

/** What came of each line of shell in the recipes' `use`. */
export async function useAll(prefix, { recipes, names, others, limit }) {
  const uses = [];
  for (const name of names)
    for (const use of recipes[name].use ?? [])
      uses.push({ name, use, ...(await useOne(prefix, { use, others, limit })) });
  return uses;
}

async function useOne(prefix, { use, others, limit }) {
  const work = mkdtempSync("/tmp/tenon-use-");
  chmodSync(work, 0o777);
  try {
    const log = `${work}/../${work.slice(5)}.trace`;
    const variables = {
      P: prefix,
      T: work,
      HOME: work,
      PATH: `${prefix}/bin:/usr/bin:/bin`,
      PKG_CONFIG_PATH: `${prefix}/lib/pkgconfig`,
      LC_ALL: "C.UTF-8",
    };
    const given = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const asUser = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"];
    const shell = ["env", "-i", ...given, "bash", "-e", "-o", "pipefail", "-c", use];
    const watched = ["strace", "-f", "-qq", "-s", "4096", "-e", "trace=%file", "-o", log];
    const ended = await run([...watched, ...asUser, ...shell], { ...limit, cwd: work });
    const { opened, wrong } = readCalls(log, others);
    rmSync(log);
    const said = `${ended.stdout}${ended.stderr}`.trim().split("\n").slice(-5).join("\n  ");
    if (wrong.length > 0) return { opened, wrong, fault: wrong.slice(0, 3).join("\n  ") };
    if (ended.code !== 0) return { opened, wrong, fault: `${howItEnded(ended)}\n  ${said}` };
    return { opened, wrong };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What strace has written: how many files were opened, and each look at the placeholder or at another prefix. */
export function readCalls(log, others) {
  const calls = readFileSync(log, "utf8").split("\n");
  const wrong = calls.filter(
    (line) => ofPlaceholder.test(line) || others.some((other) => line.includes(`"${other}/`)),
  );
  const opened = calls.filter((line) => /\bopen(at)?\(.* = \d/.test(line)).length;
  return { opened, wrong };
}
