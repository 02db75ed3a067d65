/** Build system `python`: a project's own backend makes a wheel (PEP 517), which is unpacked. */
import { parseRequirement } from "../../requirements/index.ts";
import { makeDirectories, readTextIfAny } from "../../world/index.ts";
import { isInLayers } from "../programs.ts";
import { frontEnd, type FrontEndAnswer, type FrontEndRequest } from "../python/front-end.ts";
import { configSettings, readBuildBackend } from "../python/project.ts";
import { unpackStep } from "../python/unpack.ts";
import { type MakeSteps, type ProgramExplanation, programStep, type Setting } from "../step.ts";

export const pythonSystem: MakeSteps = (setting) => {
  const { places } = setting;
  const { disk } = setting.world;
  const interpreter = `${places.prefix}/bin/python`;
  if (!hasInterpreter(setting)) {
    return {
      reason: `no declared dependency provides bin/python`,
      hints: ["Add the package with build.system python-venv to depends.build."],
    };
  }
  const project = readBuildBackend(readTextIfAny(disk, `${places.source}/pyproject.toml`));
  if (typeof project === "string") return { reason: project, hints: [] };

  const inside = `${places.workInside}/tenon`;
  const request: FrontEndRequest = {
    ...project,
    backendPath: project.backendPath.map((path) => `${places.sourceInside}/${path}`),
    settings: configSettings(setting.args),
    output: `${places.workInside}/out`,
    answer: `${inside}/answer.json`,
  };
  const folder = `${places.work}/tenon`;
  makeDirectories(disk, folder);
  disk.createFile(`${folder}/front-end.py`, frontEnd);
  disk.createFile(`${folder}/request.json`, JSON.stringify(request));
  const argv = [interpreter, `${inside}/front-end.py`, `${inside}/request.json`];
  const readAnswer = (): FrontEndAnswer => readFrontEndAnswer(setting);
  return [
    {
      ...programStep(setting, "build-wheel", argv),
      explain: () => explain(readAnswer(), project.backend),
    },
    unpackStep(setting, () => {
      const { wheel } = readAnswer();
      return wheel === undefined ? undefined : `${places.work}/out/${wheel}`;
    }),
  ];
};

/** Without a view, the interpreter is that of the live prefix. */
function hasInterpreter({ job, world, places }: Setting): boolean {
  return job.isolation.kind === "view"
    ? isInLayers(job.layers, "bin/python")
    : world.disk.statusOfTarget(`${places.prefix}/bin/python`) !== undefined;
}

function readFrontEndAnswer({ world, places }: Setting): FrontEndAnswer {
  const text = readTextIfAny(world.disk, `${places.work}/tenon/answer.json`);
  try {
    const answer = JSON.parse(text ?? "{}") as FrontEndAnswer;
    return isAnswer(answer) ? answer : {};
  } catch {
    return {}; // it was killed while it wrote
  }
}

/** The backend can write in that folder, too. */
function isAnswer({ wheel, missing = [] }: FrontEndAnswer): boolean {
  const isName = wheel === undefined || (typeof wheel === "string" && !wheel.includes("/"));
  return isName && Array.isArray(missing) && missing.every((each) => typeof each === "string");
}

function explain(answer: FrontEndAnswer, backend: string): ProgramExplanation | undefined {
  const missing = answer.missing ?? [];
  if (missing.length === 0) {
    return answer.noBackend === true
      ? { reason: `its build backend ${backend} cannot be imported`, missing: [] }
      : undefined;
  }
  return {
    reason: `it asks for ${missing.join(", ")}, which no declared dependency provides`,
    missing: missing.flatMap((requirement) => {
      const parsed = parseRequirement(requirement);
      return typeof parsed === "string" ? [] : [{ kind: "distribution", name: parsed.name }];
    }),
  };
}
