/** `tenon install FILE.whl…` and `tenon install --name N --version V --stage DIR` */
import {
  type InstallResult,
  installStage,
  installWheels,
  openPrefix,
  TenonError,
} from "../library/index.ts";
import { renderConflicts } from "../report/index.ts";
import { showCount } from "../core/index.ts";
import type { InstallFlags } from "./commands/install.ts";
import { type Context, guard, makeSink, printJson, printLines, tellLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { absolute } from "./options.ts";
import { prefixOptions } from "./prefix-options.ts";

export default function runInstall(
  this: Context,
  flags: InstallFlags,
  ...files: string[]
): Promise<void> {
  return guard(this, async () => {
    checkForm(flags, files);
    const command = { activity: "tenon install", emit: makeSink(this, {}) };
    const options = { ...prefixOptions(this, flags, command), noWait: flags.noWait };
    const layout = openPrefix(this.world, options);
    const replaces = flags.replaces ?? [];
    const { stage, name, version, keepStage, allowSetuid, allowEmpty, python, compileBytecode } =
      flags;
    const here = (path: string): string => absolute(this.currentDirectory, path);
    const result =
      stage === undefined || name === undefined || version === undefined
        ? await installWheels(this.world, layout, {
            ...options,
            files: files.map(here),
            python,
            link: flags.link ?? "hardlink",
            compileBytecode,
            checkRequirements: !flags.noDepsCheck,
            replaces,
          })
        : await installStage(this.world, layout, {
            ...options,
            name,
            version,
            keepStage,
            allowSetuid,
            allowEmpty,
            replaces,
            stage: here(stage),
          });
    print(this, result, flags);
    return result.kind === "installed" ? exitCodes.done : exitCodes.conflict;
  });
}

function print(context: Context, result: InstallResult, flags: InstallFlags): void {
  if (flags.json) printJson(context, result);
  else if (result.kind === "installed") {
    const names = result.packages.map(({ name, version }) => `${name} ${version}`).join(", ");
    printLines(context, [`installed ${showCount(result.packages.length, "package")}: ${names}`]);
  } else {
    const lines = renderConflicts({ conflicts: result.conflicts, joined: [] }, context.style.err, {
      owned: ["Say with --replaces PATH what it may take over, or leave the path out."],
      folder: ["Leave the path out of one of the two: only files and links can be taken over."],
    });
    tellLines(context, lines);
  }
}

function checkForm(flags: InstallFlags, files: readonly string[]): void {
  const given = [flags.name, flags.version, flags.stage].filter(
    (flag) => flag !== undefined,
  ).length;
  const isStage = given === 3 && files.length === 0;
  const isWheels = given === 0 && files.length > 0 && files.every((file) => file.endsWith(".whl"));
  if (isWheels || (isStage && !flags.compileBytecode)) return;
  throw new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: isStage
      ? "--compile-bytecode is for wheels: a staged tree can be of any interpreter, or of none"
      : given > 0
        ? "a staged tree needs --name, --version and --stage, and no files"
        : "it is not said what is to be installed: name wheels (FILE.whl…), or a staged tree (--name N --version V --stage DIR)",
  });
}
