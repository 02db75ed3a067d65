/** A program that builds one package and is killed meanwhile: `node driver ROOT SCRIPT`. */
import * as fs from "node:fs";
import { buildPackage } from "../../src/builder/index.ts";
import { probeIsolation } from "../../src/view/index.ts";
import { openStore } from "../../src/store/index.ts";
import { createRealWorld } from "../../src/world/index.ts";

const [, , root = "", script = ""] = process.argv;
const world = createRealWorld({});
const prefix = `${root}/prefix`;
const store = openStore(world, `${root}/store`, { sync: false });
const isolation = await probeIsolation(world, { prefix, scratch: root, wanted: "view" });
fs.mkdirSync(`${root}/scratch`);
await buildPackage(
  { world, sources: { world, store, python: "python3", environment: {}, offline: true } },
  {
    recipe: {
      name: "slow",
      version: "1",
      file: "",
      patches: [],
      depends: {
        build: [],
        run: [],
      },
      build: {
        system: "script",
        script,
        args: [],
        env: {},
      },
      stage: {
        drop: [],
        takesOver: [],
      },
    },
    scratch: `${root}/scratch`,
    prefix,
    layers: [],
    layerLinks: `${root}/layers`,
    jobs: 1,
    logFolder: `${root}/logs`,
    isBuiltWith: false,
    check: false,
    isolation,
    python: undefined,
    path: [],
    workspaceEnv: {},
  },
);
