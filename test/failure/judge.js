/** Whether an explanation is what a person has read in the log; shared by the test and the proof. */
import { createHash } from "node:crypto";

/** Fixed by the name alone, before anything was known about the log: about a third. */
export function isHeldOut(name) {
  return "01234".includes(createHash("sha256").update(name).digest("hex")[0]);
}

/** What is wrong with it; empty when nothing is. */
export function judge(explanation, log, { kind, line, missing }) {
  const said = explanation.line === undefined ? "" : log.split("\n")[explanation.line - 1];
  const faults = [];
  if (explanation.kind !== kind) faults.push(`kind: ${explanation.kind} instead of ${kind}`);
  if (line === undefined ? said !== "" : !said.includes(line)) {
    faults.push(
      `line: ${JSON.stringify(said.trim())} instead of ${JSON.stringify(line ?? "none")}`,
    );
  }
  const named = explanation.missing.map((one) => `${one.kind} ${one.name}`);
  if (missing !== undefined && !named.includes(missing)) {
    faults.push(`missing: ${named.join(", ") || "nothing"} instead of ${missing}`);
  }
  return faults;
}
