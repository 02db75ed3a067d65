/** Addresses and their credentials. */
import { describe, expect, test } from "vitest";
import { addressFrom, addressOf, fileNameOf } from "../../src/source/address.ts";

const authorization = `Basic ${Buffer.from("a b:c").toString("base64")}`;

test("credentials become a header", () => {
  expect(addressOf("https://a%20b:c@x.test/y?z")).toEqual({
    url: "https://x.test/y?z",
    authorization,
  });
  expect(addressOf("https://x.test/y")).toEqual({ url: "https://x.test/y" });
  expect(addressOf("no address")).toEqual({ url: "no address" });
});

describe("a page's credentials", () => {
  const page = { url: "https://x.test/simple/", authorization };

  test("go along to the same origin", () => {
    expect(addressFrom(page, "https://x.test/f").authorization).toBe(authorization);
  });

  test.each(["https://y.test/f", "http://x.test/f", "https://x.test:8443/f"])("not to %s", (url) =>
    expect(addressFrom(page, url)).toEqual({ url }),
  );

  test("give way to the address's own", () => {
    expect(addressFrom(page, "https://u:v@x.test/f").authorization).not.toBe(authorization);
  });
});

test("file names", () => {
  expect(fileNameOf("https://x.test/a/b%2B1.tar.gz?x#y")).toBe("b+1.tar.gz");
  expect(fileNameOf("https://x.test/a/..%2Fb")).toBe(".._b");
  expect(fileNameOf("https://x.test/")).toBe("");
});
