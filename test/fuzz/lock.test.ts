/** Whatever a lock file, a file of requirements, a marker or a version holds: a value, or words. */
import * as fc from "fast-check";
import { describe, expect } from "vitest";
import { parseLockfile } from "../../src/recipe/index.ts";
import { readWantedFile } from "../../src/import/index.ts";
import {
  allows,
  canonicalVersion,
  holds,
  isWanted,
  parseMarker,
  parseRequirement,
  showRequirement,
} from "../../src/requirements/index.ts";
import { createSimulatedDisk } from "../../src/world/simulated/index.ts";
import { fuzz } from "./fuzzing.ts";
import { nearlyText, valueOrRefusal } from "./text-edits.ts";

const digest = "c".repeat(64);
const environment = { os_name: "posix", python_version: "3.11", python_full_version: "3.11.7" };

const wanted = {
  "requirements.txt": `# coding: utf-8
six==1.17.0 \\
    --hash=sha256:${digest}
-r more.txt
requests[socks]>=2 ; python_version < "3.12" and (os_name == 'posix' or extra == 'x')
--no-binary numpy,six
-c more.txt
thing @ https://example.org/thing.zip
`,
  "pylock.toml": `lock-version = "1.0"
environments = ["python_version >= '3.9'"]
requires-python = ">=3.9"
extras = ["x"]
dependency-groups = ["dev"]
default-groups = ["dev"]
[[packages]]
name = "six"
version = "1.17.0"
marker = "'x' in extras or 'dev' in dependency_groups"
wheels = [{ name = "six-1.17.0-py3-none-any.whl", url = "https://example.org/six.whl", hashes = { sha256 = "${digest}" } }]
[[packages]]
name = "local"
directory = { path = "./local" }
`,
  "uv.lock": `version = 1
requires-python = ">=3.9"
[[package]]
name = "app"
version = "0.1"
source = { virtual = "." }
dependencies = [{ name = "six", extra = ["x"], marker = "os_name == 'posix'" }]
[package.optional-dependencies]
x = [{ name = "six" }]
[package.dev-dependencies]
dev = [{ name = "six" }]
[[package]]
name = "six"
version = "1.17.0"
source = { registry = "https://example.org/simple" }
sdist = { url = "https://example.org/six.tar.gz", hash = "sha256:${digest}" }
[package.optional-dependencies]
x = [{ name = "git-thing" }]
[[package]]
name = "git-thing"
version = "1"
source = { git = "https://example.org/x.git?rev=main#${"d".repeat(40)}" }
`,
} as const;

describe("what is wanted", () => {
  for (const [name, text] of Object.entries(wanted)) {
    fuzz(`in another ${name}`, nearlyText(text), (edited) => {
      const disk = createSimulatedDisk();
      disk.plant("/w", { [name]: edited, "more.txt": "six\n" });
      const options = { disk, directory: "/w", environment, extras: ["x"], groups: ["dev"] };
      valueOrRefusal(() => readWantedFile(`/w/${name}`, { ...options, variables: { X: "1" } }));
    });
  }
});

const pins = `version = 1
[[source]]
package = "six"
source = "url https://example.org/six.tar.gz"
sha256 = "${digest}"
commit = "${"d".repeat(40)}"
`;
fuzz("another tenon.lock", nearlyText(pins), (text) => {
  valueOrRefusal(() => parseLockfile(text, "/w/tenon.lock"));
});

const requirement = `requests[socks, x] >=2.0,!=2.1.*,~=2.0.dev1 ; (python_version < "3.12" and os_name == 'posix') or extra == "a_b"`;
fuzz("another requirement", nearlyText(requirement), (text) => {
  const parsed = parseRequirement(text);
  if (typeof parsed === "string") return;
  isWanted(parsed, environment, ["socks"]);
  allows(parsed.specifier, "2.5");
  expect(typeof parseRequirement(showRequirement(parsed))).toBe("object");
});

fuzz("another marker", nearlyText(requirement.split(" ; ")[1] ?? ""), (text) => {
  const marker = parseMarker(text);
  if (typeof marker !== "string") expect(typeof holds(marker, environment)).toBe("boolean");
});

const version = fc.oneof(
  nearlyText("1!2.0.10rc1.post2.dev3+local.7"),
  fc.string({ maxLength: 30 }),
);
fuzz("another version", version, (text) => {
  expect(canonicalVersion(canonicalVersion(text))).toBe(canonicalVersion(text));
  allows(`==${text}`, text);
});
