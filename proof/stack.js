/**
 * C libraries from Debian's source packages and popular Python sdists, three of them broken on purpose:
 * the failures are told as what they are, all that does not need them is built, the prefix stays as it
 * was; put right, the rest is built and all joins.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { writeLibraries } from "./stack-libraries.js";
import { must, run, temporaryFolder } from "./processes.js";
import { requireTenon, tenon } from "./program.js";
import { printTable } from "./table.js";

const projects = `
  attrs==26.1.0 babel==2.18.0 blinker==1.9.0 cachetools==8.0.2 click==8.5.1 colorama==0.4.6
  coverage==7.17.4 cycler==0.12.1 decorator==5.3.1 docutils==0.23 flask==3.1.3 greenlet==3.5.6
  idna==3.20 iniconfig==2.3.1 itsdangerous==2.2.0 jinja2==3.1.6 markdown-it-py==4.3.0
  markupsafe==3.0.4 mdurl==0.1.2 msgpack==1.2.4 packaging==26.4 pathspec==1.1.1 platformdirs==4.5.0
  pluggy==1.7.0 psutil==7.2.2 pycparser==3.12 pygments==2.21.0 pyparsing==3.3.3 pytest==9.2.0
  pyyaml==6.0.4 rich==15.0.0 simplejson==4.3.0 six==1.17.0 tomlkit==0.15.2 tqdm==4.70.1
  typing-extensions==4.16.0 tzdata==2026.6 werkzeug==3.1.9 wrapt==2.5.2 zipp==4.1.2
`
  .trim()
  .split(/\s+/);

const { values } = parseArgs({
  options: {
    // To keep what is built, instead of a temporary one.
    folder: { type: "string" },
    jobs: { type: "string", short: "j", default: "2" },
    minutes: { type: "string", default: "60" },
  },
});
const limit = { timeoutMs: Number(values.minutes) * 60_000 };

requireTenon();
const folder = values.folder ?? temporaryFolder("stack");
const env = { TENON_STORE: `${folder}/store`, ...process.env };
const recipe = (name) => `${folder}/packages/${name}.toml`;
const command = (...args) => tenon(...args, "-C", folder);

mkdirSync(`${folder}/packages`, { recursive: true });
writeFileSync(`${folder}/requirements.txt`, `${projects.join("\n")}\n`);
if (!existsSync(`${folder}/tenon.lock`)) {
  await must(command("import", `${folder}/requirements.txt`, "--from-source"), { env, ...limit });
}
await writeLibraries(folder, limit);
await must(command("fetch"), { env, ...limit });

/** What is broken, and what the summary has to say of it. */
const faults = {
  // Its sdist is built with flit-core, which its view does not have any more.
  idna: {
    find: /^build = .*$/m,
    replace: "build = []",
    says: /idna \S+ failed in \S+: it asks for flit_core.*, which no declared dependency provides/,
    cure: "the Python project flit-core comes from flit-core: add it to depends.build.",
  },
  // Includes lz4.h, and has not declared who brings it.
  "uses-lz4": {
    find: /^run = .*$/m,
    replace: "run = []",
    says: /uses-lz4 1 failed in \S+: the header lz4.h is missing/,
    cure: "include/lz4.h comes from lz4: add it to depends.run",
  },
  // A compiler's complaint, and nothing that somebody could provide.
  libyaml: {
    find: /^env = .*$/m,
    replace: 'env = { CFLAGS = "-include no-such-file.h" }',
    says: /libyaml 0\.2\.5 failed in \S+: .*no-such-file\.h/,
    cure: "",
  },
};
const good = new Map();
for (const [name, { find, replace }] of Object.entries(faults)) {
  const text = readFileSync(recipe(name), "utf8");
  if (!find.test(text)) throw new Error(`${recipe(name)} has no line for ${find}`);
  good.set(name, text);
  writeFileSync(recipe(name), text.replace(find, replace));
}

const checks = [];
const check = (what, isRight) => checks.push([isRight ? "passed" : "FAILED", what]);
const broken = await build();
check("the build says that it failed", broken.code === 1);
check(
  "it counts three failures",
  /^failed: 3 packages; .*the prefix is unchanged$/m.test(broken.stderr),
);
for (const [name, { says, cure }] of Object.entries(faults)) {
  check(`${name} is told: ${says.source}`, says.test(broken.stderr));
  if (cure !== "") check(`${name} has its cure: ${cure}`, broken.stderr.includes(cure));
}
const total = readdirSync(`${folder}/packages`).length;
const builtFirst = countBuilt(broken);
check("nothing has joined the prefix", !existsSync(`${folder}/prefix/lib`));
await must(command("report"), { env, ...limit });

for (const [name, text] of good) writeFileSync(recipe(name), text);
const mended = await build();
check("put right, all is built", mended.code === 0);
check("what was built before is not built again", countBuilt(mended) <= total + 1 - builtFirst);
check("pip finds nothing to complain of", (await pipCheck()).code === 0);
check("the prefix is unchanged installed", (await run(command("verify"), { env })).code === 0);

printTable(["", "what"], checks);
const wrong = checks.filter(([result]) => result !== "passed").length;
process.stdout.write(
  `${total} packages and an interpreter; ${builtFirst} built beside three failures, ` +
    `${countBuilt(mended)} when they were put right\n` +
    `${checks.length - wrong} passed, ${wrong} failed\n`,
);
if (wrong > 0) process.stdout.write(`${broken.stderr}\n${mended.stderr}\n`);
process.exitCode = wrong === 0 ? 0 : 1;

function build() {
  return run(command("build", "--offline", `-j${values.jobs}`), { env, ...limit });
}

function countBuilt({ stderr }) {
  return (stderr.match(/^\[ *\d+\/\d+\] built /gm) ?? []).length;
}

function pipCheck() {
  return run(["python3", "-m", "pip", "--python", `${folder}/prefix/bin/python`, "check"], {
    env,
    ...limit,
  });
}
