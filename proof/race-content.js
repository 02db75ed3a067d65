/** The packages of the race: what each file holds in each version, known to writer and reader. */
export const sitePackages = "lib/python3/site-packages";

/**
 * Path → content of one package. Each file names its version throughout, so a mixture shows; and `prefix`, where its path
 * is part of the content.
 */
export function filesOf(number, version, prefix = "") {
  const name = `pkg${number}`;
  const modules = ["__init__", "a", "b"].map((part) => `${sitePackages}/${name}/${part}.py`);
  const python = [...modules, `${sitePackages}/ns/${name}.py`];
  const others = [`share/common/${number}`, `bin/tool${number}`];
  const files = [...python, ...others];
  return Object.fromEntries(files.map((file) => [file, contentOf(file, version, prefix)]));
}

/** The versions differ in size, so Python's own check of its caches can tell them apart. */
function contentOf(file, version, prefix) {
  const line = `# ${file} version ${version} ${"x".repeat(60)}${prefix}\n`;
  return `VERSION = ${version}\n${line.repeat(300 + 40 * version)}END = ${version}\n`;
}
