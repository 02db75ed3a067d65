/** The crates of a Rust project: brought with its source by cargo, placed beside it for an offline build. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "../../src/core/index.ts";
import type { Pin, Recipe } from "../../src/recipe/index.ts";
import { fetchSource, hasCrates, placeSource } from "../../src/source/index.ts";
import {
  failureOf,
  type Fixture,
  makeArchive,
  makeContext,
  makeRecipe,
  removeDirectories,
} from "./fixture.ts";

let fixture: Fixture;
let calls: string;

/** Stands for cargo: it brings what the lock file names, and says where, as cargo does. */
const cargo = (log: string): string => `#!/bin/sh
echo "$PWD $*" >>${log}
for last; do :; done
[ -s Cargo.lock ] || { echo 'error: cannot update the lock file' >&2; exit 101; }
mkdir -p "$last/$(cat Cargo.lock)"
echo fn >"$last/$(cat Cargo.lock)/lib.rs"
printf '[source.crates-io]\\nreplace-with = "vendored-sources"\\n\\n'
printf '[source.vendored-sources]\\ndirectory = "%s"\\n' "$last"
`;

beforeEach(() => {
  fixture = makeContext();
  const { directory } = fixture;
  calls = `${directory}/calls`;
  fs.mkdirSync(`${directory}/bin`);
  fs.writeFileSync(`${directory}/bin/cargo`, cargo(calls), { mode: 0o755 });
  const PATH = `${directory}/bin:${process.env["PATH"]}`;
  fixture = { ...fixture, context: { ...fixture.context, environment: { PATH } } };
});

afterEach(removeDirectories);

function rustRecipe(files: Record<string, string>, crates: string): [Recipe, Pin] {
  const content = makeArchive(fixture.directory, files);
  fs.writeFileSync(`${fixture.directory}/greet-1.0.tar.gz`, content);
  const urls = [`file://${fixture.directory}/greet-1.0.tar.gz`];
  const pin = { package: "greet", source: "", sha256: digestOf(content) };
  return [{ ...makeRecipe({ kind: "url", urls }), crates }, pin];
}

const good = { "rust/Cargo.toml": "[package]\n", "rust/Cargo.lock": "serde-1.0", "setup.py": "" };
const callCount = (): number =>
  fs.existsSync(calls) ? fs.readFileSync(calls, "utf8").trim().split("\n").length : 0;

test("they are fetched once, and placed without a network", async () => {
  const [recipe, pin] = rustRecipe(good, "rust/Cargo.lock");
  const { context, directory } = fixture;
  expect(hasCrates(context, recipe, pin)).toBe(false);
  await fetchSource(context, recipe, pin);
  expect(hasCrates(context, recipe, pin)).toBe(true);
  await fetchSource(context, recipe, pin);
  expect(callCount()).toBe(1);
  expect(fs.readFileSync(calls, "utf8")).toMatch(/\/rust vendor --locked --versioned-dirs /);

  fs.mkdirSync(`${directory}/work/src`, { recursive: true });
  await placeSource({ ...context, offline: true }, recipe, pin, `${directory}/work/src`);
  const read = (name: string): string => fs.readFileSync(`${directory}/work/${name}`, "utf8");
  expect(read("crates/vendor/serde-1.0/lib.rs")).toBe("fn\n");
  expect(read("src/rust/Cargo.lock")).toBe("serde-1.0");
  expect(read(".cargo/config.toml")).toBe(`[source.crates-io]
replace-with = "vendored-sources"

[source.vendored-sources]
directory = "crates/vendor"

[net]
offline = true
`);
  expect(callCount()).toBe(1);
});

test("another source, and another Cargo.lock of it, have crates of their own", async () => {
  const [recipe, pin] = rustRecipe(good, "rust/Cargo.lock");
  await fetchSource(fixture.context, recipe, pin);
  expect(hasCrates(fixture.context, { ...recipe, crates: "Cargo.lock" }, pin)).toBe(false);
  const [next, nextPin] = rustRecipe({ ...good, "setup.py": "1" }, "rust/Cargo.lock");
  expect(hasCrates(fixture.context, next, nextPin)).toBe(false);
});

test("without them an offline build is refused, and so are damaged ones", async () => {
  const [recipe, pin] = rustRecipe(good, "rust/Cargo.lock");
  const offline = { ...fixture.context, offline: true };
  await fetchSource(fixture.context, { ...recipe, crates: undefined } as never, pin);
  expect(await failureOf(fetchSource(offline, recipe, pin))).toMatchObject({
    code: "SOURCE_OFFLINE",
  });
  await fetchSource(fixture.context, recipe, pin);
  const sources = `${fixture.directory}/store/sources`;
  const archive = fs.readdirSync(sources).find((name) => name !== pin.sha256);
  fs.appendFileSync(`${sources}/${archive}`, "more");
  fs.mkdirSync(`${fixture.directory}/work/src`, { recursive: true });
  const place = placeSource(offline, recipe, pin, `${fixture.directory}/work/src`);
  expect(await failureOf(place)).toMatchObject({ code: "SOURCE_OFFLINE" });
  expect(hasCrates(fixture.context, recipe, pin)).toBe(false);
});

test("what cannot be brought is told, and leaves nothing", async () => {
  const { context } = fixture;
  const [recipe, pin] = rustRecipe(good, "Cargo.lock");
  expect(await failureOf(fetchSource(context, recipe, pin))).toMatchObject({
    code: "CRATES_UNLOCKED",
    message: expect.stringContaining("its source has no Cargo.lock beside a Cargo.toml"),
  });
  const [empty, emptyPin] = rustRecipe({ ...good, "rust/Cargo.lock": "" }, "rust/Cargo.lock");
  expect(await failureOf(fetchSource(context, empty, emptyPin))).toMatchObject({
    code: "CRATES_UNREACHABLE",
    hints: ["error: cannot update the lock file"],
  });
  expect(hasCrates(context, empty, emptyPin)).toBe(false);
  const without = { ...context, environment: { PATH: "/nowhere" } };
  expect(
    await failureOf(fetchSource(without, ...rustRecipe(good, "rust/Cargo.lock"))),
  ).toMatchObject({
    code: "CARGO_MISSING",
  });
  expect(fs.readdirSync(`${fixture.directory}/store/scratch`)).toEqual([]);
});
