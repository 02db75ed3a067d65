/** Clones and moves with real tools: programs, a virtual environment and wheels run at another path when the old one is gone. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, expect, test } from "vitest";
import { hasProgram } from "../builder/site.ts";
import { openWorkshop, runInstalled, type Workshop } from "./workshop.ts";

const shops: Workshop[] = [];
afterEach(() => shops.splice(0).forEach((shop) => shop.dispose()));

const files = {
  "packages/python-venv.toml": `name = "python-venv"
version = "1"
build.system = "python-venv"
`,
  "packages/teller.toml": `name = "teller"
version = "1"
build.system = "script"
build.script = '''
mkdir -p "$DESTDIR$PREFIX/bin" "$DESTDIR$PREFIX/lib" "$DESTDIR$PREFIX/share/teller"
echo hello from "$PREFIX" > "$DESTDIR$PREFIX/share/teller/words"
echo "const char *where(void) { return \\"$PREFIX/share/teller/words\\"; }" > where.c
cc -shared -fPIC -O2 -o "$DESTDIR$PREFIX/lib/libwhere.so" where.c
cat > teller.c <<END
#include <stdio.h>
#include <string.h>
const char *where(void);
int main(void) {
  char path[300], line[300];
  strcpy(path, "$PREFIX/share/teller/words");
  FILE *one = fopen(path, "r"), *two = fopen(where(), "r");
  if (!one || !two || !fgets(line, sizeof line, one)) return 1;
  fputs(line, stdout);
  return 0;
}
END
cc -O2 -o "$DESTDIR$PREFIX/bin/teller" teller.c -L"$DESTDIR$PREFIX/lib" -lwhere -Wl,-rpath,"$PREFIX/lib"
'''
`,
};

const makeWheel = `
import zipfile
files = {
    "hi.py": "import sys\\ndef main():\\n    print('hi from', sys.prefix)\\n",
    "hi-1.dist-info/METADATA": "Metadata-Version: 2.1\\nName: hi\\nVersion: 1\\n",
    "hi-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "hi-1.dist-info/entry_points.txt": "[console_scripts]\\nhi = hi:main\\n",
}
import base64, hashlib, sys
def row(name, text):
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(text)}\\n"
record = "".join(row(*each) for each in files.items()) + "hi-1.dist-info/RECORD,,\\n"
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    for name, text in {**files, "hi-1.dist-info/RECORD": record}.items():
        wheel.writestr(name, text)
`;

/** RECORD says of each file what it is, as pip and others check it. */
const checkRecord = `
import base64, hashlib, sys
from importlib.metadata import distribution
for file in distribution("hi").files:
    if file.hash:
        digest = hashlib.sha256(file.locate().read_bytes()).digest()
        assert file.hash.value == base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), file
print(sys.prefix)
`;

async function open(): Promise<Workshop> {
  const shop = openWorkshop(files);
  shops.push(shop);
  shop.write({ "tenon.toml": `[workspace]\nprefix = "${shop.prefix}"\n` });
  await shop.must("build");
  const wheel = `${shop.root}/hi-1-py3-none-any.whl`;
  spawnSync("python3", ["-c", makeWheel, wheel]);
  await shop.must("install", "--prefix", shop.prefix, wheel);
  fs.mkdirSync(`${shop.prefix}/mine`);
  fs.writeFileSync(`${shop.prefix}/mine/run`, `#!/bin/sh\nexec ${shop.prefix}/bin/teller\n`, {
    mode: 0o755,
  });
  return shop;
}

/** All that is installed there, run with the old prefix out of the way. */
async function expectWorksAt(shop: Workshop, prefix: string): Promise<void> {
  expect(runInstalled(`${prefix}/bin/teller`)).toBe(`hello from ${prefix}\n`);
  expect(runInstalled(`${prefix}/bin/hi`)).toBe(`hi from ${prefix}\n`);
  expect(runInstalled(`${prefix}/bin/python3`, "-B", "-c", checkRecord)).toBe(`${prefix}\n`);
  expect(await shop.must("verify", "--prefix", prefix)).toContain("ok: ");
  expect(await shop.must("build", "--prefix", prefix)).toContain("nothing to do");
}

/** Shorter, longer, and of 90 bytes. */
function placesIn({ root }: Workshop): string[] {
  return [`${root}/p`, `${root}/a-longer/name`, `${root}/`.padEnd(90, "x")];
}

const canRun = hasProgram("cc");

test.skipIf(!canRun)("clones run at shorter and longer paths (needs cc)", async () => {
  const shop = await open();
  for (const place of placesIn(shop)) {
    const said = await shop.must("clone", shop.prefix, place);
    expect(said).toContain(`cloned 3 packages of ${shop.prefix} to ${place}`);
    expect(said).toContain("1 path that no package owns stayed behind");
    fs.renameSync(shop.prefix, `${shop.root}/away`);
    await expectWorksAt(shop, place);
    fs.renameSync(`${shop.root}/away`, shop.prefix);
    const found = spawnSync("grep", ["-rlI", `${shop.prefix}/`, place]).stdout.toString();
    expect(found).toBe("");
  }
  expect(await shop.must("verify")).toContain("ok: ");
});

test.skipIf(!canRun)("a prefix moves on and on, with a person's files (needs cc)", async () => {
  const shop = await open();
  let prefix = shop.prefix;
  for (const place of [...placesIn(shop), shop.prefix]) {
    await shop.must("move", prefix, place);
    expect(fs.existsSync(prefix)).toBe(false);
    await expectWorksAt(shop, place);
    expect(runInstalled(`${place}/mine/run`)).toBe(`hello from ${place}\n`);
    prefix = place;
  }
  expect(fs.readdirSync(shop.root).filter((name) => name.startsWith("."))).toEqual([]);
});

test.skipIf(!canRun)("a prefix that mv has moved is put right where it is (needs cc)", async () => {
  const shop = await open();
  const place = `${shop.root}/elsewhere`;
  fs.renameSync(shop.prefix, place);
  expect(await shop.run(["verify", "--prefix", place])).toMatchObject({ code: 1 });
  await shop.must("relocate", shop.prefix, place);
  await expectWorksAt(shop, place);
  await shop.must("relocate", shop.prefix, place);
  await expectWorksAt(shop, place);
});

test.skipIf(!canRun)("a tree that other tools have made (needs cc)", async () => {
  const shop = openWorkshop({});
  shops.push(shop);
  const [from, to] = [`${shop.root}/built/by/somebody`, `${shop.root}/here`];
  spawnSync("python3", ["-m", "venv", "--without-pip", from]);
  fs.mkdirSync(`${from}/share`);
  fs.writeFileSync(`${from}/share/words`, `from ${from}\n`);
  fs.symlinkSync(`${from}/share/words`, `${from}/share/link`);
  const source = `#include <stdio.h>\nint main(void) { puts("${from}/share"); return 0; }\n`;
  const built = spawnSync("cc", ["-xc", "-", "-o", `${from}/bin/say`], { input: source });
  expect(built.status).toBe(0);
  const said = await shop.must("relocate", from, to);
  expect(said).toContain(`relocated ${from} to ${to}\n`);
  fs.rmSync(from, { recursive: true });
  expect(runInstalled(`${to}/bin/say`)).toBe(`${to.padEnd(from.length, "/")}/share\n`);
  expect(runInstalled(`${to}/bin/python3`, "-c", "import sys; print(sys.prefix)")).toBe(`${to}\n`);
  expect(fs.readFileSync(`${to}/share/link`, "utf8")).toBe(`from ${to}\n`);
  const longer = `${shop.root}/here-and-there`;
  const { code, stdout } = await shop.run(["relocate", to, longer]);
  expect(code).toBe(0);
  expect(stdout).toContain("written anew");
  const far = `${shop.root}/far/${"away/".repeat(8)}x`;
  const told = await shop.run(["relocate", longer, far]);
  expect(told).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("bin/say has the old path, of "),
  });
});
