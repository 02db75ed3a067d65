/** Running uv, where there is one, with the package index that pip is set to use. */
import { readPipIndex } from "../source/index.ts";
import type { CapturedOutcome, World } from "../world/index.ts";

export interface UvContext {
  readonly world: World;
  /** The workspace's interpreter, absolute. */
  readonly python: string;
  /** The caller's: uv's and pip's own settings are in it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly scratch: string;
  /** Where there is no uv. */
  readonly onMissing?: () => void;
}

export const commandLimitMs = 30 * 60_000;

/**
 * `command` is `pip compile` and the like, its options follow. Undefined when there is no uv, or when
 * the index asks for credentials, which pip has and uv would have to be told on its command line.
 */
export async function runUv(
  context: UvContext,
  command: readonly string[],
  options: readonly string[],
): Promise<CapturedOutcome | undefined> {
  const places = await indexOptions(context);
  if (places === undefined) return undefined;
  const ended = await context.world.processes.capture({
    program: "uv",
    args: [...command, "--quiet", ...places, ...options],
    environment: { ...context.environment, NO_COLOR: "1" },
    workingDirectory: context.scratch,
    timeoutMs: commandLimitMs,
  });
  if (!isMissing(ended)) return ended;
  context.onMissing?.();
  return undefined;
}

/** A shim of a version manager starts, and finds no uv behind it. */
function isMissing({ outcome }: CapturedOutcome): boolean {
  return outcome.kind === "missing" || (outcome.kind === "exited" && outcome.code === 127);
}

/** uv does not read pip's configuration, and what is resolved must be what is fetched later. */
async function indexOptions(context: UvContext): Promise<string[] | undefined> {
  const { world, python, environment } = context;
  const { indexes, folders, pages } = await readPipIndex(world, python, environment);
  const isOpen = [...indexes, ...pages].every(({ authorization }) => authorization === undefined);
  if (!isOpen) return undefined;
  const [first, ...others] = indexes.map(({ url }) => url);
  return [
    ...(first === undefined ? ["--no-index"] : ["--default-index", first]),
    ...others.flatMap((url) => ["--index", url]),
    ...[...folders, ...pages.map(({ url }) => url)].flatMap((place) => ["--find-links", place]),
  ];
}
