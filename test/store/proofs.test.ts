/** Verdicts that are kept with artifacts. */
import { expect, test } from "vitest";
import { openStore } from "../../src/store/index.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";

const pins = [{ path: "a", offset: 0, where: "text", what: "a hash", cure: "Leave it out." }];

function open() {
  const disk = createSimulatedDisk();
  disk.plant("/stage", { a: "1" });
  const store = openStore(createSimulatedWorld({ disk }), "/store", { sync: false });
  disk.rename("/stage", `${store.makeScratch("x")}/tree`);
  const artifact = store.addArtifact(`${store.layout.scratch}/x/tree`, []);
  const key = "0".repeat(64);
  store.recordKey(key, { artifact, package: "p", version: "1", builtAtMs: 0, durationMs: 0 });
  return { disk, store, artifact, key };
}

test("a pinned one is known by its key from then on; it goes with its artifact", () => {
  const { store, artifact, key, disk } = open();
  expect(store.proofOf(artifact)).toBeUndefined();
  expect(store.lookUp(key)?.pins).toBeUndefined();
  const proof = { provedAtMs: 5, verdict: { kind: "pinned", pins } } as const;
  store.keepProof(artifact, proof);
  expect(store.proofOf(artifact)).toEqual(proof);
  expect(store.lookUp(key)?.pins).toEqual(pins);
  store.keepProof(artifact, {
    provedAtMs: 6,
    verdict: { kind: "proved", buildIds: 2, check: "none" },
  });
  expect(store.lookUp(key)?.pins).toBeUndefined();
  disk.removeFile(store.layout.artifactManifest(artifact));
  store.keepProof("1".repeat(64), proof);
  expect(disk.status(store.layout.artifact("1".repeat(64)))).toBeUndefined();
});

test.each([
  "",
  "{",
  "null",
  '{"placeholder":0,"provedAtMs":1,"verdict":{"kind":"proved","buildIds":0,"check":"none"}}',
  '{"placeholder":1,"provedAtMs":1,"verdict":{"kind":"sure"}}',
  '{"placeholder":1,"provedAtMs":1,"verdict":{"kind":"pinned","pins":[{"path":1}]}}',
  '{"placeholder":1,"provedAtMs":1,"verdict":{"kind":"pinned","pins":{}}}',
])("a damaged note is none: %s", (text) => {
  const { store, artifact, disk } = open();
  disk.plant(store.layout.artifact(artifact), { "proof.json": text });
  expect(store.proofOf(artifact)).toBeUndefined();
});
