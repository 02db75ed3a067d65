/** What a settled package brings into the prefix: its artifact, relocated where that names the prefix. */
import type { Manifest } from "../core/index.ts";
import { relocateArtifact, type RelocatedArtifact } from "../store/index.ts";
import type { Session } from "../workspace/index.ts";
import type { Resolver } from "./resolver.ts";

/** Undefined where the store's copy is not as it was made. */
export function inPrefix(
  { world, store, layout }: Session,
  id: string,
  manifest: Manifest,
): RelocatedArtifact | undefined {
  return relocateArtifact(world, store, { id, manifest }, layout.prefix);
}

/** Undefined where it is not settled, or its artifact is damaged. */
export function manifestInPrefix(
  session: Session,
  resolver: Resolver,
  name: string,
): Manifest | undefined {
  const artifact = resolver.joining(name)?.record.artifact ?? "";
  const manifest = session.store.findManifest(artifact, name);
  return manifest && inPrefix(session, artifact, manifest)?.manifest;
}
