/** What a fingerprint does not see, and what it does. */
import { expect, test } from "vitest";
import { normalise } from "../../src/failure/fingerprint.ts";

test.each([
  ["paths", "/home/ada/w/src/a.c:3:4: error: x", "/srv/ci/job-1/a.c:99: error: x"],
  ["a way up", "../src/a.c: error", "../../src/a.c: error"],
  ["folders", "cannot write to /tmp/x1/out.", "cannot write to /scratch/y/z."],
  ["programs' places", "/usr/bin/ld: no", "/opt/gnu/bin/ld: no"],
  ["times", "10:02:03 failed in 0.12s", "23:59:59 failed in 14 s"],
  ["days", "2026-11-25 10:19:33 ERROR", "2027-01-01 00:00:00 ERROR"],
  ["addresses", "object at 0x7f98a1 died", "object at 0xdeadbeef died"],
  ["process ids", "line 2: 25122 Killed", "line 7: 991 Killed"],
  ["versions", "numpy-1.26.4 needs python3.11", "numpy-2.0.0rc1 needs python3.12"],
  ["temporary names", "/tmp/ccdw7S0h.o: undefined", "/tmp/ccZz81aQ.o: undefined"],
  ["quotes", "‘a’ undeclared", "'a' undeclared"],
  ["counters", "[ 42%] Building a", "[3/17] Building a"],
  ["digests", "commit 0123abcd99 is lost", "commit beef56789a is lost"],
  ["spaces", "a   b", "a b"],
])("%s do not matter", (_what, one, other) => {
  expect(normalise(one)).toBe(normalise(other));
});

test.each([
  ["a.c: error: x", "b.c: error: x"],
  ["undefined reference to 'a'", "undefined reference to 'b'"],
  ["error[E0382]: x", "error[E0432]: x"],
  ["expected 3, got 4", "expected 3, got 5"],
  ["/usr/bin/ld: no", "/usr/bin/as: no"],
  ["/w/a.c: no", "/w/b.c: no"],
  ["cannot find sub/a.h", "cannot find sub/b.h"],
])("%s is not %s", (one, other) => {
  expect(normalise(one)).not.toBe(normalise(other));
});
