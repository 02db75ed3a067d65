/** What the machine refused: space, memory, permission, and processes that were killed or crashed. */
import type { Recogniser } from "../recogniser.ts";

export const machine: readonly Recogniser[] = [
  {
    kind: "disk-full",
    pattern: /No space left on device|Disk quota exceeded|\bENOSPC\b|file system is full/i,
    reason: "there is no space left on the device",
  },
  {
    kind: "out-of-memory",
    pattern:
      /virtual memory exhausted|out of (?:dynamic )?memory|Cannot allocate memory|^MemoryError\b|std::bad_alloc|memory exhausted|LLVM ERROR: out of memory|JavaScript heap out of memory/i,
    reason: "it ran out of memory",
  },
  {
    kind: "killed",
    pattern: /Killed signal terminated program (?<name>\S+)/,
    reason: "$name was killed",
  },
  { kind: "killed", pattern: /^make.*: \*\*\* .*\] Killed$/, reason: "a process was killed" },
  {
    kind: "killed",
    pattern: /signal: 9, SIGKILL|signal 9 \(SIGKILL\)|died with <Signals\.SIGKILL/,
    reason: "a process was killed",
  },
  { kind: "killed", pattern: /^(?:\S+: line \d+: +\d+ )?Killed\b/, reason: "a process was killed" },
  // In the words of the reader's language; the signals that are a defect of the compiler are not meant.
  {
    kind: "out-of-memory",
    pattern:
      /internal compiler error: (?!Segmentation|Aborted|Illegal|Bus|Floating|Terminated).*\(program (?<name>\S+)\)/,
    reason: "$name was killed, which mostly means that it ran out of memory",
  },
  {
    kind: "crash",
    pattern: /internal compiler error: (?<text>.*)/,
    reason: "the compiler has a defect: $text",
  },
  {
    kind: "crash",
    pattern:
      /\b(?<text>Segmentation fault|Illegal instruction|Bus error|Aborted|Floating point exception)(?: \(core dumped\))?$/,
    reason: "a program crashed: $text",
  },
  {
    kind: "crash",
    pattern:
      /: line \d+: +\d+ (?<text>Segmentation fault|Illegal instruction|Bus error|Aborted|Floating point exception)\b/,
    reason: "a program crashed: $text",
  },
  {
    kind: "crash",
    pattern:
      /^(?:\*\*\* Error in [`'].*': )?(?<text>(?:malloc|realloc|free)\(\): .*|double free or corruption.*|\*\*\* (?:stack smashing|buffer overflow) detected.*)/,
    reason: "a program crashed: $text",
  },
  {
    kind: "crash",
    pattern: /\bFortran runtime error: (?<text>.*)/,
    reason: "a Fortran program ended: $text",
    certainty: "vague",
  },
  {
    kind: "crash",
    pattern: /signal: (?:11, SIGSEGV|4, SIGILL|6, SIGABRT)/,
    reason: "a program crashed",
  },
];

/** Read last: most lines that say so are told better by others. */
export const permission: readonly Recogniser[] = [
  {
    kind: "permission",
    pattern: /(?<name>[^\s:'‘"]+)['’"]?: (?:Permission denied|Operation not permitted)/,
    reason: "it may not use $name",
    certainty: "vague",
  },
  {
    kind: "permission",
    pattern: /^PermissionError: .*|\bPermission denied\b/,
    certainty: "vague",
  },
];
