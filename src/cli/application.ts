/** The commands and their options; each command's own file is loaded when it is run. */
import { buildApplication, buildCommand, buildRouteMap, text_en } from "@stricli/core";
import type { Style } from "../report/index.ts";
import type { Context } from "./context.ts";
import type { AddFlags, ImportFlags } from "./import.ts";
import {
  isolationFlag,
  jsonFlag,
  linkFlag,
  noSyncFlag,
  noWaitFlag,
  offlineFlag,
  packageName,
  packageNames,
  parseCount,
  parseJobs,
  parseSize,
  weakRenamesFlag,
  workspaceAliases,
  workspaceFlags,
} from "./options.ts";
import { unknownCommand, wrongArguments } from "./wrong-usage.ts";

const jobsFlag = {
  kind: "parsed",
  parse: parseJobs,
  brief: "How many jobs may run at once; one a processor when absent",
  placeholder: "N",
  optional: true,
} as const;

const build = buildCommand<BuildFlags, string[], Context>({
  docs: { brief: "Build what is out of date, then change the prefix in one transaction" },
  loader: async () => import("./build.ts"),
  parameters: {
    flags: {
      ...workspaceFlags,
      jobs: jobsFlag,
      isolation: isolationFlag,
      failFast: boolean("Stop at the first failure"),
      dryRun: boolean("Only print what would be built"),
      standard: boolean("All standard packages of a SageMath checkout"),
      changed: boolean("Everything that is in the prefix and out of date"),
      check: {
        kind: "enum",
        values: ["require", "warn"],
        brief: "Join nothing whose check has not passed; or with =warn, only tell failing checks",
        optional: true,
      },
      memory: {
        kind: "parsed",
        parse: parseSize,
        brief: "How much memory the builds may use together, such as 8G",
        placeholder: "SIZE",
        optional: true,
      },
      link: linkFlag,
      offline: offlineFlag,
      noSync: noSyncFlag,
      weakRenames: weakRenamesFlag,
      json: jsonFlag,
      verbose: boolean("Also print where sources come from"),
    },
    aliases: { ...workspaceAliases, j: "jobs", n: "dryRun", v: "verbose" },
    positional: packageNames,
  },
});

const list = buildCommand<ListFlags, [], Context>({
  docs: { brief: "List the packages in the prefix" },
  loader: async () => import("./list.ts"),
  parameters: { flags: { ...workspaceFlags, json: jsonFlag }, aliases: workspaceAliases },
});

const files = buildCommand<ListFlags, [string], Context>({
  docs: { brief: "List the files of a package in the prefix" },
  loader: async () => import("./files.ts"),
  parameters: {
    flags: { ...workspaceFlags, json: jsonFlag },
    aliases: workspaceAliases,
    positional: packageName,
  },
});

const owner = buildCommand<ListFlags, [string], Context>({
  docs: { brief: "Say which package owns a path of the prefix" },
  loader: async () => import("./owner.ts"),
  parameters: {
    flags: { ...workspaceFlags, json: jsonFlag },
    aliases: workspaceAliases,
    positional: {
      kind: "tuple",
      parameters: [
        { parse: String, brief: "A path, from here or from the prefix", placeholder: "PATH" },
      ],
    },
  },
});

const verify = buildCommand<
  ListFlags & {
    readonly repair: boolean;
    readonly noSync: boolean;
    readonly weakRenames?: boolean;
  },
  string[],
  Context
>({
  docs: { brief: "Compare the prefix with what was installed" },
  loader: async () => import("./verify.ts"),
  parameters: {
    flags: {
      ...workspaceFlags,
      repair: boolean("Put back what differs, from the store or what was displaced"),
      noSync: noSyncFlag,
      weakRenames: weakRenamesFlag,
      json: jsonFlag,
    },
    aliases: workspaceAliases,
    positional: packageNames,
  },
});

const remove = buildCommand<
  ListFlags & {
    readonly force: boolean;
    readonly noSync: boolean;
    readonly weakRenames?: boolean;
  },
  string[],
  Context
>({
  docs: { brief: "Remove packages from the prefix in one transaction" },
  loader: async () => import("./remove.ts"),
  parameters: {
    flags: {
      ...workspaceFlags,
      force: boolean("Even when other packages need them"),
      noSync: noSyncFlag,
      weakRenames: weakRenamesFlag,
      json: jsonFlag,
    },
    aliases: workspaceAliases,
    positional: { ...packageNames, minimum: 1 },
  },
});

const install = buildCommand<InstallFlags, string[], Context>({
  docs: { brief: "Join wheels, or a staged tree of any build system, in one transaction" },
  loader: async () => import("./install.ts"),
  parameters: {
    flags: {
      ...workspaceFlags,
      name: text("The package's name", "NAME"),
      version: text("The package's version", "VERSION"),
      stage: text("The staged tree, shaped like the prefix; it is handed over", "DIR"),
      keepStage: boolean("Copy the staged tree, and leave it where it is"),
      allowSetuid: boolean("Allow files with the setuid or setgid bit, or with capabilities"),
      allowEmpty: boolean("Allow a staged tree without files"),
      replaces: {
        kind: "parsed",
        parse: String,
        brief: "A path that it may take over from another package",
        placeholder: "PATH",
        variadic: true,
        optional: true,
      },
      python: {
        kind: "parsed",
        parse: String,
        brief: "The interpreter of wheels in a prefix that has none",
        placeholder: "PROGRAM",
        default: "python3",
      },
      link: { ...linkFlag, brief: "How files of wheels come from the store into the prefix" },
      compileBytecode: boolean(
        "Make bytecode of the wheels' modules, which Python checks by digest",
      ),
      noDepsCheck: boolean("Do not look whether the wheels' Requires-Python and -Dist are met"),
      noWait: noWaitFlag,
      noSync: noSyncFlag,
      weakRenames: weakRenamesFlag,
      json: jsonFlag,
    },
    aliases: workspaceAliases,
    positional: {
      kind: "array",
      parameter: { parse: String, brief: "A wheel", placeholder: "FILE.whl" },
    },
  },
});

const history = buildCommand<ListFlags, [], Context>({
  docs: { brief: "List the transactions that the prefix has seen" },
  loader: async () => import("./history.ts"),
  parameters: { flags: { ...workspaceFlags, json: jsonFlag }, aliases: workspaceAliases },
});

const rollback = buildCommand<ChangeFlags & { readonly weakRenames?: boolean }, [string?], Context>(
  {
    docs: { brief: "Bring the prefix back to what it was before a transaction" },
    loader: async () => import("./rollback.ts"),
    parameters: {
      flags: {
        ...workspaceFlags,
        noWait: noWaitFlag,
        noSync: noSyncFlag,
        weakRenames: weakRenamesFlag,
        json: jsonFlag,
      },
      aliases: workspaceAliases,
      positional: {
        kind: "tuple",
        parameters: [
          {
            parse: String,
            brief: "The oldest transaction to undo; the last one when absent",
            placeholder: "ID",
            optional: true,
          },
        ],
      },
    },
  },
);

const gc = buildCommand<Omit<ChangeFlags, "noSync"> & { readonly keep: number }, [], Context>({
  docs: { brief: "Remove what transactions displaced, which `rollback` needs" },
  loader: async () => import("./gc.ts"),
  parameters: {
    flags: {
      ...workspaceFlags,
      keep: {
        kind: "parsed",
        parse: parseCount,
        brief: "Leave what the last N transactions displaced",
        placeholder: "N",
        default: "0",
      },
      noWait: noWaitFlag,
      json: jsonFlag,
    },
    aliases: workspaceAliases,
  },
});

const recover = buildCommand<ChangeFlags & { readonly takeBack: boolean }, [], Context>({
  docs: { brief: "Finish what a dead process left unfinished, or take it back" },
  loader: async () => import("./recover.ts"),
  parameters: {
    flags: {
      ...workspaceFlags,
      takeBack: boolean("Take it back, even where it could be finished"),
      noWait: noWaitFlag,
      noSync: noSyncFlag,
      json: jsonFlag,
    },
    aliases: workspaceAliases,
  },
});

const lock = buildCommand<ListFlags & { readonly offline: boolean }, [], Context>({
  docs: { brief: "Pin sources that have no digest yet in tenon.lock" },
  loader: async () => import("./lock.ts"),
  parameters: {
    flags: { ...workspaceFlags, offline: offlineFlag, json: jsonFlag },
    aliases: workspaceAliases,
  },
});

const fetch = buildCommand<ListFlags, string[], Context>({
  docs: { brief: "Bring all sources here, for an offline build" },
  loader: async () => import("./fetch.ts"),
  parameters: {
    flags: { ...workspaceFlags, json: jsonFlag },
    aliases: workspaceAliases,
    positional: packageNames,
  },
});

const importFlags = {
  directory: workspaceFlags.directory,
  fromSource: boolean("Build all from source that is not named with --only-binary"),
  wheels: boolean("Take wheels of all that is not named with --no-binary"),
  noBinary: projects("Build this project from source; :all: is all"),
  onlyBinary: projects("Take a wheel of this project; :all: is all"),
  upgrade: boolean("Let versions of recipes that are there change, and write them anew"),
  noSync: noSyncFlag,
  json: jsonFlag,
} as const;
const importAliases = { ...workspaceAliases, U: "upgrade" } as const;

const import_ = buildCommand<ImportFlags, [string], Context>({
  docs: { brief: "Write recipes for a requirements.txt, pylock.toml or uv.lock" },
  loader: async () => import("./import.ts"),
  parameters: {
    flags: {
      ...importFlags,
      extra: projects("Also what this extra of the locked project needs"),
      group: projects("Also what this dependency group of the locked project needs"),
    },
    aliases: importAliases,
    positional: {
      kind: "tuple",
      parameters: [{ parse: String, brief: "The file", placeholder: "FILE" }],
    },
  },
});

const add = buildCommand<AddFlags, string[], Context>({
  docs: { brief: "Write recipes for projects of the Python package index, and all they need" },
  loader: async () => import("./add.ts"),
  parameters: {
    flags: importFlags,
    aliases: importAliases,
    positional: {
      kind: "array",
      minimum: 1,
      parameter: { parse: String, brief: "A project", placeholder: "pypi:NAME[==VERSION]" },
    },
  },
});

const why = buildCommand<
  ListFlags & { readonly isolation: "auto" | "view" | "none" },
  string[],
  Context
>({
  docs: { brief: "Say which input of a package changed since it was last built" },
  loader: async () => import("./why.ts"),
  parameters: {
    flags: { ...workspaceFlags, isolation: isolationFlag, json: jsonFlag },
    aliases: workspaceAliases,
    positional: packageNames,
  },
});

const graph = buildCommand<ListFlags & { readonly dot: boolean }, string[], Context>({
  docs: { brief: "Print who needs whom" },
  loader: async () => import("./graph.ts"),
  parameters: {
    flags: {
      ...workspaceFlags,
      dot: boolean("Print the graph in the DOT language"),
      json: jsonFlag,
    },
    aliases: workspaceAliases,
    positional: packageNames,
  },
});

const log = buildCommand<LogFlags, [string], Context>({
  docs: { brief: "Print the log of a package's last build" },
  loader: async () => import("./log.ts"),
  parameters: {
    flags: {
      ...workspaceFlags,
      run: {
        kind: "parsed",
        parse: String,
        brief: "Of this run, instead of the last one",
        placeholder: "ID",
        optional: true,
      },
      step: text("Of this step only", "STEP"),
      follow: boolean("Go on printing until its build ends"),
      path: boolean("Print where the logs are"),
    },
    aliases: { ...workspaceAliases, f: "follow" },
    positional: packageName,
  },
});

const shell = buildCommand<ShellFlags, [string, ...string[]], Context>({
  docs: { brief: "Open a shell where a package is built, as its failed build has left it" },
  loader: async () => import("./shell.ts"),
  parameters: {
    flags: {
      ...workspaceFlags,
      step: text("Before this step, instead of the failed or the first one", "STEP"),
      isolation: isolationFlag,
      jobs: jobsFlag,
      offline: offlineFlag,
    },
    aliases: { ...workspaceAliases, j: "jobs" },
    positional: {
      kind: "array",
      minimum: 1,
      parameter: {
        parse: String,
        brief: "The package, then a command to run instead of a shell",
        placeholder: "PACKAGE COMMAND",
      },
    },
  },
});

interface ShellFlags {
  readonly directory?: string;
  readonly sage?: string;
  readonly prefix?: string;
  readonly step?: string;
  readonly isolation: "auto" | "view" | "none";
  readonly jobs?: number;
  readonly offline: boolean;
}

const report = buildCommand<ReportFlags, [], Context>({
  docs: {
    brief: "Write a page that shows a run: its timeline, graph, failures and slowest builds",
  },
  loader: async () => import("./report.ts"),
  parameters: {
    flags: {
      directory: workspaceFlags.directory,
      sage: workspaceFlags.sage,
      trust: workspaceFlags.trust,
      run: text("Of this run, instead of the last one", "ID"),
      output: text("Where to write it; into the run's folder when absent", "FILE"),
      trace: text("Write a trace for Perfetto or chrome://tracing instead", "FILE"),
      json: jsonFlag,
    },
    aliases: workspaceAliases,
  },
});

interface ListFlags {
  readonly directory?: string;
  readonly sage?: string;
  readonly prefix?: string;
  readonly json: boolean;
}

interface ChangeFlags extends ListFlags {
  readonly noWait: boolean;
  readonly noSync: boolean;
}

interface InstallFlags extends ChangeFlags {
  readonly weakRenames?: boolean;
  readonly name?: string;
  readonly version?: string;
  readonly stage?: string;
  readonly keepStage: boolean;
  readonly allowSetuid: boolean;
  readonly allowEmpty: boolean;
  readonly replaces?: readonly string[];
  readonly python: string;
  readonly link?: "reflink" | "hardlink" | "copy";
  readonly compileBytecode: boolean;
  readonly noDepsCheck: boolean;
}

interface ReportFlags {
  readonly trust?: readonly string[];
  readonly directory?: string;
  readonly sage?: string;
  readonly run?: string;
  readonly output?: string;
  readonly trace?: string;
  readonly json: boolean;
}

interface LogFlags {
  readonly directory?: string;
  readonly sage?: string;
  readonly prefix?: string;
  readonly run?: string;
  readonly step?: string;
  readonly follow: boolean;
  readonly path: boolean;
}

interface BuildFlags extends ListFlags {
  readonly jobs?: number;
  readonly isolation: "auto" | "view" | "none";
  readonly failFast: boolean;
  readonly dryRun: boolean;
  readonly standard: boolean;
  readonly changed: boolean;
  readonly check?: "require" | "warn";
  readonly memory?: number;
  readonly link?: "reflink" | "hardlink" | "copy";
  readonly offline: boolean;
  readonly noSync: boolean;
  readonly weakRenames?: boolean;
  readonly verbose: boolean;
}

function boolean(brief: string) {
  return { kind: "boolean", brief, withNegated: false, default: false } as const;
}

function text(brief: string, placeholder: string) {
  return { kind: "parsed", parse: String, brief, placeholder, optional: true } as const;
}

function projects(brief: string) {
  return {
    kind: "parsed",
    parse: String,
    brief,
    placeholder: "NAME",
    variadic: true,
    optional: true,
  } as const;
}

/** `style` is for what is wrong with the command line. */
export function createApplication(version: string, style: Style) {
  const routes = {
    build,
    install,
    remove,
    list,
    files,
    owner,
    verify,
    history,
    rollback,
    recover,
    gc,
    lock,
    fetch,
    add,
    import: import_,
    why,
    graph,
    log,
    shell,

    report,
  };
  return buildApplication(
    buildRouteMap({
      routes,
      docs: { brief: "Builds a software stack from source into one shared prefix" },
    }),
    {
      name: "tenon",
      versionInfo: { currentVersion: version },
      scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
      documentation: { disableAnsiColor: true },
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
