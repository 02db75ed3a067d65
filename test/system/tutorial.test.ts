/** The tutorial, followed to the letter, with a wheel in a folder for the package index. */
import { expect, test } from "vitest";
import { wheelOf } from "../wheel/wheel-writer.ts";
import { differences, follow, stepsOf } from "./document.ts";

const cowsay = wheelOf({
  distInfo: "cowsay-6.1.dist-info",
  metadata: "Metadata-Version: 2.1\nName: cowsay\nVersion: 6.1\n",
  files: {
    "cowsay.py":
      "import sys\ndef cli():\n    print('  ' + '_' * 4)\n    print('| ' + sys.argv[-1] + ' |')\n",
    "cowsay-6.1.dist-info/entry_points.txt": "[console_scripts]\ncowsay = cowsay:cli\n",
  },
});

test("each command of the tutorial does what the page says", () => {
  const steps = stepsOf("docs/tutorial.md");
  expect(steps.length).toBeGreaterThan(25);
  const followed = follow(steps, {
    files: { "index/cowsay-6.1-py3-none-any.whl": cowsay },
    environment: { PIP_NO_INDEX: "1", PIP_FIND_LINKS: "~/index" },
  });
  expect(differences(followed)).toEqual([]);
});
