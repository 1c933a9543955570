import { userInfo } from "node:os";
import type { DatasetInput } from "../client/run-data.ts";
import type { StartEvent } from "../record/events.ts";
import { experimentKey } from "./key.ts";

/** What the record of an experiment begins with, however it was found out. */
export interface Experiment {
  stage: string;
  joins: boolean;
  /** Milliseconds since 1970. */
  time: number;
  /** Flattened. */
  params: Record<string, string>;
  /** At most 36 characters: DVC's, but for the features (`featuresDigest`); there may be no dvc.lock. */
  digests: { labels: string; features: string; images: string; lock: string | undefined };
  dataset: {
    name: string;
    images: Record<"train" | "validation", number>;
    /** Where the label table lies, and the images, if anything says it. */
    labels: string;
    folder: string | undefined;
  };
  git: { commit: string; dirty: boolean } | undefined;
  dvc: { experiment: string | undefined; baseline: string | undefined };
  /** By stage. */
  versions: Record<string, string>;
}

/** The event that begins the record of an experiment: key, name, params, tags and data sets. */
export function startEvent(experiment: Experiment): StartEvent {
  const { stage, joins, time, params, digests, dataset, git, dvc, versions } = experiment;
  const name = dvc.experiment ?? `poison-${params.poison}-seed-${params.seed}`;
  const tags = {
    stage,
    dataset: dataset.name,
    git_dirty: git && String(git.dirty),
    dvc_exp_name: dvc.experiment,
    dvc_exp_baseline_rev: dvc.baseline,
    dvc_lock: digests.lock,
    ...Object.fromEntries(Object.entries(versions).map(([other, version]) => [`stage_version.${other}`, version])),
    // What MLflow's pages show as user, source and version (https://mlflow.org/docs/latest/ml/tracking/#system-tags).
    "mlflow.user": user(),
    "mlflow.source.name": `stages/${stage}.ts`,
    "mlflow.source.type": "LOCAL",
    "mlflow.source.git.commit": git?.commit,
  };
  return {
    type: "start",
    time,
    key: experimentKey({ ...digests, params }),
    stage,
    joins,
    name,
    params,
    tags: Object.fromEntries(
      Object.entries(tags).filter((tag): tag is [string, string] => tag[1] !== undefined && tag[1] !== ""),
    ),
    datasets: datasetsOf(dataset, digests),
  };
}

/** Images of both splits, and the labels that training believes. MLflow tells data sets apart by name and digest. */
function datasetsOf(
  { name, images, labels, folder }: Experiment["dataset"],
  digests: Experiment["digests"],
): DatasetInput[] {
  const pictures = (split: "train" | "validation", context: DatasetInput["context"]) => ({
    name: `${name} ${split}`,
    digest: digests.images,
    uri: folder ?? name,
    context,
    profile: { num_rows: images[split] },
  });
  return [
    pictures("train", "training"),
    pictures("validation", "validation"),
    { name: "labels", digest: digests.labels, uri: labels, context: "training", profile: { num_rows: images.train } },
  ];
}

function user(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined; // a container may run under a number without a name
  }
}
