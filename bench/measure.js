/** What the benchmarks share. */

export function wholeNumber(name, text) {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`--${name} must be a whole number above 0, not ${text}\n`);
  process.exit(2);
}

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
