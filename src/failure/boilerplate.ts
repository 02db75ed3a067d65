/** Lines that only pass on that something else has failed, and lines that quote a source. */

const passedOn: readonly RegExp[] = [
  /^ninja: build stopped/,
  /^g?make(?:\[\d+\])?: (?:\*\*\* (?:\[.*\] Error (?!127$)\d+|Waiting for unfinished jobs)|Target .* not remade|(?:Entering|Leaving) directory)/,
  /^g?make(?:\[\d+\])?: \[.*\] Error \d+ \(ignored\)$/,
  /^g?make(?:\[\d+\])?: \*\*\* (?:Deleting file|Waiting)/,
  /^FAILED: (?!.*: (?:Invalid argument|Input\/output error)$)/,
  /^error: subprocess-exited-with-error$/,
  /^(?:[×│]|╰─> See above|note: This (?:error originates|is an issue with the package))/,
  /^(?:\[end of output\]|\[\d+ lines of output\]|exit code: \d+|hint: See above for)/,
  /^ERROR: (?:Failed building wheel|Failed cleaning build dir|Could not build wheels|Failed to build|Command errored|Exception:)/,
  /^(?:Failed to build|Building wheel for .* error|Getting requirements .* error|Preparing metadata .* error)/,
  /^error: (?:metadata-generation-failed|legacy-install-failure|[Cc]ommand ['"].*['"] failed with exit)/,
  /^(?:note|hint): (?:See above|This is an issue)/,
  /^(?:collect2|clang(?:\+\+)?(?:-\d+)?|c\+\+|cc)(?:\.exe)?: error: (?:ld returned|linker command failed)/,
  /^(?:compilation terminated\.|cc1\w*: (?:all|some) warnings being treated as errors|\d+ (?:errors?|warnings?)(?: and .*)? generated\.)/,
  /^(?:fatal error: too many errors emitted|ERROR: InvocationError|ERROR: +\S+: commands failed|error: build failed$)/,
  /^error: (?:aborting due to|test failed, to rerun|\d+ targets? failed|process didn't exit successfully|failed to compile `.*, intermediate artifacts)/,
  /^(?:For more information about (?:this|an) error, try `rustc|Some errors have detailed explanations)/,
  /^-- Configuring incomplete, errors occurred/,
  /^See also "/,
  /^CMake Generate step failed/,
  /^A full log can be found at/,
  /^(?:Errors while running CTest|Output from these tests are in:|Use "--rerun-failed)/,
  // What packagers, containers and CI systems say when the command that they run has failed.
  /^(?:error: )?Bad exit status from |^RPM build errors:/,
  /^(?:dpkg-buildpackage: error: .* (?:gave error|subprocess (?:returned|failed with)) exit|dh_\w+: (?:error: )?.* returned exit code|debuild: fatal error)/,
  /^(?:The command '.*' returned a non-zero code|(?:Error: buildx failed with: )?ERROR: (?:failed to solve|process "|executor failed running)|executor failed running)/,
  /^(?:==> ERROR: A failure occurred in|==> Error: ProcessError: Command exited|\S*ProcessError: Command exited with status)/,
  /^ERROR: (?:\S+ do_\w+: (?:oe_runmake failed|Function failed|ExecutionError|Execution of)|Logfile of failure stored)/,
  /^(?:ERROR: (?:Task \(|Function failed|oe_runmake failed|Execution of)|\* ERROR: .* failed(?: \(\w+ phase\)|:)|(?:error: )?builder for '.*' failed)/,
  /^(?:error: (?:build of '.*' failed$|build of '.*' failed: builder for '.*' failed with|\d+ dependencies of derivation|Cannot build ')|cannot build derivation|For full logs, run)/,
  /^(?:##\[error\])?(?:Error: |ERROR: )?(?:Process completed with exit code|Job failed: exit code|The process '.*' failed with exit code)/,
  /^(?:gyp|npm) (?:ERR!|error) (?:build error|not ok|stack (?:Error: `make` failed|at )|System|command|cwd|node |node-gyp|code |path |errno |A complete log|\s*at )/,
  /^ERROR: (?:All )?\d+ tests? (?:were|was) run/,
  /^\S+:\d+: recipe for target '.*' failed$|^(?:NOTE|Summary): |^Encountered error while generating package metadata/,
  // RubyGems, and what a shell and a CI system write about a command that ended.
  /^ERROR: +Error installing |^(?:extconf|make|rake) failed, exit code|^(?:Gem files will remain|Results logged to|To see why this extension)/,
  /^(?:Results|Full log|Log file|Check the logs?)\b.*\.log|^(?:FAILURE: )?Build failed(?: with an exception)?[.!]?$|^\[INFO\]|^BUILD FAILED/i,
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
