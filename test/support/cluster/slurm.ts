import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, hostname, totalmem } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { aptInstall } from "../../../scripts/setup/debian.mjs";
import { temporaryFolder } from "../temporary-folder.ts";

/** A whole Slurm cluster on this machine: munged, slurmctld and one slurmd, with ports, keys and state of their own. */
export interface SlurmCluster {
  /** What a client needs in its environment. */
  env: NodeJS.ProcessEnv;
  /** Kills the scheduler, and starts it again after some milliseconds. */
  restartScheduler(pause: number): Promise<void>;
}

const PACKAGES = ["slurm-wlm", "slurmctld", "slurmd", "munge"];

/** Whether a cluster can be started: Debian's packages, which are installed where that is possible, and root. */
export async function slurmThere(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const there = () => ["slurmctld", "slurmd", "munged"].every((name) => existsSync(`/usr/sbin/${name}`));
  return there() || ((await aptInstall(PACKAGES, () => {})) && there());
}

/** Starts a cluster, which ends with the test. @param tasks that the node runs at once. */
export async function startSlurm(t: TestContext, tasks = 2): Promise<SlurmCluster> {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const place = (name: string) => join(folder, name);
  for (const name of ["state", "spool"]) mkdirSync(place(name));
  const port = 20_000 + Math.floor((process.pid * 7) % 20_000);
  const host = hostname();
  writeFileSync(place("munge.key"), Buffer.alloc(1024, 7), { mode: 0o400 });
  const socket = place("munge.socket");
  const memory = Math.floor(totalmem() / 2 ** 20 / 2);
  writeFileSync(
    place("slurm.conf"),
    `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmctldPort=${port}
SlurmdPort=${port + 1}
AuthType=auth/munge
AuthInfo=socket=${socket}
CryptoType=crypto/munge
StateSaveLocation=${place("state")}
SlurmdSpoolDir=${place("spool")}
SlurmctldPidFile=${place("slurmctld.pid")}
SlurmdPidFile=${place("slurmd.pid")}
SlurmctldLogFile=${place("slurmctld.log")}
SlurmdLogFile=${place("slurmd.log")}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MpiDefault=none
JobRequeue=1
SchedulerParameters=defer,sched_interval=2,batch_sched_delay=1
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${Math.max(tasks, cpus().length)} RealMemory=${memory} State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:${tasks}
`,
  );
  const env = { SLURM_CONF: place("slurm.conf") };
  const running = new Map<string, ChildProcess>();
  const start = (name: string, program: string, ...args: string[]) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: "ignore" });
    running.set(name, child);
  };
  t.after(async () => {
    spawnSync("scancel", ["--state=RUNNING", "--state=PENDING", "--user=root"], { env: { ...process.env, ...env } });
    for (const child of [...running.values()].reverse()) child.kill("SIGKILL");
    await sleep(300);
  });
  start(
    "munged",
    "/usr/sbin/munged",
    "--foreground",
    "--force",
    `--socket=${socket}`,
    `--key-file=${place("munge.key")}`,
    `--pid-file=${place("munge.pid")}`,
    `--seed-file=${place("munge.seed")}`,
    `--log-file=${place("munge.log")}`,
  );
  await until(() => existsSync(socket), "munged");
  const scheduler = () => start("slurmctld", "/usr/sbin/slurmctld", "-D", "-i");
  scheduler();
  const stepd = ["/usr/sbin/slurmstepd-wlm", "/usr/sbin/slurmstepd"].find((file) => existsSync(file)) as string;
  start("slurmd", "/usr/sbin/slurmd", "-D", "-d", stepd);
  const isUp = () => {
    const { stdout } = spawnSync("sinfo", ["--noheader", "--format=%T"], {
      env: { ...process.env, ...env },
      encoding: "utf8",
    });
    return /^idle|^mixed|^allocated/.test(stdout);
  };
  await until(
    isUp,
    "slurmctld",
    () => readFileSync(place("slurmctld.log"), "utf8") + readFileSync(place("slurmd.log"), "utf8"),
  );
  return {
    env,
    async restartScheduler(pause) {
      running.get("slurmctld")?.kill("SIGKILL");
      await sleep(pause);
      scheduler();
    },
  };
}

async function until(done: () => boolean, what: string, log = () => "", seconds = 40): Promise<void> {
  const end = Date.now() + 1000 * seconds;
  while (!done()) {
    if (Date.now() > end) throw new Error(`${what} does not come up:\n${log().slice(-3000)}`);
    await sleep(200);
  }
}

/** What Slurm says of a job: the state of each task. */
export const statesOf = (env: NodeJS.ProcessEnv, job: string): string =>
  execFileSync("squeue", ["--noheader", "--states=all", "--jobs", job, "--format=%i %T"], {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
