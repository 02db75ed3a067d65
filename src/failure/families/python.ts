/** Python: exceptions, and what builds its packages. Tracebacks are read in traceback.ts. */
import type { Recogniser } from "../recogniser.ts";

export const python: readonly Recogniser[] = [
  {
    kind: "python-error",
    pattern: /^(?<name>SyntaxError|IndentationError|TabError): (?<text>.*)/,
    reason: "$name: $text",
  },
  {
    kind: "missing-module",
    pattern:
      /(?:\b(?:ModuleNotFoundError|ImportError|exception): |^\S*python[\d.]*(?:\.exe)?: )No module named '?(?<name>[\w.]+)'?/,
    missing: "module",
  },
  {
    kind: "missing-program",
    pattern:
      /^FileNotFoundError: \[Errno 2\] No such file or directory: '(?<name>(?!.*\.(?:txt|toml|cfg|ini|md|rst|py|in|json|ya?ml|xml|lock|c|h|cpp)')[\w.+-]+)'$/,
    missing: "program",
    certainty: "probe",
  },
  {
    kind: "missing-file",
    pattern:
      /^(?:FileNotFoundError|IOError|OSError|error): \[Errno 2\] No such file or directory: '(?<name>[^']+)'/,
    reason: "the file $name is missing",
    certainty: "vague",
  },
  {
    kind: "python-requirement",
    pattern: /^(?:pip\._vendor\.)?pkg_resources\.\w+(?:NotFound|Conflict)\w*: (?<text>.*)/,
    reason: "$text",
  },
];

export const pip: readonly Recogniser[] = [
  {
    kind: "missing-program",
    pattern: /\byou need a (?<name>C|C\+\+|Fortran) compiler\b/i,
    reason: "a $name compiler is missing",
    certainty: "vague",
  },
  {
    kind: "missing-package",
    pattern:
      /\b(?:did not|could not|couldn't|cannot|can't) find (?:the )?(?<name>\S+) (?:headers?|librar(?:y|ies))\b/i,
    reason: "$name was not found",
    certainty: "vague",
  },
  {
    kind: "missing-package",
    pattern: /\b[Yy]ou need to install (?<text>.*(?:development|header|librar).*)/,
    certainty: "vague",
  },
  // A project that ends after few words has said why.
  {
    kind: "python-project",
    pattern: /^╰─> \[1?\d lines? of output\]/,
    reason: "$next",
    certainty: "probe",
    saysIt: "next-line",
  },
  {
    kind: "missing-package",
    pattern: /\bRequiredDependencyException: (?<name>\S+)/,
    reason: "the library $name, which it requires, was not found",
  },
  {
    kind: "missing-package",
    pattern:
      /(?:[Mm]ake sure|[Ee]nsure) (?:that )?.*(?:packages?|librar(?:y|ies)|headers?) (?:are|is) installed|[Pp]lease install .*(?:development|header|librar)/,
    certainty: "vague",
  },
  {
    kind: "python-requirement",
    pattern: /^ERROR Unmet dependencies/,
    reason: "a build requirement is missing: $next",
    saysIt: "next-line",
  },
  {
    kind: "missing-pkgconfig",
    pattern: /^Command 'pkg-config --exists (?<name>[^']+)' returned non-zero/,
    missing: "pkgconfig",
    certainty: "probe",
  },
  {
    kind: "missing-pkgconfig",
    pattern: /(?:not find|no) valid pkg-config name/i,
    certainty: "vague",
  },
  {
    kind: "missing-program",
    pattern: /(?:^|\s|')(?<name>[\w.+-]+)'? (?:executable|command|program) (?:was )?not found\b/i,
    missing: "program",
    certainty: "vague",
  },
  {
    kind: "missing-program",
    pattern:
      /\b(?<name>\w[\w.+]*[-_]config)\b.*(?:not found|No such file or directory|could not be found|not available)/,
    missing: "program",
    certainty: "vague",
  },
  {
    kind: "python-requirement",
    pattern: /ERROR: Package '(?<text>[^']+)' requires a different Python: (?<name>.*)/,
    reason: "$text requires a different Python: $name",
  },
  {
    kind: "python-requirement",
    pattern:
      /ERROR: Could not find a version that satisfies the requirement (?<text>[^(]*[^(\s-])(?: \(|$)/, // not wrapped
    reason: "no version satisfies $text",
  },
  {
    kind: "python-requirement",
    pattern: /ERROR: No matching distribution found for (?<text>.*)/,
    reason: "no version satisfies $text",
  },
  {
    kind: "python-requirement",
    pattern: /ERROR: Some build dependencies for .* are missing: (?<text>.*)\./,
    reason: "the build requirement $text is missing",
  },
  {
    kind: "python-requirement",
    pattern: /^ERROR Missing dependencies:$/,
    reason: "the build requirement $next is missing",
    saysIt: "next-line",
  },
  {
    kind: "python-requirement",
    pattern:
      /ERROR: Cannot install (?<text>.*) because these package versions have conflicting dependencies/,
    reason: "the requirements contradict each other: $text",
  },
  {
    kind: "checksum",
    pattern: /ERROR: THESE PACKAGES DO NOT MATCH THE HASHES/,
    reason: "a downloaded file is not the one whose checksum was noted",
  },
  {
    kind: "python-project",
    pattern: /error: Multiple top-level packages discovered in a flat-layout/,
    reason: "setuptools found several packages and does not know which to build",
  },
  {
    kind: "python-project",
    pattern: /^ValueError: invalid pyproject\.toml config: (?<text>.*)/,
    reason: "pyproject.toml is wrong: $text",
  },
  {
    kind: "python-project",
    pattern: /^configuration error: (?<text>.*)/,
    reason: "pyproject.toml is wrong: $text",
    certainty: "vague",
  },
  {
    kind: "python-project",
    pattern: /(?:TOMLDecodeError|Failed to (?:parse|load) .*pyproject\.toml)/,
    reason: "pyproject.toml cannot be read",
  },
  { kind: "python-project", pattern: /^error in \S+ setup command: (?<text>.*)/, reason: "$text" },
  {
    kind: "python-project",
    pattern: /^LookupError: setuptools-scm was unable to detect version/,
    reason: "setuptools-scm cannot find the version: the source is not a git checkout",
  },
  {
    kind: "missing-program",
    pattern: /^(?:SystemExit: )?error: can't find Rust compiler/,
    reason: "the Rust compiler is missing",
  },
  {
    kind: "missing-program",
    pattern: /^(?:Cargo, the Rust package manager, is not installed|Rust not found)/,
    reason: "Cargo, Rust's package manager, is missing",
  },
  {
    kind: "missing-program",
    pattern: /^error: command '(?<name>[^'/]+)' failed: No such file or directory/,
    missing: "program",
  },
  {
    kind: "compile-error",
    pattern: /^error: command '.*' failed with exit (?:code|status) \d+/,
    certainty: "consequence",
  },
];

/** Read last: whatever calls itself an error. */
export const general: readonly Recogniser[] = [
  {
    kind: "python-project",
    pattern:
      /^error: (?<text>(?!subprocess-exited|metadata-generation|command |legacy-install)[A-Za-z].*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "python-project",
    pattern:
      /^(?:Error|ERROR): (?<text>(?!Failed building|Could not build|Failed to build|Command errored|No matching|Exception).*)/,
    reason: "$text",
    certainty: "vague",
  },
];

/** Exceptions that say no more than that a program which was run has failed. */
export const wrapperExceptions =
  /^(?:subprocess\.CalledProcessError|(?:distutils|setuptools)\S*\.(?:CompileError|DistutilsExecError|LinkError|DistutilsError)|SystemExit(?=$|: \d+$)|KeyboardInterrupt|(?:build|pyproject_hooks|pip)\S*\.(?:BackendOperationError|BuildBackendException|HookMissing|InstallationSubprocessError))\b/;
