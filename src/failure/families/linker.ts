/** Linkers and loaders. */
import type { Recogniser } from "../recogniser.ts";

export const linker: readonly Recogniser[] = [
  {
    kind: "link-error",
    pattern: /^Undefined symbols(?: for architecture \S+)?:$/,
    reason: "$next",
    saysIt: "next-line",
  },
  {
    kind: "missing-library",
    pattern: /^ld: (?:framework|library) '(?<name>[^']+)' not found/,
    missing: "library",
  },
  {
    kind: "link-error",
    pattern: /^(?:\S+: )?\S+: version [`'](?<name>[^']+)' not found \(required by (?<text>[^)]+)\)/,
    reason: "$text needs $name, which the library here does not have",
  },
  {
    kind: "link-error",
    pattern: /^Error relocating (?<text>\S+): (?<name>\S+): symbol not found/,
    reason: "$text needs the symbol $name, which no library here has",
  },
  { kind: "missing-library", pattern: /cannot find -l:?(?<name>[^\s:]+)/, missing: "library" },
  {
    kind: "missing-library",
    pattern: /could not find native (?:static |dynamic )?library `(?<name>[^`]+)`/,
    missing: "library",
  },
  {
    kind: "missing-library",
    pattern: /(?:unable to find library|library not found for) -l:?(?<name>\S+)/,
    missing: "library",
  },
  {
    kind: "missing-library",
    pattern: /(?:^|\s)lib(?<name>[\w+.-]+?)\.so[\d.]*: cannot open shared object file/,
    missing: "library",
  },
  {
    kind: "link-error",
    pattern: /undefined reference to [`'‘](?<text>[^'’]+)['’]/,
    reason: "$text is used but defined nowhere",
  },
  {
    kind: "link-error",
    pattern: /^\S+: relocation target (?<text>\S+) not defined/,
    reason: "$text is used but defined nowhere",
  },
  {
    kind: "link-error",
    pattern: /undefined symbol: (?<text>.+?)(?: \(.*)?$/,
    reason: "$text is used but defined nowhere",
  },
  {
    kind: "link-error",
    pattern: /multiple definition of [`'‘](?<text>[^'’]+)['’]/,
    reason: "$text is defined more than once",
  },
  {
    kind: "link-error",
    pattern: /duplicate symbol: (?<text>.+)/,
    reason: "$text is defined more than once",
  },
  {
    kind: "link-error",
    pattern: /relocation \S+ against .* can ?not be used when making/,
    reason: "an object file was not compiled as position-independent code",
  },
  {
    kind: "link-error",
    pattern:
      /(?:file in wrong format|file not recognized|skipping incompatible|is incompatible with)/,
    certainty: "vague",
  },
  {
    kind: "missing-file",
    pattern:
      /^(?:(?:\S*\/)?ld(?:\.\w+)?: cannot find (?<name>[^-\s][^:]*)|cannot find (?<text>[^-\s:]+\.o))(?:: No such file or directory)?$/,
    reason: "the file $name$text is missing",
  },
  {
    kind: "missing-file",
    pattern: /^libtool:\s+error: cannot find the library [`'‘](?<name>[^'’]+)['’]/,
    reason: "the file $name is missing",
  },
  { kind: "link-error", pattern: /^libtool:\s+error: (?<text>.*)/, reason: "$text" },
  {
    kind: "link-error",
    pattern:
      /^(?:\S*[/-])?(?:ld(?:\.\w+)?|ld64\.lld): (?:error: )?(?!warning|note)(?<text>.*(?:error|cannot|failed|undefined|hidden symbol|version node).*)/,
    reason: "$text",
    certainty: "vague",
  },
];
