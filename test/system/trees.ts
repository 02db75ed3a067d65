/** What a prefix holds, as text that can be compared: path → mode and content, or link target. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";

export type Tree = Readonly<Record<string, string>>;

/** Without tenon's own folder and without what Python derives. */
export function readTree(root: string): Tree {
  const tree: Record<string, string> = {};
  if (fs.existsSync(root)) visit(root, "", tree);
  return tree;
}

function visit(root: string, folder: string, tree: Record<string, string>): void {
  for (const name of fs.readdirSync(`${root}/${folder}`).sort()) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (path === "var/lib/tenon" || name === "__pycache__") continue;
    const status = fs.lstatSync(`${root}/${path}`);
    const mode = (status.mode & 0o7777).toString(8);
    if (status.isSymbolicLink()) tree[path] = `link ${fs.readlinkSync(`${root}/${path}`)}`;
    else if (status.isDirectory()) {
      tree[path] = `directory ${mode}`;
      visit(root, path, tree);
    } else {
      const content = fs.readFileSync(`${root}/${path}`);
      tree[path] = `file ${mode} ${createHash("sha256").update(content).digest("hex")}`;
    }
  }
}
