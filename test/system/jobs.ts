/** Packages whose jobs are counted while they run, or wait until so many run at once. */
import * as fs from "node:fs";
import { type Files, linesOf, type Workshop } from "./workshop.ts";

/** `count NAME` runs a moment and writes down how many do; `meet N NAME` ends when N have come. */
const job = `#!/bin/sh
set -e
locks=$TALLY.locks meeting=$TALLY.meeting
mkdir -p "$locks" "$meeting"
case $1 in
  count)
    : >"$locks/$2"
    ls "$locks" | wc -l >>"$TALLY.counts"
    sleep 0.1
    rm "$locks/$2"
    ;;
  meet)
    : >"$meeting/$3"
    for _ in $(seq 600); do
      [ "$(ls "$meeting" | wc -l)" -lt "$2" ] || exit 0
      sleep 0.05
    done
    echo "only $(ls "$meeting" | tr '\\n' ' ')came" >&2
    exit 1
    ;;
esac
`;

export const jobFiles: Files = { "source/job.sh": { text: job, mode: 0o755 } };

/** A Makefile with so many rules, each of which does this with a name of its own. */
export function makefile(rules: number, does: string): string {
  const names = Array.from({ length: rules }, (_, index) => `rule${index + 1}`);
  return `all: ${names.join(" ")}\n${names.join(" ")}:\n\t@./job.sh ${does} $(NAME)-$@\n`;
}

export interface PackageParts {
  readonly script: string;
  readonly needs?: readonly string[];
  readonly env?: string;
}

export function packageFile(name: string, { script, needs = [], env = "" }: PackageParts): Files {
  return {
    [`packages/${name}.toml`]: `name = "${name}"
version = "1"
source.path = "../source"
depends.build = [${needs.map((need) => `"${need}"`).join(", ")}]
[build]
env = { NAME = "${name}"${env} }
script = """
set -e
${script}
mkdir -p "$DESTDIR$PREFIX/share"
: >"$DESTDIR$PREFIX/share/$NAME"
"""
`,
  };
}

/** How many jobs were counted, and how many ran at once at most. */
export function counted({ told }: Workshop): { jobs: number; most: number } {
  const counts = linesOf(fs.readFileSync(`${told}/tally.counts`, "utf8")).map(Number);
  return { jobs: counts.length, most: Math.max(...counts) };
}

export function notesOf(events: readonly Record<string, unknown>[]): unknown[] {
  return events
    .filter(({ kind }) => kind === "note")
    .map((event) => [event["package"], event["text"]]);
}
