/** Writes small wheels, right ones and wrong ones. */
import { createHash } from "node:crypto";
import { type ZipFacts, type ZipMember, zipOf } from "../archive/zip-writer.ts";

export interface WheelFacts {
  readonly distInfo?: string;
  /** Members besides the metadata. */
  readonly files?: Readonly<Record<string, string>>;
  /** Modes of members, by name. */
  readonly modes?: Readonly<Record<string, number>>;
  /** Undefined leaves the file out. */
  readonly wheel?: string | undefined;
  readonly metadata?: string | undefined;
  /** Changes the lines of RECORD, or leaves it out. */
  readonly record?: (lines: string[]) => string[] | undefined;
  readonly extra?: readonly ZipMember[];
  readonly zip?: ZipFacts;
  /** Changes the members before they are zipped. */
  readonly members?: (members: ZipMember[]) => ZipMember[];
}

const wheelText = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
const metadataText = "Metadata-Version: 2.1\nName: greet\nVersion: 1.0\n";

/** `greet-1.0-py3-none-any.whl`. */
export function wheelOf(facts: WheelFacts = {}): Buffer {
  const distInfo = facts.distInfo ?? "greet-1.0.dist-info";
  const wheel = "wheel" in facts ? facts.wheel : wheelText;
  const metadata = "metadata" in facts ? facts.metadata : metadataText;
  const files: Record<string, string> = { ...(facts.files ?? { "greet.py": "hello = 1\n" }) };
  if (wheel !== undefined) files[`${distInfo}/WHEEL`] = wheel;
  if (metadata !== undefined) files[`${distInfo}/METADATA`] = metadata;
  const lines = [
    ...Object.entries(files).map(([path, content]) => recordLine(path, content)),
    `${distInfo}/RECORD,,`,
  ];
  const record = facts.record === undefined ? lines : facts.record(lines);
  const members: ZipMember[] = Object.entries(files).map(([name, content]) => ({
    name,
    content,
    mode: facts.modes?.[name] ?? 0o100644,
  }));
  if (record !== undefined)
    members.push({ name: `${distInfo}/RECORD`, content: `${record.join("\n")}\n` });
  members.push(...(facts.extra ?? []));
  return zipOf(facts.members?.(members) ?? members, facts.zip);
}

export function recordLine(path: string, content: string): string {
  const digest = createHash("sha256").update(content).digest("base64url");
  const name = /[",]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
  return `${name},sha256=${digest},${Buffer.byteLength(content)}`;
}
