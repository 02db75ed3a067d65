/** The words of Python packaging: names, versions, specifiers, markers, requirements; pure. */
export { holds, type Marker, type MarkerEnvironment, parseMarker } from "./marker.ts";
export { normalizeProject } from "./project-name.ts";
export { isWanted, parseRequirement, type Requirement, showRequirement } from "./requirement.ts";
export { allows, pinnedBy, sameVersion, withoutUpperBounds } from "./specifier.ts";
export { canonicalVersion, compareVersions, parseVersion, type Version } from "./version.ts";
