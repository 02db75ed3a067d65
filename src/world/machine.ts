/** Facts about this machine and the caller. */

export interface Machine {
  /** What the scheduler may use: respects CPU affinity. */
  readonly processors: number;
  readonly userId: number;
  readonly groupId: number;
  readonly hostName: string;
  /** As Node names it: `x64`, `arm64`. */
  readonly architecture: string;
}
