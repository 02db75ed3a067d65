/** What only some folders may use: time, chance, the network and the process; and what nobody may. */
import { ts } from "./parser.js";
import { eachNode, lineOf } from "./sources.js";

/** @import { Node } from "typescript" */

const time = ["Date.now", "new Date()", "performance.now"];
const waiting = ["setTimeout", "setInterval", "setImmediate"];

/** Tests that choose moments, or make files of some age; what they expect does not depend on it. */
const testsWithClock = new Set([
  "test/fuzz/fuzzing.ts",
  "test/fuzz/sandbox.ts",
  "test/system/kill.test.ts",
  "test/system/sage.test.ts",
  "test/system/warm-wheels.test.ts",
]);

/** @type {{ banned: string[], why: string, isIn: (file: string) => boolean }[]} */
const rules = [
  {
    banned: [...time, ...waiting, "Math.random", "fetch"],
    why: "only world/ knows time, chance and the network",
    isIn: (file) => /^src\/(?!world\/|cli\/)/.test(file),
  },
  {
    banned: ["process", "console"],
    why: "only cli/ prints and knows the process",
    isIn: (file) => /^src\/(?!world\/|cli\/)/.test(file),
  },
  {
    banned: [...time, "Math.random"],
    why: "tests measure no time, and draw from a seed",
    isIn: (file) => file.startsWith("test/") && !testsWithClock.has(file),
  },
  { banned: ["eval", "Function"], why: "no text is run", isIn: () => true },
];

/** @returns {string[]} */
export function bannedCalls(/** @type {readonly import("./sources.js").Source[]} */ sources) {
  return sources.flatMap(({ file, text, tree }) => {
    const here = rules.filter(({ isIn }) => isIn(file));
    /** @type {string[]} */
    const faults = [];
    eachNode(tree, (node) => {
      const used = usedBy(node);
      const rule = here.find(({ banned }) => used !== undefined && banned.includes(used));
      if (rule !== undefined) faults.push(`${file}:${lineOf(node)}: ${used}: ${rule.why}`);
    });
    if (/@ts-(?:ignore|nocheck|expect-error)/.test(text) && !file.startsWith("scripts/tidy/"))
      faults.push(`${file}: nothing is kept from the type checker`);
    if (/^export \* from/m.test(text)) faults.push(`${file}: export * hides names; list them`);
    return faults;
  });
}

/** As the rules name it: `setTimeout`, `Date.now`, `new Date()`, or `process` with whatever follows. */
function usedBy(/** @type {Node} */ node) {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const object = node.expression.text;
    return ["process", "console"].includes(object) ? object : `${object}.${node.name.text}`;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) return node.expression.text;
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) {
    const name = node.expression.text;
    return name === "Date" && !node.arguments?.length ? "new Date()" : name;
  }
  return undefined;
}
