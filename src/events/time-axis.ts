/** Round times for an axis: as many as fit, at steps that people count in. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const steps = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 4, 6, 12, 24, 48, 96].map((count) => count * hour),
];

interface Tick {
  readonly atMs: number;
  readonly label: string;
}

export function ticksFor(durationMs: number, most: number): Tick[] {
  const stepMs = steps.find((step) => durationMs / step <= most) ?? durationMs;
  const ticks: Tick[] = [];
  for (let at = 0; at * stepMs <= durationMs; at += 1) {
    ticks.push({ atMs: at * stepMs, label: label(at * stepMs, stepMs) });
  }
  return ticks;
}

function label(atMs: number, stepMs: number): string {
  if (atMs === 0) return "0";
  if (stepMs < second) return `${(atMs / second).toFixed(1)} s`;
  const two = (value: number): string => String(value).padStart(2, "0");
  const seconds = Math.round(atMs / second);
  if (stepMs >= hour) return `${Math.round(atMs / hour)} h`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600 && stepMs >= minute) return `${Math.round(seconds / 60)} min`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)} min`;
  return `${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))} h`;
}
