/** What of the machine a view shows with the programs and the Python of a build. */
import { expect, test } from "vitest";
import type { BuildJob } from "../../src/builder/job.ts";
import { sightsOf } from "../../src/builder/sights.ts";
import { shownFolders } from "../../src/sage/venv-recipe.ts";

/** Of a checkout in /home/u/sage whose virtual environment is made of that Python. */
function seenOf(pythonForVenv: string | undefined): readonly string[] {
  const root = "/home/u/sage";
  const shown = shownFolders({ root, configured: { venv: "/opt/venv", pythonForVenv } });
  const recipe = { build: { outside: { shown, writable: [] } } };
  const job = {
    recipe,
    store: "/home/u/store",
    workspace: root,
    prefix: "/tenon-build/p",
    path: [],
  };
  return sightsOf(job as unknown as BuildJob).shown;
}

test.each([
  ["/tmp/py/bin/python3.13", "/tmp/py"],
  ["/bin/python3", "/bin"],
  ["/home/u/bin/python3", "/home/u/bin"],
])("%s is seen with %s", (pythonForVenv, seen) =>
  expect(seenOf(pythonForVenv)).toEqual(["/home/u/sage", "/opt/venv", seen]),
);

test("a Python that Sage builds is in the views anyway", () =>
  expect(seenOf(undefined)).toEqual(["/home/u/sage", "/opt/venv"]));
