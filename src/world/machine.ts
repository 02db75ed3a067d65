/** Facts about this machine and the caller. */

export interface Machine {
  /** What the scheduler may use: respects CPU affinity. */
  readonly processors: number;
  readonly userId: number;
  readonly groupId: number;
  /** What a user is called; undefined where no name is known. */
  userName(id: number): string | undefined;
  readonly hostName: string;
  /** As Node names it: `x64`, `arm64`. */
  readonly architecture: string;
  /** Read anew each time. */
  memory(): Memory;
}

export interface Memory {
  /** What programs can still take before something is swapped out or killed. */
  readonly availableBytes: number;
  /** The share of the last ten seconds in which some process waited for memory, from 0 to 1. */
  readonly pressure: number;
  /** How many processes the kernel has killed for want of memory since it was started. */
  readonly oomKills: number;
}
