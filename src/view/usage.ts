/**
 * What a step has used, measured by the shell that ran it.
 *
 * Its `times` knows the processor time of all its children and theirs. The largest memory is known to
 * the kernel only (getrusage), which no shell asks for: so the shell at last becomes a perl or a
 * python3 that does. It is the same process then, with the same children, and what has run was
 * not wrapped in anything. Where neither is installed, the memory is not known.
 */
import type { Usage } from "../core/index.ts";

/** The number of getrusage(2) where perl, which has no function for it, can make the call. */
const getrusage: Readonly<Record<string, number>> = {
  x64: 98,
  arm64: 165,
  riscv64: 165,
  loong64: 165,
  ppc64: 77,
  s390x: 77,
};

/** Shell text that writes what its children have used to `$usage`. It has run what it had to. */
export const noteTimes = 'times >"$usage"';

/** Shell text that adds the largest memory to `$usage`, and ends the shell with `$code`. */
export function noteMemory(architecture: string): string {
  const call = getrusage[architecture];
  const perl =
    call === undefined
      ? ""
      : `  ! command -v perl >/dev/null || exec perl -e \\
    '$r = "\\0" x 288; syscall(${call}, -1, $r) and exit $ARGV[0]; print "memory ", (unpack "l!5", $r)[4], "\\n"; exit $ARGV[0]' "$code"
`;
  return `{
${perl}  ! command -v python3 >/dev/null || exec python3 -SEc \\
    'import resource, sys; print("memory", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(int(sys.argv[1]))' "$code"
} >>"$usage" 2>/dev/null
exit "$code"
`;
}

/** Of `times`, the second line is that of the children: user, then system. */
export function readUsage(text: string | undefined): Omit<Usage, "wallMs"> {
  const [, times = ""] = (text ?? "").split("\n");
  const [userMs, systemMs] = [...times.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60_000 + Math.round(Number(seconds) * 1000),
  );
  const kilobytes = /^memory (\d+)$/m.exec(text ?? "")?.[1];
  return {
    ...(userMs === undefined || systemMs === undefined ? {} : { userMs, systemMs }),
    ...(kilobytes === undefined ? {} : { maxRssBytes: Number(kilobytes) * 1024 }),
  };
}
