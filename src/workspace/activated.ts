/** The prefix that a person's shell has activated, by `tenon env` or as a virtual environment of Python. */

/** Undefined where there is none. Of two, the one is meant whose programs are found first. */
export function activatedPrefix(
  environment: Readonly<Record<string, string>> = {},
): string | undefined {
  const { TENON_PREFIX: own, VIRTUAL_ENV: python, PATH: path = "" } = environment;
  const candidates = [own, python].filter((folder) => folder?.startsWith("/") === true);
  const found = path.split(":").flatMap((folder) => {
    const name = folder.replace(/\/bin\/?$/, "");
    return name !== folder && candidates.includes(name) ? [name] : [];
  });
  return found[0] ?? candidates[0];
}
