/** `tenon install FILE.whl…`: wheels join the prefix together, without a resolver and a network. */
import { TenonError } from "../core/index.ts";
import { type Incoming, isDamage, type TransactionOutcome } from "../install/index.ts";
import type { PrefixLayout } from "../prefix/index.ts";
import type { LinkMode } from "../recipe/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { checkPython, checkTags } from "../wheel/index.ts";
import type { World } from "../world/index.ts";
import { changeAndTell } from "./change-and-tell.ts";
import { compileBytecode } from "../distributions/index.ts";
import { findPython } from "../distributions/index.ts";
import { tellDamage } from "./tell-damage.ts";
import type { InstallResult } from "./install.ts";
import { transfers } from "./transfers.ts";
import type { Teller } from "./transaction-events.ts";
import { openTrustedStore, type TrustOptions } from "../trust/index.ts";
import { describeUnmet } from "../distributions/index.ts";
import { unmetAfter } from "../distributions/index.ts";
import {
  dropDamaged,
  lookUpWheel,
  type ShelvedWheel,
  unpackWheels,
  type WheelFacts,
  type WheelTree,
} from "../wheel/index.ts";

export interface InstallWheelsOptions extends Teller, TrustOptions {
  /** Absolute. */
  readonly files: readonly string[];
  /** The interpreter of a prefix that has none of its own, by name or absolute. */
  readonly python: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The machine's store, absolute: wheels are unpacked there, and stay for the next time. */
  readonly store: string | undefined;
  /** How files come from the store into the prefix. */
  readonly link: LinkMode;
  readonly replaces: readonly string[];
  /** Make bytecode of their modules beforehand. */
  readonly compileBytecode: boolean;
  /** Look whether Requires-Python and Requires-Dist are met. */
  readonly checkRequirements: boolean;
}

export async function installWheels(
  world: World,
  layout: PrefixLayout,
  options: InstallWheelsOptions,
): Promise<InstallResult> {
  const found = findPython(world, layout, options);
  found.catch(() => {}); // it is awaited when the wheels were looked up, unless that failed
  const store = openTrustedStore(world, options, options.store, {
    sync: options.sync,
    onDamage: (files) => tellDamage(options.emit, files),
  });
  const lookUp = (): ShelvedWheel[] => options.files.map((file) => lookUpWheel(world, store, file));
  const wheels = lookUp();
  const { python, interpreter } = await found;
  const supported = new Set(python.supportedTags);
  for (const { facts } of wheels) checkTags(facts, supported);
  const facts = wheels.map((wheel) => wheel.facts);
  refuseTwice(facts);
  if (options.checkRequirements) for (const each of facts) checkPython(each, python.version);
  const unmet = options.checkRequirements ? unmetAfter(world.disk, layout, facts, python) : [];
  const bring = async (shelved: readonly ShelvedWheel[]): Promise<Joined> => {
    const trees = unpackWheels(world, store, shelved, { scheme: python.scheme, interpreter });
    const add = wheels.map(({ facts }, index) =>
      toIncoming(facts, trees[index] as WheelTree, options),
    );
    if (options.link === "hardlink") {
      const { prefix } = layout;
      for (const { name, artifact } of add) store.share(artifact, { prefix, package: name });
    }
    const outcome = await changeAndTell(world, layout, { add, remove: [] }, options);
    return { add, outcome };
  };
  const { add, outcome } = await bring(wheels).catch((error: unknown) => {
    if (!isDamage(error)) throw error;
    const again = lookUp();
    dropDamaged(store, again);
    return bring(again);
  });
  if (outcome.kind === "conflict") return outcome;
  for (const text of describeUnmet(unmet)) options.emit({ kind: "note", text });
  if (options.compileBytecode) {
    const notes = await compileBytecode(world, {
      interpreter,
      prefix: layout.prefix,
      folders: [python.scheme.purelib, python.scheme.platlib],
      manifests: add.map(({ manifest }) => manifest),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    for (const text of notes) options.emit({ kind: "note", text });
  }
  const packages = add.map(({ name, version }) => ({ name, version }));
  return { kind: "installed", packages, unmet };
}

/** What came in, and how that ended. */
interface Joined {
  readonly add: readonly Incoming[];
  readonly outcome: TransactionOutcome;
}

function toIncoming(
  { name, version }: WheelFacts,
  tree: WheelTree,
  { link, replaces }: InstallWheelsOptions,
): Incoming {
  return {
    name: normalizeProject(name),
    version,
    ...tree,
    transfer: transfers[link],
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
    message: `two of the wheels are of the same project, ${twice}`,
    hints: ["Name one version of it."],
  });
}
