/** Errors that come again however often it is tried: they must not keep a transaction open for ever. */
import { parentOf, typedWord, TenonError } from "../core/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import { type DiskError, isDiskError } from "../world/index.ts";

const lasting = [
  ["EACCES", "EPERM", "EROFS", "EBUSY", "EXDEV", "ELOOP", "EMLINK", "ENAMETOOLONG"],
  ["ENOTDIR", "EISDIR", "EINVAL", "ENXIO", "EOPNOTSUPP", "ENOTSUP"],
].flat();

/** Of what is tidied up after the steps: the person is told instead. */
export function isLasting(error: unknown): error is DiskError {
  return isDiskError(error, ...lasting);
}

/** Once more, as it may have been a moment's; then `otherwise` says what became of it. */
export function tryTwice<Result>(
  act: () => Result,
  otherwise: (error: DiskError) => Result,
): Result {
  try {
    return act();
  } catch (error) {
    if (!isLasting(error)) throw error;
  }
  try {
    return act();
  } catch (error) {
    if (!isLasting(error)) throw error;
    return otherwise(error);
  }
}

/** What a person can do who must end an open transaction. */
export function blocked(layout: PrefixLayout, id: string, error: DiskError): TenonError {
  const then = `then \`tenon recover --prefix ${typedWord(layout.prefix)}\``;
  return new TenonError({
    kind: "machine",
    code: "RECOVERY_BLOCKED",
    message: `the transaction ${id} of ${layout.prefix} could not be ended, and waits: ${error.message}`,
    hints: [`${cureOf(error)}, ${then}.`],
    cause: error,
  });
}

/** The beginning of a sentence. */
export function cureOf({ code, path }: DiskError): string {
  const folder = typedWord(parentOf(path));
  switch (code) {
    case "EACCES":
      return `Make the folder writable for you (\`chmod u+w ${folder}\`), or act as its owner`;
    case "EPERM":
      return `Make ${path} and its folder changeable (\`chattr -ia ${folder} ${typedWord(path)}\`), or act as the owner`;
    case "EROFS":
      return `Mount the file system of ${path} writable`;
    case "EBUSY":
    case "EXDEV":
      return `Unmount what is mounted at ${path} or in it`;
    case "ENOSPC":
    case "EDQUOT":
      return "Make room on the prefix's file system";
    default:
      return `Move away what is in the way at ${path}`;
  }
}
