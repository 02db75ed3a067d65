/** `proof/faults.js` takes an hour: whether it still finds what it breaks is looked at here, in a moment. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { faults, pattern } from "../../proof/fault-list.js";

test.each(faults)("%s, %s: what is broken is in src/%s, once", (_invariant, _what, name, from) => {
  const text = readFileSync(`src/${name}`, "utf8");
  expect(text.split(pattern(from))).toHaveLength(2);
});
