/** No message shows a password. */
import { expect, test } from "vitest";
import { withoutCredentials } from "../../src/core/index.ts";
test("texts lose the credentials of the addresses in them", () => {
  expect(withoutCredentials("cannot read 'https://u:p@x.test/' for u@v")).toBe(
    "cannot read 'https://x.test/' for u@v",
  );
});
