/**
 * What a command has looked at of the machine, noted while it looks, so that a later command can find out whether it
 * would see the same.
 *
 * Each look at the disk is noted with the identity that the entry had just before. Programs whose answers are read are
 * noted with their answers, variables of the environment with their values. Whatever else is done spoils the notes:
 * a change, and a look that cannot be repeated. Locks do not, for a lock says who has to wait, and not what there is.
 */
import { type Digest, digestOf } from "../core/index.ts";
import type { Aspect, Disk } from "./disk.ts";
import type { CapturedOutcome, Command, Processes } from "./processes.ts";
import type { World } from "./world.ts";

type Environment = Readonly<Record<string, string>>;
type Way = Aspect | "real path" | "writable";

export interface Looked {
  readonly paths: readonly (readonly [Way, string])[];
  readonly commands: readonly AskedCommand[];
  /** Names of variables; undefined where all were looked at. */
  readonly variables: readonly string[] | undefined;
  /** Of all answers. */
  readonly digest: Digest;
}

type AskedCommand = Pick<
  Command,
  "program" | "args" | "workingDirectory" | "environment" | "timeoutMs"
> & { readonly input?: string };

export interface Watched {
  readonly world: World;
  readonly environment: Environment;
  isSpoilt(): boolean;
  /** Undefined once the notes are spoilt. */
  looked(): Looked | undefined;
}

export function watchWorld(world: World, environment: Environment): Watched {
  const notes = openNotes();
  const disk = watchDisk(world.disk, notes);
  const processes = watchProcesses(world.processes, notes);
  const network = spoiling(world.network, notes);
  return {
    world: { ...world, disk, processes, network },
    environment: watchEnvironment(environment, notes),
    isSpoilt: notes.isSpoilt,
    looked: () => {
      if (notes.isSpoilt()) return undefined;
      const { paths, commands, variables } = notes;
      const asked = {
        paths: [...paths.values()].map(({ way, path }) => [way, path] as const),
        commands: commands.map(({ command }) => command),
        variables: variables.isAll ? undefined : [...variables.names],
      };
      const answers = {
        paths: [...paths.values()].map(({ answer }) => answer),
        commands: commands.map(({ answer }) => answer),
      };
      return { ...asked, digest: digestOfAnswers(environment, asked, answers) };
    },
  };
}

/** The digest of what the same looks show now; undefined where one fails. */
export async function lookAgain(
  { disk, processes }: World,
  environment: Environment,
  asked: Omit<Looked, "digest">,
): Promise<Digest | undefined> {
  const running = asked.commands.map((command) => processes.capture(command));
  try {
    const paths = asked.paths.map(([way, path]) => answerOf(disk, way, path));
    const commands = (await Promise.all(running)).map(answerOfProgram);
    return digestOfAnswers(environment, asked, { paths, commands });
  } catch {
    await Promise.allSettled(running);
    return undefined;
  }
}

const ways: ReadonlySet<unknown> = new Set([
  "entry",
  "target",
  "content",
  "real path",
  "writable",
] satisfies Way[]);

/** Whether a value that was read has the form. */
export function isLooked(value: Partial<Looked> | null | undefined): value is Looked {
  const { paths, commands, variables, digest } = value ?? {};
  return (
    Array.isArray(paths) &&
    paths.every((each) => Array.isArray(each) && ways.has(each[0]) && isText(each[1])) &&
    Array.isArray(commands) &&
    commands.every((each) => isText(each?.program) && Array.isArray(each.args)) &&
    (variables === undefined || (Array.isArray(variables) && variables.every(isText))) &&
    isText(digest)
  );
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function digestOfAnswers(
  environment: Environment,
  { variables }: Pick<Looked, "variables">,
  answers: { readonly paths: readonly string[]; readonly commands: readonly string[] },
): Digest {
  const names = variables ?? Object.keys(environment).sort();
  const values = names.map((name) => [name, environment[name] ?? null]);
  return digestOf(JSON.stringify([answers.paths.join("\n"), answers.commands, values]));
}

function answerOf(disk: Disk, way: Way, path: string): string {
  if (way === "real path") return disk.realPath(path);
  return way === "writable" ? String(disk.isWritable(path)) : disk.identity(path, way);
}

function answerOfProgram({ outcome, stdout, stderr }: CapturedOutcome): string {
  return JSON.stringify([outcome, stdout, stderr]);
}

interface Notes {
  readonly paths: Map<
    string,
    { readonly way: Way; readonly path: string; readonly answer: string }
  >;
  readonly commands: { readonly command: AskedCommand; readonly answer: string }[];
  readonly variables: { isAll: boolean; readonly names: Set<string> };
  isSpoilt(): boolean;
  spoil(): void;
}

function openNotes(): Notes {
  let isSpoilt = false;
  const notes: Notes = {
    paths: new Map(),
    commands: [],
    variables: { isAll: false, names: new Set() },
    isSpoilt: () => isSpoilt,
    spoil: () => {
      isSpoilt = true;
      notes.paths.clear();
    },
  };
  return notes;
}

function watchDisk(disk: Disk, notes: Notes): Disk {
  const look = (way: Way, path: string): void => {
    const key = `${way} ${path}`;
    if (notes.isSpoilt() || notes.paths.has(key)) return;
    try {
      notes.paths.set(key, { way, path, answer: answerOf(disk, way, path) });
    } catch {
      notes.spoil();
    }
  };
  const looking = <Name extends keyof Disk>(name: Name, way: Way): Disk[Name] =>
    before(disk, name, (path) => look(way, path as string));
  return {
    ...spoiling(disk, notes),
    status: looking("status", "entry"),
    statusOfTarget: looking("statusOfTarget", "target"),
    list: looking("list", "content"),
    readFile: looking("readFile", "content"),
    readPlainFile: looking("readPlainFile", "entry"),
    readChunks: looking("readChunks", "content"),
    readSlice: looking("readSlice", "content"),
    digestFile: looking("digestFile", "content"),
    readLink: looking("readLink", "entry"),
    realPath: looking("realPath", "real path"),
    isWritable: looking("isWritable", "writable"),
    tryLock: disk.tryLock,
    isLocked: disk.isLocked,
  };
}

function watchProcesses(processes: Processes, notes: Notes): Processes {
  return {
    ...spoiling(processes, notes),
    ownId: processes.ownId,
    suspend: processes.suspend,
    capture: async (command) => {
      const { program, args, workingDirectory, environment, timeoutMs, input, ...others } = command;
      const captured = await processes.capture(command);
      if (Object.keys(others).some((name) => name !== "signal") || input instanceof Uint8Array)
        notes.spoil();
      const asked = { program, args, workingDirectory, environment, timeoutMs, input };
      notes.commands.push({
        command: JSON.parse(JSON.stringify(asked)) as AskedCommand,
        answer: answerOfProgram(captured),
      });
      return captured;
    },
  };
}

function watchEnvironment(environment: Environment, { variables }: Notes): Environment {
  const note = (name: string | symbol): void => {
    if (typeof name === "string") variables.names.add(name);
  };
  return new Proxy(environment, {
    get: (target, name) => {
      note(name);
      return Reflect.get(target, name) as unknown;
    },
    has: (target, name) => {
      note(name);
      return Reflect.has(target, name);
    },
    ownKeys: (target) => {
      variables.isAll = true;
      return Reflect.ownKeys(target);
    },
  });
}

/** All calls of the machine's, which spoil the notes. */
function spoiling<Calls extends object>(calls: Calls, notes: Notes): Calls {
  const names = Object.keys(calls) as (keyof Calls)[];
  return Object.fromEntries(
    names.map((name) => [
      name,
      typeof calls[name] === "function" ? before(calls, name, () => notes.spoil()) : calls[name],
    ]),
  ) as Calls;
}

function before<Calls extends object, Name extends keyof Calls>(
  calls: Calls,
  name: Name,
  act: (first: unknown) => void,
): Calls[Name] {
  const call = calls[name] as (...values: unknown[]) => unknown;
  return ((...values: unknown[]) => {
    act(values[0]);
    return call(...values);
  }) as Calls[Name];
}
