/** What a make that started this program says of its jobs, in MAKEFLAGS. */

interface MakeFlags {
  readonly address?: string;
  readonly jobs?: number;
}

/** The last of each, as make reads them; before version 4.2 the flag had another name. */
export function readMakeFlags(flags: string): MakeFlags {
  const words = flags.split(/\s+/);
  const end = words.indexOf("--");
  const options = end < 0 ? words : words.slice(0, end);
  const valueOf = (pattern: RegExp): string | undefined =>
    options.map((word) => pattern.exec(word)?.[1]).findLast((value) => value !== undefined);
  const address = valueOf(/^--jobserver-(?:auth|fds)=(.+)$/);
  const jobs = Number(valueOf(/^-j(\d+)$/) ?? 0);
  return { ...(address === undefined ? {} : { address }), ...(jobs > 0 ? { jobs } : {}) };
}
