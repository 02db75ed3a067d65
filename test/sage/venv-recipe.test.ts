/** What the packages of a checkout see of the Python that their virtual environment is made of. */
import { expect, test } from "vitest";
import { shownFolders } from "../../src/sage/venv-recipe.ts";

test.each([
  ["/tmp/py/bin/python3.13", "/tmp/py"],
  ["/bin/python3", "/bin"],
  ["/home/u/bin/python3", "/home/u/bin"],
])("%s is seen with %s", (pythonForVenv, seen) => {
  const configured = { venv: "/opt/venv", pythonForVenv };
  const root = "/home/u/sage";
  expect(shownFolders({ root, configured })).toEqual([root, "/opt/venv", seen]);
});

test("a Python that Sage builds is in the views anyway", () =>
  expect(
    shownFolders({ root: "/s", configured: { venv: "/v", pythonForVenv: undefined } }),
  ).toEqual(["/s", "/v"]));
