/** Actions by a command of the person's, which has the worker run somewhere and waits for its end: `ssh HOST`, for one. */
import { assert, parentOf } from "../core/index.ts";
import { makeDirectories, type Outcome, type World } from "../world/index.ts";
import type { Launcher, WorkState } from "./launcher.ts";

/** The worker itself where there is none. */
export function commandLauncher(world: World, command: readonly string[]): Launcher {
  const states = new Map<string, { state: WorkState; readonly end: AbortController }>();
  return {
    describe: (id) => `its worker (${id})`,
    launch: async ({ argv, logFile }) => {
      const id = world.clock.uniqueId();
      const end = new AbortController();
      const entry = { state: { kind: "running" } as WorkState, end };
      states.set(id, entry);
      const [program, ...args] = [...command, ...argv];
      assert(program !== undefined, "there is nothing to run");
      makeDirectories(world.disk, parentOf(logFile));
      const whole = { program, args, logFile, signal: end.signal };
      void world.processes.run(whole).then((outcome) => {
        entry.state = stateAfter(outcome);
      });
      return id;
    },
    stateOf: async (id) => {
      const known = states.get(id)?.state;
      if (known !== undefined) return known;
      return { kind: "ended", how: "lost", words: "is of another process", hints: [] };
    },
    cancel: async (id) => {
      states.get(id)?.end.abort();
    },
  };
}

function stateAfter(outcome: Outcome): WorkState {
  switch (outcome.kind) {
    case "exited":
      // 255 is ssh's own: its connection was lost.
      return outcome.code === 0
        ? { kind: "ended", how: "done", words: "has ended", hints: [] }
        : {
            kind: "ended",
            how: "lost",
            words: `has ended with exit code ${outcome.code}`,
            hints: [],
          };
    case "killed":
      return { kind: "ended", how: "lost", words: `was killed by ${outcome.signal}`, hints: [] };
    case "timed-out":
      return { kind: "ended", how: "lost", words: "took too long", hints: [] };
    case "missing":
      return {
        kind: "ended",
        how: "given-up",
        words: `could not be started: ${outcome.program}: ${outcome.reason}`,
        hints: ["Correct [execution] command in tenon.toml, or build here: `tenon build --local`."],
      };
  }
}
