/** Reads pylock.toml, the lock file of PEP 751: each package once, with its files. */
import type { Digest } from "../../core/index.ts";
import { normalizeProject, type Requirement } from "../../requirements/index.ts";
import { openDocument } from "../document.ts";
import { isTable } from "../schema.ts";
import { applies, digestsOf, reportDirect, tablesAt, textAt, textsOf } from "./lock-files.ts";
import type { Wanted, WantedContext, WantedFile } from "./wanted.ts";

const elsewhere = ["vcs", "directory", "archive"];

export function readPylock(file: WantedFile, context: WantedContext): Wanted {
  const { document, values } = openDocument({
    ...file,
    family: "PYLOCK",
    mistakes: context.mistakes,
  });
  const requirements: Requirement[] = [];
  const digests = new Map<string, Set<Digest>>();
  const wanted: Wanted = { requirements, constraints: [], digests, noBinary: [], onlyBinary: [] };
  if (values === undefined) return wanted;
  const version = textAt(document, ["lock-version"], values["lock-version"]);
  if (version !== undefined && !version.startsWith("1.")) {
    const what = `this tenon does not know lock-version ${version}`;
    document.report({ code: "VERSION", at: ["lock-version"], what, expected: '"1.0"' });
    return wanted;
  }
  const environment = {
    ...context.environment,
    extras: context.extras,
    dependency_groups: [...textsOf(values["default-groups"]), ...context.groups],
  };
  tablesAt(document, ["packages"], values["packages"]).forEach((item, index) => {
    const at = ["packages", index] as const;
    const name = textAt(document, [...at, "name"], item["name"]);
    if (name === undefined || !applies(document, at, item, environment)) return;
    const other = elsewhere.find((key) => item[key] !== undefined);
    if (other !== undefined) return reportDirect(document, [...at, other], name, other);
    const version = textAt(document, [...at, "version"], item["version"]);
    if (version === undefined) return;
    const project = normalizeProject(name);
    requirements.push({ name: project, extras: [], specifier: `==${version}` });
    const found = digestsOf(document, at, item, ({ hashes }) =>
      isTable(hashes) ? hashes["sha256"] : undefined,
    );
    digests.set(project, found);
  });
  return wanted;
}
