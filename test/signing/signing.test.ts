/** Keys as lines, and envelopes that only their own key opens. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Envelope,
  isExpired,
  lastDay,
  makeSecretKey,
  openEnvelope,
  parseEnvelope,
  parsePublicKey,
  parseSecretKey,
  payloadOf,
  type PublicKey,
  publicPart,
  renderEnvelope,
  renderPublicKey,
  renderSecretKey,
  seal,
  sealUnsigned,
} from "../../src/signing/index.ts";

const type = "application/vnd.in-toto+json";
const text = Buffer.from('{"a":1}');
const key = makeSecretKey("ci", "2027-11-30");

// RFC 8032, section 7.1, test 2.
const known = {
  seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
  public: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
};

test("a key is a line, and the line is the key", () => {
  const back = parsePublicKey(renderPublicKey(key)) as PublicKey;
  expect(back.id).toBe(key.id);
  expect(renderPublicKey(back)).toBe(renderPublicKey(key));
  expect(Object.keys(publicPart(key))).not.toContain("seed");
  const secret = parseSecretKey(`${renderSecretKey(key)}\n`);
  expect(secret?.id).toBe(key.id);
  expect(parsePublicKey(renderSecretKey(key))).toBeUndefined();
  expect(parseSecretKey(renderPublicKey(key))).toBeUndefined();
});

test("the public half is the one that the standard says", () => {
  const seed = Buffer.from(known.seed, "hex").toString("base64");
  const parsed = parseSecretKey(`secret x 2030-01-01 ${seed}`);
  expect(parsed?.bytes.toString("hex")).toBe(known.public);
});

test.each([
  "",
  "ci",
  "ci 2027-11-30",
  "ci 2027-11-30 abc=",
  "ci 2027-02-30 lt1vJ2J0Q0S2i0zqYJkKXJ9tKDhP0aBqv7sQ2sYl8mM=",
  "ci 2027-11-30 lt1vJ2J0Q0S2i0zqYJkKXJ9tKDhP0aBqv7sQ2sYl8mM= more",
  "ci 2027-11-30 lt1vJ2J0Q0S2i0zqYJkKXJ9tKDhP0aBqv7sQ2sYl8mN=",
  "/x 2027-11-30 lt1vJ2J0Q0S2i0zqYJkKXJ9tKDhP0aBqv7sQ2sYl8mM=",
])("no key: %j", (line) => {
  expect(parsePublicKey(line)).toBeUndefined();
});

test("a key counts until its last day has passed", () => {
  const nowMs = Date.parse("2026-11-30T12:00:00Z");
  const short = makeSecretKey("x", lastDay(nowMs, 1));
  expect(short.until).toBe("2026-12-01");
  expect(isExpired(short, Date.parse("2026-12-01T23:59:59Z"))).toBe(false);
  expect(isExpired(short, Date.parse("2026-12-02T00:00:00Z"))).toBe(true);
});

test("an envelope is opened by its key, as what it is", () => {
  const envelope = parseEnvelope(Buffer.from(renderEnvelope(seal(type, text, key)))) as Envelope;
  expect(openEnvelope(envelope, type, key)).toEqual(text);
  expect(openEnvelope(envelope, "text/plain", key)).toBeUndefined();
  expect(openEnvelope(envelope, type, makeSecretKey("ci", key.until))).toBeUndefined();
  const unsigned = sealUnsigned(type, text);
  expect(openEnvelope(unsigned, type, key)).toBeUndefined();
  expect(payloadOf(unsigned)).toEqual(text);
});

test("what is signed is what DSSE says", () => {
  const { signatures } = seal("http://example.com/HelloWorld", Buffer.from("hello world"), key);
  const envelope: Envelope = {
    payloadType: "http://example.com/HelloWorld",
    payload: Buffer.from("hello world").toString("base64"),
    signatures,
  };
  expect(openEnvelope(envelope, envelope.payloadType, key)?.toString()).toBe("hello world");
});

test("nothing of an envelope can be changed", () => {
  const envelope = seal(type, text, key);
  const rendered = renderEnvelope(envelope);
  fc.assert(
    fc.property(fc.nat(rendered.length - 1), fc.integer({ min: 1, max: 127 }), (at, flip) => {
      const changed = Buffer.from(rendered);
      changed[at] = (changed[at] ?? 0) ^ flip;
      const parsed = parseEnvelope(changed);
      const opened = parsed && openEnvelope(parsed, type, key);
      // A letter of a key in JSON, or a bit of base64 that stands for nothing, changes nothing.
      return opened === undefined || opened.equals(text);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  "",
  "null",
  "[]",
  "{}",
  '{"payloadType":"x","payload":"%%","signatures":[]}',
  '{"payloadType":"x","payload":"","signatures":[{}]}',
  '{"payloadType":1,"payload":"","signatures":[]}',
])("no envelope: %s", (bytes) => {
  expect(parseEnvelope(Buffer.from(bytes))).toBeUndefined();
});
