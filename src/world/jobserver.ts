/** Job tokens as the machine knows them: the pipes of a GNU make jobserver, each token one byte. */

/** Where a command that is given a jobserver finds its ends; no shell script uses such numbers. */
export const tokenDescriptors = { take: 30, giveBack: 31 } as const;

/**
 * The jobserver of one package. Its programs read tokens from a FIFO, by its path or by the first
 * descriptor. What they write to the second descriptor comes to us at once, so that we say who is
 * next; what they write back to the FIFO itself is unread again.
 */
export interface Jobserver {
  /** Puts tokens where whoever reads first has them. */
  offer(count: number): void;
  /** How many lie there. */
  unread(): number;
  /** Takes back up to so many of them; gives how many there were. */
  withdraw(atMost: number): number;
  /** What was given back and not told yet. */
  collect(): number;
  /** Its FIFO goes, too. */
  close(): void;
}

/** The jobserver of the make that started this process. What is held goes back when it exits. */
export interface CallersJobserver {
  /** Does not wait; false when there is none just now. */
  take(): boolean;
  giveBack(): void;
}
