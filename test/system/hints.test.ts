/** Errors whose hints say what to do: it is done in that very situation, and then all is well. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

/** What the text has between backquotes, as it would be typed. */
const commandsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/`([^`]*)`/g)].map(([, words = ""]) => words)),
];

/** A line that a person types after a hint: tenon's own commands here, all others by a shell. */
async function type(line: string): Promise<void> {
  const [program, ...words] = line.split(" ");
  if (program === "tenon") return void (await shop.must(...words));
  expect(spawnSync("sh", ["-c", line], { encoding: "utf8" })).toMatchObject({ status: 0 });
}

interface Case {
  readonly title: string;
  readonly provoke?: () => void | Promise<unknown>;
  readonly command: readonly string[];
  readonly code: number;
  /** A part of the hint that is followed; without it, every command of the message is run. */
  readonly hint?: string | RegExp;
  /** What a hint that is no command says, done by hand. */
  readonly byHand?: () => void | Promise<unknown>;
  /** What the hint says to run instead of the same command. */
  readonly instead?: readonly string[];
  /** What it says to set before. */
  readonly environment?: Readonly<Record<string, string>>;
}

async function follow(situation: Case): Promise<void> {
  const { provoke, command, code, hint, byHand, instead, environment } = situation;
  await provoke?.();
  const refused = await shop.run(command);
  expect(refused).toMatchObject({ code });
  const hints = refused.stderr.split("\n").filter((line) => line.startsWith("  hint: "));
  const meant = hints.filter((line) => hint === undefined || line.match(hint) !== null).join("\n");
  expect(meant, refused.stderr).not.toBe("");
  await byHand?.();
  if (hint === undefined || (byHand ?? instead ?? environment) === undefined) {
    const commands = commandsIn(meant);
    expect(commands).not.toEqual([]);
    for (const line of commands) await type(line);
  }
  const again = await shop.run(
    instead ?? command,
    environment === undefined ? {} : { environment },
  );
  expect(again).toMatchObject({ code: 0 });
}

const removeLock = (): void => fs.rmSync(`${shop.workspace}/tenon.lock`);

const ofBuilds: readonly Case[] = [
  { title: "a source without a digest", command: ["build", "--locked"], code: 2 },
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
    byHand: removeLock,
  },
  {
    title: "a lock file of a later tenon",
    provoke: () => shop.write({ "tenon.lock": "version = 99\n" }),
    command: ["build"],
    code: 2,
    byHand: removeLock,
  },
  {
    title: "a lock file that is a pipe",
    provoke: () => void spawnSync("mkfifo", [`${shop.workspace}/tenon.lock`]),
    command: ["lock"],
    code: 2,
    hint: "move it away",
    byHand: removeLock,
  },
  {
    title: "a package's name with a slip",
    provoke: () => shop.must("lock"),
    command: ["build", "bb"],
    code: 2,
    hint: "Did you mean b?",
    instead: ["build", "b"],
  },
  {
    title: "a shell before its dependencies are built",
    provoke: () => shop.must("lock"),
    command: ["shell", "b", "true"],
    code: 2,
    hint: "tenon build",
  },
  {
    title: "a folder for builds that is not there",
    provoke: async () => {
      await shop.must("lock");
      fs.rmdirSync(shop.told);
    },
    command: ["build"],
    code: 2,
    hint: "or unset it",
    byHand: () => fs.mkdirSync(shop.told),
  },
  {
    title: "an option with a slip",
    command: ["list", "--prefx", "x"],
    code: 2,
    hint: "Did you mean --prefix?",
    instead: ["list", "--prefix", "x"],
  },
  {
    title: "a command with a slip",
    command: ["lisst"],
    code: 2,
    hint: "Did you mean `list`?",
    instead: ["list"],
  },
  {
    title: "requirements that name a variable",
    provoke: () => shop.write({ "r.txt": "# ${NAME}\n-r ${OTHER}.txt\n", "x.txt": "" }),
    command: ["import", "r.txt"],
    code: 2,
    hint: "OTHER=VALUE before it",
    environment: { OTHER: "x" },
  },
];

const stage = (name: string, content: string): string => {
  const folder = `${shop.root}/stage`;
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(`${folder}/share`, { recursive: true });
  fs.writeFileSync(`${folder}/share/${name}`, content);
  return folder;
};

const installing = (name: string, ...more: string[]): string[] => {
  const what = ["--name", name, "--version", "1", "--stage", "../stage"];
  return ["install", "--prefix", "../prefix", ...what, ...more];
};

/** Installs a, with the file `share/f`. */
async function installed(): Promise<string> {
  stage("f", "of a");
  await shop.must(...installing("a"));
  return `${shop.prefix}/var/lib/tenon`;
}

const inPrefix = (command: string, ...more: string[]): string[] => [
  command,
  "--prefix",
  "../prefix",
  ...more,
];

function only(folder: string): string {
  return `${folder}/${fs.readdirSync(folder).find((each) => each.endsWith(".json"))}`;
}

const foreignFile = (): void => {
  fs.mkdirSync(`${shop.prefix}/share`, { recursive: true });
  fs.writeFileSync(`${shop.prefix}/share/f`, "mine");
  stage("f", "ours");
};

const ofPrefixes: readonly Case[] = [
  {
    title: "a file that no package owns",
    provoke: foreignFile,
    command: installing("a"),
    code: 3,
    hint: "Otherwise move the files away",
    byHand: () => fs.rmSync(`${shop.prefix}/share/f`),
  },
  {
    title: "an earlier installation of the package",
    provoke: foreignFile,
    command: installing("a"),
    code: 3,
    hint: "add --adopt",
    instead: installing("a", "--adopt"),
  },
  {
    title: "a file of another package",
    provoke: async () => {
      await installed();
      stage("f", "of b");
    },
    command: installing("b"),
    code: 3,
    hint: "--replaces PATH",
    instead: installing("b", "--replaces", "share/f"),
  },
  {
    title: "an empty stage",
    provoke: () => fs.rmSync(`${stage("f", "")}/share/f`),
    command: installing("a"),
    code: 2,
    hint: "--allow-empty",
    instead: installing("a", "--allow-empty"),
  },
  {
    title: "a stage with the prefix's path in it",
    provoke: () => {
      stage("g", "");
      fs.rmSync(`${shop.root}/stage/share`, { recursive: true });
      fs.mkdirSync(`${shop.root}/stage${shop.prefix}/share`, { recursive: true });
      fs.writeFileSync(`${shop.root}/stage${shop.prefix}/share/g`, "");
    },
    command: installing("a"),
    code: 2,
    hint: /--stage \S+\/stage\/\S+\/prefix$/,
    byHand: () => fs.renameSync(`${shop.root}/stage${shop.prefix}`, `${shop.root}/inner`),
    instead: [
      "install",
      "--prefix",
      "../prefix",
      "--name",
      "a",
      "--version",
      "1",
      "--stage",
      "../inner",
    ],
  },
  {
    title: "a setuid file in a stage",
    provoke: () => fs.chmodSync(`${stage("f", "")}/share/f`, 0o4755),
    command: installing("a"),
    code: 2,
    hint: "--allow-setuid",
    instead: installing("a", "--allow-setuid"),
  },
  {
    title: "a lock that is a link",
    provoke: async () => {
      const state = await installed();
      fs.rmSync(`${state}/lock`);
      fs.symlinkSync("/etc/passwd", `${state}/lock`);
    },
    command: inPrefix("gc"),
    code: 4,
  },
  {
    title: "a folder of tenon's that is a link",
    provoke: async () => {
      const state = await installed();
      fs.renameSync(`${state}/tx`, `${shop.root}/tx`);
      fs.symlinkSync(`${shop.root}/tx`, `${state}/tx`);
    },
    command: inPrefix("list"),
    code: 4,
  },
  {
    title: "a damaged journal",
    provoke: async () => fs.writeFileSync(`${await installed()}/journal.json`, "x"),
    command: inPrefix("recover"),
    code: 4,
    hint: "move the journal away",
  },
  {
    title: "a damaged history",
    provoke: async () => fs.writeFileSync(only(`${await installed()}/history`), "x"),
    command: inPrefix("history"),
    code: 4,
  },
  {
    title: "a damaged record",
    provoke: async () => {
      fs.writeFileSync(`${await installed()}/packages/a.json`, "x");
      stage("f", "of a");
    },
    command: installing("a"),
    code: 4,
    hint: "The files of its package then belong to nobody",
    byHand: async () => {
      fs.renameSync(`${shop.prefix}/var/lib/tenon/packages/a.json`, `${shop.root}/a.damaged`);
      fs.rmSync(`${shop.prefix}/share/f`);
    },
  },
  {
    title: "a prefix where everybody may write",
    provoke: async () => fs.chmodSync(await installed(), 0o777),
    command: inPrefix("list"),
    code: 4,
    hint: "chmod o-w",
  },
  {
    title: "the same, trusted for once",
    provoke: async () => fs.chmodSync(await installed(), 0o777),
    command: inPrefix("list"),
    code: 4,
    hint: "--trust",
    instead: inPrefix("list", "--trust", "../prefix"),
  },
  {
    title: "the same, trusted for good",
    provoke: async () => fs.chmodSync(await installed(), 0o777),
    command: inPrefix("list"),
    code: 4,
    hint: "config.toml",
    byHand: () => {
      fs.mkdirSync(`${shop.root}/home/.config/tenon`, { recursive: true });
      const file = `${shop.root}/home/.config/tenon/config.toml`;
      fs.writeFileSync(file, `trust = ["${shop.prefix}"]\n`);
    },
  },
  {
    title: "a transaction that is not known",
    provoke: installed,
    command: inPrefix("rollback", "x"),
    code: 2,
    hint: "tenon history --prefix",
    instead: inPrefix("rollback"),
  },
  {
    title: "what a gc has removed",
    provoke: async () => {
      await installed();
      stage("f", "of a, again");
      await shop.must(...installing("a"));
      await shop.must(...inPrefix("gc"));
      stage("f", "of a");
    },
    command: inPrefix("rollback"),
    code: 2,
    hint: "install the older versions again",
    instead: installing("a"),
  },
  {
    title: "a package that is not installed",
    provoke: installed,
    command: inPrefix("remove", "aa"),
    code: 2,
    hint: "Did you mean a?",
    instead: inPrefix("remove", "a"),
  },
  {
    title: "no workspace",
    command: ["-C", "/", "list"],
    code: 2,
    hint: "--prefix DIR",
    instead: inPrefix("list"),
  },
];

describe("of builds", () => {
  test.each(ofBuilds)("$title", follow);
});
describe("of prefixes", () => {
  test.each(ofPrefixes)("$title", follow);
});

test("a failed build names commands that look closer and go on", async () => {
  shop.write({ "packages/a.toml": recipe("a", "").replace("mkdir", "exit 1; mkdir") });
  const failed = await shop.run(["build"]);
  const [, log = ""] = /look closer: tenon (log a);/.exec(failed.stderr) ?? [];
  expect(await shop.must(...log.split(" "))).toContain("script: exit code 1");
  shop.write({ "packages/a.toml": recipe("a", "") });
  const [, goOn = ""] = /to continue: tenon (.*)/.exec(failed.stderr) ?? [];
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
