/** The file that installs tenon by itself, as tests make it. */
import * as fs from "node:fs";
import { join } from "node:path";
import { archiveEntries, selfExtracting } from "../../scripts/release/archive.js";
import { gzip } from "../../scripts/release/run.js";
import { tarOf } from "../../scripts/release/tar.js";

const platform = "linux-x64";

/** A release in `folder` whose Node.js is a shell script that says which version it is; gives the file. */
export function writeRelease(folder: string, version: string, node = `echo ${version}`): string {
  const launcher = fs.readFileSync("scripts/release/files/archive-tenon.sh");
  const entries = archiveEntries(`tenon-${version}-${platform}`, {
    tree: [{ path: "dist/tenon.js", data: Buffer.from("") }],
    node: [{ path: "node/bin/node", data: Buffer.from(`#!/bin/sh\n${node}\n`), isProgram: true }],
    launcher,
  });
  const script = fs.readFileSync("scripts/release/files/self-extracting.sh", "utf8");
  const file = join(folder, `tenon-${version}-${platform}.run`);
  const archive = gzip(tarOf(entries, 1_796_032_800));
  fs.writeFileSync(file, selfExtracting(script, { version, platform, archive }));
  return file;
}
