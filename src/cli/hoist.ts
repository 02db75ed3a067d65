/** `tenon -C DIR build` as well as `tenon build -C DIR`, as users of make and git write it. */

const withValue = new Set(["-C", "--directory", "--prefix"]);

/** Moves the common options that stand before the command's name behind it. */
export function hoistCommonOptions(args: readonly string[]): string[] {
  let at = 0;
  while (at < args.length) {
    const arg = args[at] as string;
    if (withValue.has(arg)) at += 2;
    else if (/^--(directory|prefix)=/.test(arg)) at += 1;
    else break;
  }
  const command = args[at];
  if (at === 0 || command === undefined) return [...args];
  return [command, ...args.slice(0, at), ...args.slice(at + 1)];
}
