/** `tenon install FILE.whl…`, `tenon install FILE.sh` and `tenon install --name N --version V --stage DIR` */
import { type Ended, type InstallResult, type OpenPrefix, TenonError } from "../library/index.ts";
import { showCount, showNames } from "../core/index.ts";
import type { InstallFlags } from "./commands/install.ts";
import type { Context } from "./context.ts";
import { runOperation } from "./operation.ts";
import { absolute } from "./options.ts";

export default function runInstall(
  this: Context,
  flags: InstallFlags,
  ...files: string[]
): Promise<void> {
  const here = (path: string): string => absolute(this.currentDirectory, path);
  return runOperation(this, flags, {
    activity: "tenon install",
    check: () => checkForm(flags, files),
    operate: (prefix) => install(prefix, flags, { here, files }),
    show: ({ packages }, isPlanned) => {
      const names = packages.map(({ name, version }) => `${name} ${version}`);
      const count = showCount(packages.length, "package");
      return [
        isPlanned
          ? `would install ${count}: ${names.join(", ")}`
          : `installed ${count}: ${showNames(names)}`,
      ];
    },
  });
}

interface Given {
  readonly files: readonly string[];
  readonly here: (path: string) => string;
}

/** Loads what the form needs: a staged tree is sealed, and looked at for recipes; wheels are not. */
async function install(
  prefix: OpenPrefix,
  flags: InstallFlags,
  { here, files }: Given,
): Promise<Ended<InstallResult>> {
  const { stage, name, version, python, link = "hardlink", replaces = [], depends = [] } = flags;
  if (stage !== undefined && name !== undefined && version !== undefined) {
    const { installStage } = await import("./install-stage.ts");
    return installStage(prefix, { ...flags, name, version, stage: here(stage), replaces, depends });
  }
  const [bundle] = files;
  if (bundle?.endsWith(".sh") === true) {
    const { installBundle } = await import("./install-bundle.ts");
    return installBundle(prefix, { file: here(bundle), link, replaces });
  }
  const { installWheels } = await import("./install-wheels.ts");
  return installWheels(prefix, {
    files: files.map(here),
    python,
    link,
    compileBytecode: flags.compileBytecode,
    checkRequirements: !flags.noDepsCheck,
    replaces,
  });
}

function checkForm(flags: InstallFlags, files: readonly string[]): void {
  const given = [flags.name, flags.version, flags.stage].filter(
    (flag) => flag !== undefined,
  ).length;
  const isStage = given === 3 && files.length === 0;
  const isWheels = given === 0 && files.length > 0 && files.every((file) => file.endsWith(".whl"));
  const isBundle =
    given === 0 &&
    files.length === 1 &&
    files[0]?.endsWith(".sh") === true &&
    !flags.compileBytecode;
  const isOfStage = flags.adopt || (flags.depends ?? []).length > 0;
  if (((isWheels || isBundle) && !isOfStage) || (isStage && !flags.compileBytecode)) return;
  throw new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: isStage
      ? "--compile-bytecode is for wheels: a staged tree can be of any interpreter, or of none"
      : isWheels
        ? "--adopt and --depends are for a staged tree: wheels say themselves what they need"
        : given > 0
          ? "a staged tree needs --name, --version and --stage, and no files"
          : "there is nothing to install on the command line: name wheels (FILE.whl…), a bundle (FILE.sh), or a staged tree (--name N --version V --stage DIR)",
  });
}
