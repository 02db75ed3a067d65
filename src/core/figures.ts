/** Figures as people read them. */

/** Milliseconds as `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`. */
export function showDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** The same in whole seconds, for a clock that ticks: `4 s`, `1 min 02 s`. */
export function showSeconds(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 10 ? `${seconds} s` : showDuration(seconds * 1000);
}

/** A time to come, as exact as such can be: `20 s`, `3 min`, `1 h 40 min`. */
export function showRoughly(ms: number): string {
  const seconds = ms / 1000;
  if (seconds <= 55) return `${Math.max(1, Math.ceil(seconds / 10)) * 10} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const tens = Math.round(minutes / 10) * 10;
  return tens % 60 === 0 ? `${tens / 60} h` : `${Math.floor(tens / 60)} h ${tens % 60} min`;
}

/** Bytes as `512 B`, `3.2 MB`; units of 1000. */
export function showSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** `1 package`, `2 packages`, `1,234 files`. */
export function showCount(count: number, noun: string): string {
  return `${showNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `1,234`, without the ten milliseconds that Intl takes to load. */
export function showNumber(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The minute of a point in time, in milliseconds since 1970: `2026-11-30 09:12 UTC`. */
export function showMoment(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** At most eight names, then how many more. */
export function showNames(names: readonly string[]): string {
  const shown = 8;
  if (names.length <= shown) return names.join(", ");
  return `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
}
