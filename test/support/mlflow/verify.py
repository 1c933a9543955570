"""What MLflow's own client finds on a server: python verify.py URI EXPERIMENT [RUN FEATURES.npy|PICTURE]

Prints JSON: the runs of the experiment by name and, for the one that is meant by name or id, what its model predicts for the features, or the picture.
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "2"  # by default a client waits minutes for what a server of 3.1 calls its own fault
import mlflow
import numpy as np
import pandas as pd

uri, experiment, *model_of = sys.argv[1:]
mlflow.set_tracking_uri(uri)
client = mlflow.MlflowClient()


def files(run_id, path=None):
    for item in client.list_artifacts(run_id, path):
        yield from files(run_id, item.path) if item.is_dir else [item.path]


def models_of(run):
    """Ids of its logged models; with MLflow 2 the folders of its files that are models."""
    if getattr(run, "outputs", None) is not None:
        return [output.model_id for output in run.outputs.model_outputs]
    return [entry["artifact_path"] for entry in json.loads(run.data.tags.get("mlflow.log-model.history", "[]"))]


def describe(run):
    id = run.info.run_id
    return {
        "id": id,
        "name": run.info.run_name,
        "status": run.info.status,
        "seconds": (run.info.end_time - run.info.start_time) / 1000,
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {
            key: [[point.step, point.value] for point in client.get_metric_history(id, key)] for key in run.data.metrics
        },
        "datasets": [
            [item.dataset.name, item.dataset.digest, item.tags[0].value] for item in run.inputs.dataset_inputs
        ],
        "models": models_of(run),
        "artifacts": sorted(files(id)),
    }


def predictions(run):
    """By the model's id, the run's and its registered version: what pyfunc makes of the features, and what the model says of itself."""
    features = np.load(model_of[1])
    by_run = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/top-model")
    versions = client.search_model_versions(f"run_id='{run.info.run_id}'")
    others = [by_run, *(mlflow.pyfunc.load_model(f"models:/{version.name}/{version.version}") for version in versions)]
    (output,) = models_of(run)
    logged = client.get_logged_model(output) if hasattr(run, "outputs") else None
    model = mlflow.pyfunc.load_model(f"models:/{output}") if logged else by_run
    root = f"models:/{output}" if logged else f"runs:/{run.info.run_id}/{output}"
    example = json.load(open(os.path.join(mlflow.artifacts.download_artifacts(root), "input_example.json")))
    return {
        "probabilities": model.predict(features).ravel().tolist(),
        "same_by_run": all(np.allclose(other.predict(features), model.predict(features)) for other in others),
        "example_is_first_row": bool(np.allclose(example, features[:1])),
        "signature": model.metadata.signature.to_dict(),
        "classes": model.metadata.metadata["classes"],
        "status": str(logged.status) if logged else "READY",
        "metrics": {metric.key: metric.value for metric in logged.metrics or []} if logged else {},
        "datasets": {
            metric.dataset_name.split()[-1]: metric.dataset_digest
            for metric in (logged.metrics if logged else None) or []
            if metric.dataset_name
        },
        "versions": [[version.name, int(version.version)] for version in versions],
    }


def answer_to_picture(run):
    """What the model of the whole network makes of a picture's file."""
    model = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/full-model")
    with open(model_of[1], "rb") as file:
        said = model.predict(pd.DataFrame({"image": [file.read()]}))
    return {**said.to_dict("records")[0], "signature": model.metadata.signature.to_dict()}


searched = client.search_runs([client.get_experiment_by_name(experiment).experiment_id])
found = [client.get_run(run.info.run_id) for run in searched]  # a search of MLflow 3.1 to 3.5 leaves out what a run has put out
answer = {"runs": [describe(run) for run in found]}
if model_of:
    (named,) = [run for run in found if model_of[0] in (run.info.run_name, run.info.run_id)]
    answer["model"] = predictions(named) if model_of[1].endswith(".npy") else answer_to_picture(named)
print("\n" + json.dumps(answer))
