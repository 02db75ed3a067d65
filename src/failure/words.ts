/** What is missing, in words. */
import type { Missing, ProvidedKind } from "./explanation.ts";

const words: Readonly<Record<ProvidedKind, string>> = {
  header: "the header",
  library: "the library",
  module: "the Python module",
  program: "the program",
  pkgconfig: "the pkg-config package",
  "cmake-package": "the CMake package",
  distribution: "the Python project",
};

export function missingWords(missing: readonly Missing[]): string {
  const names = missing.map(({ kind, name }) => `${words[kind]} ${name}`);
  return `${names.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`;
}
