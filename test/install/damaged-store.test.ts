/** A tree of the store that is not as its manifest says never joins, however its files come. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf, type FileEntry, makeManifest } from "../../src/core/index.ts";
import { changePrefix, type Incoming, isDamage } from "../../src/install/index.ts";
import { layoutOf } from "../../src/prefix/index.ts";
import { createRealWorld } from "../../src/world/index.ts";

const content = "as it was made";
const names = ["lib/a", "lib/b"];
const manifest = makeManifest(
  names.map((name): FileEntry => ({
    type: "file",
    path: name,
    mode: 0o644,
    sizeBytes: content.length,
    sha256: digestOf(content),
  })),
);

let root: string;
beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tenon-damaged-")));
  fs.mkdirSync(`${root}/tree/lib`, { recursive: true });
  for (const name of names) {
    fs.writeFileSync(`${root}/tree/${name}`, content);
    fs.utimesSync(`${root}/tree/${name}`, 1_000_000_000, 1_000_000_000);
  }
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function join(transfer: NonNullable<Incoming["transfer"]>, disk = createRealWorld({}).disk) {
  const incoming: Incoming = {
    name: "p",
    version: "1",
    artifact: digestOf("p"),
    manifest,
    tree: `${root}/tree`,
    transfer,
    writtenMs: [1_000_000_000_000, 1_000_000_000_000],
    depends: [],
    takesOver: [],
  };
  const world = { ...createRealWorld({}), disk };
  return changePrefix(
    world,
    layoutOf(`${root}/prefix`),
    { add: [incoming], remove: [] },
    { activity: "a test", sync: false },
  );
}

const damaged = () => `${root}/tree/lib/b`;
const replaceBy = (make: () => void) => () => {
  fs.rmSync(damaged());
  make();
};

const damages: Readonly<Record<string, () => void>> = {
  missing: () => fs.rmSync(damaged()),
  cut: () => fs.truncateSync(damaged(), 3),
  edited: () => fs.writeFileSync(damaged(), content.toUpperCase()),
  "of another mode": () => fs.chmodSync(damaged(), 0o600),
  "a symlink": replaceBy(() => fs.symlinkSync("a", damaged())),
  "a folder": replaceBy(() => fs.mkdirSync(damaged())),
  "a pipe": replaceBy(() => spawnSync("mkfifo", [damaged()])),
};

describe.each(["copy", "rewrite", "share"] as const)("files that come by %s", (transfer) => {
  test.each(Object.keys(damages))("one that is %s", async (how) => {
    damages[how]?.();
    const error: unknown = await join(transfer).catch((thrown: unknown) => thrown);
    expect(isDamage(error)).toBe(true);
    expect((error as Error).message).toContain(damaged());
    expect(fs.existsSync(`${root}/prefix/lib`)).toBe(false);
  });

  test("one that was only touched is taken, by its digest", async () => {
    fs.utimesSync(damaged(), 5, 5);
    expect(await join(transfer)).toMatchObject({ kind: "done" });
    expect(fs.readFileSync(`${root}/prefix/lib/b`, "utf8")).toBe(content);
  });
});

test.each(["copy", "rewrite"] as const)(
  "content that a failing disk has changed is noticed when it comes by %s",
  async (transfer) => {
    fs.writeFileSync(damaged(), content.toUpperCase());
    fs.utimesSync(damaged(), 1_000_000_000, 1_000_000_000);
    expect(isDamage(await join(transfer).catch((thrown: unknown) => thrown))).toBe(true);
  },
);

test("a full disk is not taken for damage", async () => {
  const { disk } = createRealWorld({});
  const full: typeof disk = {
    ...disk,
    copyTrees: (trees) => trees.map(({ files }) => files.map(() => undefined)),
    copyChecked: (from, to) => disk.copyChecked(from, `${to}/is/nowhere`, { share: false }),
  };
  const error: unknown = await join("copy", full).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "TRANSACTION_FAILED" });
});
