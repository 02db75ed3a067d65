/** What a package's view shows of the machine, hides of it and lets it write to. */
import { dirname } from "node:path";
import { isWithin } from "../core/index.ts";
import type { Environment, ViewSights } from "../view/index.ts";
import type { BuildJob } from "./job.ts";

export function sightsOf(job: BuildJob): ViewSights {
  const { store, workspace, path, python, writable = [], hidden = [], recipe } = job;
  const { outside } = recipe.build;
  return {
    hidden: [
      ...(store === undefined ? [] : [store]),
      ...(job.livePrefix === undefined ? [] : [job.livePrefix]),
      ...hidden,
    ],
    guarded: workspace === undefined ? [] : [workspace],
    shown: [
      ...[...(outside?.shown ?? []), ...path].map((folder) => wholeOf(folder, job)),
      ...(python === undefined ? [] : [wholeOf(dirname(python.executable), job)]),
      ...(job.online === undefined ? [] : ["/etc/resolv.conf", ...pathsIn(job.online)]),
    ],
    writable: [...writable, ...(outside?.writable ?? []), ...(outside?.own ?? [])],
  };
}

/** Settings may name a file with certificates, or a folder that is an index: `file:///tmp/wheels`. */
function pathsIn(settings: Environment): string[] {
  const words = Object.values(settings).flatMap((value) => value.split(/\s+/));
  return words.map((word) => word.replace(/^file:\/\//, "")).filter((word) => word.startsWith("/"));
}

/** The programs in a folder `bin` need what is beside it, which must not be what the view hides. */
function wholeOf(programs: string, { store, workspace, prefix, livePrefix }: BuildJob): string {
  const whole = dirname(programs);
  if (!/\/s?bin$/.test(programs) || whole === "/") return programs;
  const isAbove = [store, workspace, prefix, livePrefix].some((path) =>
    isWithin(path ?? "", whole),
  );
  return isAbove ? programs : whole;
}
