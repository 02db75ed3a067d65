/** Errors whose hints name a command: the command is run in that very situation, and then all is well. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWorkshop, type Workshop } from "./workshop.ts";

let shop: Workshop;

const recipe = (name: string, more: string): string =>
  `name = "${name}"\nversion = "1"\n${more}[build]\nsystem = "script"\n` +
  `script = "mkdir -p $DESTDIR$PREFIX/share; echo ${name} > $DESTDIR$PREFIX/share/${name}"\n`;

beforeEach(() => {
  shop = openWorkshop({});
  fs.writeFileSync(`${shop.root}/a.txt`, "first");
  shop.write({
    "packages/a.toml": recipe("a", `[source]\nurl = "file://${shop.root}/a.txt"\n`),
    "packages/b.toml": recipe("b", '[depends]\nrun = ["a"]\n'),
  });
});
afterEach(() => shop.dispose());

/** The commands that the text names, as they would be typed. */
const commandsIn = (text: string): string[][] =>
  [...text.matchAll(/`tenon ([^`]*)`/g)].map(([, words = ""]) => words.split(" "));

interface Case {
  readonly title: string;
  readonly provoke: () => void | Promise<unknown>;
  readonly command: readonly string[];
  readonly code: number;
  /** What the hint says besides its command, done by hand. */
  readonly byHand?: () => void;
}

const cases: readonly Case[] = [
  { title: "a source without a digest", provoke: () => {}, command: ["build"], code: 2 },
  {
    title: "a source that has changed",
    provoke: async () => {
      await shop.must("lock");
      fs.rmSync(shop.store, { recursive: true });
      fs.writeFileSync(`${shop.root}/a.txt`, "second");
    },
    command: ["build"],
    code: 1,
    byHand: () => fs.writeFileSync(`${shop.workspace}/tenon.lock`, "version = 1\n"),
  },
  {
    title: "a damaged lock file",
    provoke: () => shop.write({ "tenon.lock": "version = 1\n[[source]]\n" }),
    command: ["build"],
    code: 2,
    byHand: () => fs.rmSync(`${shop.workspace}/tenon.lock`),
  },
];

test.each(cases)("$title", async ({ provoke, command, code, byHand }) => {
  await provoke();
  const refused = await shop.run(command);
  expect(refused).toMatchObject({ code });
  byHand?.();
  const commands = commandsIn(refused.stderr);
  expect(commands.length).toBeGreaterThan(0);
  for (const each of new Map(commands.map((words) => [words.join(" "), words])).values()) {
    await shop.must(...each);
  }
  await shop.must(...command);
});

test("a failed build names commands that look closer and go on", async () => {
  shop.write({ "packages/a.toml": recipe("a", "").replace("mkdir", "exit 1; mkdir") });
  const failed = await shop.run(["build"]);
  const [, log = ""] = /look closer: tenon (log a);/.exec(failed.stderr) ?? [];
  expect(await shop.must(...log.split(" "))).toContain("script: exit code 1");
  shop.write({ "packages/a.toml": recipe("a", "") });
  const [, goOn = ""] = /to go on: tenon (.*)/.exec(failed.stderr) ?? [];
  await shop.must(...goOn.split(" "));
});

test("a store that cannot be made is put where TENON_STORE says", async () => {
  fs.writeFileSync(`${shop.root}/file`, "");
  const environment = { TENON_STORE: `${shop.root}/file/store` };
  const refused = await shop.run(["lock"], { environment });
  expect(refused).toMatchObject({ code: 4 });
  expect(refused.stderr).toContain("TENON_STORE=DIR before the command");
  const elsewhere = { TENON_STORE: `${shop.root}/elsewhere` };
  expect(await shop.run(["lock"], { environment: elsewhere })).toMatchObject({ code: 0 });
});

test("outside of a workspace the prefix can be named", async () => {
  await shop.must("lock");
  await shop.must("build");
  const refused = await shop.run(["list"], { directory: "/" });
  expect(refused.stderr).toContain("--prefix DIR");
  expect(await shop.run(["list", "--prefix", shop.prefix], { directory: "/" })).toMatchObject({
    code: 0,
  });
});
