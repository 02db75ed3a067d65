/** Lines that only pass on that something else has failed, and lines that quote a source. */

const passedOn: readonly RegExp[] = [
  /^ninja: build stopped/,
  /^g?make(?:\[\d+\])?: (?:\*\*\* (?:\[.*\] Error \d+|Waiting for unfinished jobs)|Target .* not remade|(?:Entering|Leaving) directory)/,
  /^g?make(?:\[\d+\])?: \[.*\] Error \d+ \(ignored\)$/,
  /^make: \*\*\* (?:Deleting file|Waiting)/,
  /^FAILED: /,
  /^error: subprocess-exited-with-error$/,
  /^(?:[×│]|╰─> See above|note: This (?:error originates|is an issue with the package))/,
  /^(?:\[end of output\]|\[\d+ lines of output\]|exit code: \d+|hint: See above for)/,
  /^ERROR: (?:Failed building wheel|Could not build wheels|Failed to build|Command errored|Exception:)/,
  /^(?:Failed to build|Building wheel for .* error|Getting requirements .* error|Preparing metadata .* error)/,
  /^error: (?:metadata-generation-failed|legacy-install-failure|command '.*' failed with exit)/,
  /^(?:note|hint): (?:See above|This is an issue)/,
  /^(?:collect2|clang(?:\+\+)?(?:-\d+)?): error: (?:ld returned|linker command failed)/,
  /^(?:compilation terminated\.|cc1\w*: (?:all|some) warnings being treated as errors|\d+ (?:errors?|warnings?)(?: and .*)? generated\.)/,
  /^error: (?:could not compile|aborting due to|test failed, to rerun|\d+ targets? failed|process didn't exit successfully)/,
  /^For more information about this error, try `rustc/,
  /^-- Configuring incomplete, errors occurred/,
  /^See also "/,
  /^CMake Generate step failed/,
  /^A full log can be found at/,
  /^(?:Errors while running CTest|Output from these tests are in:|Use "--rerun-failed)/,
  /^gave up|^\*+$|^-+$|^=+$/,
];

export function isBoilerplate(text: string): boolean {
  return passedOn.some((pattern) => pattern.test(text));
}

/** `   12 | int x;` and the line with the mark below it, and what Cython draws. */
export function quotesSource(text: string): boolean {
  return /^\d+ \| |^\|(?:$| )/.test(text);
}

/** What a check compiles to find out something: that it fails is an answer. */
export function isProbe(text: string): boolean {
  return /\b(?:conftest|_configtest|CMakeTmp|CMakeScratch|meson-private|try_compile)\b/.test(text);
}
