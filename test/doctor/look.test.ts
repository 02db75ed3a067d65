/** What `tenon doctor` finds out, and that it leaves nothing behind. */
import { expect, test } from "vitest";
import { look } from "../../src/doctor/index.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";
import runDoctor from "../../src/cli/doctor.ts";
import type { Context } from "../../src/cli/context.ts";
import { makeStyle } from "../../src/report/index.ts";

const limits = `Limit                     Soft Limit           Hard Limit           Units
Max processes             96365                96365                processes
Max open files            1024                 1048576              files
`;
const mounts = `1 0 8:1 / / rw - ext4 /dev/a rw
2 1 0:2 / /w rw - nfs4 server:/w rw
`;

function machine() {
  const disk = createSimulatedDisk();
  disk.plant("/w", {
    "tenon.toml": '[workspace]\nprefix = "prefix"\nrecipes = "packages"\n',
    "packages/": "",
  });
  disk.plant("/", {
    "proc/sys/kernel/osrelease": "6.1.0-18-amd64\n",
    "proc/sys/user/max_user_namespaces": "0\n",
    "proc/self/limits": limits,
    "proc/self/mountinfo": mounts,
    "etc/os-release": 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "usr/bin/git": { content: "", mode: 0o755 },
    "home/u/": "",
  });
  return {
    world: createSimulatedWorld({
      disk,
      machine: { processors: 3, architecture: "arm64" },
      answer: ({ program }) => ({
        outcome: { kind: "exited", code: program === "cp" ? 1 : 0 },
        stdout:
          program === "df"
            ? "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a 9 1 5859375 1% /\n"
            : "",
        stderr: "",
      }),
    }),
  };
}

/** In a folder, by a user at home in /home/u. */
async function doctor(
  { world }: ReturnType<typeof machine>,
  currentDirectory: string,
  { json = false, environment = {} } = {},
) {
  let [out, code] = ["", -1];
  const stream = { write: (text: string) => (out += text) };
  const context = {
    world,
    environment: { HOME: "/home/u", ...environment },
    currentDirectory,
    style: { out: makeStyle(false), err: makeStyle(false) },
    signal: new AbortController().signal,
    process: { stdout: stream, stderr: stream },
    exit: (given: number) => (code = given),
  };
  await runDoctor.call(context as unknown as Context, { json });
  return { code, out };
}

test("the facts, as they are for machines", async () => {
  const { code, out } = await doctor(machine(), "/w", { json: true });
  expect(code).toBe(0);
  const { facts, findings } = JSON.parse(out);
  expect(facts).toMatchObject({
    versions: { tenon: "development", node: process.versions.node },
    system: "Debian GNU/Linux 12 (bookworm)",
    kernel: "6.1.0-18-amd64",
    architecture: "arm64",
    processors: 3,
    limits: { openFiles: 1024, processes: 96_365 },
    namespaces: { userLimit: 0 },
    isolation: { kind: "none" },
    store: { path: "/home/u/.cache/tenon", fileSystem: "ext4", freeBytes: 6e9, reflinks: false },
    prefix: { path: "/w/prefix", fileSystem: "nfs4", isWritable: true },
    make: "none",
  });
  expect(facts.missing).toContain("cc");
  expect(facts.missing).not.toContain("git");
  expect(findings.length).toBeGreaterThan(10);
});

test("nothing stays in the store or the prefix", async () => {
  const made = machine();
  await doctor(made, "/w");
  const { disk } = made.world;
  expect(disk.list("/home/u/.cache/tenon/scratch")).toEqual([]);
  expect(disk.status("/w/prefix")).toBeUndefined();
});

test("outside of a workspace there is no prefix, and a make's job server may be out of reach", async () => {
  const environment = { MAKEFLAGS: " --jobserver-auth=3,4" };
  const { code, out } = await doctor(machine(), "/home/u", { environment });
  expect(code).toBe(0);
  expect(out).not.toMatch(/^\w+ +prefix:/m);
  expect(out).toContain("limited  job server: that of the make which started this command");
  expect(out).toMatch(/\ntenon can build here, with \d+ limitations\n$/);
});

test("a prefix that is named is looked at, and where it would be", async () => {
  const facts = await look(machine().world, {
    versions: { tenon: "1", node: "24.1.0" },
    directory: "/",
    prefix: "/home/u/opt/p",
    store: "/home/u/store",
    activity: "test",
    sync: false,
    noWait: false,
    dryRun: false,
    offline: true,
    environment: {},
    emit: () => {},
  });
  expect(facts.prefix).toMatchObject({ path: "/home/u/opt/p", isWritable: true });
  expect(facts.together).toBe(true);
});

test("a workspace with a mistake is a finding, and the rest is looked at", async () => {
  const made = machine();
  made.world.disk.removeFile("/w/tenon.toml");
  made.world.disk.plant("/w", { "tenon.toml": "[workspace\n" });
  const { code, out } = await doctor(made, "/w");
  expect(code).toBe(4);
  expect(out).toContain("bad      prefix: tenon.toml:1:");
  expect(out).toMatch(/(ok|limited) +store: \/home\/u\/.cache\/tenon on ext4/);
  expect(out).toContain("tenon cannot build here: 1 finding to put right first");
});
