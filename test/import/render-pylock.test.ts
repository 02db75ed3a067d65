/** The text of a pylock.toml: its keys and their order, and that whatever is in it can be read back. */
import { expect, test } from "vitest";
import { parse } from "smol-toml";
import { type PylockPackage, renderPylock } from "../../src/import/render-pylock.ts";

const sha256 = "0123456789abcdef".repeat(4);
const render = (...packages: PylockPackage[]): string =>
  renderPylock({ environments: ["sys_platform == 'linux'"], requiresPython: "==3.12.*", packages });

test("each kind of source has its table", () => {
  const url = "https://x.test/a";
  expect(
    render(
      {
        name: "wheel",
        version: "1",
        index: "https://x.test/simple",
        wheels: [{ name: "wheel-1-py3-none-any.whl", url, size: 3, sha256 }],
      },
      { name: "sdist", version: "1", sdist: { name: "sdist-1.tar.gz", path: "../s", sha256 } },
      {
        name: "net",
        version: "1",
        vcs: { url, requestedRevision: "v1", commit: "c0", subdirectory: "py" },
      },
      { name: "archive", version: "1", archive: { url, sha256 } },
      { name: "folder", version: "1", directory: { path: ".", subdirectory: "lib" } },
    ),
  ).toBe(`lock-version = "1.0"
environments = ["sys_platform == 'linux'"]
requires-python = "==3.12.*"
created-by = "tenon"

[[packages]]
name = "wheel"
version = "1"
index = "https://x.test/simple"
wheels = [
    { name = "wheel-1-py3-none-any.whl", url = "https://x.test/a", size = 3, hashes = { sha256 = "${sha256}" } },
]

[[packages]]
name = "sdist"
version = "1"
sdist = { name = "sdist-1.tar.gz", path = "../s", hashes = { sha256 = "${sha256}" } }

[[packages]]
name = "net"
version = "1"
vcs = { type = "git", url = "https://x.test/a", requested-revision = "v1", commit-id = "c0", subdirectory = "py" }

[[packages]]
name = "archive"
version = "1"
archive = { url = "https://x.test/a", hashes = { sha256 = "${sha256}" } }

[[packages]]
name = "folder"
version = "1"
directory = { path = ".", subdirectory = "lib" }
`);
});

test("a file without packages says so", () =>
  expect(parse(render())).toMatchObject({ packages: [] }));

test("odd names are read back, and no terminal obeys them", () => {
  const version = '1"\\\n\u001b[2J\u009b é';
  const text = render({ name: "odd", version });
  expect(parse(text)).toMatchObject({ packages: [{ name: "odd", version }] });
  for (const control of ["\u001b", "\u009b"]) expect(text).not.toContain(control);
});
