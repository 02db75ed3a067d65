/** What the machine refuses a transaction is said with the prefix and a cure. */
import { TenonError } from "../core/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import { DiskError, lacksRenameFlags } from "../world/index.ts";
import { cureOf } from "./lasting-errors.ts";

export function asMachineError(error: unknown, layout: PrefixLayout): unknown {
  if (!(error instanceof DiskError)) return error;
  return new TenonError({
    kind: "machine",
    code: "TRANSACTION_FAILED",
    message: `the prefix ${layout.prefix} could not be changed: ${error.message}`,
    hints: hintsFor(error, layout),
    cause: error,
  });
}

function hintsFor(error: DiskError, layout: PrefixLayout): string[] {
  const { code } = error;
  if (["ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS"].includes(code)) {
    return [`${cureOf(error)}, and run the command again.`];
  }
  if (code === "EXDEV") {
    return [`Everything in a prefix must be on the file system of ${layout.state}.`];
  }
  if (lacksRenameFlags(error)) {
    return [
      "This file system cannot exchange two entries in one step, or move one without replacing another: run it again with --weak-renames, or choose another prefix.",
    ];
  }
  return [];
}
