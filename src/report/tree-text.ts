/** A tree of packages as text, drawn as cargo, uv and npm draw it. */
import type { TreeNode } from "../library/index.ts";

/** One line a package; `(build)` marks what is needed for building only. */
export function renderTree(trees: readonly TreeNode[]): string[] {
  const lines = trees.flatMap((tree) => [nameOf(tree), ...branches(tree, "")]);
  const hasRepeated = lines.some((line) => line.endsWith(" (*)"));
  return hasRepeated ? [...lines, "(*) shown above with all below it"] : lines;
}

function branches({ below }: TreeNode, indent: string): string[] {
  return below.flatMap((node, index) => {
    const isLast = index === below.length - 1;
    return [
      `${indent}${isLast ? "└── " : "├── "}${nameOf(node)}`,
      ...branches(node, `${indent}${isLast ? "    " : "│   "}`),
    ];
  });
}

function nameOf({ name, version, need, isRepeated }: TreeNode): string {
  const words = [name, version, ...(need === "build" ? ["(build)"] : [])];
  return [...words, ...(isRepeated === true ? ["(*)"] : [])].join(" ");
}
