/** What people type as the values of options, read. */
import { bytesOf, TenonError, timeSpanOf } from "../core/index.ts";

/** An unset variable in a script must not make the current folder a prefix. */
export function parseFolder(value: string): string {
  if (value !== "") return value;
  throw new TenonError({
    kind: "usage",
    code: "NO_FOLDER",
    message: "the name of a folder is empty",
  });
}

const mostJobs = 10_000;

export function parseJobs(value: string): number {
  const jobs = /^\d+$/.test(value) ? Number(value) : 0;
  if (jobs >= 1 && jobs <= mostJobs) return jobs;
  throw new TenonError({
    kind: "usage",
    code: "JOBS",
    message: `-j takes a whole number from 1 to ${mostJobs}, not ${JSON.stringify(value)}`,
  });
}

export function parseSize(value: string): number {
  const bytes = bytesOf(value) ?? 0;
  if (bytes >= 1) return bytes;
  throw new TenonError({
    kind: "usage",
    code: "SIZE",
    message: `a size such as 800M or 8G is needed, not ${JSON.stringify(value)}`,
  });
}

/** So many transactions, or what is younger than so many milliseconds. */
export type Keep = { readonly transactions: number } | { readonly ageMs: number };

export function parseKeep(value: string): Keep {
  if (/^\d{1,9}$/.test(value)) return { transactions: Number(value) };
  const ageMs = timeSpanOf(value);
  if (ageMs !== undefined) return { ageMs };
  throw new TenonError({
    kind: "usage",
    code: "KEEP",
    message: `a number of transactions such as 5, or with --store a time such as 12h, 14d or 8w is needed, not ${JSON.stringify(value)}`,
  });
}
