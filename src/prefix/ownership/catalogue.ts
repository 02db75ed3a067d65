/** Which tables there are, and what they cover. It is derived, and may be thrown away. */
import { type Disk, exists, writeAtomically } from "../../world/index.ts";
import { isTransactionId, readHistoryEntry } from "../history-entry.ts";
import type { PrefixLayout } from "../layout.ts";
import { historyLimitBytes, readState } from "../state-files.ts";

export interface TableEntry {
  /** Its name in the folder of the index. */
  readonly file: string;
  readonly rows: number;
  readonly sizeBytes: number;
}

export interface Catalogue {
  /** Ids of the transactions whose packages the tables cover. */
  readonly transactions: readonly string[];
  /** Oldest first: what a newer one says of a package replaces what older ones say. */
  readonly tables: readonly TableEntry[];
}

const formatVersion = 1;

/** Undefined when there is none, or it cannot be relied upon. */
export function readCatalogue(disk: Disk, layout: PrefixLayout): Catalogue | undefined {
  const content = readState(disk, layout, layout.catalogue, historyLimitBytes);
  const catalogue = content === undefined ? undefined : parseCatalogue(content.toString());
  const isWhole = ({ file, sizeBytes }: TableEntry): boolean => {
    const status = disk.status(`${layout.index}/${file}`);
    if (status?.type !== "file" || status.sizeBytes !== sizeBytes) return false;
    layout.guard?.(`${layout.index}/${file}`, status);
    return true;
  };
  return catalogue?.tables.every(isWhole) === true ? catalogue : undefined;
}

/** Undefined when it is none: it is derived, so damage means only that it is made again. */
export function parseCatalogue(text: string): Catalogue | undefined {
  let value: (Partial<Catalogue> & { readonly format?: number }) | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  if (value?.format !== formatVersion) return undefined;
  const { transactions, tables } = value;
  const isGood =
    Array.isArray(transactions) &&
    transactions.every((id) => typeof id === "string" && isTransactionId(id)) &&
    Array.isArray(tables) &&
    tables.every(isTableEntry);
  return isGood ? { transactions, tables } : undefined;
}

function isTableEntry(value: unknown): value is TableEntry {
  if (typeof value !== "object" || value === null) return false;
  const { file, rows, sizeBytes } = value as Record<string, unknown>;
  return (
    typeof file === "string" &&
    /^table-[0-9a-f]+$/.test(file) &&
    Number.isSafeInteger(rows) &&
    Number.isSafeInteger(sizeBytes) &&
    (sizeBytes as number) >= 0
  );
}

export function writeCatalogue(disk: Disk, layout: PrefixLayout, catalogue: Catalogue): void {
  const temporary = `${layout.catalogue}.tmp`;
  if (exists(disk, temporary)) disk.removeFile(temporary);
  writeAtomically(disk, layout.catalogue, JSON.stringify({ format: formatVersion, ...catalogue }), {
    temporary,
    durable: true,
  });
}

/** Names of the packages that a transaction brought, replaced or removed. */
export function packagesOf(disk: Disk, layout: PrefixLayout, transaction: string): string[] {
  const entry = readHistoryEntry(disk, layout, transaction);
  return entry?.changes.map((change) => change.package) ?? [];
}
