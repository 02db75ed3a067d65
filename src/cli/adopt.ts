/** `tenon adopt` */
import {
  adoptPackages,
  findColcon,
  findDistributions,
  type FoundPackage,
  type OpenPrefix,
  readFileList,
  TenonError,
  withinPrefix,
} from "../library/index.ts";
import { showCount } from "../core/index.ts";
import type { AdoptFlags } from "./commands/adopt.ts";
import type { Context } from "./context.ts";
import { runOperation } from "./operation.ts";
import { absolute } from "./options.ts";

export default function runAdopt(
  this: Context,
  flags: AdoptFlags,
  ...paths: string[]
): Promise<void> {
  const here = (path: string): string => absolute(this.currentDirectory, path);
  return runOperation(this, flags, {
    activity: "tenon adopt",
    check: () => checkForm(flags, paths),
    operate: async (prefix) => {
      const packages = find(prefix, flags, { here, paths });
      return adoptPackages(prefix, { packages, allowSetuid: flags.allowSetuid });
    },
    show: ({ packages }, isPlanned) => {
      if (packages.length === 0) return ["nothing to adopt: packages own what is there"];
      const verb = isPlanned ? "would adopt" : "adopted";
      return [
        `${verb} ${showCount(packages.length, "package")}:`,
        ...packages.map(
          (each) => `  ${each.name} ${each.version}, ${showCount(each.files, "file")}`,
        ),
      ];
    },
  });
}

interface Given {
  readonly here: (path: string) => string;
  readonly paths: readonly string[];
}

function find(prefix: OpenPrefix, flags: AdoptFlags, { here, paths }: Given): FoundPackage[] {
  const { name = "", version = "", manifest, depends = [], python, colcon } = flags;
  if (python) return findDistributions(prefix, paths);
  if (colcon !== undefined) return findColcon(prefix, here(colcon));
  const named = paths.map((path) => requireInside(prefix, path, here));
  const listed = manifest === undefined ? [] : readFileList(prefix, here(manifest));
  return [{ name, version, paths: [...named, ...listed], depends }];
}

/** As the person names it from where they are, or else within the prefix. */
function requireInside(prefix: OpenPrefix, path: string, here: Given["here"]): string {
  const found = withinPrefix(prefix, here(path)) ?? withinPrefix(prefix, path);
  if (found !== undefined) return found;
  throw wrong(`${path} is not in the prefix ${prefix.layout.prefix}`);
}

function checkForm(
  { name, version, manifest, depends, python, colcon }: AdoptFlags,
  paths: readonly string[],
): void {
  const isOwn = [name, version, manifest, depends].some((flag) => flag !== undefined);
  const forms = [isOwn, python, colcon !== undefined].filter(Boolean).length;
  if (forms > 1) throw wrong("--python and --colcon find names, versions and files themselves");
  if (python || (colcon !== undefined && paths.length === 0)) return;
  if (colcon !== undefined)
    throw wrong("--colcon takes no paths: it adopts all packages of the workspace");
  if (name === undefined || version === undefined)
    throw wrong("what is adopted needs --name and --version, or --python, or --colcon");
  if (paths.length === 0 && manifest === undefined)
    throw wrong(
      "there is nothing to adopt on the command line: name paths in the prefix, or a list of them with --manifest FILE",
    );
}

function wrong(message: string): TenonError {
  return new TenonError({ kind: "usage", code: "WRONG_USAGE", message });
}
