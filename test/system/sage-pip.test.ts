/** Packages of a checkout that pip chooses: from its own index, by a network that no other build has. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { parentOf } from "../../src/core/index.ts";
import { plantCheckout } from "./sage-tree.ts";
import { eventsOf, noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

const version = /\d+/.exec(spawnSync("python3", ["-m", "pip", "--version"]).stdout.toString());
/** Since 22.3 it can work on another environment. */
const noPip = Number(version?.[0] ?? 0) < 23;
const skipped = noPip ? " (skipped: there is no pip 23 or newer)" : skippedWord;

/** Serves wheels to those who know its password. */
const password = "s3cret";
const wheels = new Map<string, Buffer>();
const index: Server = createServer((request, response) => {
  const { authorization = "" } = request.headers;
  const [, folder, name = ""] = (request.url ?? "").split("/");
  const listed = [...wheels.keys()].filter((file) => file.startsWith(`${name}-`));
  const wheel = folder === "files" ? wheels.get(name) : undefined;
  if (Buffer.from(authorization.slice("Basic ".length), "base64").toString() !== `me:${password}`)
    response.writeHead(401, { "WWW-Authenticate": "Basic" }).end();
  else if (wheel !== undefined) response.end(wheel);
  else if (listed.length === 0) response.writeHead(404).end();
  else
    response
      .setHeader("Content-Type", "text/html")
      .end(listed.map((file) => `<a href="/files/${file}">${file}</a>`).join("\n"));
});

let shop: Workshop;
let sage: string;
let site: string;
let environment: Record<string, string>;

beforeAll(async () => {
  await new Promise<void>((ready) => {
    index.listen(0, "127.0.0.1", ready);
  });
  offer("bare", ["common"]);
  offer("other", ["common"]);
  offer("common");
  offer("kind", ["greet"]);
  offer("alone");
  offer("late", ["tardy"]);
  offer("tardy");
  offer("greet", [], "9.0");
  shop = openWorkshop({});
  sage = plantCheckout(shop);
  const names = ["bare", "other", "kind", "late", "tardy", "alone", "absent", "cloned"];
  fs.appendFileSync(
    `${sage}/build/make/Makefile`,
    names.map((name) => `build_deps_${name} =  | $(PYTHON)\n`).join(""),
  );
  const requirements = {
    bare: "# as it comes\nbare\n",
    other: "other\n",
    kind: "kind\n",
    late: "late\n",
    alone: "alone\n",
    absent: "absent\n",
    cloned: "cloned @ git+http://127.0.0.1:1/cloned.git\n",
  };
  for (const [name, text] of Object.entries(requirements)) {
    shop.write({
      [`../sage/build/pkgs/${name}/type`]: "optional\n",
      [`../sage/build/pkgs/${name}/requirements.txt`]: text,
    });
  }
  shop.write({
    "../sage/build/pkgs/tardy/type": "optional\n",
    "../sage/build/pkgs/tardy/version_requirements.txt": "tardy\n",
    "../sage/build/pkgs/tardy/spkg-install.in": [
      "site=$(python3 -c 'import sysconfig; print(sysconfig.get_path(\"purelib\"))')",
      'mkdir -p "$site/tardy-1.0.dist-info"',
      `echo 'release = "own"' >"$site/tardy.py"`,
      `printf 'Metadata-Version: 2.1\\nName: tardy\\nVersion: 1.0\\n' >"$site/tardy-1.0.dist-info/METADATA"`,
      "",
    ].join("\n"),
  });
  const { port } = index.address() as AddressInfo;
  const url = `http://me:${password}@127.0.0.1:${port}/simple`;
  shop.write({ "../home/.config/pip/pip.conf": `[global]\nindex-url = ${url}\n` });
  environment = { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_RETRIES: "0" };
  site = `${sage}/local/var/lib/sage/venv/lib`;
});
afterAll(() => {
  index.close();
  shop.dispose();
});

function offer(name: string, requires: readonly string[] = [], release = "1.0"): void {
  const needs = requires.map((one) => `Requires-Dist: ${one}\n`).join("");
  const wheel = wheelOf({
    distInfo: `${name}-${release}.dist-info`,
    metadata: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${release}\n${needs}`,
    files: { [`${name}.py`]: `release = "${release}"\n` },
  });
  wheels.set(`${name}-${release}-py3-none-any.whl`, wheel);
}

const build = (...args: readonly string[]) =>
  shop.run(["build", "--sage", sage, "-j2", ...args], { environment });

/** What the venv's own interpreter finds. */
function imported(name: string): string {
  const python = `${sage}/local/var/lib/sage/venv/bin/python3`;
  const script = `import ${name}; print(${name}.release)`;
  return spawnSync(python, ["-c", script], { encoding: "utf8" }).stdout.trim();
}

function filesNamed(part: string): string[] {
  const all = fs.readdirSync(`${sage}/local`, { recursive: true, encoding: "utf8" });
  return all.filter((path) => path.includes(part) && !path.includes("lib/tenon"));
}

describe.skipIf(noPip || noView !== undefined)(`pip chooses${skipped}`, { timeout: 60_000 }, () => {
  test("what the index of its user has, with its requirements, and tells what it was", async () => {
    const ended = await build("bare", "--json");
    expect(ended).toMatchObject({ code: 0 });
    const notes = eventsOf(ended.stdout).flatMap((event) =>
      event.kind === "note" ? [event["text"]] : [],
    );
    expect(notes).toEqual(["pip chose the versions: bare 1.0, common 1.0"]);
    expect([imported("bare"), imported("common")]).toEqual(["1.0", "1.0"]);
    const owner = await shop.must("owner", "--sage", sage, filesIn("common.py"));
    expect(owner).toMatch(/: bare$/m);
  });

  test("no stamp of Sage's is made, but a log where Sage has it; the password is in no log", () => {
    expect(filesNamed("installed/bare")).toEqual([]);
    const logs = fs.readdirSync(`${sage}/logs`, { recursive: true, encoding: "utf8" });
    expect(logs).toContain("pkgs/bare.log");
    for (const log of logs.map((name) => `${sage}/logs/${name}`)) {
      if (fs.statSync(log).isFile()) expect(fs.readFileSync(log, "utf8")).not.toContain(password);
    }
  });

  test("again when its requirements.txt has changed, and not before", async () => {
    offer("bare", ["common"], "2.0");
    expect((await build("bare")).stdout).toMatch(/^nothing to do/);
    fs.appendFileSync(`${sage}/build/pkgs/bare/requirements.txt`, "# the newest\n");
    expect(await build("bare")).toMatchObject({ code: 0 });
    expect(imported("bare")).toBe("2.0");
  });

  test("and two that bring the same of one project have it together (I3)", async () => {
    expect(await build("other")).toMatchObject({ code: 0 });
    const owner = await shop.must("owner", "--sage", sage, filesIn("common.py"));
    expect(owner).toMatch(/common\.py: bare, other\n$/);
    expect(imported("other")).toBe("1.0");
  });

  test("but not what the checkout's make would build: that is built first, and needed", async () => {
    const ended = await build("kind", "real", "--json");
    expect(ended).toMatchObject({ code: 0 });
    const built = eventsOf(ended.stdout).filter(({ kind }) => kind === "build-finished");
    expect(built.map((event) => event["package"]).toSorted()).toEqual([
      "gmp",
      "greet",
      "kind",
      "real",
    ]);
    expect(eventsOf(ended.stdout).at(-1)).toMatchObject({ result: { kind: "done", built: 4 } });
    const told = eventsOf(ended.stdout).flatMap((event) =>
      event.kind === "note"
        ? [event["text"]]
        : event.kind === "run-finished"
          ? [event["result"]]
          : [],
    );
    expect(told).toEqual([
      "pip would bring greet, which the checkout has: it is built with that",
      "again",
      "pip chose the versions: kind 1.0",
      "done",
    ]);
    expect(filesNamed("lib/python").filter((path) => /greet-[^/]*$/.test(path))).toEqual([
      expect.stringMatching(/greet-1\.0\.dist-info$/),
    ]);
    expect((await build("kind")).stdout).toMatch(/^nothing to do/);
    const graph = JSON.parse(await shop.must("graph", "--sage", sage, "--json"));
    expect(graph.edges).toContainEqual(expect.objectContaining({ from: "kind", to: "greet" }));
  });

  test("and what make would not build comes by pip, until configure was told to build it", async () => {
    const ended = await build("late");
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr).toMatch(
      /late: the checkout has tardy, too: .* add tardy to \S+late\/dependencies/,
    );
    expect(imported("tardy")).toBe("1.0");
    const makefile = `${sage}/build/make/Makefile`;
    const text = fs.readFileSync(makefile, "utf8");
    fs.writeFileSync(
      makefile,
      text.replace("PACKAGES = \\\n    one", "PACKAGES = \\\n    tardy one"),
    );
    expect(await build("late")).toMatchObject({ code: 0 });
    expect(imported("tardy")).toBe("own");
  });
});

describe.skipIf(noPip || noView !== undefined)(
  `pip does not choose${skipped}`,
  { timeout: 60_000 },
  () => {
    test("what Sage's pip has installed before is nobody's", async () => {
      const file = `${parentOf(filesIn("common.py"))}/alone.py`;
      fs.writeFileSync(file, "release = 0\n");
      const ended = await build("alone");
      expect(ended).toMatchObject({ code: 3 });
      expect(ended.stderr).toMatch(
        /hint: If Sage's pip has installed it before, .*sage --pip uninstall/,
      );
      fs.rmSync(file);
      expect(await build("alone")).toMatchObject({ code: 0 });
    });

    test("nothing with --offline, unless the store has it", async () => {
      expect((await build("--offline", "bare")).stdout).toMatch(/^nothing to do/);
      const ended = await build("--offline", "absent");
      expect(ended).toMatchObject({ code: 1 });
      expect(ended.stderr).toMatch(/absent needs the package index/);
    });

    test("nothing that is not there", async () => {
      expect((await build("absent")).stderr).toMatch(/no version satisfies absent/);
      const ended = await build("cloned");
      expect(ended).toMatchObject({ code: 1 });
      expect(ended.stderr).toMatch(/the network could not be reached/);
      expect(ended.stderr).toMatch(/hint: Try again when the network is there/);
    });

    test("a package that is removed is gone", async () => {
      expect(await shop.must("remove", "--sage", sage, "other")).toMatch(/other/);
      expect(filesNamed("other.py")).toEqual([]);
      expect(imported("common")).toBe("1.0");
    });
  },
);

/** The one file of this name in the venv. */
function filesIn(name: string): string {
  const found = fs.readdirSync(site, { recursive: true, encoding: "utf8" });
  return `${site}/${found.find((path) => path.endsWith(`/${name}`))}`;
}
