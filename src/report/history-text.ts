/** What a prefix has seen, as text. */
import type { HistoryEntry } from "../library/index.ts";
import { renderTable } from "./table.ts";

const shownChanges = 4;

/** Newest first, one line a transaction. */
export function renderHistory(entries: readonly HistoryEntry[]): string[] {
  if (entries.length === 0) return ["no transactions"];
  return renderTable(
    [{ title: "transaction" }, { title: "by" }, { title: "kept" }, { title: "changes" }],
    entries.map((entry) => [
      entry.id,
      entry.activity,
      entry.isKept ? "yes" : "no",
      showChanges(entry),
    ]),
  );
}

function showChanges({ changes }: HistoryEntry): string {
  const shown = changes.slice(0, shownChanges).map(({ package: name, from, to }) => {
    if (from === null) return `+${name} ${to ?? ""}`;
    if (to === null) return `-${name} ${from}`;
    return from === to ? `${name} ${to} again` : `${name} ${from} → ${to}`;
  });
  const rest = changes.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}
