/** Where a checkout's virtual environment lies is configure's choice: in SAGE_LOCAL, the same, or elsewhere. */
import * as fs from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { plantCheckout } from "./sage-tree.ts";
import { noView, openWorkshop, runInstalled, skippedWord, type Workshop } from "./workshop.ts";

let shop: Workshop;
let sage: string;
let local: string;

beforeEach(() => {
  shop = openWorkshop({});
  sage = plantCheckout(shop);
  local = `${sage}/local`;
});
afterEach(() => shop.dispose());

const build = () => shop.run(["build", "--sage", sage, "-j2", "one", "greet"]);

function configureVenv(venv: string): void {
  shop.edit("../sage/build/make/Makefile", "${SAGE_LOCAL}/var/lib/sage/venv", venv);
}

function greeting(venv: string): string {
  return runInstalled(`${venv}/bin/python3`, "-c", "import greet, sys; print(sys.prefix)");
}

describe.skipIf(noView !== undefined)(`a virtual environment${skippedWord}`, () => {
  test("that is SAGE_LOCAL itself", async () => {
    configureVenv("${SAGE_LOCAL}");
    fs.mkdirSync(`${local}/lib`, { recursive: true });
    fs.symlinkSync("lib", `${local}/lib64`); // as configure does
    expect(await build()).toMatchObject({ code: 0 });
    expect(greeting(local)).toBe(`${local}\n`);
    expect(fs.existsSync(`${local}/include/one.h`)).toBe(true);
    expect(await shop.must("verify", "--sage", sage)).toMatch(/^ok: /m);
  });

  test("elsewhere is a link into SAGE_LOCAL, and goes by its own name", async () => {
    const venv = `${shop.root}/elsewhere/venv`;
    configureVenv(venv);
    const first = await build();
    expect(first).toMatchObject({ code: 0 });
    const folder = `${local}/var/lib/sage/venv-python3.11`;
    expect(first.stderr).toContain(`${venv} is now a symbolic link to ${folder}`);
    expect(greeting(venv)).toBe(`${venv}\n`);
    expect(fs.existsSync(`${folder}/var/lib/sage/installed/greet-1.0`)).toBe(true);
    expect(await shop.must("verify", "--sage", sage)).toMatch(/^ok: /m);
    const again = await build();
    expect(again.stdout).toMatch(/^nothing to do/);
    expect(again.stderr).not.toContain("symbolic link");
  });

  test("that Sage has made elsewhere is adopted when it was moved as the error says", async () => {
    const venv = `${shop.root}/elsewhere/venv`;
    configureVenv(venv);
    expect(await build()).toMatchObject({ code: 0 });
    // As Sage's make leaves it: a folder, and nothing of tenon.
    fs.rmSync(`${local}/var/lib/tenon`, { recursive: true });
    fs.rmSync(shop.store, { recursive: true });
    fs.rmSync(venv);
    fs.renameSync(`${local}/var/lib/sage/venv-python3.11`, venv);

    const refused = await build();
    expect(refused.code).toBe(2);
    expect(fs.lstatSync(venv).isDirectory()).toBe(true);
    const [, command = ""] = /run `(.*)`$/m.exec(refused.stderr) ?? [];
    runInstalled("/bin/sh", "-c", command);

    const moved = await build();
    expect(moved.stderr).toMatch(/adopted 3 packages that Sage has installed; 3 of them are up/);
    expect(moved.stdout).toMatch(/^nothing to do: 3 packages up to date/);
    expect(greeting(venv)).toBe(`${venv}\n`);
  });
});
