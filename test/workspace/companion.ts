/** Another build system beside a workspace's own recipes, which keeps no books at all unless told. */
import type { Companion } from "../../src/recipe/index.ts";
import type { Session } from "../../src/workspace/session.ts";

export function makeCompanion(its: Partial<Companion> = {}): Companion {
  return {
    name: "Other",
    root: "/other",
    remarks: [],
    usual: [],
    standard: [],
    packages: new Map(),
    checksFor:
      (asked = "no") =>
      () =>
        asked,
    prepare: () => {},
    holds: () => true,
    installed: () => [],
    keepLogs: () => {},
    settle: () => {},
    listOfNeeds: (name) => ({ list: `the needs of ${name}`, next: "Then read them." }),
    howToNeed: (name, others) => `let ${name} need ${others.join(" ")}`,
    howToClear: (name) => `Take ${name} away.`,
    ...its,
  };
}

export function withCompanion(session: Session, its: Partial<Companion>): Session {
  const workspace = { ...session.workspace, companion: makeCompanion(its) };
  return { ...session, workspace };
}
