/** The files of a package for another prefix, and back to what the artifact has. */
import { expect, test } from "vitest";
import { digestOf, type NamingFile } from "../../src/core/index.ts";
import { findPlaces, placeholder, toMapRow } from "../../src/relocation/index.ts";
import {
  artifactEntry,
  originalOf,
  relocateFile,
  relocateFiles,
} from "../../src/relocation/relocate-files.ts";

const target = "/opt/x";
const text = `see ${placeholder}/lib\n`;

function fileOf(content: string): NamingFile {
  const { map } = findPlaces(Buffer.from(content));
  if (map === undefined) throw new Error("it names nothing");
  const entry = { type: "file", path: "share/a", mode: 0o644, sizeBytes: content.length } as const;
  return { ...entry, sha256: digestOf(content), relocation: { map: toMapRow(map) } };
}

test("there, and back to the artifact's own", () => {
  const entry = fileOf(text);
  let made = "";
  const [there] =
    relocateFiles({
      files: [entry],
      target,
      contentOf: () => Buffer.from(text),
      made: (_, content) => void (made = Buffer.from(content).toString()),
    }) ?? [];
  expect(made).toBe(`see ${target}/lib\n`);
  expect(there).toMatchObject({
    sha256: digestOf(made),
    relocation: { original: { sha256: digestOf(text) } },
  });
  expect(there && artifactEntry(there)).toEqual(entry);
  expect(artifactEntry(entry)).toBeUndefined();
  const back = (content: string, at = target): string | undefined => {
    const original =
      there && originalOf(Buffer.from(content), there, { target: at, entryAt: () => undefined });
    return original && Buffer.from(original).toString();
  };
  expect(back(made)).toBe(text);
  expect(back(made.replace("see", "SEE"))).toBeUndefined();
  expect(back(made, "/opt/y")).toBeUndefined();
});

test("a file that is not what its map was made of ends it", () => {
  const entry = fileOf(text);
  expect(relocateFile(Buffer.from(text.toUpperCase()), entry, { target })).toBeUndefined();
  const contentOf = (): undefined => undefined;
  expect(relocateFiles({ files: [entry], target, contentOf, made: () => {} })).toBeUndefined();
});
