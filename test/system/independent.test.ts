/** What is built says where it is in terms of itself: a prefix that is moved by hand still runs. */
import { createHash } from "node:crypto";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, expect, test } from "vitest";
import { hasProgram } from "../builder/site.ts";
import { openWorkshop, runInstalled, type Workshop } from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

const library = `name = "greet"
version = "1"
build.system = "script"
build.script = '''
mkdir -p "$DESTDIR$PREFIX/lib64" "$DESTDIR$PREFIX/share/greet" "$DESTDIR$PREFIX/include"
echo "int greet(void);" > "$DESTDIR$PREFIX/include/greet.h"
echo "int greet(void) { return 42; }" > greet.c
cc -shared -fPIC -Wl,-soname,libgreet.so.1 -o "$DESTDIR$PREFIX/lib64/libgreet.so.1" greet.c
ln -s libgreet.so.1 "$DESTDIR$PREFIX/lib64/libgreet.so"
ln -s "$PREFIX/include/greet.h" "$DESTDIR$PREFIX/share/greet/greet.h"
'''
`;
/** A program with a rpath into its own folder, one below lib, and a module of Python with its RECORD. */
const program = `name = "app"
version = "1"
depends.run = ["greet"]
build.system = "script"
build.script = '''
site="$DESTDIR$PREFIX/lib/python3/site-packages"
mkdir -p "$DESTDIR$PREFIX/bin" "$DESTDIR$PREFIX/lib/app" "$site/app-1.dist-info" "$PWD/here"
printf '#include <stdio.h>\\n#include "greet.h"\\nint main(void) { printf("%%d\\\\n", greet()); }\\n' > app.c
cc -o app app.c $LDFLAGS -Wl,-rpath,"$PWD/here" -lgreet
cp app "$DESTDIR$PREFIX/bin/app"
cp app "$DESTDIR$PREFIX/lib/app/app"
cc -shared -fPIC -o "$site/app.so" -xc /dev/null $LDFLAGS -lgreet
chmod 555 "$site/app.so"
digest=$(openssl dgst -sha256 -binary "$site/app.so" | base64 | tr +/ -_ | tr -d =)
printf 'app.so,sha256=%s,%s\\napp-1.dist-info/RECORD,,\\n' "$digest" "$(stat -c %s "$site/app.so")" > "$site/app-1.dist-info/RECORD"
'''
check.script = 'test "$(app)" = 42 && test "$("$PREFIX/lib/app/app")" = 42'
check.host-libraries = "refuse"
`;

const canRun =
  hasProgram("cc") && hasProgram("openssl") && spawnSync("readelf", ["--version"]).status === 0;

test.skipIf(!canRun)(
  "programs, libraries, links and RECORD (needs cc, openssl and readelf)",
  async () => {
    shop = openWorkshop({ "packages/greet.toml": library, "packages/app.toml": program });
    expect(await shop.run(["build", "--check"])).toMatchObject({ code: 0 });
    const { prefix, root } = shop;
    expect(runInstalled(`${prefix}/bin/app`)).toBe("42\n");

    const site = "lib/python3/site-packages";
    const runPathOf = (file: string): string => {
      const said = execFileSync("readelf", ["-W", "-d", `${prefix}/${file}`], { encoding: "utf8" });
      expect(said).not.toContain(prefix);
      expect(said).not.toContain("tenon-build");
      return /R(?:UN)?PATH\).*\[(.*)\]/.exec(said)?.[1] ?? "";
    };
    expect(runPathOf("bin/app")).toBe("$ORIGIN/../lib:$ORIGIN/../lib64");
    expect(runPathOf("lib/app/app")).toBe("$ORIGIN/..:$ORIGIN/../../lib64");
    expect(runPathOf(`${site}/app.so`)).toBe("$ORIGIN/../..:$ORIGIN/../../../lib64");
    expect(fs.readlinkSync(`${prefix}/share/greet/greet.h`)).toBe("../../include/greet.h");

    const module = fs.readFileSync(`${prefix}/${site}/app.so`);
    const digest = createHash("sha256").update(module).digest("base64url");
    expect(fs.readFileSync(`${prefix}/${site}/app-1.dist-info/RECORD`, "utf8")).toBe(
      `app.so,sha256=${digest},${module.length}\napp-1.dist-info/RECORD,,\n`,
    );
    expect(fs.statSync(`${prefix}/${site}/app.so`).mode & 0o777).toBe(0o555);
    expect(await shop.run(["verify"])).toMatchObject({ code: 0 });

    fs.renameSync(prefix, `${root}/elsewhere`);
    expect(runInstalled(`${root}/elsewhere/bin/app`)).toBe("42\n");
    expect(runInstalled(`${root}/elsewhere/lib/app/app`)).toBe("42\n");
    expect(fs.readFileSync(`${root}/elsewhere/share/greet/greet.h`, "utf8")).toContain("greet");
  },
);
