/**
 * `npm run release`: makes every file that people can install, from the last commit, into release/. The same commit
 * gives the same bytes. TENON_RELEASE_KEY names the file of the private key (Ed25519, PEM) that signs the digests;
 * without it they are not signed. `--out DIR` names another folder than release/, `--downloads DIR` the one that holds
 * what was downloaded, and `--platform NAME` makes the files of one platform only.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { archiveEntries, selfExtracting } from "./archive.js";
import { billOf } from "./bill.js";
import { checkOut } from "./check-out.js";
import { nodeFiles } from "./node-files.js";
import { platforms } from "./platforms.js";
import { forPlatform } from "./program-tree.js";
import { deflate, gzip, run } from "./run.js";
import { signatureOf, sumsOf } from "./sign.js";
import { tarOf } from "./tar.js";
import { wheelOf } from "./wheel.js";
import { zipOf } from "./zip.js";

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "release" },
    downloads: { type: "string", default: "node_modules/.cache/tenon/release" },
    platform: { type: "string", multiple: true },
  },
});
const { downloads } = values;
const wanted = platforms.filter(({ name }) => values.platform?.includes(name) ?? true);
if (wanted.length < (values.platform?.length ?? 1))
  throw new Error(`the platforms are ${platforms.map(({ name }) => name).join(", ")}`);
/** @type {{ file: string, data: Buffer }[]} */
const files = [];

if (run("git", ["status", "--porcelain"]).length > 0)
  tell("what is not committed is not in the release");
const key = process.env.TENON_RELEASE_KEY;
const keyText = key === undefined ? undefined : readFileSync(key, "utf8");
const folder = mkdtempSync(`${tmpdir()}/tenon-release-`);
let program;
try {
  tell("building a clean checkout");
  program = checkOut(folder);
} finally {
  rmSync(folder, { recursive: true });
}
const { name, version, seconds, tree } = program;
const licences = nodeFiles(platforms[0], downloads).filter(({ path }) => path === "node/LICENSE");
makeNpmPackage();
for (const platform of wanted) {
  const own = forPlatform(tree, platform);
  makeWheel(platform, own);
  makeArchive(platform, own);
}
add(`${name}-${version}.cdx.json`, Buffer.from(billOf({ ...program, platforms: wanted })));
writeAll();

function makeNpmPackage() {
  const entries = tree.map((entry) => ({ ...entry, path: `package/${entry.path}` }));
  add(`${name}-${version}.tgz`, gzip(tarOf(entries, seconds)));
}

function makeWheel(
  /** @type {import("./platforms.js").Platform} */ platform,
  /** @type {readonly import("./tar.js").Entry[]} */ own,
) {
  const { file, entries } = wheelOf({
    name,
    version,
    summary: program.description,
    readme: program.readme,
    tag: platform.wheelTag,
    tree: own.filter(({ path }) => !/^(?:docs|examples)\//.test(path)),
    launcher: ownFile("wheel-tenon.sh"),
  });
  add(file, zipOf(entries, seconds, deflate));
}

function makeArchive(
  /** @type {import("./platforms.js").Platform} */ platform,
  /** @type {readonly import("./tar.js").Entry[]} */ own,
) {
  const folder = `tenon-${version}-${platform.name}`;
  const node = nodeFiles(platform, downloads);
  if (!node.some(({ path }) => path === "node/LICENSE")) node.push(...licences);
  const launcher = ownFile("archive-tenon.sh");
  const archive = gzip(tarOf(archiveEntries(folder, { tree: own, node, launcher }), seconds));
  add(`${folder}.tar.gz`, archive);
  const script = ownFile("self-extracting.sh").toString();
  add(`${folder}.run`, selfExtracting(script, { version, platform: platform.name, archive }));
}

function ownFile(/** @type {string} */ file) {
  return readFileSync(new URL(`files/${file}`, import.meta.url));
}

function add(/** @type {string} */ file, /** @type {Buffer} */ data) {
  tell(`${file} (${(data.length / 1e6).toFixed(1)} MB)`);
  files.push({ file, data });
}

function writeAll() {
  const sums = sumsOf(files);
  files.push({ file: "SHA256SUMS", data: Buffer.from(sums) });
  if (keyText === undefined) tell("SHA256SUMS is not signed: TENON_RELEASE_KEY names no key");
  else {
    const { signature, publicKey } = signatureOf(sums, keyText);
    files.push({ file: "SHA256SUMS.sig", data: signature });
    files.push({ file: "SHA256SUMS.pem", data: Buffer.from(publicKey) });
  }
  rmSync(values.out, { recursive: true, force: true });
  mkdirSync(values.out, { recursive: true });
  for (const { file, data } of files) writeFileSync(`${values.out}/${file}`, data);
  tell(`${files.length} files in ${values.out}/`);
}

function tell(/** @type {string} */ text) {
  process.stderr.write(`${text}\n`);
}
