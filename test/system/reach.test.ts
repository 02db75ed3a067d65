/** What a build can reach of the machine: to read, nearly all; to write, its own folders only (I6, I7, I17). */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer, type Server } from "node:net";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { program } from "./program.ts";
import { linesOf, noView, openWorkshop, skippedWord, type Workshop } from "./workshop.ts";

/** Nothing that anybody else is, and no member of a group. */
const nobody = 65_534;
const asNobody = ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"];

const callers: (readonly [string, readonly string[]])[] =
  process.getuid?.() === 0
    ? [
        ["root", []],
        ["an ordinary user", asNobody],
      ]
    : [["a user", []]];

/** Tries what it is given, each in a shell of its own, and writes down what could be done. */
const tries = `
try() {
  name=$1; shift
  if sh -ec "$1" >>tried 2>&1; then echo "$name" >>"$PREFIX/done"; fi
}
: >"$PREFIX/done"
`;

const hostile: Readonly<Record<string, string>> = {
  "write to /usr": ": >/usr/tenon-was-here",
  "write to /etc": ": >/etc/tenon-was-here",
  "write to the root": ": >/tenon-was-here",
  "write to the caller's home": ': >"$CALLERS_HOME/here"',
  "write to the workspace": ': >"$WORKSPACE/here"',
  "write beside the prefix": ': >"$PREFIX-here"',
  "write to the store":
    'for file in "$STORE"/artifacts/*/tree/share/other; do echo bad >"$file"; done',
  "see the store": 'ls "$STORE" | grep .',
  "unmount the prefix": 'umount -l "$PREFIX"',
  "unmount its root": "umount -l /",
  "unmount /tmp": "umount /tmp",
  "unmount as root of its own namespace": 'unshare -Urm umount -l "$PREFIX"',
  "unmount /tmp as such": "unshare -Urm umount -l /tmp",
  "remount /usr": "mount -o remount,bind,rw /usr",
  "remount /usr as such": "unshare -Urm mount -o remount,bind,rw /usr",
  "remount the root": "mount -o remount,bind,rw /",
  "mount over /usr": 'mount --bind "$TMPDIR" /usr',
  "mount a new file system": "mount -t tmpfs tmpfs /mnt",
  "make a device": 'mknod "$TMPDIR/disk" b 8 0',
  "find a disk": "find /dev -type b | grep .",
  "enter the first process' mounts": "nsenter -t 1 -m true",
  "enter its user namespace": "nsenter -t 1 -U true",
  "see the first process' root": "ls /proc/1/root/",
  "see its folder": "ls /proc/1/cwd/",
  "see its environment": "cat /proc/1/environ",
  "write to its memory": ": >/proc/1/mem",
  "end it": "kill -KILL 1 && sleep 0.1 && ! kill -0 1",
  "signal the caller": 'kill -0 "$CALLER"',
  "change a kernel setting": "cat /proc/sys/kernel/printk >was; cat was >/proc/sys/kernel/printk",
  "use the magic key": "test -e /proc/sysrq-trigger; : >/proc/sysrq-trigger",
  "write to /sys": "mkdir /sys/fs/cgroup/tenon-was-here",
  "reach a socket in /tmp": 'python3 connect.py "$SOCKET"',
  "reach a socket in /run": 'test -n "$RUN_SOCKET"; python3 connect.py "$RUN_SOCKET"',
  "reach an abstract socket": 'python3 connect.py "@$ABSTRACT"',
};

const own: Readonly<Record<string, string>> = {
  "write to its source": ": >made",
  "write to its home": ': >"$HOME/made"',
  "write to its temporary folder": ': >"$TMPDIR/made"',
  "write to /tmp": 'test -z "$(ls /tmp/made 2>/dev/null)"; : >/tmp/made',
  "write to /var/tmp": ": >/var/tmp/made",
  "write to /dev/shm": ": >/dev/shm/made",
  "write to /run": ": >/run/made",
  "write to /dev/null": ": >/dev/null",
  "link between its folders": 'echo 1 >"$TMPDIR/a" && ln "$TMPDIR/a" "$HOME/a" && ln "$HOME/a" a',
  "listen at a socket": 'python3 listen.py "$TMPDIR/socket"',
  "open a terminal": 'python3 -c "import pty; pty.openpty()"',
  "have its own namespaces": "unshare -Urm true",
  "see programs": "test -x /bin/sh && test -d /etc",
};

const connect = `import socket, sys
name = sys.argv[1]
socket.socket(socket.AF_UNIX).connect("\\0" + name[1:] if name[0] == "@" else name)
`;
const listen = `import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])
`;

let shop: Workshop;
let servers: Server[];
beforeEach(() => {
  servers = [];
});
afterEach(() => {
  for (const server of servers) server.close();
  shop.dispose();
});

function open(as: readonly string[]): void {
  // A prefix of 150 bytes leaves no room for a socket's name, which may have 107.
  shop = openWorkshop({
    "packages/other.toml":
      'name = "other"\nversion = "1"\nbuild.script = """mkdir -p "$PREFIX/share"; echo good >"$PREFIX/share/other" """\n',
    "packages/evil.toml": `name = "evil"
version = "1"
source.path = "../evil"
depends.build = ["other"]
build.script = '''${tries}${scriptOf({ ...hostile, ...own })}'''
`,
    "evil/connect.py": connect,
    "evil/listen.py": listen,
  });
  fs.mkdirSync(`${shop.root}/home`);
  fs.chmodSync(shop.root, 0o755);
  if (as === asNobody) spawnSync("chown", ["-R", String(nobody), shop.root]);
}

function scriptOf(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([name, script]) => `try "${name}" "${script.replaceAll(/(["$\\])/g, "\\$1")}"\n`)
    .join("");
}

function tenon(as: readonly string[], ...args: string[]) {
  const [first = "", ...rest] = [...as, process.execPath, program, ...args];
  return spawnSync(first, rest, {
    cwd: shop.workspace,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: `${shop.root}/home`, TENON_STORE: shop.store },
  });
}

/** Anybody may connect to it; undefined where this test may not have one. */
async function listenAt(place: string): Promise<string | undefined> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(place, () => {
      if (!place.startsWith("\0")) fs.chmodSync(place, 0o777);
      resolve(place);
    });
  });
}

describe.skipIf(noView !== undefined)(`a build of${skippedWord}`, () => {
  test.each(callers)("%s can write to its own folders, and to nothing else", async (_who, as) => {
    open(as);
    const prefix = `${shop.root}/${"p".repeat(150)}`;
    const socket = await listenAt(`${shop.root}/socket`);
    const runSocket = await listenAt(`/run/tenon-test-${process.pid}`);
    await listenAt(`\0tenon-test-${process.pid}`);
    shop.write({
      "tenon.toml": `[workspace]
prefix = "${prefix}"
[workspace.env]
CALLERS_HOME = "${shop.root}/home"
WORKSPACE = "${shop.workspace}"
STORE = "${shop.store}"
CALLER = "${process.pid}"
SOCKET = "${socket}"
RUN_SOCKET = "${runSocket ?? ""}"
ABSTRACT = "tenon-test-${process.pid}"
`,
    });
    const built = tenon(as, "build");
    expect(built.stderr.match(/note: .*/g)).toEqual([
      "note: what is built fits this prefix alone: its path is longer than 96 bytes",
    ]);
    expect(built).toMatchObject({ status: 0 });
    expect(linesOf(fs.readFileSync(`${prefix}/done`, "utf8"))).toEqual(Object.keys(own));
    expect(fs.readFileSync(`${prefix}/share/other`, "utf8")).toBe("good\n");
    expect(tenon(as, "verify").stdout).toMatch(/^ok: /);
    expect(fs.readdirSync(`${shop.root}/home`, { recursive: true }).sort()).toEqual([
      ".cache",
      ".cache/tenon",
      ".cache/tenon/idle",
    ]); // which is tenon's own
  });

  test.each(callers)(
    "%s that writes elsewhere fails, with the path and the way out",
    (_who, as) => {
      open(as);
      const file = "/usr/share/bash-completion/completions/evil";
      shop.write({
        "packages/evil.toml":
          'name = "evil"\nversion = "1"\nsource.path = "../evil"\nbuild.system = "make"\n',
        "evil/Makefile": `all:\ninstall:\n\tmkdir -p "$(DESTDIR)$(PREFIX)/bin"\n\techo complete >${file}\n`,
      });
      const built = tenon(as, "build", "evil");
      expect(built.status).toBe(1);
      expect(built.stderr).toContain(
        `evil 1 failed in install: it writes to ${file}, which is outside of its prefix and its own folders`,
      );
      expect(built.stderr).toContain('hint: Have it install below "$DESTDIR$PREFIX"');
      expect(fs.existsSync(file)).toBe(false);
    },
  );
});

/** Other tests have all in /tmp, of which a view has its own; a store is mostly in a home. */
describe.skipIf(noView !== undefined)(
  `where builds see the machine's folders${skippedWord}`,
  () => {
    let outside: string;
    beforeEach(() => {
      outside = fs.mkdtempSync(path.resolve("node_modules/.tenon-test-"));
      fs.chmodSync(outside, 0o777);
    });
    afterEach(() => fs.rmSync(outside, { recursive: true, force: true }));

    const buildThere = (as: readonly string[]) => {
      open(as);
      return tenon([...as, "env", `TENON_STORE=${outside}/store`], "build", "other");
    };

    test.each(callers)("%s can have the store in one of them", (_who, as) => {
      const built = buildThere(as);
      expect(built.stderr).not.toContain("note:");
      expect(built).toMatchObject({ status: 0 });
    });

    test.skipIf(process.getuid?.() !== 0)("mounts may be covered by others (needs root)", () => {
      const covered =
        'mount -t tmpfs a "$0"; mkdir "$0/b"; mount -t tmpfs b "$0/b"; mount -t tmpfs c "$0"';
      fs.mkdirSync(`${outside}/covered`);
      const within = ["unshare", "-m", "sh", "-ec", `${covered}; exec "$@"`, `${outside}/covered`];
      const built = buildThere(within);
      expect(built.stderr).not.toContain("note:");
      expect(built).toMatchObject({ status: 0 });
    });
  },
);

describe.skipIf(noView !== undefined)(`TENON_WRITABLE${skippedWord}`, () => {
  const writing = 'name = "evil"\nversion = "1"\nbuild.script = "echo 1 >$CACHE/here"\n';
  const build = (writable: string) =>
    shop.run(["build", "evil"], { environment: { TENON_WRITABLE: writable } });

  test("names what else builds may write to", async () => {
    open([]);
    const cache = `${shop.root}/cache`;
    fs.mkdirSync(cache);
    shop.edit("tenon.toml", "env = {", `env = { CACHE = "${cache}",`);
    shop.write({ "packages/evil.toml": writing });
    expect(await build("")).toMatchObject({ code: 1 });
    expect(fs.readdirSync(cache)).toEqual([]);
    expect(await build(cache)).toMatchObject({ code: 0 });
    expect(fs.readFileSync(`${cache}/here`, "utf8")).toBe("1\n");
  });

  test("cannot open the prefix, the store or all", async () => {
    open([]);
    fs.mkdirSync(shop.prefix);
    for (const place of ["/", shop.prefix, shop.root, shop.store, "cache", "/no/such/folder"]) {
      const { code, stderr } = await build(place);
      expect(code, place).toBe(2);
      expect(stderr).toContain(`TENON_WRITABLE names ${place}, `);
    }
  });
});
