/** Answers to questions, as text. */
import type {
  PackageReason,
  Deviation,
  GraphNode,
  InstalledPackage,
  OutsideChange,
  Ownership,
  PlannedChange,
  Repair,
  Verification,
} from "../library/index.ts";
import { showCount, showNames, showDuration, showNumber, showSize } from "../core/index.ts";
import { describePin } from "../relocation/index.ts";
import { describeCheck } from "./proof-text.ts";
import type { Style } from "./style.ts";
import { showUndone, whyItLeaves } from "./change-text.ts";
import { renderTable } from "./table.ts";

/** Who brought a package is told where it was not always a build. */
export function renderPackages(packages: readonly InstalledPackage[]): string[] {
  if (packages.length === 0) return ["no packages"];
  const isTold = packages.some(({ activity = built }) => activity !== built);
  return renderTable(
    [
      { title: "package" },
      { title: "version" },
      { title: "files", align: "right" },
      { title: "size", align: "right" },
      { title: "build time", align: "right" },
      ...(isTold ? [{ title: "by" }] : []),
    ],
    packages.map(({ name, version, files, sizeBytes, buildMs, activity = "" }) => [
      name,
      version,
      showNumber(files),
      showSize(sizeBytes),
      buildMs === undefined ? "" : showDuration(buildMs),
      ...(isTold ? [activity] : []),
    ]),
  );
}

const built = "tenon build";

/** What is bound to this prefix, and why; nothing of what fits any. */
export function renderPinned(packages: readonly InstalledPackage[]): string[] {
  const pinned = packages.flatMap(({ name, version, pins = [] }) =>
    pins.length === 0
      ? []
      : [
          `${name} ${version}`,
          ...pins.map((pin) => `  ${describePin(pin)}`),
          ...new Set(pins.map(({ cure }) => `  ${cure}`)),
        ],
  );
  const unknown = packages.filter(({ pins }) => pins === undefined).map(({ name }) => name);
  return [
    ...(pinned.length === 0 ? ["no package is known to be bound to this prefix"] : pinned),
    ...(unknown.length === 0
      ? []
      : [
          `nothing is known of ${showCount(unknown.length, "package")} that ${unknown.length === 1 ? "was" : "were"} not built for any prefix: ${unknown.join(", ")}`,
        ]),
  ];
}

export function renderOwnership(ownership: Ownership): string {
  const { path } = ownership;
  switch (ownership.kind) {
    case "owned":
      return `${path}: ${ownership.owners.join(", ")}`;
    case "by-product":
      return `${path}: a by-product, owned by no package`;
    case "foreign":
      return `${path}: owned by no package`;
    case "absent":
      return `${path}: there is no such file`;
  }
}

const shownPaths = 10;

export function renderVerification(result: Verification, style: Style): string[] {
  const { packages, files, findings, stale, outside } = result;
  const told = new Set(outside.flatMap((each) => ("package" in each ? each.package : [])));
  const explained = new Set(outside.flatMap((each) => ("paths" in each ? each.paths : [])));
  const foreign = result.foreign.filter((path) => !explained.has(path));
  const lines = findings
    .filter((finding) => !told.has(finding.package))
    .map((finding) => renderFinding(finding, style));
  lines.push(
    ...outside.filter((each) => "package" in each).map((each) => renderOutside(each, style)),
  );
  const what = `${showCount(files, "file")} of ${showCount(packages, "package")}`;
  lines.push(
    findings.length === 0
      ? `${style.good("ok")}: ${what} as recorded`
      : `${style.bad("differs")}: ${showCount(findings.length, "difference")} in ${what}`,
  );
  lines.push(
    ...outside.filter((each) => "paths" in each).map((each) => renderOutside(each, style)),
  );
  lines.push(...renderProvenance(result.provenance, style));
  if (foreign.length > 0) {
    lines.push(`${showCount(foreign.length, "path")} owned by no package:`, ...showPaths(foreign));
  }
  if (stale.length > 0) {
    lines.push(
      `${showCount(stale.length, "by-product")} out of date (\`tenon verify --repair\` removes them):`,
      ...showPaths(stale),
    );
  }
  return lines;
}

function renderProvenance(provenance: Verification["provenance"], style: Style): string[] {
  if (provenance === undefined) return [];
  const { traced, signers, unknown, faults } = provenance;
  return [
    ...faults.map((each) => `${style.bad("forged")} ${each.package}: ${each.reason}`),
    ...(traced === 0
      ? []
      : [`${showCount(traced, "package")} traced to what ${signers.join(", ")} signed`]),
    ...(unknown.length === 0 ? [] : [`signed by no key of tenon.toml: ${showNames(unknown)}`]),
  ];
}

/** In place of a line for each of a package's files. */
function renderOutside(change: OutsideChange, style: Style): string {
  switch (change.kind) {
    case "installed":
      return `${change.name} ${change.version} was installed by ${change.installer ?? "somebody"}, not by tenon`;
    case "replaced":
      return `${style.bad("replaced")} ${change.package} ${change.version}: ${change.installer ?? "somebody"} has installed ${change.by} in its place`;
    case "removed":
      return `${style.bad("removed")} ${change.package} ${change.version}: it is gone, as after \`pip uninstall\`; remove or install it again with tenon, too`;
  }
}

function showPaths(paths: readonly string[]): string[] {
  const shown = paths.slice(0, shownPaths).map((path) => `  ${path}`);
  return paths.length > shownPaths ? [...shown, `  and ${paths.length - shownPaths} more`] : shown;
}

/** `isPlanned`: nothing has been done yet. */
export function renderRepair(
  { repaired, lost, swept }: Repair,
  { style, isPlanned }: { readonly style: Style; readonly isPlanned: boolean },
): string[] {
  const removed = style.good(isPlanned ? "would remove" : "removed");
  const put = style.good(isPlanned ? "would repair" : "repaired");
  return [
    ...swept.map((path) => `${removed} ${path}, which ${isPlanned ? "is" : "was"} out of date`),
    ...repaired.map((finding) => `${put} ${finding.path} (${finding.package})`),
    ...lost.map(
      (finding) =>
        `${style.bad("lost")} ${finding.path}: its content is nowhere on this machine; ` +
        `build or install ${finding.package} again`,
    ),
  ];
}

function renderFinding(finding: Deviation, style: Style): string {
  const place = `${finding.path} (${finding.package})`;
  switch (finding.kind) {
    case "missing":
    case "changed":
      return `${style.bad(finding.kind)} ${place}`;
    case "wrong-type":
      return `${style.bad("type")} ${place}: a ${finding.found}, not a ${finding.expected}`;
    case "wrong-mode":
      return `${style.bad("mode")} ${place}: ${finding.found.toString(8)}, not ${finding.expected.toString(8)}`;
    case "untraced":
      return `${style.bad("untraced")} ${place}: it is as recorded, but it is not the file of the package's artifact, relocated to this prefix`;
    case "unreadable":
      return `${style.bad("unreadable")} ${place}: ${finding.reason}`;
    case "wrong-target":
      return `${style.bad("target")} ${place}: ${finding.found}, not ${finding.expected}`;
  }
}

export function renderExplanation(explanation: PackageReason): string[] {
  const { pins = [], proof, cached, ...explained } = explanation;
  const { prefix } = explained;
  const [first = "", ...more] = renderReason(explained);
  const bound = pins.map((pin) => `  it is built for this prefix alone: ${describePin(pin)}`);
  return [
    prefix === undefined ? first : `${first}${renderInPrefix(prefix)}`,
    ...more,
    ...(cached === undefined ? [] : [`  the next build takes it from the cache ${cached}`]),
    ...bound,
    ...describeProof(proof),
  ];
}

/** What follows in the prefix; nothing where that depends on a build. */
function renderInPrefix({ name, from, to, state, undone }: PlannedChange): string {
  const when = undone === undefined ? "" : ` (${showUndone(undone)})`;
  if (to === null)
    return `; ${whyItLeaves[state]}, so the next build removes it from the prefix${when}`;
  if (state === "build")
    return undone === undefined ? "" : `; the prefix has ${from ?? "no version of it"}${when}`;
  if (from === null) return `, but the prefix does not have it${when}`;
  const other = from === to ? "another result of it" : `${name} ${from}`;
  return `, but the prefix has ${other}${when}`;
}

/** What is pinned is told as such. */
function describeProof(proof: PackageReason["proof"]): string[] {
  switch (proof?.kind) {
    case "proved":
      return ["  it is proved to work at any prefix", `  ${describeCheck(proof.check)}`];
    case "unsteady":
      return ["  it is not reproducible, so it is not proved to work at any prefix"];
    default:
      return [];
  }
}

function renderReason({
  package: name,
  reason,
  prefix,
}: Pick<PackageReason, "package" | "reason" | "prefix">): string[] {
  switch (reason.kind) {
    case "pinned":
      return [`${name} will be built for this prefix alone`];
    case "up-to-date":
      return [
        prefix?.state === "built" ? `${name} ${prefix.to} is built` : `${name} is up to date`,
      ];
    case "no-recipe":
      return [
        reason.leaves
          ? `${name} ${reason.version} has no recipe any more: the next build removes it from the prefix`
          : `${name} ${reason.version} has no recipe, and it was not a build of this workspace that installed it, so builds leave it there`,
      ];
    case "in-store":
      return [`${name} has not been built here, but the store has the result of the same inputs`];
    case "never-built":
      return [`${name} has not been built yet`];
    case "lost":
      return [
        `${name} will be built again: its inputs are the same, but the store has lost the result`,
      ];
    case "dependencies":
      return [
        `${name} depends on ${reason.outOfDate.join(", ")}, which ` +
          `${reason.outOfDate.length === 1 ? "is" : "are"} out of date; ` +
          "if its result stays the same, this package is not built again",
      ];
    case "changed":
      return [`${name} will be built again:`, ...reason.changes.map((change) => `  ${change}`)];
  }
}

/** One line a package with what it needs; `(run)` marks what it needs wherever it is used. */
export function renderGraph(nodes: readonly GraphNode[]): string[] {
  return nodes.map(({ name, version, build, run }) => {
    const needs = [
      ...run.map((need) => `${need} (run)`),
      ...build.filter((need) => !run.includes(need)),
    ];
    return needs.length === 0 ? `${name} ${version}` : `${name} ${version} ← ${needs.join(", ")}`;
  });
}

/** The graph in the DOT language. */
export function renderDot(nodes: readonly GraphNode[]): string[] {
  const quote = (text: string): string => JSON.stringify(text);
  return [
    "digraph tenon {",
    ...nodes.flatMap(({ name, build, run }) => [
      `  ${quote(name)};`,
      ...run.map((need) => `  ${quote(name)} -> ${quote(need)};`),
      ...build
        .filter((need) => !run.includes(need))
        .map((need) => `  ${quote(name)} -> ${quote(need)} [style=dashed];`),
    ]),
    "}",
  ];
}
