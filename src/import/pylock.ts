/** Reads pylock.toml, the lock file of PEP 751: each package once, with its files. */
import { dirname } from "node:path";
import type { Digest } from "../core/index.ts";
import {
  type MarkerEnvironment,
  normalizeProject,
  type Requirement,
} from "../requirements/index.ts";
import { type Document, isTable, openDocument, quote } from "../recipe/index.ts";
import { pylockDirect } from "./direct-project.ts";
import {
  applies,
  checkEnvironments,
  checkNames,
  checkRequiresPython,
  digestsOf,
  directAt,
  tablesAt,
  textAt,
  textsOf,
} from "./lock-files.ts";
import {
  type DirectProject,
  emptyWanted,
  type Table,
  type Requested,
  type WantedContext,
  type WantedFile,
} from "./wanted.ts";

/** In the order of the section "Installation" of PEP 751. */
export function readPylock(file: WantedFile, context: WantedContext): Requested {
  const { document, values } = openDocument({
    ...file,
    family: "PYLOCK",
    mistakes: context.mistakes,
  });
  if (values === undefined || !knowsVersion(document, values)) return emptyWanted;
  checkNamesOf(document, values, context);
  const environment = {
    ...context.environment,
    extras: context.extras,
    dependency_groups: [...textsOf(values["default-groups"]), ...context.groups],
  };
  checkRequiresPython(document, ["requires-python"], values["requires-python"], environment);
  checkEnvironments(document, ["environments"], values["environments"], environment);
  return readPackages({ document, folder: dirname(file.file), environment }, values["packages"]);
}

function knowsVersion(document: Document, values: Table): boolean {
  const version = textAt(document, ["lock-version"], values["lock-version"]);
  if (version === undefined || version.startsWith("1.")) return true;
  const what = `this tenon does not know lock-version ${version}`;
  document.report({ code: "VERSION", at: ["lock-version"], what, expected: '"1.0"' });
  return false;
}

function checkNamesOf(document: Document, values: Table, { extras, groups }: WantedContext): void {
  checkNames(document, "extra", { wanted: extras, known: textsOf(values["extras"]) });
  const known = [...textsOf(values["dependency-groups"]), ...textsOf(values["default-groups"])];
  checkNames(document, "group", { wanted: groups, known });
}

interface Place {
  readonly document: Document;
  readonly folder: string;
  readonly environment: MarkerEnvironment;
}

function readPackages({ document, folder, environment }: Place, packages: unknown): Requested {
  const requirements = new Map<string, Requirement>();
  const digests = new Map<string, Set<Digest>>();
  const direct = new Map<string, DirectProject>();
  tablesAt(document, ["packages"], packages).forEach((item, index) => {
    const at = ["packages", index] as const;
    const name = textAt(document, [...at, "name"], item["name"]);
    if (name === undefined || !applies(document, at, item, environment)) return;
    checkRequiresPython(document, [...at, "requires-python"], item["requires-python"], environment);
    const project = normalizeProject(name);
    if (requirements.has(project)) {
      const what = `two packages ${quote(name)} apply to this machine`;
      const expected = "one, as one prefix holds one version";
      return document.report({ code: "VALUE", at: [...at, "name"], what, expected });
    }
    const source = pylockDirect(item, folder);
    if (source !== undefined) {
      const found = directAt(document, { at, name: project, version: item["version"] }, source);
      if (found === undefined) return;
      direct.set(project, found.project);
      requirements.set(project, found.requirement);
      return;
    }
    const version = textAt(document, [...at, "version"], item["version"]);
    if (version === undefined) return;
    requirements.set(project, { name: project, extras: [], specifier: `==${version}` });
    const sha256Of = ({ hashes }: Table) => (isTable(hashes) ? hashes["sha256"] : undefined);
    digests.set(project, digestsOf(document, at, item, sha256Of));
  });
  return { ...emptyWanted, requirements: [...requirements.values()], digests, direct };
}
