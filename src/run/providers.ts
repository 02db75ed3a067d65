/** Which known package holds the header, library, module, program or .pc file that a build lacked. */
import { type Manifest, TenonError } from "../core/index.ts";
import type { ProvidedKind } from "../failure/index.ts";
import { readRecords } from "../prefix/index.ts";
import type { Resolver } from "./resolver.ts";
import type { Session } from "../workspace/index.ts";

/** Looks through the artifacts of this run, then through those of earlier runs and the prefix. */
export function findProviders(
  session: Session,
  resolver: Resolver,
  kind: ProvidedKind,
  name: string,
): string[] {
  return findHolders(session, resolver, patternOf(kind, name));
}

/** The packages of which a path is as wanted. */
export function findHolders(session: Session, resolver: Resolver, wanted: RegExp): string[] {
  const providers: string[] = [];
  const seen = new Set<string>();
  const look = (owner: string, manifest: () => Manifest): void => {
    if (seen.has(owner)) return;
    seen.add(owner);
    if (holds(manifest, wanted)) providers.push(owner);
  };
  for (const [owner, artifact] of resolver.artifacts) {
    look(owner, () => session.store.manifestOf(artifact));
  }
  for (const owner of session.workspace.recipes.keys()) {
    const artifact = session.state.lastBuild(owner)?.artifact;
    if (artifact !== undefined && session.store.hasArtifact(artifact)) {
      look(owner, () => session.store.manifestOf(artifact));
    }
  }
  for (const [owner, record] of readRecords(session.world.disk, session.layout)) {
    look(owner, () => record.manifest);
  }
  return providers;
}

/** That a manifest is damaged must not hide why a build failed. */
function holds(manifest: () => Manifest, wanted: RegExp): boolean {
  try {
    return manifest().some(({ path }) => wanted.test(path));
  } catch (error) {
    if (error instanceof TenonError) return false;
    throw error;
  }
}

function patternOf(kind: ProvidedKind, name: string): RegExp {
  const quoted = quoteForPattern(name);
  switch (kind) {
    case "header":
      return new RegExp(`^include/(.*/)?${quoted}$`);
    case "library":
      return new RegExp(`^lib(64)?/(.*/)?lib${quoted}\\.(so|a)$`);
    case "module":
      return new RegExp(
        `/(site|dist)-packages/${quoted.replaceAll("\\.", "/")}(/__init__)?\\.(py|([^/]*\\.)?so)$`,
      );
    case "program":
      return new RegExp(`^s?bin/${quoted}$`);
    case "pkgconfig":
      return new RegExp(`^(lib(64)?|share)/pkgconfig/${quoted}\\.pc$`);
    case "distribution":
      return new RegExp(
        `/(site|dist)-packages/${name.replaceAll(/[-_.]+/g, "[-_.]+")}-[^/-]+\\.dist-info/METADATA$`,
        "i",
      );
    case "cmake-package":
      return new RegExp(`/(${quoted}Config|${quoted.toLowerCase()}-config)\\.cmake$`);
  }
}

export function quoteForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
