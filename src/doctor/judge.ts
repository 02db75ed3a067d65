/** What the facts about a machine mean for somebody who builds on it; pure. */
import { showNumber, showSize } from "../core/index.ts";
import type { MachineState, PlaceFacts, Problem } from "./facts.ts";
import { needOf } from "./programs.ts";

export interface Finding {
  readonly subject: string;
  /** `limited`: tenon works, but slower or with fewer promises. `bad`: it cannot build here. */
  readonly state: "good" | "limited" | "bad";
  /** What was found: `ext4, 12.3 GB free`. */
  readonly value: string;
  /** What that means, in one sentence. */
  readonly meaning: string;
  /** What can be done about it, one sentence each. */
  readonly cures: readonly string[];
}

type Judged = Omit<Finding, "cures" | "subject"> & { readonly cures?: readonly string[] };

/** One finding a subject, in the order in which a person reads them. */
export function judge(facts: MachineState): Finding[] {
  const all: [subject: string, judged: Judged | undefined][] = [
    ["versions", versions(facts)],
    ["system", system(facts)],
    ["view", view(facts)],
    ["user namespaces", userNamespaces(facts)],
    ["overlay", overlay(facts)],
    ["store", place(facts.store, "tenon keeps what it has built and downloaded here.")],
    ["prefix", facts.prefix && place(facts.prefix, "Packages are installed here.")],
    ["reflinks", reflinks(facts)],
    ["renames", renames(facts)],
    ["job server", jobServer(facts)],
    ["processors", processors(facts)],
    ["open files", openFiles(facts)],
    ["programs", programs(facts)],
  ];
  return all.flatMap(([subject, judged]) =>
    judged === undefined ? [] : [{ subject, cures: [], ...judged }],
  );
}

function versions({ versions: { tenon, node } }: MachineState): Judged {
  const value = `tenon ${tenon}, Node.js ${node}`;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 8))
    return {
      state: "good",
      value,
      meaning: "Node.js keeps the compiled program, so it starts fast.",
    };
  return {
    state: "limited",
    value,
    meaning: "Before 22.8, Node.js compiles the program anew for every command.",
    cures: ["Use Node.js 22.8 or newer."],
  };
}

function system({ system: name = "unknown", kernel, architecture }: MachineState): Judged {
  const value = `${name}, Linux ${kernel ?? "unknown"}, ${architecture}`;
  const [major = 0, minor = 0] = (kernel ?? "").split(".").map(Number);
  if (kernel === undefined || major > 5 || (major === 5 && minor >= 11))
    return { state: "good", value, meaning: "This kernel lets every user mount overlays." };
  return {
    state: "limited",
    value,
    meaning: "Before Linux 5.11, only root can mount overlays, which views need.",
    cures: ["Install fuse-overlayfs, or use a newer kernel."],
  };
}

function view({ isolation }: MachineState): Judged | undefined {
  if (isolation === undefined) return undefined;
  if (isolation.kind === "none")
    return {
      state: "limited",
      value: `none: ${isolation.reason}`,
      meaning: "Builds see the whole prefix: a missing dependency is not noticed.",
      cures: ["The next findings say what is missing."],
    };
  if (isolation.root)
    return {
      state: "good",
      value: "with a root of its own",
      meaning: "A build sees only what it declares, and writes only to its own folders.",
    };
  return {
    state: "limited",
    value: `without a root of its own: ${isolation.lacks ?? "the reason is not known"}`,
    meaning: "A build sees only what it declares, but can write to other folders.",
  };
}

function userNamespaces({ namespaces, isolation, isRoot }: MachineState): Judged | undefined {
  if (isolation === undefined) return undefined;
  if (isolation.kind === "view") {
    const value = isolation.userNamespace ? "used" : "not needed by root";
    return { state: "good", value, meaning: "Views need no rights beyond the ones there are." };
  }
  const settings: [isClosed: boolean, value: string, cure: string][] = [
    [
      namespaces.unprivileged === false,
      "kernel.unprivileged_userns_clone = 0",
      "sysctl -w kernel.unprivileged_userns_clone=1",
    ],
    [
      namespaces.userLimit === 0,
      "user.max_user_namespaces = 0",
      "sysctl -w user.max_user_namespaces=15000",
    ],
    [
      namespaces.restrictedByAppArmor === true,
      "kernel.apparmor_restrict_unprivileged_userns = 1",
      "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ],
  ];
  const closed = settings.filter(([isClosed]) => isClosed && !isRoot);
  if (closed.length > 0)
    return {
      state: "limited",
      value: closed.map(([, value]) => value).join(", "),
      meaning: "The kernel refuses ordinary users the namespaces that views need.",
      cures: closed.map(([, , cure]) => `As root: ${cure}`),
    };
  return {
    state: "limited",
    value: "allowed by the kernel's settings",
    meaning: "If views are refused, a container or a security policy forbids them.",
    cures: ["docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined"],
  };
}

function overlay({ isolation, store }: MachineState): Judged | undefined {
  if (isolation === undefined) return undefined;
  if (isolation.kind === "none") return overlayRefused(store);
  if (isolation.overlay === "kernel")
    return { state: "good", value: "the kernel's", meaning: "A view is mounted in milliseconds." };
  return {
    state: "limited",
    value: "fuse-overlayfs",
    meaning: "A view works, but reading and writing files in it is slower.",
  };
}

/** File systems on which the kernel puts no upper layer. */
const unfit = /^(?:overlay|nfs|cifs|smb|9p|fuse|vfat|exfat)/;

function overlayRefused(store: MachineState["store"]): Judged | undefined {
  const fileSystem = "problem" in store ? undefined : store.fileSystem;
  if (fileSystem === undefined || !unfit.test(fileSystem)) return undefined;
  return {
    state: "limited",
    value: `refused on ${fileSystem}`,
    meaning: `${fileSystem} cannot hold the files that a view changes.`,
    cures: ["Name a folder on ext4, xfs, btrfs or tmpfs: export TENON_STORE=DIR"],
  };
}

const littleBytes = 5e9;

function place(found: PlaceFacts | Problem, meaning: string): Judged {
  if ("problem" in found)
    return {
      state: "bad",
      value: found.problem,
      meaning: "Commands that need it refuse to work.",
      cures: found.cures,
    };
  const { path, fileSystem = "an unknown file system", freeBytes, isWritable } = found;
  const free = freeBytes === undefined ? "" : `, ${showSize(freeBytes)} free`;
  const value = `${path} on ${fileSystem}${free}`;
  if (!isWritable)
    return {
      state: "bad",
      value,
      meaning: "You may not write there.",
      cures: ["Choose another folder, or have its owner change its mode."],
    };
  if (freeBytes !== undefined && freeBytes < littleBytes)
    return { state: "limited", value, meaning: `${meaning} A larger stack may not fit.` };
  return { state: "good", value, meaning };
}

function reflinks({ store, together, prefix }: MachineState): Judged | undefined {
  if ("problem" in store) return undefined;
  const apart = prefix !== undefined && together === false;
  if (apart)
    return {
      state: "limited",
      value: "the store and the prefix are on different file systems",
      meaning: "Every file is copied from the store into the prefix, and takes space in both.",
      cures: ["Put the store beside the prefix: export TENON_STORE=DIR"],
    };
  if (store.reflinks === true)
    return {
      state: "good",
      value: "supported",
      meaning: "A copy shares its data with the original, and takes no space.",
    };
  return {
    state: "limited",
    value: "not supported by this file system",
    meaning: "Files are copied from the store into the prefix, and take space in both.",
    cures: ["Use btrfs or xfs, or hard links: --link hardlink, or link in tenon.toml."],
  };
}

/** File systems that are known to lack them; the prefix itself is not written to for a trial. */
const weak = /^(?:nfs|cifs|smb|9p|fuse|vfat|exfat)/;

function renames({ store, prefix, together }: MachineState): Judged | undefined {
  if ("problem" in store) return undefined;
  const where = prefix === undefined || "problem" in prefix ? store : prefix;
  const isWeak =
    where === store || together === true
      ? store.renameFlags === false
      : weak.test(where.fileSystem ?? "");
  if (!isWeak)
    return {
      state: "good",
      value: "can exchange two entries",
      meaning: "Each step of an installation is one atomic operation.",
    };
  return {
    state: "limited",
    value: `${where.fileSystem ?? "the file system"} cannot exchange two entries`,
    meaning: "tenon refuses to install there unless you allow weaker steps.",
    cures: ["Use another file system, or the option --weak-renames."],
  };
}

function jobServer({ make }: MachineState): Judged {
  switch (make) {
    case "none":
      return {
        state: "good",
        value: "none; tenon will be one for its builds",
        meaning: "Make, ninja and cargo in all builds share the jobs that -j allows.",
      };
    case "reachable":
      return {
        state: "good",
        value: "that of the make which started this command",
        meaning: "tenon and its builds share the jobs of that make.",
      };
    default:
      return {
        state: "limited",
        value: "that of the make which started this command cannot be reached",
        meaning: "One job runs at a time.",
        cures: ["Begin the line in the makefile with a +, or give -j."],
      };
  }
}

const bytesOfAJob = 1e9;

function processors({ processors: count, availableBytes }: MachineState): Judged {
  const value = `${showNumber(count)}, ${showSize(availableBytes)} of memory available`;
  const meaning = `tenon runs ${showNumber(count)} jobs at once when -j is not given.`;
  if (availableBytes >= count * bytesOfAJob) return { state: "good", value, meaning };
  return {
    state: "limited",
    value,
    meaning: `${meaning} That is less than 1 GB for each, which large C++ files may need.`,
    cures: ["Give a smaller -j, or --memory SIZE."],
  };
}

const fewFiles = 1024;

function openFiles({ limits: { openFiles: limit } }: MachineState): Judged {
  const value = limit === undefined ? "no limit" : showNumber(limit);
  if (limit === undefined || limit > fewFiles)
    return { state: "good", value, meaning: "Linkers and many parallel jobs have enough of them." };
  return {
    state: "limited",
    value,
    meaning: "Linking large programs and many parallel jobs may need more.",
    cures: ["ulimit -n 65536"],
  };
}

function programs({ missing }: MachineState): Judged {
  if (missing.length === 0)
    return { state: "good", value: "all found", meaning: "Every build system has what it starts." };
  return {
    state: "limited",
    value: `missing: ${missing.join(", ")}`,
    meaning: "Only packages that need them cannot be built.",
    cures: missing.map((name) => `${name}: ${needOf(name)}.`),
  };
}

/** Whether tenon can build here at all. */
export function canBuild(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== "bad");
}
