/**
 * The lists of requirements in src/pyproject.toml.m4. It is no TOML before m4 has made it one, so it is
 * read line by line, as the checkout's own tools do: a list begins with its name at the start of a line,
 * ends with a bracket there, and holds one element a line.
 */

/** Package names (`numpy`) and PURLs (`pkg:pypi/numpy`) by the name of the list. */
export function readProjectLists(text: string): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  let list: string[] | undefined;
  for (const line of text.split("\n")) {
    let rest = line;
    const [begin, name] = /^([-a-z]*) *= *\[/.exec(rest) ?? [];
    if (begin !== undefined && name !== undefined) {
      list = lists.get(name) ?? [];
      lists.set(name, list);
      rest = rest.slice(begin.length);
    }
    if (rest.startsWith("]")) list = undefined;
    const element = readElement(rest);
    if (element !== undefined) list?.push(element);
  }
  return lists;
}

/** Undefined for what names no package by itself, such as a requirement with a version. */
function readElement(line: string): string | undefined {
  const [, name] = /^ *SPKG_INSTALL_REQUIRES_([a-z0-9_]*)/.exec(line) ?? [];
  if (name !== undefined) return name;
  const [, purl] = /^ *"(pkg:.*)"/.exec(line) ?? [];
  if (purl !== undefined) return purl;
  const [, distribution] = /^ *"([-_A-Za-z0-9.]+)"/.exec(line) ?? [];
  return distribution === undefined ? undefined : `pkg:pypi/${distribution}`;
}
