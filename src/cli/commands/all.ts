/** All commands, in the groups and the order in which people are shown them. */
import { add } from "./add.ts";
import { adopt } from "./adopt.ts";
import { build } from "./build.ts";
import { bundle } from "./bundle.ts";
import { challenge } from "./challenge.ts";
import { clone } from "./clone.ts";
import { completion } from "./completion.ts";
import { doctor } from "./doctor.ts";
import { drop } from "./drop.ts";
import { env } from "./env.ts";
import { execute } from "./execute.ts";
import { explain } from "./explain.ts";
import { exportCommand } from "./export.ts";
import { fetch } from "./fetch.ts";
import { files } from "./files.ts";
import { gc } from "./gc.ts";
import { graph } from "./graph.ts";
import { help } from "./help.ts";
import { history } from "./history.ts";
import { image } from "./image.ts";
import { importCommand } from "./import.ts";
import { init } from "./init.ts";
import { install } from "./install.ts";
import { key } from "./key.ts";
import { list } from "./list.ts";
import { lock } from "./lock.ts";
import { log } from "./log.ts";
import { move } from "./move.ts";
import { owner } from "./owner.ts";
import { prove } from "./prove.ts";
import { push } from "./push.ts";
import { recover } from "./recover.ts";
import { relocate } from "./relocate.ts";
import { remove } from "./remove.ts";
import { report } from "./report.ts";
import { rollback } from "./rollback.ts";
import { run } from "./run.ts";
import { sbom } from "./sbom.ts";
import { shell } from "./shell.ts";
import { tree } from "./tree.ts";
import { verify } from "./verify.ts";
import { why } from "./why.ts";

export const commandGroups = {
  "Write recipes": { init, add, import: importCommand, drop, lock, fetch, export: exportCommand },
  "Build packages": { build, why, graph, tree, log, explain, shell, prove, report },
  "Share what was built": { key, push, challenge },
  "Use the prefix": { run, env, list, files, owner },
  "Change the prefix": { install, adopt, remove, verify, history, rollback, recover, gc },
  "Hand the prefix on": { bundle, image, sbom },
  "Put the prefix at another path": { clone, move, relocate },
  "Work for another machine": { execute },
  "Find help": { help, doctor, completion },
} as const;

type Groups = typeof commandGroups;

/** The name of a command. */
export type CommandName = { [Group in keyof Groups]: keyof Groups[Group] }[keyof Groups];
