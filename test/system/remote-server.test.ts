/** A real server of the Remote Execution API as a shared cache. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { noView } from "../builder/site.ts";
import { casdLacks, startCasd } from "./casd.ts";
import { type Files, openWorkshop, type Workshop } from "./workshop.ts";

const lacks = casdLacks();
const shops: Workshop[] = [];
afterEach(() => shops.splice(0).forEach((shop) => shop.dispose()));

/** One that is larger than a message may be, and one that names its prefix. */
const recipes: Files = {
  "packages/large.toml": `name = "large"
version = "1"
build.system = "script"
build.script = '''
mkdir -p "$DESTDIR$PREFIX/share"
for n in 1 2 3 4 5 6 7 8; do head -c 1000000 /dev/urandom; done > "$DESTDIR$PREFIX/share/large"
'''
`,
  "packages/teller.toml": `name = "teller"
version = "1"
depends.run = ["large"]
build.system = "script"
build.script = 'mkdir -p "$DESTDIR$PREFIX/share"; echo "$PREFIX" > "$DESTDIR$PREFIX/share/where"'
`,
};

describe.skipIf(noView || lacks !== undefined)(`buildbox-casd (${lacks ?? "needs views"})`, () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "tenon-casd-"));
  let casd: Awaited<ReturnType<typeof startCasd>>;

  beforeAll(async () => {
    casd = await startCasd(`${root}/casd`);
  });
  afterAll(async () => {
    await casd.stop();
    fs.rmSync(root, { recursive: true, force: true });
  });

  const open = (line: string, more = ""): Workshop => {
    const shop = openWorkshop(recipes);
    shops.push(shop);
    shop.write({
      "tenon.toml": `[workspace]\nprefix = "${shop.prefix}"\n\n[cache]\nurl = "${casd.url}"\nkeys = ["${line}"]\n${more}`,
    });
    return shop;
  };

  test("what one has pushed, another takes; what the server has lost is built", async () => {
    const first = openWorkshop(recipes);
    shops.push(first);
    await first.must("key", "new", "ci");
    const [, line = ""] = /^ {2}"(.*)"$/m.exec(await first.must("key")) ?? [];
    first.write({
      "tenon.toml": `[workspace]\nprefix = "${first.prefix}"\n\n[cache]\nurl = "${casd.url}"\npush = "${casd.url}"\nkeys = ["${line}"]\n`,
    });
    await first.must("build");
    expect(await first.must("push")).toContain(`2 results pushed to ${casd.url}`);
    expect(await first.must("push")).toContain("0 results pushed");

    const second = open(line);
    expect((await second.run(["build"])).stdout).toContain(
      "0 packages built, 2 taken from the cache",
    );
    const large = (shop: Workshop): Buffer => fs.readFileSync(`${shop.prefix}/share/large`);
    expect(large(second).equals(large(first))).toBe(true);
    expect(await second.must("verify")).toContain("2 packages traced to what ci signed");

    await casd.stop();
    const third = open(line);
    const without = await third.run(["build"]);
    expect(without.stdout).toContain("2 packages built");
    expect(without.stderr).toContain(`the cache ${casd.url} does not give what it has`);

    casd = await startCasd(`${root}/empty`, casd.port);
    const fourth = open(line);
    const empty = await fourth.run(["build"]);
    expect(empty.stdout).toContain("2 packages built");
    expect(empty.stderr).toContain("has nothing of ci yet");
    expect(await first.must("push")).toContain("2 results pushed");
  });
});
