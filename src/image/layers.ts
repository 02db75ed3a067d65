/**
 * Which packages share a layer of an image. That depends on names alone, never on sizes or versions, so that a package that changes
 * takes no other one along into another layer: one layer changes, and the last one, which has the bill of materials.
 */
import { digestOf } from "../core/index.ts";
import type { PortablePackage } from "../bundle/index.ts";

/** With the last layer, there are at most 20 beside those of a base. */
const mostSteady = 13;
const mostOwn = 6;

/**
 * First what has a published source, and so changes seldom; then what the workspace itself has the source of. While there are few
 * packages, each has a layer of its own.
 */
export function layersOf(packages: readonly PortablePackage[]): PortablePackage[][] {
  const isSteady = ({ record }: PortablePackage): boolean => record.about?.source !== undefined;
  return [
    ...spread(packages.filter(isSteady), mostSteady),
    ...spread(
      packages.filter((each) => !isSteady(each)),
      mostOwn,
    ),
  ];
}

function spread(packages: readonly PortablePackage[], most: number): PortablePackage[][] {
  if (packages.length <= most) return packages.map((each) => [each]);
  const layers = Array.from({ length: most }, (): PortablePackage[] => []);
  for (const each of packages) layers[placeOf(each.record.name, most)]?.push(each);
  return layers.filter(({ length }) => length > 0);
}

function placeOf(name: string, most: number): number {
  return Number.parseInt(digestOf(name).slice(0, 12), 16) % most;
}
