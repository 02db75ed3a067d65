/** Releases of the last commit, and the workspaces that are built with them. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/** A clean clone of the last commit, with another version where one is given, becomes a release in `out`. */
export function makeRelease(out, platform, version) {
  const clone = `${out}-clone`;
  must("git", ["clone", "-q", ".", clone]);
  if (version !== undefined) {
    for (const file of ["package.json", "package-lock.json"]) {
      const manifest = JSON.parse(readFileSync(`${clone}/${file}`, "utf8"));
      for (const each of [manifest, manifest.packages?.[""]]) if (each) each.version = version;
      writeFileSync(`${clone}/${file}`, JSON.stringify(manifest));
    }
    const identity = ["-c", "user.name=proof", "-c", "user.email=proof"];
    must("git", ["-C", clone, ...identity, "commit", "-q", "-a", "-m", "another version"]);
  }
  const downloads = resolve("node_modules/.cache/tenon/release");
  const args = ["--out", out, "--downloads", downloads, "--platform", platform];
  must(process.execPath, [resolve("scripts/release/release.js"), ...args], clone);
  return out;
}

function must(program, args, cwd = process.cwd()) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error ?? stdout + stderr}`);
}

/** The quickstart, and `slow`: three packages one after the other, the last of which fails. */
export function makeWorkspaces(place) {
  cpSync("examples/quickstart", `${place}/quickstart`, {
    recursive: true,
    filter: (file) => !/\/(?:prefix|\.tenon)$/.test(file),
  });
  mkdirSync(`${place}/slow/packages`, { recursive: true });
  writeFileSync(
    `${place}/slow/tenon.toml`,
    '[workspace]\nprefix = "prefix"\nrecipes = "packages"\n',
  );
  recipe(place, "one", 'mkdir -p "$DESTDIR$PREFIX" && echo > "$DESTDIR$PREFIX/one"');
  recipe(place, "two", 'mkdir -p "$DESTDIR$PREFIX" && echo > "$DESTDIR$PREFIX/two"', "one");
  recipe(place, "three", "cc missing.c", "two");
  return place;
}

function recipe(place, name, script, needs) {
  const depends = needs === undefined ? "" : `\n[depends]\nbuild = ["${needs}"]\n`;
  const build = `\n[build]\nsystem = "script"\nscript = '''\nsleep 6\n${script}\n'''\n`;
  writeFileSync(
    `${place}/slow/packages/${name}.toml`,
    `name = "${name}"\nversion = "1"\n${depends}${build}`,
  );
}

/** Node.js and npm of this machine, for the one way that needs them. */
export function copyNpm(place) {
  mkdirSync(`${place}/bin`, { recursive: true });
  cpSync(process.execPath, `${place}/bin/node`);
  const { stdout } = spawnSync("npm", ["root", "-g"], { encoding: "utf8" });
  cpSync(`${stdout.trim()}/npm`, `${place}/lib/node_modules/npm`, { recursive: true });
  const start = 'exec /opt/node/bin/node /opt/node/lib/node_modules/npm/bin/npm-cli.js "$@"';
  writeFileSync(`${place}/bin/npm`, `#!/bin/sh\n${start}\n`, { mode: 0o755 });
  return place;
}
