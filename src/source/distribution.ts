/** The names of Python distribution files: what project, version and tags they tell. */
import { normalizeProject } from "../requirements/index.ts";

export type DistributionName = SdistName | WheelOnIndex;

interface SdistName {
  readonly kind: "sdist";
  readonly version: string;
  /** `.tar.gz`, `.zip` or an older one. */
  readonly suffix: string;
}

interface WheelOnIndex {
  readonly kind: "wheel";
  readonly version: string;
  /** `1` of `1local`; -1 without a build tag. */
  readonly buildNumber: number;
  /** Every tag that the name stands for: `py2.py3-none-any` gives two. */
  readonly tags: readonly string[];
}

const sdistSuffixes = [".tar.gz", ".zip", ".tar.bz2", ".tar.xz", ".tgz"];

/** What a file of this project is; undefined for a file of another project or of another kind. */
export function readDistribution(fileName: string, project: string): DistributionName | undefined {
  if (/[/\0]/.test(fileName)) return undefined; // a path, where only a name may be
  if (fileName.endsWith(".whl")) return readWheel(fileName.slice(0, -4), project);
  const suffix = sdistSuffixes.find((suffix) => fileName.endsWith(suffix));
  if (suffix === undefined) return undefined;
  const version = versionAfter(fileName.slice(0, -suffix.length), project);
  return version === undefined ? undefined : { kind: "sdist", version, suffix };
}

/** The lower, the better the file; undefined when it does not fit. */
export function rankOf(
  distribution: DistributionName,
  supportedTags: readonly string[],
): number | undefined {
  if (distribution.kind === "sdist") return sdistSuffixes.indexOf(distribution.suffix);
  const order = ["py3-none-any", ...supportedTags];
  const rank = order.findIndex((tag) => distribution.tags.includes(tag));
  return rank < 0 ? undefined : rank;
}

function readWheel(stem: string, project: string): WheelOnIndex | undefined {
  const parts = stem.split("-");
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  const [name = "", version = ""] = parts;
  if (normalizeProject(name) !== normalizeProject(project)) return undefined;
  const [pythons = "", abis = "", platforms = ""] = parts.slice(-3);
  const tags = pythons
    .split(".")
    .flatMap((python) => abis.split(".").map((abi) => `${python}-${abi}`))
    .flatMap((start) => platforms.split(".").map((platform) => `${start}-${platform}`));
  const build = parts.length === 6 ? Number.parseInt(parts[2] ?? "", 10) : -1;
  return { kind: "wheel", version, buildNumber: Number.isNaN(build) ? -1 : build, tags };
}

/** The project's own name may hold `-`, and so may an old version: try every place. */
function versionAfter(stem: string, project: string): string | undefined {
  const wanted = normalizeProject(project);
  for (let at = stem.indexOf("-"); at >= 0; at = stem.indexOf("-", at + 1)) {
    if (normalizeProject(stem.slice(0, at)) === wanted) return stem.slice(at + 1);
  }
  return undefined;
}
