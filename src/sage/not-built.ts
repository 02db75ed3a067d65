/** Packages of a checkout that tenon does not build, and what a person does instead. */
import { type Disk, readTextIfAny } from "../world/index.ts";
import type { Configured } from "./makefile.ts";
import type { SagePackage } from "./package.ts";
import { treeNameOf } from "./build-script.ts";

export interface Refusal {
  /** One sentence without the package's name. */
  readonly reason: string;
  readonly hint: string;
}

/** Looked for only when it is to be told. */
export function refusalOf(
  disk: Disk,
  item: SagePackage,
  configured: Configured,
): (() => Refusal) | undefined {
  if (item.source === "none") return () => systemPackage(disk, item);
  const tree = treeNameOf(item, configured);
  if (configured.isWithoutVenv && tree === "SAGE_VENV") return () => noVenv;
  return configured.folderOf(tree) === undefined ? () => disabled(tree, configured) : undefined;
}

function disabled(tree: string, { variables }: Configured): Refusal {
  const said = variables.text(`${tree}_DISABLED_MESSAGE`);
  const reason = `the installation tree ${tree} has been disabled`;
  return { reason, hint: said ?? `Run ./configure again, so that ${tree} is a folder.` };
}

const noVenv: Refusal = {
  reason: "it is a Python package, and the checkout is configured without a virtual environment",
  hint: "Run ./configure again, with another --with-sage-venv than none.",
};

function systemPackage(disk: Disk, item: SagePackage): Refusal {
  const reason = "it is the system's: the checkout only knows what it is called there";
  const system = systemOf(readTextIfAny(disk, "/etc/os-release") ?? "");
  const names = system && readNames(disk, `${item.directory}/distros/${system.file}.txt`);
  const hint =
    system === undefined || names === undefined || names.length === 0
      ? `Install it with the system's package manager; ${item.directory}/distros may know its name.`
      : `Install it: \`${system.command} ${names.join(" ")}\`. Then run ./configure again.`;
  return { reason, hint };
}

/** The file in distros/ and the command, by the names that os-release knows a system by. */
const systems: Readonly<Record<string, { readonly file: string; readonly command: string }>> = {
  debian: { file: "debian", command: "apt-get install" },
  ubuntu: { file: "debian", command: "apt-get install" },
  fedora: { file: "fedora", command: "dnf install" },
  rhel: { file: "fedora", command: "dnf install" },
  arch: { file: "arch", command: "pacman -S" },
  alpine: { file: "alpine", command: "apk add" },
  gentoo: { file: "gentoo", command: "emerge" },
  opensuse: { file: "opensuse", command: "zypper install" },
  suse: { file: "opensuse", command: "zypper install" },
  void: { file: "void", command: "xbps-install" },
  nixos: { file: "nix", command: "nix-env -iA" },
};

function systemOf(osRelease: string): (typeof systems)[string] | undefined {
  const value = (key: string): string =>
    new RegExp(`^${key}="?([^"\n]*)"?$`, "m").exec(osRelease)?.[1] ?? "";
  const names = `${value("ID")} ${value("ID_LIKE")}`.split(/[\s-]+/);
  const known = names.find((name) => Object.hasOwn(systems, name));
  return known === undefined ? undefined : systems[known];
}

function readNames(disk: Disk, file: string): string[] | undefined {
  const lines = readTextIfAny(disk, file)?.split("\n");
  return lines?.flatMap((line) => (line.split("#", 1)[0] ?? "").split(/\s+/).filter(Boolean));
}
