/** No message shows a password. */
import { expect, test } from "vitest";
import { withoutCredentials } from "../../src/core/index.ts";
test("texts lose the credentials of the addresses in them", () => {
  expect(withoutCredentials("cannot read 'https://u:p@x.test/' for u@v")).toBe(
    "cannot read 'https://x.test/' for u@v",
  );
});

test.each([
  ["https://u:p@ss@x.test/a", "https://x.test/a"],
  ["https://token@x.test/a@1", "https://x.test/a@1"],
  ["https://:p@x.test", "https://x.test"],
  ["https://x.test/?mail=u@v", "https://x.test/?mail=u@v"],
  ["see https://x.test, or write to u@v", "see https://x.test, or write to u@v"],
  ["git+ssh://git@x.test/a.git", "git+ssh://git@x.test/a.git"],
  ["ssh://git:p@ss@x.test/a.git", "ssh://git@x.test/a.git"],
])("%s is shown as %s", (text, shown) => expect(withoutCredentials(text)).toBe(shown));

test("a long text without an end of an address takes no time", () => {
  const text = `https://${"a".repeat(500_000)}`;
  expect(withoutCredentials(text)).toBe(text);
});
