/** The installers as workers: a few processes, each making several changes of one prefix at once. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isWeak } from "./places.js";
import { chainsOfBuilds } from "./race-builds.js";
import { copyStages } from "./race-tools.js";
import { converse } from "./processes.js";

export function makeWorkers(options) {
  const { processes, sync, on } = options;
  const script = fileURLToPath(new URL("race-worker.js", import.meta.url));
  const startWorker = () => converse([process.execPath, script]);
  const workers = Array.from({ length: processes }, startWorker);
  const verifier = startWorker();
  return {
    name: "tenon",
    open: (prefix) => void mkdirSync(prefix, { recursive: true }),
    phases: on === "overlay" ? [[1], [2]] : [[1, 2]],
    async begin(versions, place) {
      const prefix = `${place}/prefix`;
      const makeChains = options.relocating ? chainsOfBuilds : chainsOfStages;
      const chains = await makeChains(options, versions, place);
      const shares = workers.map((_, at) =>
        chains.filter((_chain, number) => number % processes === at),
      );
      let begun;
      const isReleased = new Promise((resolve) => (begun = resolve));
      return {
        release() {
          workers.forEach((worker, at) =>
            ask(worker, { prefix, sync, weakRenames: isWeak(on), chains: shares[at] }),
          );
          begun();
        },
        ended: isReleased.then(async () => {
          const answers = await Promise.all(workers.map(hear));
          return answers.flat().map((failure) => failure ?? undefined);
        }),
      };
    },
    async verify(prefix) {
      ask(verifier, { prefix });
      return (await hear(verifier)) ?? undefined;
    },
  };
}

async function chainsOfStages(options, versions, place) {
  for (const version of versions) await copyStages(options, version, place);
  return Array.from({ length: options.installers }, (_, number) =>
    versions.map((version) => ({
      name: `pkg${number}`,
      version: String(version),
      stage: `${place}/stage${version}/${number}`,
    })),
  );
}

const ask = (worker, request) => worker.say(JSON.stringify(request));
const hear = async (worker) => JSON.parse(await worker.hear());
