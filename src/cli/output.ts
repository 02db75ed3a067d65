/** The way to stdout and stderr: what a terminal would obey is tenon's own, or it is written out. */
import type { Style } from "../report/index.ts";

export interface Output {
  readonly isTTY: boolean;
  write(text: string): void;
  /** As it is: for what is meant byte for byte, or was made harmless before. */
  writeRaw(content: string | Uint8Array): void;
}

export function openOutput(stream: NodeJS.WriteStream, style: Style): Output {
  return {
    isTTY: stream.isTTY === true,
    write: (text) => void stream.write(style.show(text)),
    writeRaw: (content) => void stream.write(content),
  };
}
