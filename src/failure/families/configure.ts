/** What looks at the machine before a build: configure scripts, pkg-config, CMake, Meson. */
import type { Recogniser } from "../recogniser.ts";

export const pkgconfig: readonly Recogniser[] = [
  {
    kind: "missing-pkgconfig",
    pattern: /Package '?(?<name>[^\s',]+)'? was not found in the pkg-config search path/,
    missing: "pkgconfig",
    certainty: "probe",
  },
  {
    kind: "missing-pkgconfig",
    pattern: /Package '(?<name>[^']+)'(?:, required by '[^']*',)? not found/,
    missing: "pkgconfig",
    certainty: "probe",
  },
  {
    kind: "missing-pkgconfig",
    pattern: /No package '(?<name>[^']+)' found/,
    missing: "pkgconfig",
    certainty: "probe",
  },
];

export const configure: readonly Recogniser[] = [
  {
    kind: "missing-package",
    pattern: /^(?:-- )?Requested '(?<name>[\w.+-]+)\b.*' but version of .* is \S+/,
    reason: "$name was found only in a version that does not do",
    certainty: "probe",
  },
  {
    kind: "missing-header",
    pattern:
      /(?:configure(?::\d+)?: error:|ERROR:) .*?(?<name>[\w+./-]+\.h(?:pp|h)?)\b.*(?:not found|not usable|can't be found|cannot find|missing|needed|required|unusable)/,
    missing: "header",
  },
  {
    kind: "missing-header",
    pattern:
      /\b(?:[Ff]ailed to find|[Cc]ould not find|[Cc]annot find) (?:the )?(?:header )?'?(?<name>[\w+./-]+\.h(?:pp)?)\b/,
    missing: "header",
  },
  {
    kind: "missing-library",
    pattern: /^checking for \S+ in -l(?<name>\S+)\.\.\. no$/,
    missing: "library",
    certainty: "probe",
  },
  {
    kind: "missing-header",
    pattern: /^checking for (?<name>\S+\.h)\.\.\. no$/,
    missing: "header",
    certainty: "probe",
  },
  // SCons and waf.
  {
    kind: "missing-header",
    pattern:
      /^Checking for (?:C(?:\+\+)? )?header(?: file)? '?(?<name>[^\s']+)'?(?:\.\.\. ?no| *: not found)$/,
    missing: "header",
    certainty: "probe",
  },
  {
    kind: "missing-library",
    pattern:
      /^Checking for (?:C(?:\+\+)? )?library '?(?<name>[^\s']+)'?(?:\.\.\. ?no| *: not found)$/,
    missing: "library",
    certainty: "probe",
  },
  {
    kind: "missing-package",
    pattern: /^Checking for '(?<name>[^\s']+)'.* : not found$/,
    reason: "$name was not found",
    certainty: "probe",
  },
  {
    kind: "configure-error",
    pattern: /configure(?::\d+)?: error:(?: in [`'].*['`]:)?$/,
    reason: "$next",
    certainty: "vague",
    saysIt: "next-line",
  },
  {
    kind: "missing-pkgconfig",
    pattern:
      /configure(?::\d+)?: error: Package requirements \((?<name>[^\s)]+)[^)]*\) were not met/,
    missing: "pkgconfig",
  },
  {
    kind: "missing-program",
    pattern: /configure(?::\d+)?: error: no acceptable (?<name>C|C\+\+) compiler found/,
    reason: "no $name compiler was found",
  },
  {
    kind: "configure-error",
    pattern: /configure(?::\d+)?: error: cannot run (?:C|C\+\+) compiled programs/,
    reason: "what the compiler makes cannot be run here",
  },
  {
    kind: "configure-error",
    pattern: /configure(?::\d+)?: error: (?:C|C\+\+|Fortran) compiler cannot create executables/,
    reason: "the compiler cannot make programs",
  },
  {
    kind: "missing-program",
    pattern:
      /configure(?::\d+)?: error: (?<name>[\w.+-]+) (?:was )?not found in (?:the |your |\$)*PATH/,
    missing: "program",
  },
  {
    kind: "missing-package",
    pattern:
      /(?:configure(?::\d+)?: error:|^error:) *(?<text>.*(?:[Nn]ot found|NOT FOUND|can ?not find|could not find|couldn't find|unable to find|is needed|requires the \S+ library|(?:is|are) missing).*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "missing-package",
    pattern: /^\*\*\* No (?<text>.*) (?:lib|library|header)s? (?:was|were) found/,
    reason: "no $text library was found",
    certainty: "vague",
  },
  {
    kind: "configure-error",
    pattern: /(?:^|\.\.\. )(?:\.\/)?configure(?:\.sh)?: (?:error|Error): *(?<text>.+)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "missing-program",
    pattern: /^autoreconf: (?:error: )?.*failed to run (?<name>[\w-]+): No such file/,
    missing: "program",
  },
  {
    kind: "missing-file",
    pattern:
      /(?:config\.status|configure): error: cannot find (?:input file|required auxiliary files): [`'‘]?(?<name>[^'’]+)['’]?/,
    reason: "the file $name is missing",
  },
  {
    kind: "configure-error",
    pattern: /^(?:configure\.(?:ac|in)|\S*Makefile\.am):\d+: error: (?<text>.*)/,
    reason: "$text",
  },
  {
    kind: "configure-error",
    pattern: /error: possibly undefined macro: (?<text>\w+)/,
    reason:
      "the macro $text is defined nowhere: its package is missing, or aclocal did not find it",
  },
  {
    kind: "configure-error",
    pattern:
      /^(?:configure\.(?:ac|in)|\S*Makefile\.am):\d+: (?!warning|installing|note)(?<text>.*(?:not found|missing|undefined|required|does not|cannot).*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "configure-error",
    pattern: /^\S*configure: line \d+: syntax error near unexpected token/,
    reason: "configure has a syntax error: a macro may not have been expanded",
  },
];

export const cmake: readonly Recogniser[] = [
  {
    kind: "missing-package",
    pattern: /^(?<name>[\w+-]+) (?:was )?not found!?$/,
    reason: "CMake did not find $name",
    certainty: "vague",
  },
  {
    kind: "missing-package",
    pattern: /Could not find a package configuration file provided by "(?<name>[^"]+)"/,
    missing: "cmake-package",
  },
  // Where the name did not fit in the line.
  {
    kind: "missing-package",
    pattern: /^"(?<name>[^"]+)" with any of the following names:/,
    missing: "cmake-package",
  },
  {
    kind: "missing-package",
    pattern: /^By not providing "Find(?<name>[^"]+)\.cmake" in CMAKE_MODULE_PATH/,
    missing: "cmake-package",
  },
  {
    kind: "missing-package",
    pattern: /^but it set (?<name>[\w+-]+)_FOUND to FALSE/,
    reason: "the CMake package $name was found, and says that it cannot be used",
    certainty: "vague",
  },
  {
    kind: "missing-package",
    pattern: /^The following imported targets are referenced, but are missing: (?<text>.*)/,
    reason: "targets of CMake are missing: $text",
  },
  {
    kind: "missing-package",
    pattern: /Could NOT find (?<name>\w+): Found unsuitable version/,
    reason: "CMake found $name only in a version that does not do",
  },
  {
    kind: "missing-package",
    pattern: /^Could NOT find (?<name>[\w+-]+)(?: \((?:missing|Required).*|:.*|,.*|$)/,
    reason: "CMake did not find $name",
  },
  {
    kind: "missing-library",
    pattern: /^Could not find \w+ using the following names: (?<name>[^\s,]+)/,
    missing: "library",
  },
  {
    kind: "missing-library",
    pattern: /^Could not find (?<name>\w+) using the following names:\s*$/,
    reason: "CMake did not find $name",
  },
  {
    kind: "missing-pkgconfig",
    pattern: /The following required packages were not found/,
    certainty: "vague",
  },
  {
    kind: "missing-pkgconfig",
    pattern: /^A required package was not found/,
    reason: "a pkg-config package is missing",
    certainty: "vague",
  },
  {
    kind: "configure-error",
    pattern: /^CMake (?<text>[\d.]+) or higher is required/,
    reason: "CMake is too old: $text or higher is required",
  },
  {
    kind: "missing-program",
    pattern: /^CMAKE_(?<name>\w+)_COMPILER not set, after EnableLanguage/,
    reason: "CMake found no $name compiler",
    certainty: "vague",
  },
  {
    kind: "missing-program",
    pattern: /^No CMAKE_(?<name>\w+)_COMPILER could be found/,
    reason: "CMake found no $name compiler",
  },
  {
    kind: "missing-program",
    pattern: /CMake was unable to find a build program corresponding to "(?<name>\w+)"/,
    reason: "CMake found no program for $name",
  },
  {
    kind: "missing-program",
    pattern: /^The CMAKE_\w+_COMPILER:/,
    reason: "the compiler that CMake is to use is missing",
    saysIt: "next-line",
  },
  {
    kind: "configure-error",
    pattern: /^Unknown CMake command "(?<text>[^"]+)"/,
    reason: "CMake does not know the command $text",
  },
  {
    kind: "configure-error",
    pattern: /^failed with:$/,
    reason: "a program that CMake ran failed: $next",
    saysIt: "next-line",
  },
  // Of the variables that are set to NOTFOUND, the first.
  {
    kind: "missing-package",
    pattern: /^Please set them or make sure they are set and tested correctly in the CMake files/,
    reason: "CMake did not find $next",
    saysIt: "next-line",
  },
  {
    kind: "missing-file",
    pattern: /^Cannot find source file:/,
    reason: "a source file is missing",
    saysIt: "next-line",
  },
  {
    kind: "configure-error",
    pattern: /^CMake Error: (?<text>.*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "configure-error",
    pattern: /^CMake Error(?: in| at) .*:$/,
    reason: "$next",
    certainty: "vague",
    saysIt: "next-line",
  },
];

export const meson: readonly Recogniser[] = [
  {
    kind: "missing-pkgconfig",
    pattern: /^(?:Run-time|Build-time) dependency (?<name>\S+) found: NO\b/,
    missing: "pkgconfig",
    certainty: "probe",
  },
  {
    kind: "missing-library",
    pattern: /^Library (?<name>\S+) found: NO$/,
    missing: "library",
    certainty: "probe",
  },
  {
    kind: "missing-library",
    pattern: /\bERROR: .*library '(?<name>[^']+)' not found/,
    missing: "library",
  },
  {
    kind: "missing-pkgconfig",
    pattern: /\bERROR: Automatic wrap-based subproject downloading is disabled/,
    certainty: "vague",
  },
  {
    kind: "missing-package",
    pattern: /\bERROR: Dependency lookup for (?<name>\S+) .*Invalid version, need/,
    reason: "$name was found only in a version that does not do",
  },
  {
    kind: "missing-pkgconfig",
    pattern: /\bERROR: +Dependency "(?<name>[^"]+)" not found/,
    missing: "pkgconfig",
  },
  {
    kind: "missing-pkgconfig",
    pattern: /^(?:Native|Build|Cross) dependency '?(?<name>[^\s']+)'? not found\.?$/,
    missing: "pkgconfig",
    certainty: "vague",
  },
  {
    kind: "missing-pkgconfig",
    pattern: /\bERROR: Dependency lookup for (?<name>\S+) with method '?pkg-?config'? failed/,
    missing: "pkgconfig",
  },
  {
    kind: "missing-package",
    pattern: /\bERROR: Invalid version(?: of dependency)?, need '?(?<name>[^\s']+)'? /,
    reason: "$name was found only in a version that does not do",
  },
  {
    kind: "missing-package",
    pattern:
      /\bERROR: Dependency '?(?<name>[^\s']+)'? (?:is required but not found|found .* but need)/,
    reason: "$name was not found",
  },
  {
    kind: "missing-program",
    pattern: /\bERROR: Program '(?<name>[^\s']+)[^']*' not found/,
    missing: "program",
  },
  {
    kind: "missing-program",
    pattern: /\bERROR: Unknown compiler\(s\): \[\['(?<name>[^'/]+)'/,
    missing: "program",
  },
  {
    kind: "missing-program",
    pattern: /\bERROR: Unknown compiler\(s\): \[\['(?<name>[^']+)'/,
    reason: "the compiler $name is missing",
  },
  {
    kind: "missing-library",
    pattern: /\bERROR: \S+ (?:shared |static )?library '(?<name>[^']+)' not found/,
    missing: "library",
  },
  {
    kind: "missing-header",
    pattern: /\bERROR: \S+ header '(?<name>[^']+)' not (?:found|usable)/,
    missing: "header",
  },
  {
    kind: "missing-module",
    pattern: /\bERROR: \S+ is missing modules: (?<name>[\w.]+)/,
    missing: "module",
  },
  {
    kind: "network",
    pattern: /\bERROR: could not get \S+ is the internet available/,
    reason: "it tried to download something, and had no network",
  },
  {
    kind: "configure-error",
    pattern: /^(?:\S+: )?ERROR: Unknown (?:options|option)[: ].*"(?<text>[^"]+)"/,
    reason: "Meson does not know the option $text",
  },
  {
    kind: "missing-package",
    pattern:
      /\bERROR: Problem encountered: (?<text>.*(?:\bmissing\b|not found|\brequire[sd]?\b|\bneed(?:s|ed)?\b|[Cc]ould not find).*)/,
    reason: "$text",
  },
  {
    kind: "configure-error",
    pattern: /^\S*meson(?:\.build|\.options|_options\.txt):\d+:\d+: ERROR: (?<text>.*)/,
    reason: "$text",
    certainty: "certain",
  },
];

export const qmake: readonly Recogniser[] = [
  {
    kind: "missing-package",
    pattern: /^Project ERROR: Unknown module\(s\) in QT: (?<name>.+)/,
    reason: "Qt has no module $name here",
  },
  {
    kind: "missing-package",
    pattern: /^Project ERROR: (?<text>.*(?:not found|development package).*)/,
    reason: "$text",
  },
  { kind: "configure-error", pattern: /^Project ERROR: (?<text>.*)/, reason: "$text" },
];
