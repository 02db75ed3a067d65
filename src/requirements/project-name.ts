/** Names of Python projects, in the one form that an index uses. */

/** PEP 503: lower case, runs of `-`, `_` and `.` are one `-`. */
export function normalizeProject(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}
