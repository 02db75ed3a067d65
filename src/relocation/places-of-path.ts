/**
 * Where a file names a path at which it was built, put down so that a program without tenon can put another one there. What
 * cannot name another path is given back, as `renamer` gives it.
 */
import { openContainer, containerOf } from "./containers.ts";
import { isCounted, isText } from "./find-in-text.ts";
import { type PinnedSpot, pinFor } from "./pins.ts";
import { placesInBinary, type PlacesInBinary } from "./rename-in-binary.ts";
import { type FileToRename, formsIn, mayConcern, searchedForms } from "./rename-path.ts";
import { findWholePaths } from "./whole-paths.ts";

export interface PlacesOfPath extends PlacesInBinary {
  /** `gzip`: the places are of the text that is packed in it. */
  readonly form: "text" | "binary" | "gzip";
  /** Nobody can look into it. */
  readonly isClosed?: boolean;
}

/** For as many files as one likes; undefined for a file that does not name the path. */
export function placeFinder(from: string): (file: FileToRename) => PlacesOfPath | undefined {
  const needle = Buffer.from(from);
  const forms = searchedForms(from);
  const isNamedIn = (bytes: Uint8Array): boolean =>
    findWholePaths(bytes, needle).length > 0 || formsIn(bytes, forms, "").length > 0;
  const findInText = (content: Uint8Array): PlacesInBinary => {
    const offsets = findWholePaths(content, needle);
    const counted = offsets.filter((at) => isCounted(content, at));
    return {
      places: offsets
        .filter((at) => !counted.includes(at))
        .map((offset) => ({ offset, roomBytes: needle.length })),
      ways: [],
      left: counted.map((at) => pinFor("counted", at, "text")),
    };
  };
  const findInPlain = ({ content, path }: FileToRename): PlacesOfPath => {
    const form = isText(content) ? "text" : "binary";
    const found =
      form === "text" ? findInText(content) : placesInBinary(content, { from, path, isNamedIn });
    const encoded = formsIn(content, forms, form === "text" ? "text" : "data");
    return { ...found, form, left: [...found.left, ...encoded] };
  };
  return (file) => {
    const { content, decompress = () => undefined } = file;
    const container = containerOf(content);
    if (container === undefined)
      return mayConcern(content, isNamedIn) ? unlessNone(findInPlain(file)) : undefined;
    const opened = openContainer(content, container, decompress);
    if (opened === undefined)
      return { ...onlyLeft(pinFor("closed", 0, container)), isClosed: true };
    if (!opened.some(isNamedIn)) return undefined;
    const [text] = opened;
    const inside =
      container === "gzip" && text !== undefined && isText(text)
        ? findInPlain({ content: text })
        : undefined;
    return inside?.left.length === 0
      ? { ...inside, form: "gzip" }
      : onlyLeft(pinFor("packed", 0, container));
  };
}

function unlessNone(found: PlacesOfPath): PlacesOfPath | undefined {
  return found.places.length === 0 && found.left.length === 0 ? undefined : found;
}

function onlyLeft(pin: PinnedSpot): PlacesOfPath {
  return { form: "binary", places: [], ways: [], left: [pin] };
}
