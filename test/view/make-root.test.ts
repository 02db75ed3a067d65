/** The tables from which a view's root is mounted, and the command line that does it. */
import { beforeEach, describe, expect, test } from "vitest";
import { viewCommand, type ViewMount } from "../../src/view/view-command.ts";
import { makeRoot, type ViewSights } from "../../src/view/make-root.ts";
import { createSimulatedWorld, type SimulatedWorld } from "../../src/world/simulated/index.ts";

const scratch = "/home/me/store/scratch/one";
const nothing: ViewSights = { hidden: [], shown: [], guarded: [], writable: [] };

let world: SimulatedWorld;
beforeEach(() => {
  world = createSimulatedWorld({ machine: { userId: 0 } });
  const { disk } = world;
  for (const folder of ["/usr/bin", "/dev", "/proc/sys", "/run", "/tmp", "/var/tmp", scratch])
    disk.plant(folder, {});
  disk.plant("/home/me/prefix", {});
  disk.plant("/", { "dev/null": "", "dev/sda": "", motd: "", "usr/bin/setpriv": "" });
  disk.setMode("/usr/bin/setpriv", 0o755);
  disk.makeLink("/bin", "usr/bin");
  disk.makeLink("/var/run", "/run");
});

function tablesOf(prefix: string, sights: Partial<ViewSights> = {}, isRealRoot = false) {
  const made = makeRoot(world.disk, {
    scratch,
    prefix,
    workInside: "/tenon-build/one",
    sights: { ...nothing, ...sights },
    isRealRoot,
  });
  const read = (name: string): string[][] =>
    Buffer.from(world.disk.readFile(`${scratch}/${name}`))
      .toString()
      .trim()
      .split("\n")
      .map((line) => line.replaceAll(made.root, "ROOT").replaceAll(scratch, "SCRATCH").split(" "));
  return { made, shown: read("shown.fstab"), own: read("own.fstab") };
}

const targets = (lines: string[][]): (string | undefined)[] => lines.map(([, target]) => target);

test("the machine's folders are in the table of what is read, the build's own in the other", () => {
  const { made, shown, own } = tablesOf("/home/me/prefix");
  expect(made.prefix).toBe("/home/me/prefix");
  expect(targets(shown)).toEqual([
    "ROOT",
    "ROOT/home",
    "ROOT/motd",
    "ROOT/usr",
    "ROOT/var",
    "ROOT/proc",
  ]);
  expect(targets(own)).toEqual(
    ["dev/null", "proc", "tmp", "var/tmp", "run", "dev/pts", "dev/shm", "tenon-build/one"].map(
      (path) => `ROOT/${path}`,
    ),
  );
  expect(shown[0]).toEqual(["ROOT", "ROOT", "none", "rbind,unbindable"]);
  expect(own.at(-1)).toEqual(["SCRATCH/work", "ROOT/tenon-build/one", "none", "rbind"]);
  expect(world.disk.readLink(`${made.root}/bin`)).toBe("usr/bin");
});

test("every mount has its place, and a second step finds all there", () => {
  const sights = { hidden: ["/home/me/store"], guarded: ["/tmp/w"], writable: ["/home/me"] };
  const first = tablesOf("/tmp/w/prefix", sights, true);
  for (const target of targets([...first.shown, ...first.own])) {
    const path = (target ?? "").replace("ROOT", first.made.root);
    const onMachine = (target ?? "").replace("ROOT", "");
    const isThere = [path, onMachine].some((each) => world.disk.status(each) !== undefined);
    expect(isThere || onMachine === "/tmp/w", target).toBe(true);
  }
  expect(tablesOf("/tmp/w/prefix", sights, true)).toEqual(first);
});

test("real root cannot write to the kernel's settings", () => {
  expect(targets(tablesOf("/p", {}, true).own)).toContain("ROOT/proc/sys");
  expect(targets(tablesOf("/p", {}, false).own)).not.toContain("ROOT/proc/sys");
});

test("the way to a prefix in /tmp is read-only there; the store is empty", () => {
  const { made, shown, own } = tablesOf("/tmp/w/prefix", { hidden: ["/home/me/store"] });
  expect(made.prefix).toBe("/tmp/w/prefix");
  expect(shown).toContainEqual(["SCRATCH/own/tmp/w", "ROOT/dev/shm/0", "none", "rbind"]);
  expect(own).toContainEqual(["ROOT/dev/shm/0", "ROOT/tmp/w", "none", "rbind"]);
  expect(world.disk.status(`${scratch}/own/tmp/w/prefix`)?.type).toBe("directory");
  const store = shown.find(([, target]) => target === "ROOT/home/me/store");
  expect(world.disk.list((store?.[0] ?? "").replace("SCRATCH", scratch))).toEqual([]);
});

test("what is to be shown in /tmp is, and what is not there is left out", () => {
  world.disk.plant("/tmp/tool/bin", {});
  world.disk.plant("/run/resolve", { conf: "nameserver" });
  world.disk.plant("/etc", {});
  world.disk.makeLink("/etc/resolv.conf", "/run/resolve/conf");
  const shown = ["/tmp/tool", "/tmp/none", "/usr/bin", "/etc/resolv.conf"];
  const { own } = tablesOf("/home/me/prefix", { shown });
  const detours = own.filter(([source]) => source?.startsWith("ROOT/dev/shm/"));
  expect(targets(detours)).toEqual(["ROOT/tmp/tool", "ROOT/run/resolve/conf"]);
});

test("a link to the prefix is a link in the view, and the prefix is where it leads", () => {
  world.disk.makeLink("/tmp/link", "/home/me/prefix");
  const { made } = tablesOf("/tmp/link");
  expect(made.prefix).toBe("/home/me/prefix");
  expect(world.disk.readLink(`${scratch}/own/tmp/link`)).toBe("/home/me/prefix");
});

test("a prefix at a path that no machine has gets it in the view", () => {
  const { made } = tablesOf("/placeholder/of/some/length");
  expect(made.prefix).toBe("/placeholder/of/some/length");
  expect(world.disk.status(`${made.root}${made.prefix}`)?.type).toBe("directory");
});

test("a build in a view may have views of its own", () => {
  const prefix = "/tenon-build/outer/src/prefix";
  world.disk.plant(prefix, {});
  const { made, shown } = tablesOf(prefix);
  expect(made.prefix).toBe(prefix);
  expect(targets(shown)).not.toContain("ROOT/tenon-build");
  expect(world.disk.status(`${made.root}${prefix}`)?.type).toBe("directory");
});

test("names with spaces and other signs keep their place in the table", () => {
  world.disk.plant("/a b#c\\d", {});
  expect(tablesOf("/home/me/prefix").shown).toContainEqual([
    "/a\\040b\\043c\\134d",
    "ROOT/a\\040b\\043c\\134d",
    "none",
    "rbind",
  ]);
});

describe("the command line", () => {
  const mountIn = (root: boolean, userNamespace: boolean): ViewMount => ({
    isolation: { kind: "view", userNamespace, overlay: "kernel", root },
    scratch,
    layerNames: ["a", "b"],
    upper: "upper",
    overlayWork: "overlay",
    prefix: "/home/me/prefix",
    workInside: "/tenon-build/one",
    sights: nothing,
  });
  const enclosed = { argv: ["make"], directory: "/tenon-build/one/src", environment: { A: "1" } };
  const argsOf = (root: boolean, userNamespace: boolean): readonly string[] =>
    viewCommand(world, mountIn(root, userNamespace), enclosed).args;

  test("real root keeps no right to mount, to make devices or to look into other processes", () => {
    const args = argsOf(true, false);
    const bounding = args.find((each) => each.startsWith("--bounding-set=")) ?? "";
    expect(bounding).toMatch(/^--bounding-set=-all,\+chown,/);
    for (const right of ["sys_admin", "sys_ptrace", "mknod", "dac_read_search", "sys_rawio"])
      expect(bounding).not.toContain(right);
    expect(args.slice(args.indexOf(bounding))).toEqual([
      bounding,
      "--",
      "env",
      "-i",
      "A=1",
      "make",
    ]);
  });

  test("in a user namespace, the build is in one of its own", () => {
    world = createSimulatedWorld({ disk: world.disk, machine: { userId: 1000, groupId: 100 } });
    const args = argsOf(true, true);
    expect(args).toContain("--map-root-user");
    expect(args.slice(args.lastIndexOf("unshare"))).toEqual(
      ["unshare", "--user", "--map-user=1000", "--map-group=100", "--"].concat([
        "env",
        "-i",
        "A=1",
        "make",
      ]),
    );
  });

  test("System V's queues and memory are its own where it has a root", () => {
    expect(argsOf(true, false)).toContain("--ipc");
    expect(argsOf(false, false)).not.toContain("--ipc");
  });
});
