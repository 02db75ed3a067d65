/** `tenon key [new NAME]` */
import { listKeys, makeKey, TenonError } from "../library/index.ts";
import { renderKeys, renderNewKey } from "../report/index.ts";
import type { KeyFlags } from "./commands/key.ts";
import { type Context, guard, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { keyFolder } from "./key-folder.ts";

const usualDays = 365;

export default function runKey(this: Context, flags: KeyFlags, ...words: string[]): Promise<void> {
  return guard(this, () => {
    const folder = keyFolder(this);
    const [verb, name, ...more] = words;
    if (verb === undefined) {
      const keys = listKeys(this.world, folder);
      if (flags.json) for (const each of keys) printJson(this, each);
      else printLines(this, renderKeys(keys, folder));
      return exitCodes.done;
    }
    if (verb !== "new" || name === undefined || more.length > 0) throw wrongWords(words);
    const made = makeKey(this.world, folder, { name, days: flags.days ?? usualDays });
    if (flags.json) printJson(this, made);
    else printLines(this, renderNewKey(made));
    return exitCodes.done;
  });
}

function wrongWords(words: readonly string[]): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: `\`tenon key ${words.join(" ")}\` is not understood`,
    hints: ["`tenon key` lists your keys, and `tenon key new NAME` makes one."],
  });
}
