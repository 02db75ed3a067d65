/** The jobserver of a package, real and simulated: where tokens lie, and how they come back. */
import * as fs from "node:fs";
import * as os from "node:os";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createRealWorld,
  type Jobserver,
  type Processes,
  tokenDescriptors,
} from "../../src/world/index.ts";
import { createSimulatedProcesses } from "../../src/world/simulated/index.ts";

interface Program {
  take(atMost: number): number;
  giveBack(count: number): void;
}

interface Place {
  readonly processes: Processes;
  readonly fifo: string;
  readonly program: Program;
  remove(): void;
}

const { O_RDWR, O_NONBLOCK } = fs.constants;

/** A program that finds both FIFOs by their path. */
function realPlace(): Place {
  const root = fs.mkdtempSync(`${os.tmpdir()}/tenon-jobserver-`);
  const fifo = `${root}/tokens`;
  const using = <Result>(path: string, use: (fd: number) => Result): Result => {
    const fd = fs.openSync(path, O_RDWR | O_NONBLOCK);
    try {
      return use(fd);
    } finally {
      fs.closeSync(fd);
    }
  };
  return {
    processes: createRealWorld({}).processes,
    fifo,
    program: {
      take: (atMost) => using(fifo, (fd) => fs.readSync(fd, Buffer.alloc(atMost))),
      giveBack: (count) => using(`${fifo}.back`, (fd) => fs.writeSync(fd, "+".repeat(count))),
    },
    remove: () => fs.rmSync(root, { recursive: true }),
  };
}

function simulatedPlace(): Place {
  const processes = createSimulatedProcesses();
  const pipes = (): ReturnType<typeof processes.jobservers.get> => processes.jobservers.get("/t");
  return {
    processes,
    fifo: "/t",
    program: {
      take: (atMost) => pipes()?.take(atMost) ?? 0,
      giveBack: (count) => pipes()?.giveBack(count),
    },
    remove: () => {},
  };
}

describe.each([
  ["real", realPlace],
  ["simulated", simulatedPlace],
] as const)("%s", (_kind, makePlace) => {
  let place: Place;
  let jobserver: Jobserver;
  let tell: (count: number) => void;
  beforeEach(() => {
    place = makePlace();
    jobserver = place.processes.openJobserver(place.fifo, (count) => tell(count));
  });
  afterEach(() => {
    jobserver.close();
    place.remove();
  });

  test("what is offered lies there until it is taken or withdrawn", () => {
    expect([jobserver.unread(), jobserver.withdraw(1)]).toEqual([0, 0]);
    jobserver.offer(5);
    expect(place.program.take(2)).toBe(2);
    expect(jobserver.unread()).toBe(3);
    expect(jobserver.withdraw(2)).toBe(2);
    expect(jobserver.withdraw(2)).toBe(1);
    expect(jobserver.unread()).toBe(0);
  });

  test("what is given back is told at once", async () => {
    jobserver.offer(3);
    place.program.take(3);
    let told = 0;
    const all = new Promise<void>((resolve) => {
      tell = (count) => {
        told += count;
        if (told === 3) resolve();
      };
    });
    place.program.giveBack(1);
    place.program.giveBack(2);
    await all;
    expect([jobserver.unread(), jobserver.collect()]).toEqual([0, 0]);
  });
});

describe("on this machine", () => {
  const { processes } = createRealWorld({});
  const place = realPlace();
  afterEach(() => place.remove());

  test("a program finds its ends at their descriptors, and what it has not told is collected", async () => {
    let told = 0;
    const jobserver = processes.openJobserver(place.fifo, (count) => (told += count));
    jobserver.offer(2);
    const { take, giveBack } = tokenDescriptors;
    const script = `token=$(dd bs=1 count=1 status=none </proc/self/fd/${take}); printf "%s%s" "$token" "$token" >/proc/self/fd/${giveBack}`;
    const command = { program: "sh", args: ["-c", script], jobserver };
    expect(await processes.run(command)).toEqual({ kind: "exited", code: 0 });
    expect(jobserver.unread()).toBe(1);
    expect(told + jobserver.collect()).toBe(2);
    jobserver.close();
    expect(fs.existsSync(place.fifo)).toBe(false);
  });
});

describe("what a program has put in the place of the FIFOs", () => {
  const place = realPlace();
  const { processes } = createRealWorld({});
  afterEach(() => place.remove());

  test("goes with them", () => {
    const jobserver = processes.openJobserver(place.fifo, () => {});
    fs.rmSync(place.fifo);
    fs.mkdirSync(`${place.fifo}/full`, { recursive: true });
    jobserver.close();
    expect(fs.existsSync(place.fifo)).toBe(false);
  });
});

describe("the jobserver of whoever started us", () => {
  const place = realPlace();
  const { processes } = createRealWorld({});
  afterEach(() => place.remove());

  test("is none at descriptors that were not inherited, even if there are pipes by now", () => {
    const jobserver = processes.openJobserver(place.fifo, () => {});
    const fd = fs.openSync(place.fifo, O_RDWR);
    expect(processes.joinJobserver(`${fd},${fd}`)).toBeUndefined();
    expect(processes.joinJobserver(`fifo:${place.fifo}`)).toBeDefined();
    for (const wrong of ["fifo:/nowhere", "fifo:/dev/null", "3", "-2,-2", ""]) {
      expect(processes.joinJobserver(wrong), wrong).toBeUndefined();
    }
    fs.closeSync(fd);
    jobserver.close();
  });
});
