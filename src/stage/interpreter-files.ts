/** The files by which a Python is started and finds its own modules: no wheel may bring one of them. */

/**
 * Whether a path, relative to the prefix, is one of an interpreter, whatever the case of its letters: a file
 * system may not tell them apart. What was put there would be run by whoever uses the prefix's Python.
 */
export function isInterpreterFile(path: string, scripts: string): boolean {
  const lower = path.toLowerCase();
  const inScripts = lower.startsWith(`${scripts.toLowerCase()}/`)
    ? `bin/${lower.slice(scripts.length + 1)}`
    : lower;
  return patterns.some((pattern) => pattern.test(inScripts));
}

const patterns: readonly RegExp[] = [
  // `python3.13t`, `pythonw`, `pypy3-c`; `python-argcomplete-tcsh` is a script like others.
  /^bin\/(?:python|pypy)w?[\d.]*[dmtu]*(?:-(?:c|dbg|debug|dev|nogil|intel64|arm64|32|64))?(?:\.exe)?$/,
  // Where an interpreter looks for what it belongs to.
  /^(?:bin\/)?pyvenv\.cfg$/,
  /^bin\/(?:pybuilddir\.txt|python[^/]*\._pth)$/,
  // The standard library, which is not where wheels go.
  /^lib(?:32|64)?\/(?:python|pypy)\d[^/]*\/(?!(?:site|dist)-packages\/)/,
  /^lib(?:32|64)?\/(?:python|pypy)\d[^/]*\.zip$/,
  /^lib(?:32|64)?\/lib(?:python|pypy)[^/]*\.so(?:\.[^/]*)?$/,
];
