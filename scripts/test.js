/** `npm test`: all checks, then the tests that run the built program. */
import { spawnSync } from "node:child_process";

const path = `${process.cwd()}/node_modules/.bin:${process.env.PATH}`;
for (const [program, args] of [
  [process.execPath, ["scripts/check.js"]],
  ["vitest", ["run", ...process.argv.slice(2)]],
]) {
  const { status } = spawnSync(program, args, {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  if (status !== 0) process.exit(status ?? 1);
}
