/** A write outside of what a build may write to is told with its path, in every tool's words. */
import { expect, test } from "vitest";
import { explainLog } from "../../src/failure/index.ts";

const path = "/usr/share/bash-completion/completions/flux";

test.each([
  `mkdir: cannot create directory ‘${path}’: Read-only file system`,
  `install: cannot create regular file '${path}': Read-only file system`,
  `cp: cannot create regular file '${path}': Read-only file system`,
  `ln: failed to create symbolic link '${path}': Read-only file system`,
  `mv: cannot move 'build/flux' to '${path}': Read-only file system`,
  `touch: cannot touch '${path}': Read-only file system`,
  `sh: 1: cannot create ${path}: Read-only file system`,
  `/bin/bash: line 3: ${path}: Read-only file system`,
  `tee: ${path}: Read-only file system`,
  `tar: ${path}: Cannot open: Read-only file system`,
  `error: could not create '${path}': Read-only file system`,
  `OSError: [Errno 30] Read-only file system: '${path}'`,
  `error: [Errno 30] Read-only file system: '${path}'`,
  `/usr/bin/ld: cannot open output file ${path}: Read-only file system`,
  `open ${path}: read-only file system`,
  `Error: EROFS: read-only file system, mkdir '${path}'`,
  `java.io.FileNotFoundException: ${path} (Read-only file system)`,
  `Can't open ${path} for writing: Read-only file system at install.pl line 3.`,
  `rsync: [Receiver] mkdir "${path}" failed: Read-only file system (30)`,
  `file INSTALL cannot copy file "/tenon-build/flux/src/a" to "${path}": Read-only file system.`,
  `file cannot create directory: ${path}. Maybe need administrative privileges.`,
])("%s", (line) => {
  const log = ["checking for gcc... gcc", line, "make: *** [Makefile:8: install] Error 1"];
  const ending = "make ended with exit code 2";
  const { kind, reason, cure } = explainLog({
    package: "flux",
    step: "install",
    ending,
    log: log.join("\n"),
  });
  expect({ kind, reason }).toEqual({
    kind: "permission",
    reason: `it writes to ${path}, which is outside of its prefix and its own folders`,
  });
  expect(cure).toContain('Have it install below "$DESTDIR$PREFIX"');
});
