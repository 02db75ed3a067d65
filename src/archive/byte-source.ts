/** Reading a stream of pieces of any size by exact lengths. */

export interface ByteSource {
  /** The next `length` bytes; fewer only at the stream's end. */
  read(length: number): Promise<Uint8Array>;
  /** The next `length` bytes as they come; fewer only at the stream's end. */
  pieces(length: number): AsyncGenerator<Uint8Array>;
  /** Reads to the end, so that the stream's own checks are done. */
  drain(): Promise<void>;
}

export function sourceOf(stream: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();

  const next = async (limit: number): Promise<Uint8Array | undefined> => {
    while (rest.length === 0) {
      const step = await iterator.next();
      if (step.done === true) return undefined;
      rest = step.value;
    }
    const piece = rest.subarray(0, limit);
    rest = rest.subarray(piece.length);
    return piece;
  };

  return {
    read: async (length) => {
      const pieces: Uint8Array[] = [];
      let missing = length;
      while (missing > 0) {
        const piece = await next(missing);
        if (piece === undefined) break;
        pieces.push(piece);
        missing -= piece.length;
      }
      return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    },
    pieces: async function* (length) {
      let missing = length;
      while (missing > 0) {
        const piece = await next(missing);
        if (piece === undefined) return;
        missing -= piece.length;
        yield piece;
      }
    },
    drain: async () => {
      while ((await next(Number.MAX_SAFE_INTEGER)) !== undefined);
    },
  };
}
