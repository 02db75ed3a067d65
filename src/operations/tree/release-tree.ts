/** The steps of a release before a tree is bundled: it is checked out and built, by the programs that the release names. */
import { shellWord, TenonError } from "../../core/index.ts";
import type { Release } from "../../recipe/index.ts";
import { makeDirectories, type World } from "../../world/index.ts";

const checkOut = `cd "$1"
[ -d .git ] || git init -q
git fetch -q --depth 1 "$2" "$3"
git checkout -q --detach --force FETCH_HEAD
`;

/** What git and the build print goes to standard error, for the result is what tenon prints. */
export async function prepareRelease(
  world: World,
  { checkout, build }: Pick<Release, "checkout" | "build">,
): Promise<void> {
  const { repository, ref = "HEAD", path } = checkout;
  if (repository !== undefined) {
    makeDirectories(world.disk, path);
    await step(world, "checkout", [checkOut, "sh", path, repository, ref]);
  }
  if (build === undefined) return;
  await step(world, "build", [`cd ${shellWord(path)}\n${build}`]);
}

async function step(
  { processes }: World,
  name: string,
  [script, ...rest]: readonly [string, ...string[]],
): Promise<void> {
  const args = ["-ec", `exec >&2\n${script}`, ...rest];
  const outcome = await processes.attach({ program: "sh", args });
  if (outcome.kind === "exited" && outcome.code === 0) return;
  throw new TenonError({
    kind: "recipe",
    code: "RELEASE_STEP_FAILED",
    message: `the step ${name} of the release ${outcome.kind === "exited" ? `ended with ${outcome.code}` : `was ${outcome.kind}`}; nothing was bundled`,
    hints: ["Read what it printed. The next run goes on with what is there."],
  });
}
