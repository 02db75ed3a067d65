/** Which checks are run, by what was asked for and by the lists of the checkout and of the caller. */
import { expect, test } from "vitest";
import type { CheckMode } from "../../src/recipe/index.ts";
import { checkModes } from "../../src/sage/checks.ts";

const usual = "!python3,?meson_python";

function modes(asked: CheckMode, own?: string): string {
  const modeOf = checkModes(asked, { usual, own });
  return ["python3", "meson_python", "sagemath_gap", "zlib"].map(modeOf).join(" ");
}

test("without a list of the caller's, that of the checkout holds where checks are asked for", () => {
  expect(modes("no")).toBe("no no no no");
  expect(modes("require")).toBe("no warn no require");
  expect(modes("warn")).toBe("no warn no warn");
});

test("the caller's list holds instead of it, whatever is asked for", () => {
  expect(modes("no", "python3,?zlib")).toBe("require no no warn");
  expect(modes("require", "!zlib:sagemath_gap")).toBe("require require require no");
  expect(modes("warn", "zlib meson_python,!meson_python")).toBe("warn no no require");
  expect(modes("require", "")).toBe("require require no require");
});
