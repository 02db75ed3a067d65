/** What cannot be relocated: it pins its package, which is then built at the prefix's own path. */

export interface PinnedSpot {
  /** Within the file, or within what is packed in it. */
  readonly offset: number;
  /** The section, or what the file is. */
  readonly where: string;
  /** What is there, in words that follow "holds". */
  readonly what: string;
  readonly cure: string;
}

/** A pin, and the file that has it, relative to the prefix. */
export interface FilePin extends Omit<PinnedSpot, "offset"> {
  readonly path: string;
  /** Absent for what is at no place of a file: its mode, say. */
  readonly offset?: number;
}

/** `lib/x.gz has the prefix's path in compressed data (gzip, at byte 0)`. */
export function describePin({ path, what, where, offset }: FilePin): string {
  const place = offset === undefined ? where : `${where}, at byte ${offset}`;
  return `${path} has ${what} (${place})`;
}

export function isFilePin(value: unknown): value is FilePin {
  const pin = (value ?? {}) as Partial<Record<keyof FilePin, unknown>>;
  const texts = [pin.path, pin.where, pin.what, pin.cure];
  return texts.every((text) => typeof text === "string") && isOffset(pin.offset);
}

function isOffset(value: unknown): boolean {
  return value === undefined || Number.isSafeInteger(value);
}

type Reason = keyof typeof reasons;

const reasons = {
  piece: {
    what: "a part of the prefix's path that does not fit to others beside it",
    cure: "Compile what names the prefix so that it keeps whole strings, as -Os does.",
  },
  part: {
    what: "a part of the prefix's path",
    cure: "Have the build write the path whole, or leave it out.",
  },
  symbol: {
    what: "the prefix's path in the name of a symbol, which is hashed",
    cure: "Have the build leave the path out of names.",
  },
  counted: {
    what: "the prefix's path behind its length",
    cure: "Have the build leave the path out, or find it when the program runs.",
  },
  interpreter: {
    what: "an interpreter in its first line, where a kernel ends a path at a space",
    cure: "Choose a path without spaces, or start the script by its interpreter.",
  },
  packed: {
    what: "the prefix's path in compressed data",
    cure: "Have the build store it uncompressed, or leave the path out.",
  },
  closed: {
    what: "compressed data that cannot be looked into",
    cure: "Have the build store it uncompressed, or remove it with stage.drop.",
  },
  computed: {
    what: "content that depends on the prefix's path",
    cure: "Have the build leave the path out of what it computes, such as hashes and random seeds.",
  },
  entry: {
    what: "a type, a mode or a target that depends on the prefix's path",
    cure: "Have the build make the same files at any prefix.",
  },
  unsteady: {
    what: "content that is another in each build",
    cure: "Have the build leave out times, random numbers and the order in which its processes end.",
  },
  check: {
    what: "a failure at another prefix",
    cure: "Have the build leave the path out, or find it when the program runs.",
  },
  opened: {
    what: "a look at the prefix's path as the build saw it",
    cure: "Have the build leave the path out, or find it when the program runs.",
  },
} as const;

export function pinFor(reason: Reason, offset: number, where: string): PinnedSpot {
  return { offset, where, ...reasons[reason] };
}

/** For what is at no place of a file. */
export function filePinFor(
  reason: Reason,
  { path, where, offset }: Pick<FilePin, "path" | "where" | "offset">,
): FilePin {
  return { path, ...(offset === undefined ? {} : { offset }), where, ...reasons[reason] };
}

export function pinForForm(form: string, offset: number, where: string): PinnedSpot {
  return {
    offset,
    where,
    what: `the prefix's path in ${form}`,
    cure: "Have the build write the path as plain text, or leave it out.",
  };
}
