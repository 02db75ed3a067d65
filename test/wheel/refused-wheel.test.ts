/** Malformed wheels: each is refused by name, before anything is written (I11). */
import * as fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TenonError } from "../../src/core/index.ts";
import { readWheel, unpackWheel } from "../../src/wheel/index.ts";
import { createRealWorld } from "../../src/world/index.ts";
import { temporaryFolder } from "../archive/temporary.ts";
import { badWheels, standardName } from "./bad-wheels.ts";
import { wheelOf } from "./wheel-writer.ts";

const { disk } = createRealWorld({});
const folder = temporaryFolder();
const scheme = {
  purelib: "lib/site-packages",
  platlib: "lib/site-packages",
  scripts: "bin",
  headers: "include",
  data: "",
};

for (const [what, facts, code, said, name = standardName] of badWheels) {
  test(what, () => {
    const stage = fs.mkdtempSync(join(folder, "stage-"));
    const file = `${stage}.whl`;
    fs.writeFileSync(file, Buffer.isBuffer(facts) ? facts : wheelOf(facts));
    let error: unknown = `${what} was unpacked`;
    try {
      const wheel = readWheel(disk, file, name);
      unpackWheel({ disk, wheel, stage, scheme, interpreter: "/usr/bin/python3" });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TenonError);
    expect(error).toMatchObject({ kind: "source", code: `WHEEL_${code}` });
    const { message, hints } = error as TenonError;
    expect(message).toMatch(said);
    expect(message.startsWith(name)).toBe(true);
    expect(message).not.toContain("\n");
    expect(hints).toHaveLength(1);
    expect(fs.readdirSync(stage)).toEqual([]);
  });
}
