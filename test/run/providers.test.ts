/** Who provides a missing file. */
import { expect, test } from "vitest";
import type { ProvidedKind } from "../../src/failure/index.ts";
import { findProviders } from "../../src/run/providers.ts";
import { openWorkspace, pretendBuild } from "../workspace/workspace.ts";

const files: Readonly<Record<string, string>> = {
  "include/greet.h": "",
  "include/c++/v1/vector": "",
  "include/python3.11/Python.h": "",
  "lib/libgreet.so": "",
  "lib64/x86_64/libstdc++.a": "",
  "lib/libold.so.1": "",
  "lib/python3.11/site-packages/pkg/__init__.py": "",
  "lib/python3.11/site-packages/pkg/sub.py": "",
  "lib/python3.11/site-packages/fast.cpython-311-x86_64-linux-gnu.so": "",
  "lib/python3.11/site-packages/plain.so": "",
  "lib/python3.11/site-packages/data.txt": "",
  "lib/python3.11/site-packages/Flit_Core-3.12.dist-info/METADATA": "",
  "bin/g++": "",
  "sbin/daemon": "",
  "lib/pkgconfig/gtk+-3.0.pc": "",
  "share/pkgconfig/xyz.pc": "",
  "lib/cmake/Chimes/ChimesConfig.cmake": "",
  "share/cmake/tower/tower-config.cmake": "",
};

const workspace = openWorkspace({ all: {}, broken: {} });
pretendBuild(workspace, "all", files);

test.each<[ProvidedKind, string, boolean]>([
  ["header", "greet.h", true],
  ["header", "vector", true],
  ["header", "Python.h", true],
  ["header", "reet.h", false],
  ["header", "greet_h", false],
  ["header", "greetxh", false],
  ["library", "greet", true],
  ["library", "stdc++", true],
  ["library", "old", false],
  ["module", "pkg", true],
  ["module", "pkg.sub", true],
  ["module", "fast", true],
  ["module", "plain", true],
  ["module", "data", false],
  ["module", "sub", false],
  ["program", "g++", true],
  ["program", "daemon", true],
  ["program", "g", false],
  ["pkgconfig", "gtk+-3.0", true],
  ["pkgconfig", "xyz", true],
  ["cmake-package", "Chimes", true],
  ["cmake-package", "Tower", true],
  ["cmake-package", "chimes", false],
  ["distribution", "flit-core", true],
  ["distribution", "flit", false],
  ["distribution", "core", false],
  ["program", "(", false],
  ["program", "[a-z]*", false],
])("%s %s: %s", (kind, name, isThere) => {
  const providers = findProviders(workspace.session, workspace.resolver, kind, name);
  expect(providers).toEqual(isThere ? ["all"] : []);
});

test("a damaged manifest hides nothing else", () => {
  const { session, resolver, disk } = workspace;
  pretendBuild(workspace, "broken", { "bin/other": "" });
  const file = session.store.layout.artifactManifest(resolver.artifacts.get("broken") ?? "");
  disk.removeFile(file);
  disk.createFile(file, "[");
  expect(findProviders(session, resolver, "program", "g++")).toEqual(["all"]);
});
