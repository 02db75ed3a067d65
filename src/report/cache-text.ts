/** Keys and pushed results as a person reads them. */
import { showCount, showNames, showSize } from "../core/index.ts";
import type { Challenged, ListedKey, PushResult } from "../library/index.ts";
import type { Style } from "./style.ts";

export function renderKeys(keys: readonly ListedKey[], folder: string): string[] {
  if (keys.length === 0) return [`no keys in ${folder}; \`tenon key new NAME\` makes one`];
  return keys.flatMap(({ name, until, isExpired, line }) => [
    `${name}, ${isExpired ? "ended on" : "until"} ${until}:`,
    `  ${JSON.stringify(line)}`,
  ]);
}

export function renderNewKey({
  file,
  line,
  until,
}: ListedKey & { readonly file: string }): string[] {
  return [
    `made a key that counts until ${until}; its secret half is ${file}`,
    "write this into tenon.toml, and what the key has signed is believed:",
    "",
    "[cache]",
    `keys = [${JSON.stringify(line)}]`,
  ];
}

export function renderPushed(result: PushResult, style: Style): string[] {
  const { pushed, known, total, place, signer, unbuilt, unshared } = result;
  const sizeBytes = pushed.reduce((sum, each) => sum + each.sizeBytes, 0);
  const name = signer === undefined ? "unsigned" : `signed by ${signer}`;
  const before = known === 0 ? "" : `, ${known} were there already`;
  return [
    `${style.good("done")}: ${showCount(pushed.length, "result")} pushed to ${place} (${showSize(sizeBytes)}), ${name}${before}; it has ${total} now`,
    ...(unbuilt.length === 0
      ? []
      : [
          `  not built from the current recipes, and so not pushed: ${showNames(unbuilt)}; \`tenon build\` builds them`,
        ]),
    ...unshared.map((each) => `  not pushed: ${each.name}; ${each.reason}`),
  ];
}

const shownDifferences = 10;

export function renderChallenged(results: readonly Challenged[], style: Style): string[] {
  const lines = results.flatMap((each) => renderOne(each, style));
  const compared = results.filter(({ result }) => result.kind !== "alone").length;
  const different = results.filter(({ result }) => result.kind === "different").length;
  const end = different === 0 ? style.good("ok") : style.bad("differs");
  const alone = results.length - compared;
  const rest = alone === 0 ? "" : `; ${alone} more have one builder only`;
  return [
    ...lines,
    `${end}: ${showCount(compared, "package")} compared, ${different} differ${rest}`,
  ];
}

function renderOne({ package: name, version, result }: Challenged, style: Style): string[] {
  switch (result.kind) {
    case "alone":
    case "same":
      return [];
    case "unknown":
      return [`${style.warn("unknown")} ${name} ${version}: ${result.reason}`];
    case "different": {
      const { builders, differences } = result;
      const more = differences.length - shownDifferences;
      return [
        `${style.bad("different")} ${name} ${version}: ${builders[0]} and ${builders[1]} built it differently`,
        ...differences
          .slice(0, shownDifferences)
          .map(({ path, offset, what = "" }) =>
            offset === undefined ? `  ${path} ${what}` : `  ${path} differs from byte ${offset} on`,
          ),
        ...(more > 0 ? [`  and ${showCount(more, "more path")}`] : []),
      ];
    }
  }
}
