/** A SageMath checkout with what was built in it, as an archive that works where it is unpacked. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEnvelope, parseEnvelope, parsePublicKey } from "../../src/signing/index.ts";
import { program } from "./program.ts";
import { plantCheckout } from "./sage-tree.ts";
import { noView, openWorkshop, skippedWord, type Workshop, writeFiles } from "./workshop.ts";

let shop: Workshop;
let sage: string;
let archive: string;
const home = "local/var/lib/tenon/relocation";

/** As the real one does it, and makes known where it is. */
const start = `#!/bin/sh
root=$(cd "\${0%/*}" && pwd -P)
if [ -x "$root/relocate-once.py" ]; then "$root/relocate-once.py" || exit 1; fi
exec "$root/local/bin/place" "$@"
`;

const source = "#include <stdio.h>\nint main(void) { return puts(PLACE) < 0; }\n";

/** A program with the path in it, and texts of all kinds. */
const install = `mkdir -p "$SAGE_DESTDIR$SAGE_LOCAL/bin" "$SAGE_DESTDIR$SAGE_LOCAL/share"
cat "$SAGE_LOCAL/include/one.h" src/tool.txt >"$SAGE_DESTDIR$SAGE_LOCAL/bin/tool"
echo "$SAGE_LOCAL/include" >"$SAGE_DESTDIR$SAGE_LOCAL/share/tool.txt"
cc -DPLACE="\\"$SAGE_LOCAL/share\\"" -Wl,-rpath,"$SAGE_LOCAL/lib" -o "$SAGE_DESTDIR$SAGE_LOCAL/bin/place" src/place.c
`;

beforeAll(async () => {
  shop = openWorkshop({});
  // As the page says: what people choose can be as long.
  sage = plantCheckout({ root: `${shop.root}/a-long-path-so-that-others-can-unpack-it-anywhere` });
  writeFiles(sage, {
    sage: { text: start, mode: 0o755 },
    bootstrap: { text: "#!/bin/sh\n", mode: 0o755 },
    configure: { text: "#!/bin/sh\n", mode: 0o755 },
    "VERSION.txt": "SageMath version 10.8, Release Date: 2026-01-14\n",
    "pkgs/tool/place.c": source,
    "build/pkgs/tool/spkg-install.in": install,
    "share/page.gz": gzipSync(`see ${sage}/local\n`),
    "logs/old.log": sage,
  });
  fs.mkdirSync(`${sage}/empty`, { mode: 0o700 });
  fs.symlinkSync(`${sage}/share/page.gz`, `${sage}/link`);
  spawnSync("touch", ["-d", "2020-02-02T02:02:02.123456789Z", `${sage}/VERSION.txt`]);
  await shop.must("build", "--sage", sage, "-C", shop.root);
  await shop.must("key", "new", "release");
  archive = `${shop.root}/dist/sage-10.8-Linux-x86_64.tar.zst`;
});
afterAll(() => shop.dispose());

function run(program: string, ...args: readonly string[]) {
  return spawnSync(program, args, { encoding: "utf8", cwd: "/" });
}

function unpackAt(place: string): void {
  fs.mkdirSync(place, { recursive: true });
  const script = `zstd -dc <"$1" | tar -xpf - -C "$2" --strip-components=1`;
  expect(run("sh", "-c", script, "sh", archive, place)).toMatchObject({ status: 0 });
}

function contentsOf(tree: string): Record<string, string> {
  const names = fs.readdirSync(tree, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => fs.lstatSync(`${tree}/${name}`).isFile());
  return Object.fromEntries(
    files.map((name) => [name, fs.readFileSync(`${tree}/${name}`, "latin1")]),
  );
}

async function requireRight(tree: string): Promise<void> {
  const room = `${sage}/local/share`.length - `${tree}/local/share`.length;
  expect(run(`${tree}/sage`)).toMatchObject({
    status: 0,
    stdout: `${tree}${"/".repeat(room)}/local/share\n`,
  });
  const named = Object.entries(contentsOf(tree)).filter(([, text]) => text.includes(`${sage}/`));
  expect(named.map(([name]) => name)).toEqual([]);
  const verified = await shop.run(["verify", "--prefix", `${tree}/local`]);
  expect(verified).toMatchObject({ code: 0 });
}

describe.skipIf(noView !== undefined)(`a checkout as one archive${skippedWord}`, () => {
  test("is tried at two paths, named, signed, and says what it needs", async () => {
    const said = await shop.must("bundle", "--sage", sage, "-o", `${shop.root}/dist`, "--json");
    const bundled = JSON.parse(said);
    expect(bundled).toMatchObject({
      kind: "bundled-tree",
      version: "10.8",
      packages: 4,
      signers: ["release"],
      requirements: { leastGlibc: { path: "local/bin/place" } },
    });
    const [made] = bundled.archives;
    expect(made.file).toBe(archive);
    expect(made.trials).toMatchObject([{ path: "/mnt/a" }, {}]);
    expect(made.trials[1].path).toHaveLength(sage.length);
    const [, line = ""] = /"(release .*)"/.exec(await shop.must("key")) ?? [];
    const key = parsePublicKey(line);
    const envelope = parseEnvelope(fs.readFileSync(`${archive}.intoto.json`));
    if (key === undefined || envelope === undefined) throw new Error(line);
    const statement = openEnvelope(envelope, "application/vnd.in-toto+json", key);
    expect(JSON.parse(String(statement))).toMatchObject({
      subject: [{ name: "sage-10.8-Linux-x86_64.tar.zst", digest: { sha256: made.sha256 } }],
    });
  });

  test("is not kept where its programs need the path of the build, or look there", async () => {
    const text = fs.readFileSync(`${sage}/sage`, "utf8");
    const [first, rest] = [sage.slice(0, 9), sage.slice(9)];
    const hidden = `a=${first}; b=${rest}; [ -e "$a$b/VERSION.txt" ]`;
    for (const [command, said] of [
      [`${hidden} || exit 9`, "the trial ended with 9"],
      [`${hidden} || :`, "a program looked there"],
    ] as const) {
      if (said.includes("looked") && run("strace", "-V").status !== 0) continue;
      writeFiles(sage, { sage: { text: text.replace("exec ", `${command}\nexec `), mode: 0o755 } });
      const output = `${shop.root}/unfit`;
      const ended = await shop.run(["bundle", "--sage", sage, "-o", output]);
      expect(ended.stderr).toContain(said);
      expect(fs.readdirSync(output)).toEqual([]);
    }
    writeFiles(sage, { sage: { text, mode: 0o755 } });
  });

  test("names the place where it is first started, and another one after a move", async () => {
    const tree = `${shop.root}/x`;
    unpackAt(tree);
    await requireRight(tree);
    expect(fs.existsSync(`${tree}/relocate-once.py`)).toBe(false);
    fs.renameSync(tree, `${shop.root}/yy`);
    expect(run(`${shop.root}/yy/${home}/relocate-once.py`)).toMatchObject({ status: 0 });
    await requireRight(`${shop.root}/yy`);
  });

  test("installs itself, too", async () => {
    const at = `${shop.root}/self`;
    await shop.must("bundle", "--sage", sage, "-o", shop.root, "--format", "sh", "--no-trial");
    const file = `${shop.root}/sage-10.8-Linux-x86_64.sh`;
    expect(run("sh", file, "--prefix", at)).toMatchObject({ status: 0, stderr: "" });
    await requireRight(at);
  });
});

/** Of the example, with a checkout of this machine. */
function releaseFile(path: string, from: string | undefined): string {
  const example = fs.readFileSync("examples/sage-binary/sage-binary.toml", "utf8");
  const ref = from === undefined ? "" : 'ref = "main"';
  return example
    .replace(/^repository = .*$/m, from === undefined ? "" : `repository = "${from}"`)
    .replace(/^ref = .*$/m, ref)
    .replace(/^path = .*$/m, `path = "${path}"`)
    .replace(/^script = """[^]*?"""$/m, 'script = "echo built > built"')
    .replace(/^script = ".\/sage.*$/m, 'script = "test -e built && ./sage"');
}

describe.skipIf(noView !== undefined)(`the example of a release${skippedWord}`, () => {
  test("checks out, builds, bundles and tries a checkout", async () => {
    const releases = `${shop.root}/releases`;
    const path = `${shop.root}/checkout-of-the-release`;
    writeFiles(releases, { "sage-binary.toml": releaseFile(path, `file://${path}.git`) });
    // Its builds know where it lies, so the tree is built there beforehand.
    fs.mkdirSync(`${path}.git`);
    const git = (...args: string[]) =>
      run("git", "-C", `${path}.git`, "-c", "user.name=x", "-c", "user.email=x@x", ...args);
    git("init", "-qb", "main");
    fs.writeFileSync(`${path}.git/README`, "of the release\n");
    git("add", ".");
    expect(git("commit", "-qm", "first")).toMatchObject({ status: 0 });
    const script = `cp -a "$1/." "$2" && cd "$2" && grep -rlI "$1" . | xargs sed -i "s#$1#$2#g" && rm -rf local link logs`;
    fs.mkdirSync(path);
    expect(run("sh", "-c", script, "sh", sage, path)).toMatchObject({ status: 0 });
    await shop.must("build", "--sage", path, "-C", shop.root);
    const said = await shop.must("bundle", "--release", `${releases}/sage-binary.toml`, "--json");
    const { archives } = JSON.parse(said);
    const trials = [{ path: "/mnt/a" }, { path: expect.stringContaining("/mnt/bbb") }];
    expect(archives).toMatchObject([
      { file: `${releases}/dist/sage-10.8-Linux-x86_64.tar.zst`, trials },
      { file: `${releases}/dist/sage-10.8-Linux-x86_64.sh`, trials },
    ]);
    expect(fs.readFileSync(`${path}/README`, "utf8")).toBe("of the release\n");
  });
});

/** The commands of the page in their order, for those who make the archives and for those who get them. */
function commandsOfPage(): { makers: string[]; users: string[]; release: string[] } {
  const page = fs.readFileSync("docs/how-to/make-a-sage-binary.md", "utf8");
  const commands = [...page.matchAll(/^ {4}(.+)$/gm)].map(([, command = ""]) => command);
  const unpacking = commands.findIndex((command) => command.startsWith("tar "));
  const release = commands.findIndex((command) => command.includes("--release"));
  return {
    makers: commands.slice(0, unpacking),
    users: commands.slice(unpacking, release),
    release: commands.slice(release),
  };
}

describe.skipIf(noView !== undefined)(`the page about binaries of SageMath${skippedWord}`, () => {
  test("has commands that all do what they are for", () => {
    const { makers, users, release } = commandsOfPage();
    expect([makers.length, users.length, release.length]).toEqual([8, 5, 1]);
    const makersHome = sage.slice(0, sage.lastIndexOf("/"));
    const usersHome = fs.mkdtempSync(`${shop.root}/u`);
    const script = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
    writeFiles(shop.root, { "bin/tenon": { text: script, mode: 0o755 } });
    const type = (cwd: string, command: string) => {
      const { status, stdout, stderr } = spawnSync("sh", ["-ec", command], {
        cwd,
        encoding: "utf8",
        env: {
          PATH: `${shop.root}/bin:${process.env["PATH"] ?? ""}`,
          HOME: `${shop.root}/of-the-page`,
          TENON_STORE: shop.store,
          TENON_TEST: shop.root,
        },
      });
      expect({ command, status }, `${stdout}${stderr}`).toEqual({ command, status: 0 });
      return stdout;
    };
    const [there = "", ...further] = makers;
    expect(there).toMatch(/^cd \/var\/tmp\/.{60,}\/sage$/);
    type(makersHome, [`cd ${sage}`, ...further].join("\n"));
    const archives = fs.readdirSync(`${makersHome}/dist`);
    expect(archives.filter((name) => !name.endsWith(".json"))).toEqual([
      "sage-10.8-Linux-x86_64.sh",
      "sage-10.8-Linux-x86_64.tar.zst",
      "sage-runtime-10.8-Linux-x86_64.tar.zst",
    ]);
    fs.cpSync(
      `${makersHome}/dist/sage-10.8-Linux-x86_64.tar.zst`,
      `${usersHome}/sage-10.8-Linux-x86_64.tar.zst`,
    );
    for (const command of users) {
      if (command.startsWith("python3")) {
        fs.renameSync(`${usersHome}/SageMath`, `${usersHome}/S`);
        fs.mkdirSync(`${usersHome}/x`);
        fs.renameSync(`${usersHome}/S`, `${usersHome}/x/SageMath`);
      }
      const cwd = fs.existsSync(`${usersHome}/x`) ? `${usersHome}/x` : usersHome;
      const said = type(cwd, command);
      if (command.includes(" verify ")) expect(said).toContain("4 packages");
      if (command.includes(" build ")) expect(said).toContain("4 packages built");
    }
    writeFiles(makersHome, { "sage-binary.toml": releaseFile(sage, undefined) });
    type(makersHome, release.join("\n"));
  });
});
