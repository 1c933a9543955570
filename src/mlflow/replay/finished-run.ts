import { historyFile } from "../../records/training/history.ts";
import { epochEvent, lockEvents, pictureEvents, type TrainingFiles, trainingEvents } from "../experiment/results.ts";
import type { RunEvent, StartEvent } from "../record/events.ts";

/** What is left of an experiment that ran without MLflow. */
export interface Remains {
  files: TrainingFiles;
  pictures: string[];
  /** The folder from which the artifacts' paths are told. */
  root: string;
  paramsYaml: string;
  lock: { text: string; digest: string } | undefined;
}

/** All events of an experiment, from its files, as if a server had been told at `start.time`. */
export async function finishedRun(start: StartEvent, remains: Remains): Promise<RunEvent[]> {
  const { files, pictures, root, paramsYaml, lock } = remains;
  const { time, params, datasets } = start;
  return [
    start,
    ...(await historyFile.read(files.history)).map((epoch) => epochEvent(epoch, time)),
    ...(await trainingEvents(files, { root, time, params, paramsYaml, datasets })),
    ...(pictures.length > 0 ? await pictureEvents(root, pictures) : []),
    ...lockEvents(lock),
    { type: "end", time, status: "FINISHED" },
  ];
}
