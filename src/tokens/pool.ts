/**
 * One pool of job tokens for all packages and for what they start (I10).
 *
 * Each running package holds one token, with which its programs do one thing at a time. For more, it
 * has a jobserver of its own, in which free tokens are laid. All that were given to it come home when
 * its programs have ended, however they ended: what was killed, or stays behind, loses none.
 *
 * A make gives its tokens back to us and not to the FIFO that it reads from. So we know at once, and
 * a package that waits to begin comes before one more job of a package that runs: its whole chain
 * of dependents waits with it. That a token was taken, though, is to be seen only by looking. So while
 * one package may want what lies unread with another, somebody looks now and then.
 */
import type { Clock, Jobserver, Processes } from "../world/index.ts";
import { deal } from "./deal.ts";
import { createMember, type Member } from "./member.ts";
import { createTeller, type HeldTeller, tellMs } from "./teller.ts";
import type { TokenSource } from "./source.ts";

export interface TokenPool {
  /** How many jobs there are in all, at most. */
  readonly jobs: number;
  /** Waits for the token with which a package runs. With `most`, it runs no more jobs than that. */
  admit(name: string, most?: number): Promise<PackageTokens>;
}

export interface PackageTokens {
  readonly jobs: number;
  /** Lets the package's programs take part, as long as `run` lasts; they all have ended then. */
  during<Result>(fifo: string, run: (jobserver: Jobserver) => Promise<Result>): Promise<Result>;
  /** The package is done. */
  leave(): void;
}

interface TokenPoolOptions {
  readonly source: TokenSource;
  readonly jobs: number;
  readonly processes: Processes;
  readonly clock: Clock;
  /** How many jobs a package runs; 0 while it waits to begin. */
  readonly onHeld: (name: string, held: number) => void;
  /** Tokens that a package's programs did not give back before they ended. */
  readonly onLost: (name: string, count: number) => void;
}

const shortestLookMs = 12;
const longestLookMs = 100;

export function createTokenPool(options: TokenPoolOptions): TokenPool {
  const teller = createTeller(options.clock, options.onHeld);
  const members = new Set<Member>();
  const waiting: (() => void)[] = [];
  const balancing = startBalancing({ options, teller, members, waiting });
  return {
    jobs: options.jobs,
    admit: async (name, most = options.jobs) => {
      const admitted = new Promise<void>((resolve) => waiting.push(resolve));
      balancing.balance();
      if (waiting.length > 0) teller.tellWaiting(name);
      await admitted;
      const member = createMember(name, most);
      members.add(member);
      teller.tell(member);
      return {
        jobs: most,
        during: (fifo, run) => during({ options, member, ...balancing }, fifo, run),
        leave: () => {
          members.delete(member);
          teller.forget(name);
          balancing.comeHome(1);
        },
      };
    },
  };
}

interface Balancing {
  /** Gives what is free to who wants it, and looks again when it is time. */
  readonly balance: () => void;
  readonly comeHome: (count: number) => void;
}

interface Balanced {
  readonly options: TokenPoolOptions;
  readonly teller: HeldTeller;
  readonly members: ReadonlySet<Member>;
  /** Lets one package begin each. */
  readonly waiting: (() => void)[];
}

function startBalancing(balanced: Balanced): Balancing {
  const { teller, members, waiting } = balanced;
  const { source, clock } = balanced.options;
  let lookMs = shortestLookMs;
  let cancelLook = (): void => {};

  const balance = (): void => {
    const nowMs = clock.monotonicMs();
    const changed = [...members].filter((member) => member.look(nowMs));
    lookMs = changed.length > 0 ? shortestLookMs : Math.min(2 * lookMs, longestLookMs);
    while (waiting.length > 0 && takeOne(nowMs)) waiting.shift()?.();
    deal(source, [...members], nowMs);
    for (const member of members) teller.tell(member);
    cancelLook();
    const nextMs = untilNextLook();
    cancelLook = nextMs === undefined ? () => {} : clock.callAfter(nextMs, balance);
  };
  const takeOne = (nowMs: number): boolean =>
    source.take() || [...members].some((member) => member.withdraw(nowMs));
  const untilNextLook = (): number | undefined => {
    const active = [...members].filter((member) => member.isActive());
    const wanting = active.length + waiting.length;
    if (source.isShared && wanting > 0) return lookMs;
    if (active.every((member) => member.held() + member.unread() === 0)) return undefined;
    return wanting > 1 ? lookMs : tellMs;
  };
  const comeHome = (count: number): void => {
    for (let each = 0; each < count; each += 1) source.giveBack();
    lookMs = shortestLookMs;
    balance();
  };
  return { balance, comeHome };
}

async function during<Result>(
  part: Balancing & { readonly options: TokenPoolOptions; readonly member: Member },
  fifo: string,
  run: (jobserver: Jobserver) => Promise<Result>,
): Promise<Result> {
  const { member, balance, comeHome } = part;
  const { processes, clock, onLost } = part.options;
  const jobserver = processes.openJobserver(fifo, (count) =>
    comeHome(member.takeIn(count, clock.monotonicMs())),
  );
  try {
    member.begin(jobserver, clock.monotonicMs());
    balance();
    return await run(jobserver);
  } finally {
    const { home, lost } = member.end();
    jobserver.close();
    if (lost > 0) onLost(member.name, lost);
    comeHome(home);
  }
}
