import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "./run-dvc.ts";

/**
 * Removes what DVC had begun to write into its run cache when it was interrupted. DVC (3.67) leaves `KEY/.….tmp` with the first lines
 * of the entry, and takes it for the newest entry of the next run: "failed to reproduce 'poison': 'outs'". No DVC may be at work.
 * @param cache DVC's cache folder
 */
export async function dropUnfinishedRuns(cache?: string): Promise<void> {
  const runs = join(cache ?? (await cacheFolder()), "runs");
  const files = await readdir(runs, { recursive: true }).catch(() => []);
  for (const file of files) if (file.endsWith(".tmp")) await rm(join(runs, file), { force: true });
}
