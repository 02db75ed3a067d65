/** A check where the package was not built: it sees the package, its source, and nothing that the build made. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkElsewhere } from "../../src/builder/index.ts";
import { createSite, noView, type Site, hasProgram } from "./site.ts";

let site: Site;
beforeEach(() => {
  site = createSite();
});
afterEach(() => site.remove());

async function checkAt(prefix: string, script: string) {
  const own = await site.layer("own", { "share/own": "1" });
  const parts = { name: "own", files: { source: "" }, build: { script: ": > made" } };
  const job = site.job(parts, { prefix, livePrefix: site.prefix, layers: [own] });
  return checkElsewhere(site.context, job, { stage: own.tree, script });
}

test.skipIf(noView)("it passes, and what it opened is told (needs a view)", async () => {
  const script =
    'test "$PREFIX" = /elsewhere; read -r x < $PREFIX/share/own || test -n "$x"; test ! -e made; test -e source';
  const { outcome, calls } = await checkAt("/elsewhere", script);
  expect(outcome.kind).toBe("passed");
  if (hasProgram("strace")) expect(calls).toContain("/elsewhere/share/own");
  else expect(calls).toBeUndefined();
});

test.skipIf(noView)("it fails as any check does (needs a view)", async () => {
  const { outcome } = await checkAt("/elsewhere", "echo wrong; exit 3");
  expect(outcome).toMatchObject({ kind: "failed", step: "check" });
});
