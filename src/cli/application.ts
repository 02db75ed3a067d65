/** The commands, in the order of `tenon --help`. */
import { buildApplication, buildRouteMap, text_en } from "@stricli/core";
import type { Style } from "../report/index.ts";
import { add } from "./commands/add.ts";
import { build } from "./commands/build.ts";
import { clone } from "./commands/clone.ts";
import { command } from "./commands/command-line.ts";
import { explain } from "./commands/explain.ts";
import { fetch } from "./commands/fetch.ts";
import { files } from "./commands/files.ts";
import { gc } from "./commands/gc.ts";
import { graph } from "./commands/graph.ts";
import { history } from "./commands/history.ts";
import { importCommand } from "./commands/import.ts";
import { install } from "./commands/install.ts";
import { list } from "./commands/list.ts";
import { lock } from "./commands/lock.ts";
import { log } from "./commands/log.ts";
import { move } from "./commands/move.ts";
import { owner } from "./commands/owner.ts";
import { recover } from "./commands/recover.ts";
import { relocate } from "./commands/relocate.ts";
import { remove } from "./commands/remove.ts";
import { report } from "./commands/report.ts";
import { rollback } from "./commands/rollback.ts";
import { shell } from "./commands/shell.ts";
import { verify } from "./commands/verify.ts";
import { why } from "./commands/why.ts";
import { unknownCommand, wrongArguments } from "./wrong-usage.ts";

const routes = {
  build: command(build, async () => import("./build.ts")),
  install: command(install, async () => import("./install.ts")),
  remove: command(remove, async () => import("./remove.ts")),
  list: command(list, async () => import("./list.ts")),
  files: command(files, async () => import("./files.ts")),
  owner: command(owner, async () => import("./owner.ts")),
  verify: command(verify, async () => import("./verify.ts")),
  history: command(history, async () => import("./history.ts")),
  rollback: command(rollback, async () => import("./rollback.ts")),
  recover: command(recover, async () => import("./recover.ts")),
  clone: command(clone, async () => import("./clone.ts")),
  move: command(move, async () => import("./move.ts")),
  relocate: command(relocate, async () => import("./relocate.ts")),
  gc: command(gc, async () => import("./gc.ts")),
  lock: command(lock, async () => import("./lock.ts")),
  fetch: command(fetch, async () => import("./fetch.ts")),
  add: command(add, async () => import("./add.ts")),
  import: command(importCommand, async () => import("./import.ts")),
  why: command(why, async () => import("./why.ts")),
  graph: command(graph, async () => import("./graph.ts")),
  log: command(log, async () => import("./log.ts")),
  explain: command(explain, async () => import("./explain.ts")),
  shell: command(shell, async () => import("./shell.ts")),
  report: command(report, async () => import("./report.ts")),
};

/** `style` is for what is wrong with the command line. */
export function createApplication(version: string, style: Style) {
  return buildApplication(
    buildRouteMap({
      routes,
      docs: { brief: "Builds a software stack from source into one shared prefix" },
    }),
    {
      name: "tenon",
      versionInfo: { currentVersion: version },
      scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
      documentation: {
        disableAnsiColor: true,
        onlyRequiredInUsageLine: true,
        useAliasInUsageLine: true,
      },
      localization: {
        text: {
          ...text_en,
          exceptionWhileParsingArguments: (error) => wrongArguments(error, style),
          noCommandRegisteredForInput: ({ input, corrections }) =>
            unknownCommand(input, corrections, style),
        },
      },
    },
  );
}
