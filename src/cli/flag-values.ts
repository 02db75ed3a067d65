/** What people type as the values of options, read. */
import { TenonError } from "../core/index.ts";

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

export function parseCount(value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new TenonError({
    kind: "usage",
    code: "COUNT",
    message: `a whole number is needed, not ${JSON.stringify(value)}`,
  });
}

/** Bytes, or with K, M, G or T times 1024 each, as for make, systemd and most others. */
export function parseSize(value: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,15}(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(value) ?? [];
  const exponent = ["", "K", "M", "G", "T"].indexOf(unit.toUpperCase());
  const bytes = digits === "" ? 0 : Math.round(Number(digits) * 1024 ** exponent);
  if (bytes >= 1) return bytes;
  throw new TenonError({
    kind: "usage",
    code: "SIZE",
    message: `a size such as 800M or 8G is needed, not ${JSON.stringify(value)}`,
  });
}
