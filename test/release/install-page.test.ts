/** docs/how-to/install.md: its commands are run here, or are the ones of proof/release.js, which needs a network. */
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { waysFor } from "../../proof/release-ways.js";
import { signatureOf, sumsOf } from "../../scripts/release/sign.js";
import { temporaryFolder } from "../archive/temporary.ts";
import { writeRelease } from "./release-file.ts";

const page = fs.readFileSync("docs/how-to/install.md", "utf8");
const folder = temporaryFolder();

function type(command: string): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
    cwd: folder,
    env: { ...process.env, HOME: folder },
    encoding: "utf8",
  });
  return { status, said: `${stdout}${stderr}` };
}

test("the file's commands install, upgrade and remove, and nothing stays in the home", () => {
  writeRelease(folder, "1.0");
  writeRelease(folder, "1.1");
  const commands = [...page.matchAll(/`(sh tenon-VERSION[^`]*)`/g)].map(([, each = ""]) => each);
  expect(commands).toEqual([
    "sh tenon-VERSION-linux-x64.run",
    "sh tenon-VERSION-linux-x64.run --remove",
  ]);
  const [install = "", remove = ""] = commands;
  const prefix = process.getuid?.() === 0 ? " --prefix $HOME/.local" : "";
  for (const version of ["1.0", "1.1"]) {
    const { status } = type(install.replace("VERSION", version) + prefix);
    expect(status).toBe(0);
    expect(type(".local/bin/tenon --version").said).toBe(`${version}\n`);
  }
  expect(type(remove.replace("VERSION", "1.1") + prefix).status).toBe(0);
  expect(fs.existsSync(join(folder, ".local"))).toBe(false);
});

test("the commands for signature and digests accept a release, and not a changed file", () => {
  const { privateKey } = generateKeyPairSync("ed25519");
  const file = { file: "tenon.run", data: Buffer.from("a release") };
  const sums = sumsOf([file, { file: "not-downloaded.run", data: Buffer.from("") }]);
  const key = String(privateKey.export({ type: "pkcs8", format: "pem" }));
  const { signature, publicKey } = signatureOf(sums, key);
  fs.writeFileSync(join(folder, "SHA256SUMS"), sums);
  fs.writeFileSync(join(folder, "SHA256SUMS.sig"), signature);
  fs.writeFileSync(join(folder, "SHA256SUMS.pem"), publicKey);
  fs.writeFileSync(join(folder, file.file), file.data);
  const [verify = "", check = ""] = page.match(/^ {4}(?:openssl|sha256sum) .*$/gm) ?? [];
  expect([type(verify).status, type(check).status]).toEqual([0, 0]);
  fs.writeFileSync(join(folder, file.file), "another");
  expect(type(check).status).not.toBe(0);
  fs.appendFileSync(join(folder, "SHA256SUMS"), "\n");
  expect(type(verify).status).not.toBe(0);
});

test("the commands for pip, pipx, uv and npm are tried by proof/release.js", () => {
  const tried = waysFor("x64", "glibc").flatMap(({ install, upgrade, remove }) =>
    [install, upgrade, remove].map(plain),
  );
  const rows = page.match(/^\| (?:Python|Node).*$/gm) ?? [];
  const named = rows.flatMap((row) =>
    [...row.matchAll(/`([^`]+)`/g)].map(([, each = ""]) => plain(each)),
  );
  expect(named).toContain("npm install");
  expect(named.filter((each) => !tried.some((command) => command.includes(each)))).toEqual([]);
});

/** Without options, folders and the name of the package or its file. */
function plain(command: string): string {
  const words = command.split(" ").map((word) => word.replace(/^.*\//, ""));
  return words.filter((word) => !/^-|tenon|^\.local$|\.(?:whl|tgz)$/.test(word)).join(" ");
}
