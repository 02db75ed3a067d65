/** The way to stdout and stderr: what a terminal would obey is tenon's own, or it is written out. */
import type { WaitingLine } from "./waiting-line.ts";
import type { Style } from "../report/index.ts";

export interface Output {
  readonly isTTY: boolean;
  /** Of a terminal. */
  readonly columns?: number;
  write(text: string): void;
  /** As it is: for what is meant byte for byte, or was made harmless before. */
  writeRaw(content: string | Uint8Array): void;
}

export function openOutput(
  stream: NodeJS.WriteStream,
  style: Style,
  patience: WaitingLine,
): Output {
  return {
    isTTY: stream.isTTY === true,
    ...(stream.isTTY ? { columns: stream.columns } : {}),
    write: (text) => {
      patience.speak();
      stream.write(style.show(text));
    },
    writeRaw: (content) => {
      patience.end(); // it may stop in the middle of a line
      stream.write(content);
    },
  };
}
