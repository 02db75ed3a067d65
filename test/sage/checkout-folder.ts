/** Small checkouts in SageMath's format, written in temporary folders. */
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { createRealWorld } from "../../src/world/index.ts";

export const world = createRealWorld({});
export const { disk } = world;

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

/** By path relative to the checkout; `{ link }` is a symbolic link. */
export type CheckoutFiles = Readonly<Record<string, string | { readonly link: string }>>;

/** The real path of a new checkout. */
export function makeCheckout(files: CheckoutFiles): string {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "tenon-sage-")));
  folders.push(folder);
  fs.mkdirSync(join(folder, "build/pkgs"), { recursive: true });
  addFiles(folder, files);
  return folder;
}

/** For files that name the checkout's own path. */
export function addFiles(folder: string, files: CheckoutFiles): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(folder, path);
    fs.mkdirSync(dirname(place), { recursive: true });
    if (typeof content !== "string") fs.symlinkSync(content.link, place);
    else fs.writeFileSync(place, content, { mode: content.startsWith("#!") ? 0o755 : 0o644 });
  }
}

/** The files of one package, below build/pkgs. */
export function packageFiles(
  name: string,
  files: Readonly<Record<string, string | { readonly link: string }>>,
): CheckoutFiles {
  const all = { type: "standard\n", ...files };
  return Object.fromEntries(
    Object.entries(all).map(([file, content]) => [`build/pkgs/${name}/${file}`, content]),
  );
}

export const someDigest = "0123456789abcdef".repeat(4);

export function checksums(...fileNames: readonly string[]): string {
  return fileNames
    .map(
      (name) =>
        `${fileNames.length > 1 ? `[${name}]\n` : ""}tarball=${name}\nsha256=${someDigest}\n`,
    )
    .join("\n");
}
