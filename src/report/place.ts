/** Paths as short as they can be typed. */

/** Relative to the current folder where it lies below it, absolute elsewhere. */
export function showPath(path: string, currentDirectory: string): string {
  if (path === currentDirectory) return ".";
  const start = currentDirectory === "/" ? "/" : `${currentDirectory}/`;
  return path.startsWith(start) ? path.slice(start.length) : path;
}
