/**
 * Bundles of tenon that do not wait for the disk where they must, for the proof that this is found.
 * Other orders of syncs hold on ext4 and XFS by themselves, whose journals keep the order of renames;
 * `faults.js` has them on the simulated disk, which promises no more than POSIX.
 */
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";

/** [what is broken, file in src/, the text that goes, the text that comes] */
const faults = [
  [
    "nothing is waited for",
    "world/real/disk.ts",
    'check("syncfs", path, systemCalls().syncFileSystem(fd)),',
    "void fd,",
  ],
  [
    "what comes in is not durable before the journal",
    "install/commit.ts",
    "if (options.sync) disk.syncFileSystem(workplace.root);",
    "",
  ],
];

export function* makeFaults(folder) {
  for (const [number, [what, name, from, to]] of faults.entries()) {
    const copy = `${folder}/fault-${number}`;
    for (const each of ["src", "scripts", "package.json", "tsconfig.json"])
      cpSync(each, `${copy}/${each}`, { recursive: true });
    symlinkSync(`${process.cwd()}/node_modules`, `${copy}/node_modules`);
    const text = readFileSync(`${copy}/src/${name}`, "utf8");
    if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
    writeFileSync(`${copy}/src/${name}`, text.replace(from, to));
    const { status, stderr } = spawnSync(process.execPath, ["scripts/bundle.js"], { cwd: copy });
    if (status !== 0) throw new Error(`${what}: ${stderr}`);
    yield { what, program: `${copy}/dist/tenon.js` };
  }
}
