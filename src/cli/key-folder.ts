/** Where the caller's secret keys are, and which of them a command signs with. */
import { parseKey, readKeyFile, readKeys, type SecretKey, TenonError } from "../library/index.ts";
import type { Context } from "./context.ts";
import { absolute } from "./options.ts";

export function keyFolder({ environment }: Pick<Context, "environment">): string {
  const { XDG_CONFIG_HOME: folder, HOME: home } = environment;
  if (folder?.startsWith("/")) return `${folder}/tenon/keys`;
  if (home?.startsWith("/")) return `${home}/.config/tenon/keys`;
  throw new TenonError({
    kind: "usage",
    code: "NO_KEY_FOLDER",
    message:
      "there is no place for keys: neither XDG_CONFIG_HOME nor HOME names an absolute folder",
  });
}

/** `TENON_KEY`, a secret line or the file that has one; else all that are in the folder, or the named one. */
export function signingKeys(context: Context, name: string | undefined): readonly SecretKey[] {
  const { world, environment, currentDirectory } = context;
  const given = environment["TENON_KEY"];
  if (given !== undefined && given !== "")
    return [/^\s*secret\s/.test(given) ? given : absolute(currentDirectory, given)].map((text) =>
      text.startsWith("/") ? readKeyFile(world, text) : parseKey(text),
    );
  const keys = readKeys(world, keyFolder(context));
  const chosen = name === undefined ? keys : keys.filter((key) => key.name === name);
  if (name !== undefined && chosen.length === 0) throw noSuchKey(name, keyFolder(context));
  return chosen;
}

function noSuchKey(name: string, folder: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "NO_KEY",
    message: `there is no key ${JSON.stringify(name)} in ${folder}`,
    hints: ["`tenon key` lists those that are there."],
  });
}
