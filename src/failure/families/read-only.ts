/** A write to what a build can only read: all that is outside of its prefix and its own folders. */
import type { Recogniser } from "../recogniser.ts";

const kind = "permission";
const reason = "it writes to $name, which is outside of its prefix and its own folders";

/** In the words of the C library, with the path before or behind them. Go writes them small. */
export const readOnly: readonly Recogniser[] = [
  {
    kind,
    pattern:
      /^(?=.*ead-only file system).*'(?<name>\/[^']+)'(?! -> ')[^'/]*(?:: | \()[Rr]ead-only file system/,
    reason,
  },
  {
    kind,
    pattern:
      /^(?=.*ead-only file system).*(?:^|[\s:="`(])(?<name>\/[^\s'"`:,()]+)["`:,]*(?: [\w ]+)?(?:: | \()[Rr]ead-only file system/,
    reason,
  },
  { kind, pattern: /[Rr]ead-only file system[^/]*'(?<name>\/[^']+)'/, reason },
  { kind, pattern: /[Rr]ead-only file system[^/]*?["`( ](?<name>\/[^\s'"`:,)]+)/, reason },
  { kind, pattern: /file cannot create directory: (?<name>\/\S+?)\.\s+Maybe need/, reason },
  {
    kind,
    pattern: /\b[Rr]ead-only file system\b/,
    reason: "it writes to what is outside of its prefix and its own folders",
    certainty: "vague",
  },
];
