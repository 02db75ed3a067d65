/** `tenon gc`, of a prefix, and `tenon gc --store` */
import {
  collectGarbage,
  collectStore,
  releaseFailed,
  storeOfPlace,
  TenonError,
} from "../library/index.ts";
import { showCount, showNames, showSize } from "../core/index.ts";
import type { GcFlags } from "./commands/gc.ts";
import { type Context, guard, makeSink, printJson, printLines } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { runOperation } from "./operation.ts";
import { sessionOptions } from "./options.ts";

export default function runGc(this: Context, flags: GcFlags): Promise<void> {
  return flags.store ? ofStore(this, flags) : ofPrefix(this, flags);
}

function ofPrefix(context: Context, flags: GcFlags): Promise<void> {
  const { keep = { transactions: 0 } } = flags;
  return runOperation(context, flags, {
    activity: "tenon gc",
    check: () => {
      if (flags.maxSize !== undefined) throw onlyOfStore("--max-size");
      if (flags.dryRun) throw onlyOfStore("--dry-run");
      if (!("transactions" in keep)) throw onlyOfStore("a time with --keep");
    },
    operate: async (prefix) => {
      const failed = releaseFailed(prefix.world, prefix);
      const ended = await collectGarbage(prefix, {
        keep: "transactions" in keep ? keep.transactions : 0,
      });
      return ended.kind === "conflict" ? ended : { ...ended, value: { ...ended.value, failed } };
    },
    show: ({ transactions, sizeBytes, failed }) => [
      ...(failed.length === 0
        ? []
        : [
            `removed what ${showCount(failed.length, "failed build")} had left: ${showNames(failed)}`,
          ]),
      `removed what ${showCount(transactions.length, "transaction")} displaced (${showSize(sizeBytes)})`,
    ],
  });
}

function ofStore(context: Context, flags: GcFlags): Promise<void> {
  return guard(context, async () => {
    const { keep, maxSize: maxBytes, dryRun } = flags;
    if (keep !== undefined && "transactions" in keep) throw withoutUnit(keep.transactions);
    const command = { activity: "tenon gc", emit: makeSink(context, {}) };
    const options = sessionOptions(context, flags, command);
    const collected = await collectStore(context.world, {
      ...options,
      store: storeOfPlace(context.world, options),
      ...(keep === undefined ? {} : { keepMs: keep.ageMs }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
    if (flags.json) {
      printJson(context, dryRun ? { ...collected, kind: "planned" } : collected);
      return exitCodes.done;
    }
    const { artifacts, sources, sizeBytes, leftBytes, store } = collected;
    const what = `${showCount(artifacts, "artifact")} and ${showCount(sources, "source")}`;
    const verb = dryRun ? "would remove" : "removed";
    printLines(context, [
      `${verb} ${what} (${showSize(sizeBytes)}); ${showSize(leftBytes)} ${dryRun ? "would stay" : "stay"} in ${store}`,
    ]);
    return exitCodes.done;
  });
}

function onlyOfStore(what: string): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: `${what} is for the store: \`tenon gc --store\` cleans it`,
  });
}

function withoutUnit(count: number): TenonError {
  return new TenonError({
    kind: "usage",
    code: "WRONG_USAGE",
    message: `with --store, --keep takes a time: ${count}d are ${showCount(count, "day")}`,
  });
}
