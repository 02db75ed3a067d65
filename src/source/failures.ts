/** The wording of what goes wrong with sources. */
import { type Digest, TenonError, withoutCredentials } from "../core/index.ts";

/** The package that an error is about, and the recipe's file (empty for a built-in recipe). */
export interface SourceSubject {
  readonly package: string;
  readonly recipeFile: string;
}

export function offline(packageName: string): TenonError {
  return new TenonError({
    kind: "source",
    code: "SOURCE_OFFLINE",
    message: `the source of ${packageName} is not in the store, and --offline was given`,
    hints: ["Run `tenon fetch` while online."],
  });
}

export function mismatch(
  options: SourceSubject & {
    readonly url: string;
    readonly expected: Digest;
    readonly got: Digest;
    readonly odd?: string;
  },
): TenonError {
  return new TenonError({
    kind: "source",
    code: "SOURCE_MISMATCH",
    message:
      `${named(options)}: the source has a wrong digest: ` +
      `expected sha256 ${options.expected}, got ${options.got} from ${options.url}`,
    hints: [
      ...(options.odd === undefined ? [] : [`That address now gives ${options.odd}.`]),
      `If the source was changed on purpose: ${repin(options)}.`,
    ],
  });
}

/** `tenon lock` leaves a pin alone that is there. */
export function repin({ package: name, recipeFile }: SourceSubject): string {
  const recipe = recipeFile === "" ? "the recipe" : recipeFile;
  return `correct sha256 in ${recipe}, or remove the [[source]] of ${name} from tenon.lock and run \`tenon lock\``;
}

export function unreachableSource(
  subject: SourceSubject,
  reasons: readonly { readonly url: string; readonly reason: string }[],
): TenonError {
  return new TenonError({
    kind: "source",
    code: "SOURCE_UNREACHABLE",
    message: `${named(subject)}: the source could not be fetched from ${
      reasons.length === 1 ? reasons[0]?.url : `any of ${reasons.length} places`
    }`,
    hints: reasons.map(({ url, reason }) => `${url}: ${withoutCredentials(reason)}`),
  });
}

export function named(subject: SourceSubject): string {
  return subject.recipeFile === "" ? subject.package : `${subject.package} (${subject.recipeFile})`;
}
