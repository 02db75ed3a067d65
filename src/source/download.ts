/** Downloading one file from the first mirror that gives it, checked before anyone sees it (I11). */
import { type Digest, type Sha1, startSha1, type TenonError } from "../core/index.ts";
import { type Address, fileNameOf, isLocal } from "./address.ts";
import { type SourceContext, stallMsOf } from "./context.ts";
import { mismatch, offline, unreachableSource } from "./failures.ts";
import { oddContent } from "./odd-content.ts";
import { openPartial, partialNameOf, type Partial } from "./partial.ts";
import { type Try, withRetries } from "./retry.ts";
import { transfer, type Transferred } from "./transfer.ts";
import { withLock } from "./waiting.ts";

export interface DownloadOptions {
  /** The package and its recipe's file, for errors and events. */
  readonly package: string;
  readonly recipeFile: string;
  /** The same file at several places, tried in order. */
  readonly from: readonly Address[];
  /** Must not exist; on the store's file system. */
  readonly destination: string;
  readonly expectedSha256?: Digest;
  /** Checked where there is no sha256 to expect. */
  readonly expectedSha1?: Sha1;
}

type MirrorResult =
  | { readonly kind: "arrived"; readonly sha256: Digest }
  | {
      readonly kind: "mismatch";
      readonly url: string;
      readonly got: Digest;
      /** What it is instead of an archive, where that can be seen. */
      readonly odd?: string;
    }
  | { readonly kind: "failed"; readonly url: string; readonly reason: string };

/**
 * Gives the digest of what is now at the destination. Throws a TenonError of kind `source` when no
 * mirror gives the file, or only a wrong one. What an interrupted download has left is continued
 * by the next one of the same address; without an expected digest it is not trusted.
 */
export async function download(context: SourceContext, options: DownloadOptions): Promise<Digest> {
  const mirrors = context.offline ? options.from.filter(({ url }) => isLocal(url)) : options.from;
  if (mirrors.length === 0) throw offline(options.package);
  const results: MirrorResult[] = [];
  for (const address of mirrors) {
    const isLast = address === mirrors.at(-1);
    const result = await withLock(context, partialNameOf(address.url), () =>
      fromMirror(context, options, { address, isLast }),
    );
    if (result.kind === "arrived") {
      forgetPartials(context, results);
      return result.sha256;
    }
    results.push(result);
    if (!isLast) reportFailure(context, options, result); // else the error says it
  }
  throw failureOf(options, results);
}

async function fromMirror(
  context: SourceContext,
  options: DownloadOptions,
  { address, isLast }: { address: Address; isLast: boolean },
): Promise<MirrorResult> {
  const { url } = address;
  const partial = openPartial(context, url);
  if (options.expectedSha256 === undefined) partial.remove();
  const subject = { package: options.package, url };
  const result = await withRetries<MirrorResult>(context, subject, async () => {
    const startMs = context.world.clock.monotonicMs();
    const attempt = await transfer(context, { package: options.package, address, partial });
    if (attempt.kind === "done") {
      return finish(context, options, { url, partial, resumed: attempt.value.resumed });
    }
    const tookMs = context.world.clock.monotonicMs() - startMs;
    return isLast ? attempt : withoutPatience(context, attempt, tookMs);
  });
  if (result.kind === "done") return result.value;
  if (partial.validator() === undefined) partial.remove();
  return { ...result, url };
}

/** Where there is another mirror, one that keeps us waiting for nothing gets no second try. */
function withoutPatience(
  context: SourceContext,
  attempt: Exclude<Try<Transferred>, { kind: "done" }>,
  tookMs: number,
): Try<never> {
  const isWaste = attempt.kind === "again" && !attempt.progressed && tookMs >= stallMsOf(context);
  return isWaste ? { kind: "failed", reason: attempt.reason } : attempt;
}

/** What mirrors gave in part is not needed any more, unless someone else is at it. */
function forgetPartials(context: SourceContext, results: readonly MirrorResult[]): void {
  for (const result of results) {
    if (result.kind !== "failed") continue;
    const lock = context.store.tryLock(partialNameOf(result.url));
    if (lock === undefined) continue;
    openPartial(context, result.url).remove();
    lock.release();
  }
}

/** A wrong file whose beginning is older than this run is asked for once more, from the start. */
function finish(
  context: SourceContext,
  options: DownloadOptions,
  { url, partial, resumed }: { url: string; partial: Partial; resumed: boolean },
): Try<MirrorResult> {
  const { disk } = context.world;
  const older = options.expectedSha1 === undefined ? undefined : startSha1();
  const sha256 = disk.digestFile(partial.file, older?.update);
  const sha1 = older?.digest();
  const odd = oddContent(disk, partial.file, fileNameOf(url));
  if (options.expectedSha256 !== undefined && sha256 !== options.expectedSha256) {
    partial.remove();
    return resumed
      ? { kind: "again", reason: "the continued file has the wrong digest" }
      : { kind: "done", value: { kind: "mismatch", url, got: sha256, ...(odd ? { odd } : {}) } };
  }
  if (sha1 !== options.expectedSha1) {
    partial.remove();
    return { kind: "failed", reason: `its sha1 is ${sha1}, not ${options.expectedSha1}` };
  }
  if (options.expectedSha256 === undefined && odd !== undefined) {
    partial.remove(); // pinned, it would be refused by each build only
    return { kind: "failed", reason: `what it gives is ${odd}` };
  }
  const sizeBytes = partial.sizeBytes();
  disk.rename(partial.file, options.destination);
  partial.remove();
  context.report?.({ kind: "download-finished", package: options.package, url, sizeBytes });
  return { kind: "done", value: { kind: "arrived", sha256 } };
}

function reportFailure(
  context: SourceContext,
  options: DownloadOptions,
  result: Exclude<MirrorResult, { kind: "arrived" }>,
): void {
  const reason = result.kind === "failed" ? result.reason : `its digest is ${result.got}`;
  context.report?.({ kind: "mirror-failed", package: options.package, url: result.url, reason });
}

/** A wrong digest is the graver news than a mirror that does not answer. */
function failureOf(options: DownloadOptions, results: readonly MirrorResult[]): TenonError {
  for (const result of results) {
    if (result.kind === "mismatch" && options.expectedSha256 !== undefined) {
      return mismatch({ ...options, ...result, expected: options.expectedSha256 });
    }
  }
  const reasons = results.flatMap((result) =>
    result.kind === "failed" ? [{ url: result.url, reason: result.reason }] : [],
  );
  return unreachableSource(options, reasons);
}
