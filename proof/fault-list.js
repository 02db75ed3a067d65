/** What `proof/faults.js` breaks, and how its places are found in the sources. */

/**
 * What is broken: the text that goes from a file in src/, and the text that comes.
 *
 * @type {[invariant: string, what: string, name: string, from: string, to: string][]}
 */
export const faults = [
  [
    "I1",
    "a lock is not looked at",
    "prefix/lock.ts",
    "take: () => tryLockPrefix(world, layout, activity),",
    "take: () => tryLockPrefix(world, layout, activity) ?? { describe: () => {}, release: () => {} },",
  ],
  [
    "I1",
    "what was decided before the lock holds although another came between",
    "install/transaction.ts",
    "rehearsal?.holding === lock.previous ? rehearsal.draft : undefined",
    "rehearsal?.draft",
  ],
  [
    "I2",
    "where a stage comes from is not durable before it is moved",
    "install/hand-over.ts",
    "if (options.sync) disk.syncFileSystem(workplace.root);",
    "",
  ],
  [
    "I2",
    "what comes in is not durable before the journal",
    "install/commit.ts",
    "if (options.sync) disk.syncFileSystem(workplace.root);",
    "",
  ],
  [
    "I2",
    "the journal is not durable before the first step",
    "world/files.ts",
    "if (options.durable) disk.syncFile(options.temporary);",
    "",
  ],
  [
    "I2",
    "the journal's name is not durable before the first step",
    "world/files.ts",
    'if (options.durable) disk.syncDirectory(path.slice(0, path.lastIndexOf("/")) || "/");',
    "",
  ],
  [
    "I2",
    "the journal is closed before the steps are durable",
    "install/settle.ts",
    "if (options.sync) disk.syncFileSystem(workplace.root);\n  disk.rename",
    "disk.rename",
  ],
  [
    "I2",
    "a step that was done is done again",
    "install/recover.ts",
    "if (isDone(disk, workplace, step)) continue;",
    "",
  ],
  [
    "I2",
    "what was put back counts as exchanged",
    "install/steps.ts",
    "return exists(disk, own) && !bearsMark(disk, own, step);",
    "return !bearsMark(disk, own, step);",
  ],
  [
    "I3",
    "the second owner of a path is not told",
    "install/claims.ts",
    "conflicts.push(isAlike ? conflict : { ...conflict, folder });",
    "if (!isAlike) conflicts.push({ ...conflict, folder });",
  ],
  [
    "I3",
    "what several packages bring leaves with the first of them",
    "install/decide.ts",
    'return present.type === "directory" || situation.isOthers(path) ? "keep" : "retire";',
    'return present.type === "directory" ? "keep" : "retire";',
  ],
  [
    "I4",
    "what is there is replaced instead of kept",
    "install/steps.ts",
    "return disk.renameNoReplace(own, shared);",
    "return disk.rename(own, shared);",
  ],
  [
    "I5",
    "foreign files are not carried over",
    "install/settle.ts",
    "...carryOver(disk, workplace, journal.steps, [...displaced, ...foreign]),",
    "",
  ],
  [
    "I5",
    "what a person changed is not saved",
    "install/settle.ts",
    "...saveEdits(disk, workplace, journal.steps, displaced),",
    "",
  ],
  [
    "I5",
    "what was nobody's, and is taken over, is not saved",
    "install/settle.ts",
    '...saveEdits(disk, workplace, journal.steps, foreign, "was nobody\'s"),',
    "",
  ],
  [
    "I5",
    "stale bytecode stays",
    "install/settle.ts",
    "...sweepByProducts(disk, workplace, journal.steps),",
    "",
  ],
  [
    "I5",
    "a directory with foreign files is exchanged whole",
    "install/decide.ts",
    'return situation.isKept(path) ? "descend" : "exchange";',
    'return "exchange";',
  ],
  [
    "I5",
    "folders that were there before any package leave with the last",
    "install/judge.ts",
    "kept.has(directory) ||",
    "",
  ],
  [
    "I2",
    "a journal that has two names is closed under one of them",
    "install/settle.ts",
    "if (exists(disk, workplace.layout.journal)) disk.removeFile(workplace.layout.journal);",
    "",
  ],
  [
    "I6",
    "a failed step is not undone",
    "install/commit.ts",
    "notes.push(...end(attempt, () => takeBack(world.disk, workplace, journal, options)));",
    "world.disk.removeFile(workplace.layout.journal);",
  ],
  [
    "I6",
    "a rollback takes away what was adopted",
    "install/rollback.ts",
    "if (change.adopted !== true) before.set",
    "before.set",
  ],
  [
    "I6",
    "what a rollback needs is removed before its journal",
    "install/collect.ts",
    "disk.removeFile(workplace.closedJournal);",
    "",
  ],
  [
    "I15",
    "a recovery follows links out of the prefix",
    "install/recover.ts",
    "const disk = confine(ground.disk, layout.prefix);",
    "const disk = ground.disk;",
  ],
  [
    "I15",
    "the owner of a state file is not looked at",
    "prefix/state-files.ts",
    "guard?.(file, read);",
    "",
  ],
  [
    "I15",
    "a stage goes wherever its origin says",
    "install/hand-over.ts",
    "if (stage === undefined || witness !== witnessOf(disk, workplace, stage, incoming)) {",
    "if (stage === undefined) {",
  ],
];

/** The text, however it is broken into lines. */
export function pattern(text) {
  const words = text.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(words.join("\\s+"));
}
