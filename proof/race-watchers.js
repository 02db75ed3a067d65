/** Who looks at the prefix while it is changed: Pythons that import, and a reader of every file. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sitePackages } from "./race-content.js";
import { converse } from "./processes.js";

/** They live as long as this process and look at one prefix after the other. */
export function startWatchers({ python, readers, installers, relocating, pauseMs }) {
  const script = (name) => fileURLToPath(new URL(name, import.meta.url));
  const watchers = Array.from({ length: readers }, () =>
    converse([python, script("race-imports.py")]),
  );
  const reader = [script("race-reader.js"), String(installers), String(relocating)];
  watchers.push(converse([process.execPath, ...reader]));

  return {
    /** Comes back when all are reading; `end` gives what each has counted. */
    async begin(prefix, stop) {
      const race = JSON.stringify({ prefix, site: `${prefix}/${sitePackages}`, stop, pauseMs });
      for (const watcher of watchers) watcher.say(race);
      await Promise.all(watchers.map((watcher) => watcher.hear()));
      return {
        async end() {
          writeFileSync(stop, "");
          const answers = await Promise.all(watchers.map((watcher) => watcher.hear()));
          return answers.map((answer) => JSON.parse(answer));
        },
      };
    },
  };
}
