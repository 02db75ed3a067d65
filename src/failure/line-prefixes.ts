/** What containers, CI systems and mails write before each line of a build's output. */

/** Nothing else looks like these: Nix, BitBake, BuildKit, clocks of CI systems, Gradle, mock, npm, a line that is quoted. */
const always =
  /^(?:(?:┃ )? {7}> ?|┃ |\| |#\d+ \d+\.\d+(?: |$)|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z(?: |$)|\[\d\d:\d\d:\d\d\] |\d\d:\d\d:\d\d\.\d{3} \[[A-Z]+\] \[[\w.$]+\] ?|(?:DEBUG|INFO): |> (?=\S)|npm (?:ERR!|error) (?=\.{0,2}\/|make\b|gyp |sh: |Error: |\[!\] |In file |\S+:\d+:|\s*\d+ \| |\s+\| ))/;

/** These mean something else in a log that only has a few of them: mails, BitBake, Compose, Nix. */
const whereMost: readonly RegExp[] = [
  /^\s*>(?: \||)(?: |$)/,
  /^\s*\|(?: |$)/,
  /^[\w.@+-]+ +\| /,
  /^[\w.+-]+> /,
  /^\s*\d+\.\d{2,3}(?: |$)/,
];
const most = 0.75;

/** The lines without them; blank ones stay, so that each line keeps its number. */
export function withoutPrefixes(lines: readonly string[]): string[] {
  const plain = lines.map((line) => line.replace(always, ""));
  const written = plain.filter((line) => line.trim() !== "");
  const common = whereMost.find(
    (prefix) => written.filter((line) => prefix.test(line)).length > most * written.length,
  );
  return common === undefined ? plain : plain.map((line) => line.replace(common, ""));
}
