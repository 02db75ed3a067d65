/** A small Slurm on this machine, made for one test file: a controller and two nodes on loopback. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";

export interface Cluster {
  /** What programs of Slurm need to find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a program of Slurm and gives what it prints. */
  ask(program: string, ...args: string[]): string;
  /** Ends when its programs have. */
  stop(): Promise<void>;
}

const programs = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel"];

/** Why there can be none; undefined when there can. */
export function slurmLacks(): string | undefined {
  if (process.getuid?.() !== 0) return "needs root";
  const folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
  const missing = programs.find((name) => !folders.some((at) => fs.existsSync(`${at}/${name}`)));
  return missing === undefined ? undefined : `needs ${missing} of Slurm`;
}

export async function startSlurm(root: string): Promise<Cluster> {
  for (const name of ["state", "spool.a", "spool.b", "munge"])
    fs.mkdirSync(`${root}/${name}`, { recursive: true });
  fs.chmodSync(`${root}/munge`, 0o700);
  fs.writeFileSync(`${root}/munge/key`, randomBytes(64), { mode: 0o400 });
  const ports = [await freePort(), await freePort(), await freePort()];
  const file = `${root}/slurm.conf`;
  fs.writeFileSync(file, configuration(root, ports));
  const environment = { SLURM_CONF: file };
  const run = (program: string, ...args: string[]): string => {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      encoding: "utf8",
      env: { ...process.env, ...environment },
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr}`);
    return stdout;
  };
  const places = ["socket", "pid-file", "log-file", "seed-file", "key-file"].map((name) =>
    name === "key-file" ? `--key-file=${root}/munge/key` : `--${name}=${root}/munge/${name}`,
  );
  run("munged", "--force", ...places);
  run("slurmctld", "-f", file);
  for (const node of ["a", "b"]) run("slurmd", "-N", node, "-f", file);
  for (let tries = 0; !/\bidle\b/.test(run("sinfo", "--noheader")); tries += 1) {
    if (tries > 60) throw new Error(`no node of Slurm is ready: ${run("sinfo")}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return {
    environment,
    ask: run,
    stop: async () => {
      for (const name of ["slurmd.a.pid", "slurmd.b.pid", "ctld.pid", "munge/pid-file"]) {
        const pid = Number(fs.readFileSync(`${root}/${name}`, "utf8").trim());
        if (pid > 1) await end(pid, name.startsWith("slurmd") ? "SIGKILL" : "SIGTERM");
      }
    },
  };
}

async function end(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  for (let tries = 0; fs.existsSync(`/proc/${pid}/exe`) && tries < 300; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
}

function configuration(root: string, [controller, a, b]: readonly number[]): string {
  const host = os.hostname().split(".")[0];
  const node = (name: string, port: number | undefined): string =>
    `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} CPUs=4 RealMemory=1000`;
  return `ClusterName=tenon
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
AuthType=auth/munge
AuthInfo=socket=${root}/munge/socket
CryptoType=crypto/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
CommunicationParameters=NoInAddrAny
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
SlurmUser=root
StateSaveLocation=${root}/state
SlurmdSpoolDir=${root}/spool.%n
SlurmctldPidFile=${root}/ctld.pid
SlurmdPidFile=${root}/slurmd.%n.pid
SlurmctldLogFile=${root}/ctld.log
SlurmdLogFile=${root}/slurmd.%n.log
SchedulerParameters=sched_interval=1,batch_sched_delay=0
KillWait=2
${node("a", a)}
${node("b", b)}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
