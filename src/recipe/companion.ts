/**
 * Another build system that keeps its own books in the same workspace and prefix, as make does for SageMath.
 *
 * Its tree describes the packages in its own format, and its scripts build them. Before tenon came, and at any time
 * since, it may have installed some itself, and it decides by its own books what it would build again. So it is
 * asked what these say, and is told what tenon has built and joined. Nothing outside of the room that implements it
 * knows more of it than stands here.
 */
import type { EventSink, Manifest } from "../core/index.ts";
import type { Disk, World } from "../world/index.ts";

/** `require`: nothing joins without a check that has passed; `warn`: one that fails is told. */
export type CheckMode = "no" | "warn" | "require";

export interface Companion {
  /** As a sentence calls it. */
  readonly name: string;
  /** The folder that describes the packages, absolute. */
  readonly root: string;
  /** What a person should know of how it was read. */
  readonly remarks: readonly string[];
  /** Why nothing can be built of it as it is, and what to do. */
  readonly notReady?: string;
  /** The packages that it would build when asked for none. */
  readonly usual: readonly string[];
  /** Those that it counts as its standard ones. */
  readonly standard: readonly string[];
  /** What its tree says of packages besides their recipes. */
  readonly packages: ReadonlyMap<string, CompanionPackage>;

  /** Which checks are run; `asked` is what the command asks for, if it does. */
  checksFor(asked: CheckMode | undefined): (name: string) => CheckMode;
  /** Makes what its scripts take for granted, before one is run. */
  prepare(world: World, emit: EventSink): void;
  /** Whether a package on record is there by its books, too: it may have uninstalled it meanwhile. */
  holds(disk: Disk, prefix: string, recorded: RecordedPackage): boolean;
  /** What it has installed itself, without the packages that are known, each package once. */
  installed(
    disk: Disk,
    prefix: string,
    isKnown: (name: string) => boolean,
  ): readonly CompanionInstall[];
  /** Keeps the logs of a package's last build where it keeps its own. Throws a disk's errors. */
  keepLogs(disk: Disk, name: string, logFiles: readonly string[]): void;
  /** Lets it take what tenon has joined for built; `packages` are all that are on record. */
  settle(world: World, prefix: string, packages: Iterable<JoinedPackage>): void;
  /** What a person does so that a package needs others, too: `add b to a.list`. */
  howToNeed(name: string, others: readonly string[]): string;
  /** The list in which a person writes down what the package needs, and a sentence on what to do then. */
  listOfNeeds(name: string): { readonly list: string; readonly next: string };
  /** What a person does where the package's files are in the way and nobody's, because it put them there. */
  howToClear(name: string): string;
}

export interface CompanionPackage {
  /** In its own words, for those who read the graph. */
  readonly facts: Readonly<Record<string, string>>;
  /** Builds of one kind take about as long as each other. */
  readonly kind: string;
  /** Seconds that a build of this kind takes where nothing is recorded; only the order of magnitude counts. */
  readonly priorSeconds?: number;
  /** Other files that the result depends on; looked for only when they are wanted. */
  readonly inputFiles: () => readonly InputFile[];
  /** Why it cannot be built at all, and what to do instead. */
  readonly refusal?: () => { readonly reason: string; readonly hint: string };
}

export interface RecordedPackage {
  readonly name: string;
  readonly version: string;
}

interface InputFile {
  /** As a person is told of it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

export interface CompanionInstall {
  readonly name: string;
  readonly version: string;
  /** Relative to the prefix; not all need be there. */
  readonly paths: () => readonly string[];
  /** Whether it would not build the package again. */
  readonly isCurrent: () => boolean;
}

export interface JoinedPackage {
  readonly name: string;
  readonly manifest: Manifest;
}
