/** Wheels that were installed before come from the store, and never as somebody edited them. */
import * as fs from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const name = "greet-1.0-py3-none-any.whl";
const long = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop({ [name]: wheelOf({ files: { "greet.py": "hello = 1\n" } }) });
  fs.utimesSync(`${shop.workspace}/${name}`, long, long);
});
afterEach(() => shop.dispose());

function find(prefix: string, file: string): string {
  const found = fs.readdirSync(prefix, { recursive: true, encoding: "utf8" });
  const path = found.find((each) => each.endsWith(`site-packages/${file}`));
  expect(path).toBeDefined();
  return `${prefix}/${path}`;
}

function install(prefix: string, ...more: string[]): Promise<string> {
  return shop.must("install", "--prefix", prefix, ...more, name);
}

/** The store's trees, by when they were made. */
function trees(): string[] {
  const folder = `${shop.store}/artifacts`;
  return fs.readdirSync(folder).map((id) => {
    const { ino, birthtimeNs } = fs.statSync(`${folder}/${id}/tree`, { bigint: true });
    return `${ino} ${birthtimeNs}`;
  });
}

test("a wheel is unpacked once, and shares its files with every prefix", async () => {
  const [one, two] = [`${shop.root}/one`, `${shop.root}/two`];
  await install(one);
  const unpacked = trees();
  expect(unpacked).toHaveLength(1);
  await install(two);
  await install(`${shop.root}/three`, "--link", "copy");
  expect(trees()).toEqual(unpacked);
  expect(fs.statSync(find(one, "greet.py")).nlink).toBe(3);
  expect(fs.statSync(find(two, "greet.py")).ino).toBe(fs.statSync(find(one, "greet.py")).ino);
  expect(fs.statSync(find(`${shop.root}/three`, "greet.py")).nlink).toBe(1);
});

test("an edit in one prefix is found in each that shares the file", async () => {
  const [one, two] = [`${shop.root}/one`, `${shop.root}/two`];
  await install(one);
  await install(two);
  fs.writeFileSync(find(one, "greet.py"), "hello = 7\n");
  for (const prefix of [one, two]) {
    const { code, stdout } = await shop.run(["verify", "--prefix", prefix]);
    expect({ code, stdout }).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("greet.py"),
    });
  }
});

test("what was edited in one prefix is in no other one; the wheel is unpacked again", async () => {
  const [one, two] = [`${shop.root}/one`, `${shop.root}/two`];
  await install(one);
  const unpacked = trees();
  fs.writeFileSync(find(one, "greet.py"), "hello = 7\n");
  for (const more of [[], ["--link", "copy"]]) {
    await install(two, ...more);
    expect(fs.readFileSync(find(two, "greet.py"), "utf8")).toBe("hello = 1\n");
    fs.rmSync(two, { recursive: true });
  }
  expect(trees()).toHaveLength(1);
  expect(trees()).not.toEqual(unpacked);
  expect(fs.readFileSync(find(one, "greet.py"), "utf8")).toBe("hello = 7\n");
});

test("an edit is noticed, too, when the prefix that it was made in is gone", async () => {
  const [one, two] = [`${shop.root}/one`, `${shop.root}/two`];
  await install(one);
  fs.writeFileSync(find(one, "greet.py"), "hello = 7\n");
  fs.rmSync(one, { recursive: true });
  await install(two);
  expect(fs.readFileSync(find(two, "greet.py"), "utf8")).toBe("hello = 1\n");
});

test("another wheel of the same name, size and time is not taken for the one before", async () => {
  const [one, two] = [`${shop.root}/one`, `${shop.root}/two`];
  const file = `${shop.workspace}/${name}`;
  await new Promise((resolve) => setTimeout(resolve, 2_100)); // else it is too young to be known
  await install(one);
  const { size, ino } = fs.statSync(file);
  fs.writeFileSync(file, wheelOf({ files: { "greet.py": "hello = 2\n" } }));
  fs.utimesSync(file, long, long);
  expect(fs.statSync(file)).toMatchObject({ size, ino, mtimeMs: long.getTime() });
  await install(two);
  expect(fs.readFileSync(find(two, "greet.py"), "utf8")).toBe("hello = 2\n");
});
