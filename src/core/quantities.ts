/** Sizes and times as people write them. */

/** Bytes, or with K, M, G or T times 1024 each, as for make, systemd and most others; undefined for anything else. */
export function bytesOf(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,15}(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return Math.round(Number(digits) * 1024 ** ["", "K", "M", "G", "T"].indexOf(unit.toUpperCase()));
}

const hourMs = 60 * 60 * 1000;
const unitsMs: Readonly<Record<string, number>> = { h: hourMs, d: 24 * hourMs, w: 7 * 24 * hourMs };

/** Milliseconds of hours, days or weeks, such as `12h` or `14d`; undefined for anything else. */
export function timeSpanOf(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (unitsMs[unit] ?? 0);
}
