/** What a build of a checkout leaves out in a view, run by bash. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { aloneInView } from "../../src/sage/alone-in-view.ts";
import { temporaryFolder } from "../archive/temporary.ts";

const folder = temporaryFolder();
const packages = `${folder}/venv/lib/python3.13/site-packages`;

beforeAll(() => {
  fs.mkdirSync(`${folder}/bin`);
  fs.mkdirSync(`${folder}/build`);
  for (const name of ["sage-pip-uninstall", "sage-flock"])
    fs.writeFileSync(`${folder}/bin/${name}`, `#!/bin/sh\necho ${name} "$@"\n`, { mode: 0o755 });
  for (const name of ["Zope.Interface-7.0.dist-info", "old_one.egg-info"])
    fs.mkdirSync(`${packages}/${name}`, { recursive: true });
});

/** As Sage's scripts are run: by a bash that a plain shell has started. */
function said(line: string, venv = `${folder}/venv`): string {
  const script = `${aloneInView}\nsh -c "bash -c '${line}'"`;
  const { stdout, stderr } = spawnSync("sh", ["-e", "-c", script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"], // with a socket there, bash takes itself for a remote one, and reads .bashrc
    env: {
      PATH: `${folder}/bin:${process.env["PATH"]}`,
      SAGE_BUILD_DIR: `${folder}/build`,
      SAGE_VENV: venv,
    },
  });
  return stdout + stderr;
}

describe("pip is started to remove", () => {
  test.each(["zope_interface", "zope-interface", "ZOPE.interface", "old_one"])(
    "what is there: %s",
    (name) => expect(said(`sage-pip-uninstall ${name}`)).toBe(`sage-pip-uninstall ${name}\n`),
  );
  test("what a file names", () =>
    expect(said("sage-pip-uninstall -r file")).toBe("sage-pip-uninstall -r file\n"));
  test.each(["zope", "interface", "new"])("not what is not there: %s", (name) =>
    expect(said(`sage-pip-uninstall ${name}`)).toBe(""),
  );
  test("nothing where nothing is", () =>
    expect(said("sage-pip-uninstall zope", "/nowhere")).toBe(""));
});

describe("a lock", () => {
  test("around a command is not taken", () =>
    expect(said("sage-flock -s /venv/pip.lock echo of pip; exit 0")).toBe("of pip\n"));
  test("leaves the command's exit code", () =>
    expect(said("sage-flock -x /venv/pip.lock false || echo failed")).toBe("failed\n"));
  test("of another kind is Sage's", () =>
    expect(said("sage-flock -s shared 200")).toBe("sage-flock -s shared 200\n"));
});
