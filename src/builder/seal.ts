/** From what a build wrote into the prefix to a stage that holds nothing but the package's own. */
import { ancestorsOf, type Manifest } from "../core/index.ts";
import { sealStage } from "../stage/index.ts";
import { type Disk, makeDirectories, removeTree } from "../world/index.ts";
import { removeFuseMarks, workFolders } from "../view/index.ts";
import { settleOwn } from "./independent.ts";
import { compareWithLayers, type LayerClaim } from "./layer-claims.ts";
import type { PackageBuild } from "./package-build.ts";
import type { StepRefusal } from "./step.ts";

const namedAtMost = 5;

/** What a stage holds of its package. */
export interface Own {
  readonly manifest: Manifest;
  /** Files that may name the placeholder; of a stage that was made there. */
  readonly naming: readonly string[];
}

/** Removes from the stage what is not the package's own. */
export function sealOwn(build: PackageBuild): Own | StepRefusal {
  const { job, places } = build;
  const { disk } = build.context.world;
  const { recipe } = job;
  const outside = places.destdir === "" ? [] : filesOutside(disk, places.destdir, places.prefix);
  if (outside.length > 0) return explainOutside(outside);

  makeDirectories(disk, places.stage);
  const overlay = job.isolation.kind === "view";
  const { drop, takesOver } = recipe.stage;
  const place = `${workFolders}/${recipe.name}`;
  const baseFolders = [...ancestorsOf(place), place];
  removeTouched(disk, places.stage, baseFolders);
  const isFuse = job.isolation.kind === "view" && job.isolation.overlay === "fuse";
  const marks = isFuse ? removeFuseMarks(disk, places.stage) : { deleted: [], opaque: [] };
  const sealed = sealStage(disk, places.stage, {
    package: recipe.name,
    drop,
    overlay,
    atPlaceholder: job.livePrefix !== undefined,
  });
  const content = {
    manifest: sealed.manifest,
    deleted: [...sealed.deleted, ...marks.deleted],
    opaque: [...sealed.opaque, ...marks.opaque],
  };
  const compare = () => compareWithLayers(content, job.layers, { takesOver, baseFolders });
  const first = compare();
  const settled = settleOwn(build, first.manifest);
  content.manifest = sealed.manifest.map((entry) => settled.get(entry.path) ?? entry);
  const { manifest, surplus, claims } = settled.size === 0 ? first : compare();
  if (claims.length > 0) return explainClaims(claims, job.online !== undefined);
  for (const path of surplus) removeTree(disk, `${places.stage}/${path}`);
  return { manifest, naming: sealed.naming };
}

/**
 * A `chmod -R` on the prefix brings the empty folders above the work folder into the stage. Outermost
 * first: below a link that the build has made in place of one, nothing is the stage's.
 */
function removeTouched(disk: Disk, stage: string, [folder, ...inner]: readonly string[]): void {
  const path = `${stage}/${folder}`;
  if (folder === undefined || disk.status(path)?.type !== "directory") return;
  removeTouched(disk, stage, inner);
  if (disk.list(path).length === 0) disk.removeDirectory(path);
}

/** Paths below DESTDIR that are not below DESTDIR plus prefix; folders without a file count nothing. */
function filesOutside(disk: Disk, destdir: string, prefix: string): string[] {
  const found: string[] = [];
  const visit = (path: string): void => {
    for (const item of disk.list(`${destdir}${path}`)) {
      const child = `${path}/${item.name}`;
      if (child === prefix) continue;
      if (item.type === "directory") visit(child);
      else found.push(child);
    }
  };
  visit("");
  return found;
}

function explainOutside(files: readonly string[]): StepRefusal {
  return {
    reason: `it installed ${named(files)}, outside the prefix`,
    hints: ["Have it install below PREFIX only: no package may write elsewhere."],
  };
}

function explainClaims(claims: readonly LayerClaim[], isOnline: boolean): StepRefusal {
  const sentences = claims.map(
    ({ act, path, owner }) => `${act} ${path}, which belongs to ${owner}`,
  );
  return {
    reason: `it ${named(sentences, "; it ")}`,
    hints: [
      isOnline
        ? "pip wants another version than the one in the view: require a version that fits it."
        : "Change the build so that it leaves them alone, or allow these paths with stage.takes-over in the recipe.",
    ],
  };
}

function named(all: readonly string[], separator = ", "): string {
  const first = all.slice(0, namedAtMost).join(separator);
  const rest = all.length - namedAtMost;
  return rest > 0 ? `${first} and ${rest} more` : first;
}
