import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Client } from "./client.ts";
import { MlflowError } from "./mlflow-error.ts";
import type { Run } from "./runs.ts";

/** Where the files of runs and models lie. */
export interface ArtifactStore {
  /** @param root `artifact_uri` of a run or a model of the experiment. @param path of the file in it. */
  put(root: string, path: string, bytes: Uint8Array): Promise<void>;
}

/**
 * The artifact store of a run's experiment: behind the server, where that hands on what it is sent; else a folder of this machine
 * (`mlflow server --no-serve-artifacts`), as MLflow's own client writes there, but only when the server is seen to find there what was written.
 * @returns nothing when it is out of reach: in a bucket, or on another machine.
 */
export async function openStore(client: Client, run: Run): Promise<ArtifactStore | undefined> {
  if (proxied(run.artifactUri) !== undefined)
    return { put: (root, path, bytes) => client.upload(`${proxied(root) ?? ""}/${path}`, bytes) };
  const folder = localFolder(run.artifactUri);
  // A run's files lie in PLACE/RUN/artifacts, a model's in PLACE/models/MODEL/artifacts; no other folder is written to.
  if (folder === undefined || !folder.endsWith(join(sep, run.id, "artifacts"))) return undefined;
  if (!(await isSeen(client, run, folder))) return undefined;
  const place = dirname(dirname(folder));
  return {
    async put(root, path, bytes) {
      const base = localFolder(root) ?? "";
      const file = resolve(base, path);
      if (!base.startsWith(place + sep) || !file.startsWith(base + sep))
        throw new MlflowError(`${path}: would lie outside of the experiment's artifacts`, { status: 400 });
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    },
  };
}

/** Of `mlflow-artifacts:/1/RUN/artifacts`: the folder `1/RUN/artifacts` of the server's own store. */
function proxied(uri: string): string | undefined {
  const [, path] = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*?)\/*$/.exec(uri) ?? [];
  return path;
}

/** The folder that a path or a `file:` address names. */
function localFolder(uri: string): string | undefined {
  try {
    if (/^file:\/\//i.test(uri)) return resolve(fileURLToPath(uri));
  } catch {
    return undefined; // file://HOST/…, on another machine
  }
  if (/^file:\//i.test(uri)) return resolve(decodeURIComponent(uri.slice("file:".length)));
  return /^(\/|[a-z]:[\\/])/i.test(uri) ? resolve(uri) : undefined;
}

const listing = z.object({ files: z.array(z.object({ path: z.string() })).optional() });

/** Whether the server lists a file that is written into a run's folder here. Nothing of the trial stays. */
async function isSeen(client: Client, run: Run, folder: string): Promise<boolean> {
  const name = `probe-${randomUUID()}`;
  let made: string | undefined;
  let seen = false;
  try {
    made = await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), "");
    const { files = [] } = await client.get("artifacts/list", { run_id: run.id }, listing);
    seen = files.some(({ path }) => path === name);
  } catch (error) {
    if (error instanceof MlflowError && error.transient) throw error;
  } finally {
    await rm(join(folder, name), { force: true });
    if (made !== undefined && !seen) await rm(made, { recursive: true, force: true });
  }
  return seen;
}
