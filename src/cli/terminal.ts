/** The person's terminal: its size, its keys, and giving it back whatever happens. */
import type { World } from "../world/index.ts";

export interface Terminal {
  write(text: string): void;
  size(): { readonly columns: number; readonly rows: number };
  /** False while the program runs in the background, where reading keys would stop it. */
  isForeground(): boolean;
  /** Whether keys can be read at all. */
  readonly hasKeys: boolean;
  /** Gives what is typed, unechoed and at once, until `stopKeys`. */
  readKeys(handle: (keys: string) => void): void;
  stopKeys(): void;
  onResize(handle: () => void): void;
  /** Called for Ctrl-Z's signal before all stops, and when the program goes on. */
  onSuspend(handle: { readonly stop: () => void; readonly goOn: () => void }): void;
  /** Called when the program ends, even when it does so by surprise. */
  onExit(handle: () => void): void;
  signal(name: "SIGINT" | "SIGQUIT" | "SIGTSTP"): void;
  /** Gives up all that was asked to be told. */
  close(): void;
}

/** Undefined where nobody looks on: stdout and stderr must both be one that can move its cursor. */
export function openTerminal(
  program: NodeJS.Process,
  world: World,
  environment: Readonly<Record<string, string>>,
): Terminal | undefined {
  const { stderr } = program;
  const looksOn = program.stdout.isTTY && stderr.isTTY;
  if (!looksOn || ["", "dumb"].includes(environment["TERM"] ?? "")) {
    return undefined;
  }
  const { stdin } = program; // Node makes it when it is asked for, from half a dozen modules
  const closers: (() => void)[] = [];
  const listen = (emitter: NodeJS.EventEmitter, event: string, handle: () => void): void => {
    emitter.on(event, handle);
    closers.push(() => emitter.off(event, handle));
  };
  let onKeys: ((keys: Buffer) => void) | undefined;
  const stopKeys = (): void => {
    if (onKeys === undefined) return;
    stdin.off("data", onKeys);
    onKeys = undefined;
    stdin.setRawMode(false);
    stdin.pause();
  };
  return {
    write: (text) => stderr.write(text),
    size: () => ({ columns: stderr.columns || 80, rows: stderr.rows || 24 }),
    isForeground: () => isForeground(world),
    hasKeys: stdin.isTTY,
    readKeys: (handle) => {
      stopKeys();
      onKeys = (keys) => handle(keys.toString("utf8"));
      stdin.setRawMode(true);
      stdin.on("data", onKeys);
      stdin.resume();
    },
    stopKeys,
    onResize: (handle) => listen(stderr, "resize", handle),
    onSuspend: ({ stop, goOn }) => {
      program.prependListener("SIGTSTP", stop);
      closers.push(() => program.off("SIGTSTP", stop));
      listen(program, "SIGCONT", goOn);
    },
    onExit: (handle) => listen(program, "exit", handle),
    signal: (name) => program.kill(program.pid, name),
    close: () => {
      stopKeys();
      for (const close of closers.splice(0)) close();
    },
  };
}

/** proc(5), stat: after the name in parentheses come state, parent, group, session, terminal, its group. */
function isForeground({ disk }: World): boolean {
  try {
    const stat = Buffer.from(disk.readFile("/proc/self/stat")).toString("latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[2] === fields[5];
  } catch {
    return true; // without /proc
  }
}
