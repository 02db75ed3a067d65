/**
 * The environment of those who use a prefix: where its programs, manual pages, pkg-config files and CMake
 * packages are found, and what its packages ask for. Libraries are found by the rpaths of what was
 * built, so LD_LIBRARY_PATH, which would reach the machine's own programs, too, is left alone.
 */
import { type PrefixLayout, readRecordHeads, type RecordHead } from "../prefix/index.ts";
import { exists, type World } from "../world/index.ts";

/** What becomes of one variable. */
export type VariableSetting =
  | { readonly kind: "set"; readonly variable: string; readonly value: string }
  /** Comes first in a list with colons; `whenUnset` is what a variable that is not set stands for. */
  | {
      readonly kind: "prepend";
      readonly variable: string;
      readonly value: string;
      readonly whenUnset?: string;
    }
  | { readonly kind: "unset"; readonly variable: string };

export interface RunEnvironment {
  readonly prefix: string;
  readonly settings: readonly VariableSetting[];
  /** Variables to which several packages give different values: the last package, by name, wins. */
  readonly contested: readonly {
    readonly variable: string;
    readonly packages: readonly string[];
  }[];
}

/** Reads the records of the prefix; changes nothing. */
export function runEnvironment({ disk }: World, layout: PrefixLayout): RunEnvironment {
  return describeEnvironment(layout.prefix, {
    isPython: exists(disk, `${layout.prefix}/pyvenv.cfg`),
    records: [...readRecordHeads(disk, layout).values()],
  });
}

/** The same from what was read; `isPython`: the prefix is a virtual environment of Python. */
export function describeEnvironment(
  prefix: string,
  options: {
    readonly isPython: boolean;
    readonly records: readonly Pick<RecordHead, "name" | "about">[];
  },
): RunEnvironment {
  const declared = declaredBy(options.records, prefix);
  return {
    prefix,
    settings: [
      { kind: "set", variable: "TENON_PREFIX", value: prefix },
      ...(options.isPython ? pythonSettings(prefix) : []),
      ...[...ownFolders(prefix)].map(([name, value]) => prepend(name, value)),
      ...declared.flatMap(({ variable, all }) => settingsOf(variable, all)),
    ],
    contested: declared.flatMap(({ variable, all }) => {
      const whole = all.filter(({ isBefore }) => !isBefore);
      const isOne = new Set(whole.map(({ value }) => value)).size < 2;
      return isOne ? [] : [{ variable, packages: whole.map((each) => each.package) }];
    }),
  };
}

/** As `activate` of a virtual environment does it. */
function pythonSettings(prefix: string): VariableSetting[] {
  return [
    { kind: "set", variable: "VIRTUAL_ENV", value: prefix },
    { kind: "unset", variable: "PYTHONHOME" },
  ];
}

function ownFolders(prefix: string): Map<string, string> {
  const pkgConfig = ["lib", "lib64", "share"].map((folder) => `${prefix}/${folder}/pkgconfig`);
  return new Map([
    ["PATH", `${prefix}/bin`],
    ["MANPATH", `${prefix}/share/man`],
    ["PKG_CONFIG_PATH", pkgConfig.join(":")],
    // Where the machine's own libraries are in no lib64, CMake looks into none.
    ["CMAKE_PREFIX_PATH", `${prefix}:${prefix}/lib64/cmake`],
  ]);
}

/** By the manuals of man and info, an empty part is the default; by the XDG specification, these are. */
const whenUnset: Readonly<Record<string, string>> = {
  MANPATH: "",
  INFOPATH: "",
  XDG_DATA_DIRS: "/usr/local/share:/usr/share",
  XDG_CONFIG_DIRS: "/etc/xdg",
};

function prepend(variable: string, value: string): VariableSetting {
  const unset = whenUnset[variable];
  return { kind: "prepend", variable, value, ...(unset === undefined ? {} : { whenUnset: unset }) };
}

interface Declared {
  readonly package: string;
  readonly value: string;
  /** Whether it comes before what the variable was. */
  readonly isBefore: boolean;
}

/** What packages declare, by variable, in the order of their names. */
function declaredBy(
  records: readonly Pick<RecordHead, "name" | "about">[],
  prefix: string,
): { readonly variable: string; readonly all: readonly Declared[] }[] {
  const byVariable = new Map<string, Declared[]>();
  for (const { name, about } of records) {
    for (const [variable, text] of Object.entries(about?.env ?? {})) {
      const rest = `:\${${variable}}`;
      const isBefore = text.endsWith(rest);
      const value = (isBefore ? text.slice(0, -rest.length) : text).replaceAll("${PREFIX}", prefix);
      const all = byVariable.get(variable) ?? [];
      byVariable.set(variable, [...all, { package: name, value, isBefore }]);
    }
  }
  return [...byVariable].map(([variable, all]) => ({ variable, all }));
}

function settingsOf(variable: string, all: readonly Declared[]): VariableSetting[] {
  const value = all.findLast(({ isBefore }) => !isBefore)?.value;
  const before = [...new Set(all.flatMap((each) => (each.isBefore ? [each.value] : [])))].join(":");
  return [
    ...(value === undefined ? [] : [{ kind: "set", variable, value } as const]),
    ...(before === "" ? [] : [prepend(variable, before)]),
  ];
}

/** The environment with the settings made; a folder that comes first is not there a second time. */
export function applySettings(
  settings: readonly VariableSetting[],
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const changed: Record<string, string> = { ...environment };
  for (const setting of settings) {
    const { variable } = setting;
    if (setting.kind === "unset") delete changed[variable];
    else if (setting.kind === "set") changed[variable] = setting.value;
    else changed[variable] = before(setting, changed[variable]);
  }
  return changed;
}

function before(
  { value, whenUnset: unset }: Extract<VariableSetting, { kind: "prepend" }>,
  was: string | undefined,
): string {
  const folders = value.split(":");
  const rest = was === undefined || was === "" ? unset : was;
  if (rest === undefined) return value;
  return [...folders, ...rest.split(":").filter((folder) => !folders.includes(folder))].join(":");
}
