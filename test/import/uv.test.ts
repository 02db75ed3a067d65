/** uv is used where there is one, with the index that pip is set to use. */
import { expect, test } from "vitest";
import { runUv } from "../../src/import/uv.ts";
import { type Command } from "../../src/world/index.ts";
import { createSimulatedProcesses, createSimulatedWorld } from "../../src/world/simulated/index.ts";

interface Setting {
  /** pip's, as `pip config list` names them. */
  readonly settings: readonly (readonly [string, string])[];
  readonly uvCode: number;
}

async function runWith({ settings, uvCode }: Setting) {
  const commands: Command[] = [];
  const processes = createSimulatedProcesses({
    answer: (command) => {
      if (command.program === "python3") {
        const answer = { settings, default: "https://index.invalid/simple" };
        return { outcome: { kind: "exited", code: 0 }, stdout: JSON.stringify(answer), stderr: "" };
      }
      commands.push(command);
      return { outcome: { kind: "exited", code: uvCode }, stdout: "six==1\n", stderr: "" };
    },
  });
  const world = { ...createSimulatedWorld({}), processes };
  const context = { world, python: "python3", environment: {}, scratch: "/scratch" };
  const ended = await runUv(context, ["pip", "compile"], ["in.txt"]);
  return { said: ended?.stdout, args: commands[0]?.args.join(" ") };
}

test("pip's index, folders and further indexes", async () => {
  const settings = [
    ["global.extra-index-url", "https://more.invalid/simple"],
    ["global.find-links", "/wheels"],
  ] as const;
  expect(await runWith({ settings, uvCode: 0 })).toEqual({
    said: "six==1\n",
    args:
      "pip compile --quiet --default-index https://index.invalid/simple " +
      "--index https://more.invalid/simple --find-links /wheels in.txt",
  });
});

test("no index at all", async () => {
  const { args } = await runWith({ settings: [[":env:.no-index", "1"]], uvCode: 0 });
  expect(args).toBe("pip compile --quiet --no-index in.txt");
});

test("credentials are not put on a command line: it is pip's turn then", async () => {
  const settings = [["global.index-url", "https://me:secret@index.invalid/simple"]] as const;
  expect(await runWith({ settings, uvCode: 0 })).toEqual({ said: undefined, args: undefined });
});

test("a shim without a uv behind it is none", async () => {
  expect((await runWith({ settings: [], uvCode: 127 })).said).toBeUndefined();
});
