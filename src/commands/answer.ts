/* What `npm start` ends with: the answer of the run that lies in the working folder, and what to do next. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readPipeline } from "../dvc/pipeline.ts";
import { STAGES } from "../dvc/roles.ts";
import { dvcCommand } from "../dvc/run-dvc.ts";
import { ROUNDING } from "../records/format/check.ts";
import { labelMetricsFile } from "../records/labels/label-metrics.ts";
import { trainMetricsFile } from "../records/training/train-metrics.ts";
import { hand } from "../runtime/say.ts";
import { answerText } from "./answer/answer-text.ts";
import { findCleanRun } from "./answer/clean-run.ts";
import { dropRepeat } from "./answer/repeat.ts";
import { runScript } from "./script.ts";

/** A folder with what scripts/start.mjs and train-top noted: `experiments`, those of before, and `run-address`, the page of the run in MLflow. */
const notes = process.argv[2] ?? "";

const note = async (name: string): Promise<string> =>
  (await readFile(join(notes, name), "utf8").catch(() => "")).trim();

await runScript("start", async () => {
  const { stages } = await readPipeline();
  const { metrics: file } = stages[STAGES.training]?.paths ?? {};
  if (file === undefined) return;
  const before = (await note("experiments")).split("\n").filter(Boolean);
  const repeated = notes === "" ? undefined : await dropRepeat(before, process.argv.slice(3));
  const metrics = await trainMetricsFile.read(file);
  const level = stages[STAGES.labels]?.paths.metrics;
  const reached = level ? (await labelMetricsFile.read(level)).poison_reached : metrics.poison;
  if (Math.abs(reached - metrics.poison) > ROUNDING) return; // the labels are new, the training is not: it was not asked for
  const pictures = stages[STAGES.pictures]?.paths ?? {};
  const clean = metrics.poisoned_images === 0 ? undefined : await findCleanRun(metrics);
  await hand(
    answerText({
      metrics,
      clean,
      repeated,
      pictures: [pictures.png, pictures.poisoned, pictures.wrong].filter((path) => path !== undefined),
      address: await note("run-address"),
      dvc: dvcCommand(),
    }),
  );
});
