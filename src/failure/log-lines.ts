/** A log as lines: without colours, without what a carriage return has overwritten, with plain quotes. */

export interface LogLine {
  /** As it is shown. */
  readonly shown: string;
  /** As recognisers read it: its beginning, without indentation, quotes made plain. */
  readonly text: string;
  readonly indent: number;
}

/** A line without an end would cost each pattern the square of its length. */
const readAtMost = 1_000;

// oxlint-disable-next-line no-control-regex
const escapes = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

export function readLines(log: string): LogLine[] {
  return log.split("\n").map((line) => {
    const plain = line.replaceAll(escapes, "");
    const shown = (plain.split("\r").findLast((part) => part !== "") ?? "").trimEnd();
    const text = shown.trimStart();
    const indent = shown.length - text.length;
    return { shown, text: text.slice(0, readAtMost).replace(/[‘’]/g, "'"), indent };
  });
}
