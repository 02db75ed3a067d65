/** tenon.lock: which digest each fetched source had when `tenon lock` was run. */
import { basename } from "node:path";
import { stringify } from "smol-toml";
import { compareText, isDigest } from "../core/index.ts";
import { type Document, openDocument } from "./document.ts";
import { type Mistake, throwMistakes } from "./mistakes.ts";
import { isPackageName, packageNameRule } from "./package-name.ts";
import type { Lockfile, Pin } from "./recipe.ts";
import { lockSchema, type RawPin } from "./schema.ts";
import { checkShape } from "./shape.ts";
import { nameOfKey, quote } from "./wording.ts";

export const lockFileName = "tenon.lock";

const formatVersion = 1;

/** The text of tenon.lock: the same pins give the same text, whatever their order. */
export function renderLockfile(pins: Iterable<Pin>): string {
  const source = [...pins].sort((a, b) => compareText(a.package, b.package)).map(inOrder);
  return `# written by \`tenon lock\`\n${stringify({ version: formatVersion, source })}`;
}

/** Keys in the order of the file; one that is not there is left out. */
function inOrder({ package: name, source, sha256, file, commit }: Pin): Record<string, unknown> {
  return { package: name, source, sha256, file, commit };
}

/** Throws what is wrong in it; `file` is where the content comes from. */
export function parseLockfile(content: string | Uint8Array, file: string): Lockfile {
  const mistakes: Mistake[] = [];
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const pins = readLock({ file, shownAs: basename(file), content: bytes, mistakes });
  throwMistakes(mistakes);
  return pins;
}

interface LockToRead {
  readonly file: string;
  readonly shownAs: string;
  readonly content: Uint8Array;
  readonly mistakes: Mistake[];
}

/** Gives the good pins, and adds what is wrong to the mistakes. */
export function readLock(lock: LockToRead): Lockfile {
  const hint = `Remove ${lock.shownAs} and run \`tenon lock\`.`;
  const { document, values } = openDocument({ ...lock, family: "LOCK", hint });
  const pins = new Map<string, Pin>();
  if (values === undefined || !hasKnownVersion(document, values["version"])) return pins;
  checkShape(lockSchema, document, values).source?.forEach((raw, index) => {
    const pin = readPin(document, raw, index);
    if (pin === undefined) return;
    if (pins.has(pin.package)) {
      const what = `${quote(pin.package)} is pinned twice`;
      const at = ["source", index, "package"];
      document.report({ code: "DUPLICATE_NAME", at, what, expected: "each package once" });
    }
    pins.set(pin.package, pin);
  });
  return pins;
}

function hasKnownVersion(document: Document, version: unknown): boolean {
  if (version === formatVersion) return true;
  const what =
    version === undefined
      ? "version is missing"
      : `this tenon does not know version ${JSON.stringify(version)}`;
  const code = version === undefined ? "MISSING_KEY" : "VERSION";
  const expected = `version = ${formatVersion}`;
  const hint = `Use the tenon that wrote it, or remove ${lockFileName} and run \`tenon lock\`.`;
  document.report({ code, at: ["version"], what, expected, hint });
  return false;
}

const required = ["package", "source", "sha256"] as const;

function readPin(document: Document, raw: RawPin, index: number): Pin | undefined {
  for (const key of required) {
    if (raw[key] !== undefined) continue;
    const at = ["source", index, key];
    const expected = `${required.join(", ")} in every [[source]]`;
    document.report({ code: "MISSING_KEY", at, what: `${nameOfKey(at)} is missing`, expected });
  }
  for (const [key, isGood, expected] of valueRules) {
    const value = raw[key];
    if (value === undefined || isGood(value)) continue;
    const at = ["source", index, key];
    const what = `${nameOfKey(at)} is ${quote(value)}`;
    document.report({ code: "VALUE", at, what, expected });
  }
  const { package: name, source, sha256, file, commit } = raw;
  if (name === undefined || source === undefined || sha256 === undefined) return undefined;
  return {
    package: name,
    source,
    sha256,
    ...(file === undefined ? {} : { file }),
    ...(commit === undefined ? {} : { commit }),
  };
}

type ValueRule = readonly [keyof RawPin, (value: string) => boolean, string];

const valueRules: readonly ValueRule[] = [
  ["package", isPackageName, packageNameRule],
  ["sha256", isDigest, "64 lower-case hexadecimal digits"],
  ["file", (file) => /^[^/\p{Cc}]+$/u.test(file) && !/^\.\.?$/.test(file), "a file's name"],
  ["commit", isFullCommit, "a full commit id"],
];

/** Of SHA-1 or SHA-256. */
export function isFullCommit(revision: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
}
