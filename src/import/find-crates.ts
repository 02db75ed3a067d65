/** Where a Python project with Rust in it locks its crates. */
import { exists, type Disk } from "../world/index.ts";
import { joinPath } from "../core/index.ts";

const rustBackends = new Set(["maturin", "setuptools-rust"]);
const deepest = 4;

export function usesRust(requirements: readonly { readonly name: string }[]): boolean {
  return requirements.some(({ name }) => rustBackends.has(name));
}

/** The Cargo.lock that is nearest to the root and has a Cargo.toml beside it, relative to the root. */
export function findCrates(disk: Disk, root: string): string | undefined {
  let folders = [""];
  for (let depth = 0; depth < deepest; depth += 1) {
    const found = folders.find((folder) =>
      ["Cargo.lock", "Cargo.toml"].every((name) =>
        exists(disk, `${root}/${joinPath(folder, name)}`),
      ),
    );
    if (found !== undefined) return joinPath(found, "Cargo.lock");
    folders = folders.flatMap((folder) =>
      disk
        .list(joinPath(root, folder))
        .filter(({ type, name }) => type === "directory" && !name.startsWith("."))
        .map(({ name }) => joinPath(folder, name))
        .sort(),
    );
  }
  return undefined;
}
