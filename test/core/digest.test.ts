/** Digests of values do not depend on the order in which they were written. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  canonicalJson,
  digestOf,
  digestOfJson,
  isDigest,
  type Json,
} from "../../src/core/index.ts";

const anyJson = fc.jsonValue() as fc.Arbitrary<Json>;

/** The same value, with the keys of every object in the opposite order. */
function reversed(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((part: Json) => reversed(part));
  const pairs = Object.entries(value).reverse();
  return Object.fromEntries(pairs.map(([key, part]) => [key, reversed(part)]));
}

test("the order of keys does not matter", () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
    }),
  );
});

test("canonical JSON says the same as JSON", () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("keys are sorted by code unit and there is no white space", () => {
  expect(canonicalJson({ b: [1, { d: null, c: "ä" }], a: true, B: "\n" })).toBe(
    String.raw`{"B":"\n","a":true,"b":[1,{"c":"ä","d":null}]}`,
  );
});

test("the order of a list does matter", () => {
  expect(digestOfJson(["a", "b"])).not.toBe(digestOfJson(["b", "a"]));
});

test("a digest is 64 lower-case hex digits", () => {
  expect(digestOf("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(isDigest(digestOf("x"))).toBe(true);
  expect(isDigest(digestOf("x").toUpperCase())).toBe(false);
  expect(isDigest(`${digestOf("x")}\n`)).toBe(false);
});
