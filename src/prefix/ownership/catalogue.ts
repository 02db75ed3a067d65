/** Which tables there are, and what they cover. It is derived, and may be thrown away. */
import { type Disk, exists, readTextIfAny, writeAtomically } from "../../world/index.ts";
import type { PrefixLayout } from "../layout.ts";

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
  const text = readTextIfAny(disk, layout.catalogue);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Partial<Catalogue> & { readonly format?: number };
    if (value.format !== formatVersion) return undefined;
    const { transactions = [], tables = [] } = value;
    const isWhole = ({ file, sizeBytes }: TableEntry): boolean =>
      disk.status(`${layout.index}/${file}`)?.sizeBytes === sizeBytes;
    return tables.every(isWhole) ? { transactions, tables } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function writeCatalogue(disk: Disk, layout: PrefixLayout, catalogue: Catalogue): void {
  const temporary = `${layout.catalogue}.tmp`;
  if (exists(disk, temporary)) disk.removeFile(temporary);
  writeAtomically(disk, layout.catalogue, JSON.stringify({ format: formatVersion, ...catalogue }), {
    temporary,
    durable: true,
  });
}

/** Ids of the transactions that the prefix has seen, in no order. */
export function transactionIds(disk: Disk, layout: PrefixLayout): string[] {
  if (!exists(disk, layout.history)) return [];
  return disk
    .list(layout.history)
    .filter(({ name }) => name.endsWith(".json"))
    .map(({ name }) => name.slice(0, -".json".length));
}

/** Names of the packages that a transaction brought, replaced or removed. */
export function packagesOf(disk: Disk, layout: PrefixLayout, transaction: string): string[] {
  const text = readTextIfAny(disk, `${layout.history}/${transaction}.json`);
  if (text === undefined) return [];
  const entry = JSON.parse(text) as { readonly changes: readonly { readonly package: string }[] };
  return entry.changes.map((change) => change.package);
}
