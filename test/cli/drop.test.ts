/** What `tenon drop` says of what it has done. */
import { expect, test } from "vitest";
import { describeDropped } from "../../src/cli/drop.ts";
import { type Machine, tenon, workspaceMachine } from "./tenon.ts";

function machine(): Machine {
  const made = workspaceMachine();
  const recipe = (name: string, by: string, run = ""): string =>
    `name = "${name}"\nversion = "1"\nwanted-by = "${by}"\n\n[source]\npypi = "${name}"\n\n` +
    (run === "" ? "" : `[depends]\nrun = [ "${run}" ]\n\n`) +
    '[build]\nsystem = "wheel"\n';
  made.world.disk.plant("/w/packages", {
    "rich.toml": recipe("rich", "add", "mdurl"),
    "mdurl.toml": recipe("mdurl", "dependents"),
  });
  return made;
}

test("what is gone, and what that means for the prefix", async () => {
  const gone = [
    "removed the recipe of rich 1\n",
    "removed what nothing else needs: mdurl 1\n",
    "the next `tenon build` removes that from the prefix\n",
  ].join("");
  expect(await tenon("drop rich", {}, machine())).toMatchObject({ code: 0, out: gone, error: "" });
  const planned = gone.replaceAll("removed", "would remove");
  expect(await tenon("drop -n rich", {}, machine())).toMatchObject({ code: 0, out: planned });
  const { out } = await tenon("drop --json rich", {}, machine());
  expect(JSON.parse(out)).toMatchObject({ kind: "dropped", needed: [], edited: [] });
});

test("what stays, and why", async () => {
  expect((await tenon("drop mdurl", {}, machine())).out).toBe(
    "kept the recipe of mdurl: rich needs it\n",
  );
  expect(await tenon("drop zlib", {}, machine())).toMatchObject({
    code: 2,
    error: expect.stringContaining("hint: Remove it yourself: `rm /w/packages/zlib.toml`"),
  });
});

test("several that need it, and what a person has edited", () => {
  const needed = [{ name: "lib", by: ["a", "b"] }];
  expect(describeDropped({ kind: "dropped", dropped: [], needed, edited: ["/w/x.toml"] })).toEqual([
    "kept the recipe of lib: a, b need it",
    "kept /w/x.toml: nothing needs it, but somebody has edited it",
  ]);
});
