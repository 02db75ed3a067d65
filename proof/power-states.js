/**
 * The states in which a disk with a volatile cache may be found after a power cut.
 *
 * A flush makes all writes durable that were complete before it. Of those that follow, until the
 * next flush is complete, the disk may have kept any; and of a write any part that it does not
 * write in one piece. `durable` is the number of entries of the log that are there for sure, `fates`
 * says of each following write whether it is there: 1, 0, or the parts of it that are.
 */
import { randomFrom } from "./random.js";

/**
 * What a disk writes in one piece. XFS and Btrfs rely on 4 KiB being so, at least for a block of
 * metadata with the newest log sequence number and for the superblock: torn, they cannot be mounted.
 */
const pieceBytes = { ext4: 512, xfs: 4096, btrfs: 4096 };

/** The epochs (from one flush to the next) of each operation, until what it did is synced. */
export function epochsOf(entries, names) {
  const flushes = entries.flatMap(({ kind }, at) => (kind === "flush" ? [at] : []));
  const markAt = (text) => entries.findIndex((each) => each.kind === "mark" && each.text === text);
  const flushBefore = (at) => flushes.findLast((flush) => flush < at);
  return names.map((name) => {
    const [start, over] = [`before ${name}`, `over ${name}`].map((text) =>
      flushBefore(markAt(text)),
    );
    const done = markAt(`after ${name}`);
    const begins = flushes.filter((flush) => flush >= start && flush < over);
    const epochs = begins.map((flush) => {
      const end = flushes.find((other) => other > flush);
      const writes = entries.slice(flush, end).filter(({ kind }) => kind === "write");
      return { durable: flush, writes, mustBeNew: end > done };
    });
    return { name, epochs };
  });
}

/** At most `count` states of an operation, none twice; of each epoch one is that nothing is there yet. */
export function chooseStates({ name, epochs }, { count, seed, kind }) {
  const random = randomFrom(seed);
  for (let warm = 0; warm < 8; warm += 1) random();
  const states = new Map();
  const add = (state) => states.set(`${state.durable} ${JSON.stringify(state.fates)}`, state);
  const full = epochs.filter(({ writes }) => writes.length > 0);
  const first = shuffle(full, random).slice(0, count);
  for (const epoch of first) add(stateIn(epoch, "nothing", []));
  const all = full.flatMap((epoch) => epoch.writes.map((_, at) => ({ epoch, at })));
  for (let tries = 0; states.size < count && tries < 50 * count; tries += 1) {
    add(someState(all[Math.floor(random() * all.length)], random, pieceBytes[kind]));
  }
  const chosen = [...states.values()].map((state) => ({ operation: name, ...state }));
  return chosen.sort((a, b) => a.durable - b.durable);
}

function shuffle(list, random) {
  return list
    .map((each) => [random(), each])
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each);
}

function someState({ epoch, at }, random, piece) {
  const count = epoch.writes.length;
  const only = (keep) => epoch.writes.map((_, index) => (keep(index) ? 1 : 0));
  const share = random();
  const torn = () => tear(epoch.writes[at].bytes, random, piece);
  const withTorn = (keep) => only(keep).map((fate, index) => (index === at ? torn() : fate));
  const kinds = [
    () => [`the first ${at + 1} of ${count}`, only((index) => index <= at)],
    () => [`all but ${at} of ${count}`, only((index) => index !== at)],
    () => [`only ${at} of ${count}`, only((index) => index === at)],
    () => [`up to ${at} of ${count}, torn`, withTorn((index) => index < at)],
    () => [`all ${count}, ${at} torn`, withTorn(() => true)],
    () => [`some of ${count}`, only(() => random() < share)],
    () => [`some of ${count}, ${at} torn`, withTorn(() => random() < share)],
  ];
  return stateIn(epoch, ...kinds[Math.floor(random() * kinds.length)]());
}

/** What the disk was told to write through is there whenever something later is. */
function stateIn({ durable, writes, mustBeNew }, label, wanted) {
  const last = wanted.findLastIndex((fate) => fate !== 0);
  const fates = wanted.map((fate, at) => (writes[at].durable && at < last ? 1 : fate));
  return { durable, mustBeNew, label, fates: fates.slice(0, last + 1) };
}

/** A beginning of the write, or any parts of it. */
function tear(bytes, random, piece) {
  const count = Math.ceil(bytes / piece);
  if (count < 2) return random() < 0.5 ? 1 : 0;
  const cut = 1 + Math.floor(random() * (count - 1));
  const isPrefix = random() < 0.5;
  const parts = Array.from({ length: count }, (_, at) => at);
  const kept = parts.filter((at) => (isPrefix ? at < cut : random() < 0.5));
  return kept.map((at) => [at * piece, Math.min(piece, bytes - at * piece)]);
}
