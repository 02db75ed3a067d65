/** Asking a project's build backend what more it needs to build (PEP 517), outside of a view. */
import { makeDirectories, readTextIfAny, type World } from "../../world/index.ts";
import { frontEnd, type FrontEndAnswer, type FrontEndRequest } from "./front-end.ts";
import { type BuildBackend, configSettings } from "./project.ts";

interface BackendQuestion {
  readonly project: BuildBackend;
  /** The project's folder, absolute. */
  readonly source: string;
  /** An interpreter that has what the project's `requires` name. */
  readonly python: string;
  /** The recipe's build.args. */
  readonly args: readonly string[];
  /** Whole: the machine's programs are looked for in its PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder for the question's files, made when missing. */
  readonly scratch: string;
}

type BackendAnswer =
  | { readonly kind: "told"; readonly requires: readonly string[] }
  /** Its last words. */
  | { readonly kind: "failed"; readonly reason: string };

const limitMs = 10 * 60_000;

export async function askBackend(world: World, question: BackendQuestion): Promise<BackendAnswer> {
  const { project, source, scratch } = question;
  const { disk } = world;
  makeDirectories(disk, scratch);
  const request: FrontEndRequest = {
    ...project,
    backendPath: project.backendPath.map((path) => `${source}/${path}`),
    settings: configSettings(question.args),
    output: null,
    answer: `${scratch}/answer.json`,
  };
  disk.createFile(`${scratch}/front-end.py`, frontEnd);
  disk.createFile(`${scratch}/request.json`, JSON.stringify(request));
  const { outcome, stdout, stderr } = await world.processes.capture({
    program: question.python,
    args: [`${scratch}/front-end.py`, `${scratch}/request.json`],
    workingDirectory: source,
    environment: question.environment,
    timeoutMs: limitMs,
  });
  const text = readTextIfAny(disk, request.answer) ?? "{}";
  const { more } = JSON.parse(text) as FrontEndAnswer;
  if (more !== undefined) return { kind: "told", requires: more };
  const said = (stderr.trim() || stdout.trim()).split("\n").at(-1);
  return { kind: "failed", reason: said || outcome.kind };
}
