/** What `tenon doctor` makes of the facts about a machine. */
import { describe, expect, test } from "vitest";
import { canBuild, type MachineState, type Finding, judge } from "../../src/doctor/index.ts";
import { makeStyle, renderHealth } from "../../src/report/index.ts";

const place = { path: "/s", fileSystem: "xfs", freeBytes: 1e12, isWritable: true };
const best: MachineState = {
  versions: { tenon: "0.1.0", node: "24.1.0" },
  system: "Debian GNU/Linux 13 (trixie)",
  kernel: "6.12.0-1-amd64",
  architecture: "x64",
  isRoot: false,
  processors: 4,
  availableBytes: 16e9,
  limits: { openFiles: 65_536 },
  namespaces: { userLimit: 10_000 },
  isolation: { kind: "view", userNamespace: true, overlay: "kernel", root: true },
  store: { ...place, reflinks: true, renameFlags: true },
  prefix: { ...place, path: "/p" },
  together: true,
  make: "none",
  missing: [],
};
const none = (reason: string) => ({ kind: "none", reason }) as const;

function findings(changes: Partial<MachineState>): Finding[] {
  return judge({ ...best, ...changes }).filter(({ state }) => state !== "good");
}

test("a machine that has all of it", () => {
  expect(findings({})).toEqual([]);
  expect(judge(best).map(({ subject }) => subject)).toEqual([
    "versions",
    "system",
    "view",
    "user namespaces",
    "overlay",
    "store",
    "prefix",
    "reflinks",
    "renames",
    "job server",
    "processors",
    "open files",
    "programs",
  ]);
  expect(canBuild(judge(best))).toBe(true);
});

const limited: [name: string, changes: Partial<MachineState>, subject: string, says: RegExp][] = [
  ["an older Node.js", { versions: { tenon: "1", node: "22.7.0" } }, "versions", /22\.8 or newer/],
  ["an old kernel", { kernel: "5.10.0" }, "system", /fuse-overlayfs/],
  ["little memory", { availableBytes: 3e9 }, "processors", /less than 1 GB for each/],
  ["few open files", { limits: { openFiles: 1024 } }, "open files", /ulimit -n/],
  ["missing programs", { missing: ["git"] }, "programs", /git: sources in git need it\./],
  ["an unreachable make", { make: "unreachable" }, "job server", /Begin the line.*with a \+/],
  ["a full disk", { prefix: { ...place, freeBytes: 1e9 } }, "prefix", /may not fit/],
  ["a store elsewhere", { together: false }, "reflinks", /beside the prefix/],
  ["no reflinks", { store: { ...place, reflinks: false } }, "reflinks", /hard links/],
  [
    "weak renames",
    { store: { ...place, reflinks: true, renameFlags: false } },
    "renames",
    /--weak-renames/,
  ],
  [
    "a slow overlay",
    { isolation: { kind: "view", userNamespace: true, overlay: "fuse", root: true } },
    "overlay",
    /slower/,
  ],
  [
    "no root of its own",
    {
      isolation: { kind: "view", userNamespace: true, overlay: "kernel", root: false, lacks: "x" },
    },
    "view",
    /: x.*can write to other folders/,
  ],
];

test.each(limited)("%s limits it", (_name, changes, subject, says) => {
  const found = findings(changes);
  expect(found.map((each) => [each.subject, each.state])).toEqual([[subject, "limited"]]);
  expect(`${found[0]?.value} ${found[0]?.meaning} ${found[0]?.cures.join(" ")}`).toMatch(says);
  expect(canBuild(found)).toBe(true);
});

test("as text: what was found, what it means, what to do, and a sentence at the end", () => {
  const show = (changes: Partial<MachineState>) =>
    renderHealth(judge({ ...best, ...changes }), makeStyle(false));
  expect(show({}).at(-1)).toBe("tenon can build here, and nothing limits it");
  const one = show({ missing: ["git"] });
  expect(one.slice(-5)).toEqual([
    "limited  programs: missing: git",
    "         Only packages that need them cannot be built.",
    "         -> git: sources in git need it.",
    "",
    "tenon can build here, with 1 limitation",
  ]);
  expect(Math.max(...one.map((line) => line.length))).toBeLessThanOrEqual(84);
});

describe("refused views", () => {
  const cures = (changes: Partial<MachineState>, subject: string): readonly string[] | undefined =>
    findings({ isolation: none("the kernel refuses it"), ...changes }).find(
      (each) => each.subject === subject,
    )?.cures;

  test.each([
    [{ unprivileged: false }, "As root: sysctl -w kernel.unprivileged_userns_clone=1"],
    [{ userLimit: 0 }, "As root: sysctl -w user.max_user_namespaces=15000"],
    [
      { restrictedByAppArmor: true },
      "As root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ],
  ])("by the setting %j", (namespaces, cure) => {
    expect(cures({ namespaces }, "user namespaces")).toEqual([cure]);
  });

  test("by something that no setting shows", () => {
    expect(cures({}, "user namespaces")?.[0]).toMatch(/^docker run/);
    expect(cures({}, "overlay")).toBeUndefined();
  });

  test("by a store on an overlay", () => {
    const store = { ...place, fileSystem: "overlay", reflinks: true, renameFlags: true };
    expect(cures({ store }, "overlay")?.[0]).toContain("TENON_STORE=DIR");
  });
});

test("a prefix on another file system is judged by its name, and is not tried", () => {
  const prefix = { ...place, fileSystem: "nfs4" };
  const found = findings({ prefix, together: false }).find(({ subject }) => subject === "renames");
  expect(found?.value).toBe("nfs4 cannot exchange two entries");
});

test.each<[string, Partial<MachineState>]>([
  ["a store that cannot be opened", { store: { problem: "the store is of bob", cures: ["x"] } }],
  ["a prefix that cannot be written to", { prefix: { ...place, isWritable: false } }],
  ["a workspace that cannot be read", { prefix: { problem: "tenon.toml:1: wrong", cures: [] } }],
])("with %s, nothing can be built", (_name, changes) => {
  expect(canBuild(judge({ ...best, ...changes }))).toBe(false);
});
