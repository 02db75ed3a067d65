/** A clone can be installed by `npm ci`, and its package has what the README leads to. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

test("the lock file has each optional part of every package, or `npm ci` refuses it", () => {
  const packages: Record<string, Locked> = read("package-lock.json").packages;
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});

test("the lock file and package.json name the same package", () => {
  const { name, version } = read("package.json");
  expect(read("package-lock.json")).toMatchObject({ name, version });
});

test("the package has every file that its README links to", () => {
  const packed: string[] = read("package.json").files;
  const links = [...readFileSync("README.md", "utf8").matchAll(/\]\(([^):#]+)(?:#[^)]*)?\)/g)];
  expect(links.length).toBeGreaterThan(5);
  const lost = links
    .map(([, path = ""]) => path)
    .filter((path) => !packed.includes(path.split("/")[0]!));
  expect(lost).toEqual([]);
});
