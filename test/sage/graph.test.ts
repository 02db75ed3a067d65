/** `tenon graph` of a SageMath checkout, and how a workspace names one. */
import { expect, test } from "vitest";
import { readGraph } from "../../src/workspace/graph.ts";
import { openWorkspace } from "../../src/workspace/open-workspace.ts";
import type { EventBody } from "../../src/core/index.ts";
import { createSimulatedDisk, createSimulatedWorld } from "../../src/world/simulated/index.ts";

function makeCheckout(files: Readonly<Record<string, string>> = {}) {
  const disk = createSimulatedDisk();
  disk.plant("/sage", {
    "build/pkgs/gmp/type": "standard\n",
    "build/pkgs/gmp/spkg-install.in": "",
    "build/pkgs/mpfr/type": "optional\n",
    "build/pkgs/mpfr/package-version.txt": "4.2.p1\n",
    "build/pkgs/mpfr/dependencies": "gmp | tools\n",
    "build/pkgs/mpfr/dependencies_check": "tools\n",
    "build/pkgs/tools/type": "standard\n",
    ...files,
  });
  return createSimulatedWorld({ disk });
}

const companion = { format: "sage", root: "/sage" };
const options = {
  directory: "/",
  store: "/store",
  environment: {},
  activity: "tenon graph",
  sync: false,
  offline: true,
  packages: [],
};

test("the graph has what the files say, and says that nothing is configured", () => {
  const events: EventBody[] = [];
  const emit = (event: EventBody): void => void events.push(event);
  const nodes = readGraph(makeCheckout(), { ...options, companion, emit });
  expect(nodes).toEqual([
    {
      name: "gmp",
      version: "none",
      system: "script",
      build: [],
      run: [],
      check: [],
      facts: { type: "standard", source: "script", tree: "SAGE_LOCAL" },
    },
    expect.objectContaining({ name: "tools", facts: expect.objectContaining({ source: "none" }) }),
    {
      name: "mpfr",
      version: "4.2.p1",
      system: "script",
      build: ["tools"],
      run: ["gmp"],
      check: ["tools"],
      facts: { type: "optional", source: "none", tree: "SAGE_LOCAL" },
    },
  ]);
  expect(events).toEqual([{ kind: "note", text: expect.stringMatching(/not configured/) }]);
});

test("a tenon.toml may name the checkout, but no prefix", () => {
  const world = makeCheckout({ "tenon.toml": '[workspace]\nformat = "sage"\n' });
  const workspace = openWorkspace(world, { directory: "/sage/build" });
  expect(workspace).toMatchObject({ companion: { root: "/sage" }, prefix: "/sage/local" });
  expect([...workspace.recipes.keys()]).toEqual(["gmp", "mpfr", "tools"]);
  expect(workspace.companion?.usual).toEqual(["gmp", "tools"]);

  const wrong = makeCheckout({
    "tenon.toml": '[workspace]\nformat = "sage"\nprefix = "p"\n',
    "build/tenon.toml": '[workspace]\nformat = "sagemath"\n',
  });
  expect(() => openWorkspace(wrong, { directory: "/sage" })).toThrow(/does not go with/);
  expect(() => openWorkspace(wrong, { directory: "/sage/build" })).toThrow(
    /expected "?tenon"? or "?sage"?/,
  );
});

test("another prefix than the checkout's own is refused", () => {
  const place = { directory: "/", companion, prefix: "/other" };
  expect(() => openWorkspace(makeCheckout(), place)).toThrow(
    expect.objectContaining({ code: "SAGE_PREFIX" }),
  );
});
