/** A build that is killed for memory is built once more, with nothing beside it; a budget holds builds back. */
import { afterEach, expect, test } from "vitest";
import { eventsOf, openWorkshop, type Workshop } from "./workshop.ts";

let shop: Workshop;
afterEach(() => shop.dispose());

/** Tells its beginning and its end, so that what ran beside it can be seen. */
function recipe(name: string, script: string): Record<string, string> {
  const text = `echo "begin ${name}" >>"$TALLY"; ${script}; echo "end ${name}" >>"$TALLY"`;
  return {
    [`packages/${name}.toml`]: `name = "${name}"\nversion = "1"\n[build]\nscript = '''${text}'''\n`,
  };
}

/** As the compiler's driver says it; `times` times. */
const killed = (times: number): string =>
  `[ "$(grep -c "begin big" "$TALLY")" -gt ${times} ] || { sleep 0.3; echo "cc: fatal error: Killed signal terminated program cc1plus"; exit 1; }`;

test("it succeeds alone, and the reason of the first end is told", async () => {
  shop = openWorkshop({
    ...recipe("big", killed(1)),
    ...recipe("one", "sleep 1"),
    ...recipe("two", "sleep 1"),
    ...recipe("three", "true"),
  });
  const { code, stdout } = await shop.run(["build", "-j3", "--json"]);
  expect(code).toBe(0);
  expect(eventsOf(stdout)).toContainEqual(
    expect.objectContaining({
      kind: "note",
      package: "big",
      text: "the kernel killed cc1plus because there was too little memory; it is built again, alone",
    }),
  );
  const tally = shop.tally();
  expect(tally[tally.lastIndexOf("begin big") + 1]).toBe("end big");
  expect(tally.slice(0, tally.lastIndexOf("begin big")).sort()).toEqual(
    expect.arrayContaining(["end one", "end two"]),
  );
});

test("the second time it has failed", async () => {
  shop = openWorkshop(recipe("big", killed(9)));
  const { code, stderr } = await shop.run(["build"]);
  expect(code).toBe(1);
  expect(stderr).toContain("the kernel killed cc1plus because there was too little memory\n");
  expect(shop.tally()).toEqual(["begin big", "begin big"]);
});

test("a budget for one lets one run at a time, and all are built", async () => {
  shop = openWorkshop({ ...recipe("one", "sleep 0.3"), ...recipe("two", "sleep 0.3") });
  const { code, stderr } = await shop.run(["build", "-j2", "--memory", "300M"]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^waiting for memory to start (one|two)$/m);
  expect(shop.tally().map((line) => line.split(" ")[0])).toEqual(["begin", "end", "begin", "end"]);
});
