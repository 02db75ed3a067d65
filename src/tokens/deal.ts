/** Who gets the job tokens that are free: those that have taken what they got, fewest first. */
import type { Member } from "./member.ts";
import type { TokenSource } from "./source.ts";

/**
 * Tokens that lie unread are taken from one package only where another one would take them. What is
 * left lies spread over all, so that whoever begins to want some need not wait for us. Of a shared
 * source nothing is kept that is not taken soon.
 */
export function deal(source: TokenSource, members: readonly Member[], nowMs: number): void {
  const active = members.filter((member) => member.isActive());
  const open = active.filter((member) => member.hasRoom());
  const takers = open.filter((member) => member.tookAll());
  // What nobody takes may as well be tried with one after the other.
  const isIdle = takers.length === 0 && !source.isShared;
  const asked = open.filter((member) =>
    isIdle ? member.unread() === 0 : !member.tookAll() && member.isDue(nowMs),
  );
  const takeOne = (): boolean =>
    source.take() || active.some((member) => member.stale(nowMs) > 0 && member.withdraw(nowMs));
  offerEach(asked, takeOne, nowMs);
  // As make does: one, and then the next one.
  const rounds = source.isShared ? 1 : Infinity;
  for (let round = 0; round < rounds && offerEach(takers, takeOne, nowMs); round += 1);
  if (source.isShared) giveUp(source, active, nowMs);
  else spread(source, open, nowMs);
}

/** False when there was not one for each that may get one. */
function offerEach(members: readonly Member[], takeOne: () => boolean, nowMs: number): boolean {
  const open = members.filter((member) => member.hasRoom());
  const fewestFirst = open.sort((a, b) => a.held() - b.held());
  return (
    open.length > 0 &&
    fewestFirst.every((member) => {
      if (!takeOne()) return false;
      member.offer(nowMs);
      return true;
    })
  );
}

function spread(source: TokenSource, members: readonly Member[], nowMs: number): void {
  for (;;) {
    const open = members.filter((member) => member.hasRoom());
    const [emptiest] = open.sort((a, b) => a.unread() - b.unread());
    if (emptiest === undefined || !source.take()) return;
    emptiest.offer(nowMs);
  }
}

function giveUp(source: TokenSource, active: readonly Member[], nowMs: number): void {
  for (const member of active) {
    while (member.stale(nowMs) > 0 && member.withdraw(nowMs)) source.giveBack();
  }
}
