import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BALANCES } from "../../attacks/apportion.ts";
import { poisonLabels } from "../../attacks/random.ts";
import { digestOf } from "../../dvc/lock.ts";
import { fileMd5, md5 } from "../../dvc/md5.ts";
import { callDvc } from "../../dvc/run-dvc.ts";
import type { LabelRow } from "../../records/labels/labels.ts";
import { formatLabels, readLabels } from "../../records/labels/labels.ts";
import { fileOf, type Revision } from "./revision.ts";
import type { RevisionResults } from "./revision-results.ts";

/**
 * The label table of a revision: in the workspace the file; else one that can be made of the other table, of which the digest in
 * dvc.lock tells whether it is the right one; else DVC's, from its cache or its remote.
 * @param other a table at hand, by default the workspace's: the same images make the same table at the revision's level and seed.
 * @returns nothing when the table is nowhere.
 */
export async function readLabelsOf(
  revision: Revision,
  { lock, params, paths: { labels } }: Pick<RevisionResults, "lock" | "params" | "paths">,
  other?: readonly LabelRow[] | undefined,
): Promise<LabelRow[] | undefined> {
  const workspace = labels && existsSync(labels) ? await readLabels(labels) : undefined;
  if (revision.folder === "." && workspace) return workspace;
  const digest = digestOf(lock, labels);
  if (labels === undefined || digest === undefined) return undefined;
  const own = await fileOf(revision, labels); // of a base line that was run for this report
  if (own !== undefined && (await fileMd5(own)) === digest) return readLabels(own);
  const made = tablesOf(other ?? workspace ?? [], params).find((rows) => md5(formatLabels(rows)) === digest);
  return made ?? (await fetchLabels(revision.commit, labels, digest));
}

/** The same table, and the one of the same images at another level and seed. */
function tablesOf(rows: readonly LabelRow[], { poison, seed }: Record<string, unknown>): LabelRow[][] {
  const images = rows.map(({ image, split, true_label }) => ({ image, split, label: true_label }));
  return [[...rows], ...BALANCES.map((balance) => poisonLabels(images, Number(poison), Number(seed), balance))];
}

async function fetchLabels(commit: string, labels: string, digest: string): Promise<LabelRow[] | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "dvc-poison-report-"));
  try {
    const file = join(folder, "labels.csv");
    const { code } = await callDvc(["get", ".", labels, "--rev", commit, "--out", file]);
    return code === 0 && (await fileMd5(file)) === digest ? await readLabels(file) : undefined;
  } catch {
    return undefined; // no DVC, or no label table
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
