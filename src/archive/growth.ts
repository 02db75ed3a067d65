/** How much a compressed tar may grow: no archive fills the disk. */
import { refusal } from "./refusal.ts";

const foldLimit = 1000; // sources grow five- to twentyfold; a file of zeros, more than thousandfold
const harmlessBytes = 1 << 28;

export function growthLimit(fileBytes: number): number {
  return Math.max(harmlessBytes, fileBytes * foldLimit);
}

export function growsTooMuch(archive: string): Error {
  return refusal("BOMB", { archive }, `would grow more than ${foldLimit}-fold`);
}
