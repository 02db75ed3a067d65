/**
 * A machine without tenon and Node.js: a small Debian, in which an ordinary user runs what a person would type. What
 * a command leaves is in two folders, the home and whatever else differs from the Debian.
 */
import { spawnSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const packages = "gcc,libc6-dev,make,python3,python3-dev,python3-pip,python3-venv,musl";
const userId = 1000;
const home = "/home/user";

/** Variables by which this machine's own programs reach the network. */
const network = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /_proxy$|_CERT|_CERTS$|^PIP_FIND_LINKS$|^PIP_INDEX_URL$/i.test(name),
  ),
);

/** The Debian of a suite, made once in `roots` by debootstrap from the archive that apt uses here. */
export function debian(roots, suite, architecture) {
  const root = join(roots, `${suite}-${architecture}`);
  if (existsSync(root)) return root;
  mkdirSync(roots, { recursive: true });
  const include = architecture === "arm64" ? "gcc,libc6-dev,make" : packages;
  const options = ["--variant=minbase", `--arch=${architecture}`, `--include=${include}`];
  const made = spawnSync("debootstrap", [...options, suite, `${root}.new`, mirror()], {
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`debootstrap failed: ${made.error ?? made.stdout}`);
  renameSync(`${root}.new`, root);
  return root;
}

function mirror() {
  const { stdout } = spawnSync("apt-get", ["indextargets", "--format", "$(REPO_URI) $(ORIGIN)"], {
    encoding: "utf8",
  });
  const line = stdout.split("\n").find((each) => each.endsWith(" Debian"));
  if (line === undefined) throw new Error("apt does not know an archive of Debian here");
  return line.split(" ")[0];
}

/**
 * A fresh machine on that Debian, in `folder`; `shown` are folders of this one, by where the machine has them.
 */
export function machineOn(root, folder, shown) {
  for (const name of ["upper", "work", "root", "home"])
    mkdirSync(`${folder}/${name}`, { recursive: true });
  chownSync(`${folder}/home`, userId, userId);
  mkdirSync(`${folder}/upper/etc/ssl/certs`, { recursive: true });
  writeFileSync(`${folder}/upper/etc/passwd`, passwdOf(root));
  for (const file of ["/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt"]) {
    if (existsSync(file)) writeFileSync(`${folder}/upper${file}`, readFileSync(file));
  }
  for (const place of [home, ...Object.keys(shown)])
    mkdirSync(`${folder}/upper${place}`, { recursive: true });
  const before = new Set(filesIn(`${folder}/upper`));
  const setUp = mountScript(root, folder, shown);
  return {
    home: `${folder}/home`,
    /** What a shell of the user says to the script, and how it ends. */
    shell: (script) => enter(setUp, script),
    /** Files that were not there when the machine was new. */
    traces: () => [
      ...filesIn(`${folder}/upper`).filter((file) => !before.has(file)),
      ...filesIn(`${folder}/home`).map((file) => `~${file}`),
    ],
  };
}

function passwdOf(root) {
  const lines = readFileSync(`${root}/etc/passwd`, "utf8");
  return `${lines}user:x:${userId}:${userId}::${home}:/bin/sh\n`;
}

/** A root of its own and not a chroot, in which the kernel refuses user namespaces. */
function mountScript(root, folder, shown) {
  const at = `${folder}/root`;
  const layers = `lowerdir=${root},upperdir=${folder}/upper,workdir=${folder}/work`;
  return [
    "set -e",
    "mount --make-rprivate /",
    `mount -t overlay overlay -o ${layers} ${at}`,
    `mount --bind ${folder}/home ${at}${home}`,
    ...Object.entries(shown).map(([place, from]) => `mount --bind -o ro ${from} ${at}${place}`),
    `mount -t proc proc ${at}/proc`,
    `mount --rbind /dev ${at}/dev`,
    `mount --rbind /sys ${at}/sys`,
    `mount -t tmpfs -o mode=1777 tmpfs ${at}/tmp`,
    `cd ${at}`,
    "pivot_root . .",
    "umount -l .",
    "cd /",
  ].join("\n");
}

function enter(setUp, script) {
  const user = `setpriv --reuid ${userId} --regid ${userId} --clear-groups`;
  const all = `${setUp}\nexec ${user} sh -c 'cd ${home} && eval "$1"' sh "$1"`;
  const env = {
    ...network,
    HOME: home,
    USER: "user",
    LANG: "C.UTF-8",
    PATH: `${home}/.local/bin:${home}/bin:/opt/node/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
  };
  const args = ["--mount", "--pid", "--fork", "sh", "-c", all, "sh", script];
  const { status, stdout, stderr } = spawnSync("/usr/bin/unshare", args, { env, encoding: "utf8" });
  return { status, said: `${stdout}${stderr}`.trim() };
}

function filesIn(folder, below = "") {
  return readdirSync(`${folder}${below}`, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(folder, `${below}/${entry.name}`) : [`${below}/${entry.name}`],
  );
}
