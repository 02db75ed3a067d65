/** `tenon install FILE.whl…`: wheels join the prefix together, without a resolver and a network. */
import type { PythonFacts } from "../builder/index.ts";
import { TenonError } from "../core/index.ts";
import {
  compileBytecode,
  describeUnmet,
  findPython,
  type FoundPython,
  unmetAfter,
  type UnmetRequirement,
} from "../distributions/index.ts";
import { type Incoming, isDamage } from "../install/index.ts";
import type { LinkMode } from "../recipe/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import type { Store } from "../store/index.ts";
import { openTrustedStore } from "../trust/index.ts";
import {
  checkPython,
  checkTags,
  dropDamaged,
  lookUpWheel,
  type ShelvedWheel,
  unpackWheels,
  type WheelFacts,
  type WheelTree,
} from "../wheel/index.ts";
import { installCures } from "./conflict-cures.ts";
import type { InstallResult } from "./installed.ts";
import { type Ended, type OpenPrefix, operate } from "./operate.ts";
import { tellDamage } from "./tell-damage.ts";
import { noteUse, transfers } from "./transfers.ts";

interface InstallWheelsOptions {
  /** Absolute. */
  readonly files: readonly string[];
  /** The interpreter of a prefix that has none of its own, by name or absolute. */
  readonly python: string;
  /** How files come from the store into the prefix. */
  readonly link: LinkMode;
  readonly replaces: readonly string[];
  /** Make bytecode of their modules beforehand. */
  readonly compileBytecode: boolean;
  /** Look whether Requires-Python and Requires-Dist are met. */
  readonly checkRequirements: boolean;
}

/** Wheels are unpacked into the machine's store, and stay there for the next time. */
export async function installWheels(
  prefix: OpenPrefix,
  options: InstallWheelsOptions,
): Promise<Ended<InstallResult>> {
  const { world, layout, emit, environment = {} } = prefix;
  const store = openTrustedStore(world, prefix, prefix.store, {
    sync: prefix.sync,
    onDamage: (files) => tellDamage(emit, files),
  });
  const finding = findPython(world, layout, { python: options.python, environment, emit, store });
  finding.catch(() => {}); // it is awaited when the wheels were looked up, unless that failed
  const lookUp = (): ShelvedWheel[] => options.files.map((file) => lookUpWheel(world, store, file));
  const wheels = lookUp();
  const found = await finding;
  const facts = wheels.map((wheel) => wheel.facts);
  const unmet = checkWheels(prefix, facts, found.python, options);
  const bring = (shelved: readonly ShelvedWheel[]): Promise<Ended<InstallResult>> =>
    bringWheels(prefix, { options, found, store, shelved, unmet });
  const ended = await bring(wheels).catch((error: unknown) => {
    if (!isDamage(error)) throw error;
    const again = lookUp();
    const { interpreter, python } = found;
    dropDamaged(world, store, again, { scheme: python.scheme, interpreter });
    return bring(again);
  });
  if (ended.kind === "conflict") return ended;
  for (const text of describeUnmet(unmet)) emit({ kind: "note", text });
  return ended;
}

/** Throws where they cannot be installed; gives what they need and will not have. */
function checkWheels(
  { world, layout }: OpenPrefix,
  facts: readonly WheelFacts[],
  python: PythonFacts,
  { checkRequirements }: InstallWheelsOptions,
): readonly UnmetRequirement[] {
  const supported = new Set(python.supportedTags);
  for (const each of facts) checkTags(each, supported);
  refuseTwice(facts);
  if (!checkRequirements) return [];
  for (const each of facts) checkPython(each, python.version);
  return unmetAfter(world.disk, layout, facts, python);
}

interface Bringing {
  readonly options: InstallWheelsOptions;
  readonly found: FoundPython;
  readonly store: Store;
  readonly shelved: readonly ShelvedWheel[];
  readonly unmet: readonly UnmetRequirement[];
}

async function bringWheels(prefix: OpenPrefix, bringing: Bringing): Promise<Ended<InstallResult>> {
  const { world, layout, emit, signal } = prefix;
  const { options, store, shelved, unmet } = bringing;
  const { interpreter } = bringing.found;
  const { scheme } = bringing.found.python;
  const trees = unpackWheels(world, store, shelved, { scheme, interpreter });
  const add = shelved.map(({ facts }, index) =>
    toIncoming(facts, trees[index] as WheelTree, options),
  );
  return operate(prefix, {
    change: { add, remove: [] },
    cures: installCures,
    before: () =>
      noteUse(
        store,
        { prefix: layout.prefix },
        add.map((each, index) => ({ ...each, artifact: (trees[index] as WheelTree).own })),
      ),
    result: () => ({
      kind: "installed",
      packages: add.map(({ name, version }) => ({ name, version })),
      unmet,
    }),
    afterwards: async () => {
      if (!options.compileBytecode) return;
      const notes = await compileBytecode(world, {
        interpreter,
        prefix: layout.prefix,
        folders: [scheme.purelib, scheme.platlib],
        manifests: add.map(({ manifest }) => manifest),
        ...(signal === undefined ? {} : { signal }),
      });
      for (const text of notes) emit({ kind: "note", text });
    },
  });
}

function toIncoming(
  { name, version }: WheelFacts,
  tree: WheelTree,
  { link, replaces }: InstallWheelsOptions,
): Incoming {
  return {
    name: normalizeProject(name),
    version,
    ...tree.incoming,
    // An unpacked wheel may be in any number of prefixes, as with uv.
    transfer: link === "hardlink" ? "share-freely" : transfers[link],
    depends: [],
    takesOver: replaces,
  };
}

function refuseTwice(wheels: readonly WheelFacts[]): void {
  const names = wheels.map(({ name }) => normalizeProject(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new TenonError({
    kind: "usage",
    code: "WHEEL_TWICE",
    message: `two wheels of the same project were given, ${twice}`,
    hints: ["Name only one of them."],
  });
}
