/** Compilers: C, C++, Fortran, Cython, Go, Rust, and the headers, modules and crates that they lack. */
import type { Recogniser } from "../recogniser.ts";

export const compiler: readonly Recogniser[] = [
  {
    kind: "missing-module",
    pattern:
      /^\S+\.go:\d+:\d+: (?:no required module provides package|cannot find (?:package|module)|module lookup disabled)/,
  },
  // What the compiler itself was to read, not what a line of a source includes.
  {
    kind: "missing-file",
    pattern:
      /(?:^|[\s/])(?:[\w.]+-)*(?:cc1\w*|f951|clang\S*|g?cc\S*|[cg]\+\+\S*|gfortran\S*): fatal error: '?(?<name>[^\s:']+)'?: No such file or directory/,
    reason: "the source file $name is missing",
  },
  {
    kind: "missing-file",
    pattern:
      /\bfatal error: '?(?<name>[^\s:']+\.(?:c|cc|cpp|cxx|C|f|for|f90|F|F90|S|s|m|mm))'?(?:: No such file or directory| file not found)/,
    reason: "the source file $name is missing",
  },
  {
    kind: "missing-file",
    pattern:
      /(?:^|[\s/])(?:[\w.]+-)*(?:cc1\w*|gcc|g\+\+|cc|c\+\+|clang\S*|gfortran)(?:-[\d.]+)?(?:\.exe)?: (?:fatal )?error: (?:no such file or directory: ')?(?<name>[^\s':]+)(?:: No such file or directory)?'?$/,
    reason: "the file $name is missing",
  },
  {
    kind: "missing-header",
    pattern:
      /\b(?:fatal )?error: '?(?<name>[^\s:']+\.[A-Za-z+]+)'?(?:: No such file or directory| file not found)/,
    missing: "header",
  },
  {
    kind: "missing-header",
    pattern: /\bfatal error: (?<name>[\w+./-]+\.h(?:h|pp|xx)?) ?:/,
    missing: "header",
  },
  {
    kind: "missing-header",
    pattern: /\bfatal error: '?(?<name>[^\s:']+)'?(?:: No such file or directory$| file not found)/,
    missing: "header",
  },
  {
    kind: "missing-file",
    pattern: /Fatal Error: Can(?:no|')t open module file '(?<name>[^'\s]+)\.mod' for reading/,
    reason: "the Fortran module $name is missing",
  },
  {
    kind: "missing-program",
    pattern:
      /(?:gcc|g\+\+|cc|clang\S*|gfortran): (?:fatal )?error: cannot execute '?(?<name>[\w.+-]+)'?/,
    missing: "program",
  },
  {
    kind: "missing-header",
    pattern: /\b(?:Error|error): Can't open included file '(?<name>[^']+)'/,
    missing: "header",
  },
  {
    kind: "compile-error",
    pattern:
      /^(?!(?:\S*\/)?(?:configure|aclocal)[\w.]*:|\S+\.(?:m4|am):)\S[^:]*:\d+(?::\d+|\.\d+-\d+\.\d+)?: (?:fatal )?error: (?<text>.*)/,
    reason: "$text",
  },
  { kind: "compile-error", pattern: /^f951\S*: Fatal Error: (?<text>.*)/, reason: "$text" },
  {
    kind: "missing-file",
    pattern:
      /^(?:fatal )?error: (?:error opening|(?:unable to|cannot|can't|could not) open)(?: file)? '(?<name>[^']+)'/,
    reason: "the file $name cannot be opened",
  },
  {
    kind: "compile-error",
    pattern: /^\S+\(\d+\): (?:fatal )?error[: ](?<text>.*)/,
    reason: "$text",
  },
  { kind: "compile-error", pattern: /^(?:Fatal )?Error: (?<text>.+ at \(1\).*)/, reason: "$text" },
  { kind: "compile-error", pattern: /^\S+:\d+: Error: (?<text>.*)/, reason: "$text" },
  { kind: "compile-error", pattern: /^\S+\.pyx:\d+:\d+: (?!warning)(?<text>.*)/, reason: "$text" },
  { kind: "compile-error", pattern: /^(?:vet: )?\S+\.go:\d+:\d+: (?<text>.*)/, reason: "$text" },
  {
    kind: "compile-error",
    pattern:
      /^\S+\.go:\d+: (?<text>(?:undefined|undeclared|cannot|invalid|missing|syntax error|too many|not enough|imported and not used|.* declared (?:and|but) not used).*)/,
    reason: "$text",
  },
  {
    kind: "missing-file",
    pattern:
      /^(?:\S+: )?(?:Fatal error|fatal error): can't (?:create|open) (?<name>[^\s:]+)(?:: .*)?$/,
    reason: "the file $name cannot be opened: its folder may be missing",
  },
  {
    kind: "missing-module",
    pattern:
      /^(?:go: )?(?<name>[\w.-]+\.[\w-]+\/\S+)@v\S+: (?:module lookup disabled|unrecognized import path|reading|Get|invalid)/,
    reason: "the Go module $name is missing",
  },
  { kind: "compile-error", pattern: /^error\[E\d+\]: (?<text>.*)/, reason: "$text" },
  {
    kind: "compile-error",
    pattern: /^error: unrecognized (?:command[- ]line )?option (?<text>.*)/,
    certainty: "certain",
  },
  {
    kind: "compile-error",
    pattern:
      /^(?:\S+[/-])?(?:cc1\w*|gcc|g\+\+|cc|c\+\+|clang\S*|gfortran|f951|rustc): (?:fatal )?error: (?!linker command|ld returned)(?<text>.*)/,
    reason: "$text",
  },
  {
    kind: "compile-error",
    pattern: /^Compilation failed: (?<text>[1-9]\d* error\(s\))/,
    reason: "it could not be compiled: $text",
    certainty: "summary",
  },
  {
    kind: "compile-error",
    pattern: /^Cython\.Compiler\.Errors\.CompileError: (?<text>.*)/,
    reason: "$text",
    certainty: "consequence",
  },
];

export const cargo: readonly Recogniser[] = [
  {
    kind: "configure-error",
    pattern: /^error: (?<text>.*)/,
    next: /^--> Cargo\.toml:\d+/,
    reason: "Cargo.toml is wrong: $text",
  },
  {
    kind: "missing-crate",
    pattern: /no matching package named `(?<name>[^`]+)` found/,
    reason: "the crate $name is missing",
  },
  {
    kind: "missing-crate",
    pattern: /failed to get `(?<name>[^`]+)` as a dependency/,
    reason: "the crate $name is missing",
    certainty: "vague",
  },
  {
    kind: "missing-crate",
    pattern: /failed to select a version for the requirement `(?<name>[\w-]+)/,
    reason: "the crate $name is missing in the version that is asked for",
  },
  {
    kind: "configure-error",
    pattern: /^error: failed to parse manifest at `(?<text>[^`]+)`/,
    reason: "Cargo.toml cannot be read",
  },
  {
    kind: "configure-error",
    pattern: /^error: the lock file .* needs to be updated but --(?:locked|frozen)/,
    reason: "Cargo.lock is not up to date",
  },
  {
    kind: "configure-error",
    pattern: /^error: cannot create the lock file .* because --(?:locked|frozen)/,
    reason: "Cargo.lock is not up to date",
  },
  {
    kind: "configure-error",
    pattern: /^error: rustc \S+ is not supported by the following packages?/,
    reason: "the Rust compiler is too old",
  },
  {
    kind: "configure-error",
    pattern: /^thread '.*?' panicked at '(?<text>.*)', \S+:\d+(?::\d+)?$/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "configure-error",
    pattern: /^thread '.*?'.* panicked at .*build\.rs/,
    certainty: "vague",
    saysIt: "next-line",
  },
  {
    kind: "compile-error",
    pattern: /^error: [Cc]ould not compile `(?<name>[^`]+)`/,
    reason: "$name could not be compiled",
    certainty: "summary",
  },
  {
    kind: "configure-error",
    pattern: /^(?:error: )?[Ff]ailed to run custom build command for `(?<name>[^`]+)`/,
    reason: "the build script of the crate $name failed",
    certainty: "consequence",
  },
  {
    kind: "link-error",
    pattern: /^error: linking with `(?<name>[^`]+)` failed/,
    reason: "linking failed",
    certainty: "vague",
  },
  {
    kind: "missing-program",
    pattern: /^is `(?<name>[^`]+)` not installed\?$/,
    missing: "program",
  },
  {
    kind: "missing-program",
    pattern: /^error: linker `(?<name>[^`]+)` not found/,
    missing: "program",
  },
  {
    kind: "compile-error",
    pattern: /^error: (?<text>.*)/,
    next: /^--> \S+:\d+:\d+$/,
    reason: "$text",
  },
];
