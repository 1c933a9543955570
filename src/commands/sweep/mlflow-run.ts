import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { lockedPaths, parseLock } from "../../dvc/lock.ts";
import { STAGES } from "../../dvc/roles.ts";
import { readAddress } from "../../mlflow/client/address.ts";
import { createClient } from "../../mlflow/client/client.ts";
import { runLink } from "../../mlflow/client/links.mjs";
import { getRun } from "../../mlflow/client/runs.ts";
import { flatten } from "../../mlflow/experiment/key.ts";
import { previews } from "../../mlflow/experiment/preview.ts";
import { experimentOf } from "../../mlflow/experiment/settings.ts";
import { NOTE_TAG, pictureInNote } from "../../mlflow/record/note.ts";
import { openRun } from "../../mlflow/run/open.ts";
import { CLI } from "../../runtime/fork-program.ts";
import { runCommand } from "../../runtime/run-command.ts";
import { say } from "../../runtime/say.ts";
import type { Params } from "../../stage/params.ts";
import { fileAt } from "./experiments.ts";
import type { Finished } from "./results.ts";

/** What a sweep has written. */
export interface Written {
  /** All files; the table in Markdown and the two pictures of all levels among them. */
  files: readonly string[];
  label: string;
  /** Whether an experiment failed. */
  failed: boolean;
}

/**
 * Logs a sweep to MLflow: a run that holds its table and pictures, with its experiments as children. It is found again by what all of them
 * share, parameters and features: a sweep that goes on, to more levels or seeds, goes on with its run. Experiments that DVC took from its
 * cache instead of running them are logged here; what the server has already is left alone.
 * @param params those of one experiment.
 */
export async function logSweep(finished: readonly Finished[], params: Params, written: Written): Promise<void> {
  const { files, label, failed } = written;
  const { poison: _poison, seed: _seed, ...shared } = flatten(params);
  const { name, id } = experimentOf();
  const run = openRun({
    ...(id === undefined && name !== undefined && { experiment: name }),
    key: `sweep-${await keyOf(finished, shared)}`,
    name: `sweep${label && `-${label}`}`,
    program: "sweep",
    params: shared,
  });
  await run.settled();
  const shown = PICTURES.flatMap(({ name, alt }) => {
    const file = files.find((path) => path.endsWith(`/${name}${label && `-${label}`}.png`));
    return file ? [{ file, path: `preview/${name}.png`, alt }] : [];
  });
  const small = await previews(shown.map(({ file }) => file));
  run.logArtifacts([
    ...files.map((file) => ({ path: file, file })),
    ...shown.flatMap(({ path }, i) => (small[i] === undefined ? [] : [{ path, base64: small[i] }])),
  ]);
  const values = (key: "level" | "seed") =>
    [...new Set(finished.map(({ cell }) => cell[key]))].sort((a, b) => a - b).join(", ");
  const [dataset] = finished.map(({ metrics }) => metrics.dataset.name);
  run.setTags({ levels: values("level"), seeds: values("seed"), dataset: dataset ?? "", stage: "sweep" });
  const table = files.find((path) => path.endsWith(".md"));
  if (run.id !== undefined && table !== undefined) {
    const { id } = run;
    const pictures = shown.filter((_, i) => small[i] !== undefined).map((picture) => pictureInNote(picture, id));
    run.setTags({ [NOTE_TAG]: [withLongRule((await readFile(table, "utf8")).trim()), ...pictures].join("\n\n") });
  }
  await run.end(failed ? "FAILED" : "FINISHED");
  const children = run.id === undefined ? [] : ["--parent", run.id];
  await runCommand(process.execPath, [CLI, "mlflow-sync", ...children, ...finished.map(({ commit }) => commit)], {
    output: "inherit",
  });
  if (run.id === undefined) return;
  const client = createClient(readAddress());
  say(`sweep: MLflow: ${runLink(client.base, await getRun(client, run.id))}`);
}

const PICTURES = [
  { name: "sweep", alt: "Accuracy and loss against poison" },
  { name: "sweep-curves", alt: "Training curves by poison level" },
];

/** MLflow's pages take a table for one only when the dashes below its head are two or more. */
const withLongRule = (markdown: string): string =>
  markdown.replace(/^\|( :?-+:? \|)+$/m, (rule) => rule.replaceAll("-", "---"));

/** What the experiments of a sweep share: parameters, and the features that they were trained on. */
async function keyOf([first]: readonly Finished[], shared: Record<string, string>): Promise<string> {
  const lock = first ? parseLock(await fileAt(first.commit, "dvc.lock")) : {};
  const { features } = lockedPaths(lock, STAGES.training);
  const digest = lock[STAGES.training]?.deps.find(({ path }) => path === features)?.md5;
  const sorted = Object.entries(shared).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([digest, sorted]))
    .digest("hex")
    .slice(0, 32);
}
