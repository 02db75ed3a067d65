/**
 * An archive is tried before it gets its name: unpacked at a short and at a long path, started there while the path where it was
 * built is hidden, and searched once more. What the programs open is watched, where strace is installed.
 */
import { isWithin, parentOf, shellWord, TenonError } from "../../core/index.ts";
import { layoutOf, readRecords, verifyRecords } from "../../prefix/index.ts";
import { choose, planRelocation, stageTree } from "../../tree-bundle/index.ts";
import {
  type CapturedOutcome,
  makeDirectories,
  readTextIfAny,
  removeTree,
  type World,
} from "../../world/index.ts";

export interface ArchiveToTry {
  /** Absolute. */
  readonly file: string;
  readonly form: "sh" | "tar.zst" | "tar.bz2";
  /** Where it was built. */
  readonly root: string;
  /** SAGE_LOCAL, relative to it. */
  readonly prefix: string;
  /** The longest path that its files can name; undefined where there is no limit. */
  readonly room: number | undefined;
  /** For sh, with the tree as its folder. */
  readonly script: string;
  /** The folder in the archive. */
  readonly name: string;
}

export interface Trial {
  readonly path: string;
  /** How many files its programs opened or looked for; absent where nothing watched. */
  readonly opened?: number;
}

/** Gives one trial for each path; throws where one fails, with what was said. */
export async function tryArchive(world: World, tried: ArchiveToTry): Promise<Trial[]> {
  const { disk, clock } = world;
  const scratch = `${parentOf(tried.file)}/.try-${clock.uniqueId()}`;
  const seenAt = isWithin(tried.file, "/mnt") ? "/srv" : "/mnt";
  const most = Math.min(tried.room ?? Infinity, tried.root.length + 40);
  const trials: Trial[] = [];
  try {
    for (const name of ["a", longName(most - seenAt.length - 1)]) {
      makeDirectories(disk, `${scratch}/${name}`);
      trials.push(await tryAt(world, tried, { scratch, seenAt, name }));
      removeTree(disk, `${scratch}/${name}`);
    }
  } finally {
    removeTree(disk, scratch);
  }
  return trials;
}

/** Of exactly as many bytes, if possible; a single name can have 255. */
function longName(bytes: number): string {
  const name = "b".repeat(Math.max(bytes, 2));
  return bytes > 100 ? `${name.slice(0, 99)}/${name.slice(100)}` : name;
}

interface Place {
  readonly scratch: string;
  /** Where the programs of the trial see the scratch folder, so that the path can be as short or long as one likes. */
  readonly seenAt: string;
  readonly name: string;
}

async function tryAt(
  world: World,
  tried: ArchiveToTry,
  { scratch, seenAt, name }: Place,
): Promise<Trial> {
  const path = `${seenAt}/${name}`;
  const log = `${scratch}/log`;
  const isWatched = await canWatch(world);
  const watch = isWatched ? `strace -f --seccomp-bpf -qq -e trace=%file -o ${seenAt}/log ` : "";
  const steps = `set -e
mount -t tmpfs tmpfs ${shellWord(tried.root)}
mount --bind ${shellWord(scratch)} ${seenAt}
${unpackingOf(tried, path)}
cd ${path}
exec ${watch}sh -ec ${shellWord(`${firstStart}\n${tried.script}`)}
`;
  const args = ["--user", "--map-root-user", "--mount", "sh", "-c", steps];
  const ended = await world.processes.capture({ program: "unshare", args });
  if (ended.outcome.kind !== "exited" || ended.outcome.code !== 0) throw failed(path, ended);
  await requireRight(world, tried, { tree: `${scratch}/${name}`, path });
  if (!isWatched) return { path };
  return { path, opened: countOpened(readTextIfAny(world.disk, log) ?? "", { tried, path }) };
}

function unpackingOf({ file, form, name }: ArchiveToTry, place: string): string {
  if (form === "sh") return `sh ${shellWord(file)} --prefix ${shellWord(place)}`;
  const program = form === "tar.zst" ? "zstd" : "bzip2";
  return `${program} -dc <${shellWord(file)} | tar -xpf - -C ${shellWord(place)} --strip-components=1 ${shellWord(name)}`;
}

/** Sage's own start runs the program; where it is not there, it is started by itself. */
const firstStart = `if [ -x ./sage ]; then ./sage --version >/dev/null; fi
if [ -e relocate-once.py ]; then ./relocate-once.py; fi`;

async function canWatch({ processes }: World): Promise<boolean> {
  const { outcome } = await processes.capture({
    program: "strace",
    args: ["-f", "--seccomp-bpf", "-V"],
  });
  return outcome.kind === "exited" && outcome.code === 0;
}

/** No file names the path where it was built, and each package is as its record says. */
async function requireRight(
  world: World,
  tried: ArchiveToTry,
  { tree, path: seenAs }: { readonly tree: string; readonly path: string },
): Promise<void> {
  const { disk } = world;
  const staged = stageTree(disk, tree, choose([{ include: "**" }, { exclude: "**/*.py[co]" }]));
  const { files } = await planRelocation({ world, root: tree, names: tried.root, staged });
  const layout = layoutOf(`${tree}/${tried.prefix}`);
  const wrong = [
    ...files.map(({ path, places }) => `${path} still names it, at byte ${places[0]?.[0]}`),
    ...verifyRecords(disk, layout, readRecords(disk, layout).values()).map(
      ({ package: name, path }) => `${path} is not as the package ${name} has it`,
    ),
  ];
  if (wrong.length > 0) throw unfit(seenAs, wrong);
}

function countOpened(
  log: string,
  { tried: { root }, path }: { readonly tried: ArchiveToTry; readonly path: string },
): number {
  const lines = log.split("\n").filter((line) => line.includes('"'));
  const named = lines.filter((line) => line.includes(`"${root}/`) || line.includes(`"${root}"`));
  if (named.length === 0) return lines.length;
  throw unfit(
    path,
    named.map((line) => `a program looked there: ${line}`),
  );
}

const shownLines = 10;

function unfit(place: string, lines: readonly string[]): TenonError {
  return new TenonError({
    kind: "recipe",
    code: "TRIAL_FAILED",
    message: [
      `the archive is not right when it was unpacked at ${place}, so it was not kept:`,
      ...lines.slice(0, shownLines).map((line) => `  ${line}`),
    ],
    hints: [
      "Leave out what nobody needs with a pattern `exclude`, or have its build leave the path out.",
    ],
  });
}

function failed(place: string, { outcome, stdout, stderr }: CapturedOutcome): TenonError {
  const said = `${stdout}${stderr}`.trim().split("\n").slice(-shownLines);
  return new TenonError({
    kind: "machine",
    code: "TRIAL_FAILED",
    message: [
      `the archive could not be used at ${place}, so it was not kept: the trial ${outcome.kind === "exited" ? `ended with ${outcome.code}` : outcome.kind}`,
      ...said.map((line) => `  ${line}`),
    ],
    hints: [
      "The trial hides the path of the build in a user namespace. Where the machine allows none, --no-trial leaves it out.",
    ],
  });
}
