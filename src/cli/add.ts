/** `tenon add pypi:NAME[==VERSION]…` */
import { TenonError } from "../library/index.ts";
import type { AddFlags } from "./commands/add.ts";
import { type Context, guard } from "./context.ts";
import { importInto } from "./import.ts";

const scheme = "pypi:";

export default function runAdd(
  this: Context,
  flags: AddFlags,
  ...projects: string[]
): Promise<void> {
  const other = projects.find((project) => !project.startsWith(scheme));
  if (other !== undefined) return guard(this, () => Promise.reject(unknownPlace(other)));
  const requirements = projects.map((project) => project.slice(scheme.length));
  return importInto(this, flags, { activity: "tenon add", what: { requirements } });
}

function unknownPlace(project: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: `${project} does not say where it comes from`,
    hints: [`Write ${scheme}${project} for a project of the Python package index.`],
  });
}
