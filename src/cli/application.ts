/** The commands, and what happens to a command line before one of them has it. */
import { buildApplication, buildRouteMap, type Command, text_en } from "@stricli/core";
import type { Style } from "../report/index.ts";
import { add } from "./commands/add.ts";
import { adopt } from "./commands/adopt.ts";
import type { CommandName } from "./commands/all.ts";
import { build } from "./commands/build.ts";
import { bundle } from "./commands/bundle.ts";
import { challenge } from "./commands/challenge.ts";
import { clone } from "./commands/clone.ts";
import { command } from "./commands/command-line.ts";
import { completion } from "./commands/completion.ts";
import { doctor } from "./commands/doctor.ts";
import { env } from "./commands/env.ts";
import { drop } from "./commands/drop.ts";
import { execute } from "./commands/execute.ts";
import { explain } from "./commands/explain.ts";
import { exportCommand } from "./commands/export.ts";
import { fetch } from "./commands/fetch.ts";
import { files } from "./commands/files.ts";
import { gc } from "./commands/gc.ts";
import { graph } from "./commands/graph.ts";
import { help } from "./commands/help.ts";
import { history } from "./commands/history.ts";
import { image } from "./commands/image.ts";
import { importCommand } from "./commands/import.ts";
import { init } from "./commands/init.ts";
import { install } from "./commands/install.ts";
import { key } from "./commands/key.ts";
import { list } from "./commands/list.ts";
import { lock } from "./commands/lock.ts";
import { log } from "./commands/log.ts";
import { move } from "./commands/move.ts";
import { owner } from "./commands/owner.ts";
import { prove } from "./commands/prove.ts";
import { push } from "./commands/push.ts";
import { recover } from "./commands/recover.ts";
import { relocate } from "./commands/relocate.ts";
import { remove } from "./commands/remove.ts";
import { report } from "./commands/report.ts";
import { rollback } from "./commands/rollback.ts";
import { run } from "./commands/run.ts";
import { sbom } from "./commands/sbom.ts";
import { shell } from "./commands/shell.ts";
import { tree } from "./commands/tree.ts";
import { verify } from "./commands/verify.ts";
import { why } from "./commands/why.ts";
import type { Context } from "./context.ts";
import { describeAll } from "./descriptions.ts";
import { renderCommandHelp, renderOverview } from "./help.ts";
import { unknownCommand, wrongArguments } from "./wrong-usage.ts";

const routes = {
  init: command(init, async () => import("./init.ts")),
  add: command(add, async () => import("./add.ts")),
  drop: command(drop, async () => import("./drop.ts")),
  import: command(importCommand, async () => import("./import.ts")),
  lock: command(lock, async () => import("./lock.ts")),
  fetch: command(fetch, async () => import("./fetch.ts")),
  export: command(exportCommand, async () => import("./export.ts")),
  build: command(build, async () => import("./build.ts")),
  why: command(why, async () => import("./why.ts")),
  prove: command(prove, async () => import("./prove.ts")),
  key: command(key, async () => import("./key.ts")),
  challenge: command(challenge, async () => import("./challenge.ts")),
  push: command(push, async () => import("./push.ts")),
  graph: command(graph, async () => import("./graph.ts")),
  tree: command(tree, async () => import("./tree.ts")),
  log: command(log, async () => import("./log.ts")),
  explain: command(explain, async () => import("./explain.ts")),
  shell: command(shell, async () => import("./shell.ts")),
  report: command(report, async () => import("./report.ts")),
  run: command(run, async () => import("./run.ts")),
  env: command(env, async () => import("./env.ts")),
  list: command(list, async () => import("./list.ts")),
  files: command(files, async () => import("./files.ts")),
  owner: command(owner, async () => import("./owner.ts")),
  adopt: command(adopt, async () => import("./adopt.ts")),
  install: command(install, async () => import("./install.ts")),
  remove: command(remove, async () => import("./remove.ts")),
  verify: command(verify, async () => import("./verify.ts")),
  history: command(history, async () => import("./history.ts")),
  rollback: command(rollback, async () => import("./rollback.ts")),
  recover: command(recover, async () => import("./recover.ts")),
  bundle: command(bundle, async () => import("./bundle.ts")),
  image: command(image, async () => import("./image.ts")),
  sbom: command(sbom, async () => import("./sbom.ts")),
  clone: command(clone, async () => import("./clone.ts")),
  move: command(move, async () => import("./move.ts")),
  relocate: command(relocate, async () => import("./relocate.ts")),
  gc: command(gc, async () => import("./gc.ts")),
  execute: command(execute, async () => import("./execute.ts")),
  doctor: command(doctor, async () => import("./doctor.ts")),
  completion: command(completion, async () => import("./completion.ts")),
  // `normalizeArguments` has made `--help` of it.
  help: command(help, () => Promise.reject(new Error("help is not run"))),
} satisfies Record<CommandName, Command<Context>>;

/** Where help and refusals are written. */
interface Screen {
  readonly columns: number;
  /** Of what is wrong with the command line. */
  readonly style: Style;
}

export function createApplication(version: string, screen: Screen) {
  return buildApplication(buildRoot(screen), {
    name: "tenon",
    versionInfo: { currentVersion: version },
    scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
    localization: {
      text: {
        ...text_en,
        exceptionWhileParsingArguments: (error) => wrongArguments(error, screen.style),
        noCommandRegisteredForInput: ({ input }) =>
          unknownCommand(input, Object.keys(routes), screen.style),
      },
    },
  });
}

/** All help is in our own words, and fits the screen. */
function buildRoot({ columns }: Screen) {
  const groups = describeAll();
  const helped = groups.flatMap(({ commands }) =>
    commands.map((each): [string, Command<Context>] => {
      const formatHelp = ({ includeHidden }: { includeHidden: boolean }): string =>
        asText(renderCommandHelp(each, { columns, all: includeHidden }));
      return [each.name, { ...routes[each.name as CommandName], formatHelp }];
    }),
  );
  const root = buildRouteMap({ routes: Object.fromEntries(helped), docs: { brief: "tenon" } });
  return { ...root, formatHelp: () => asText(renderOverview(groups, { columns })) };
}

function asText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
