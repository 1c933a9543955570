"""Scores probabilities with scikit-learn: the reference of src/metrics. Reads a list of cases as JSON, writes the answers as JSON."""

import json
import sys

from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    precision_recall_curve,
    precision_score,
    recall_score,
    roc_auc_score,
    roc_curve,
)
import numpy as np


def score(case):
    probabilities = np.array(case["probabilities"])
    targets = np.array(case["targets"])
    count = probabilities.shape[1]
    names = list(range(count))
    predicted = probabilities.argmax(axis=1)
    answer = {
        "confusion": confusion_matrix(targets, predicted, labels=names).tolist(),
        "recall": recall_score(targets, predicted, labels=names, average=None, zero_division=0).tolist(),
        "precision": precision_score(targets, predicted, labels=names, average=None, zero_division=0).tolist(),
    }
    if count == 2:
        second = probabilities[:, 1]
        false_positive, true_positive, _ = roc_curve(targets, second, drop_intermediate=False)
        precision, recall, _ = precision_recall_curve(targets, second)
        return {
            **answer,
            "auroc": roc_auc_score(targets, second),
            "average_precision": average_precision_score(targets, second),
            "brier_score": brier_score_loss(targets, second),
            "roc": np.stack([false_positive, true_positive], axis=1).tolist(),
            # From high recall to low, ended by an artificial point at recall 0.
            "precision_recall": np.stack([recall, precision], axis=1)[:-1][::-1].tolist(),
        }
    one_hot = np.eye(count)[targets]
    return {
        **answer,
        "auroc": roc_auc_score(targets, probabilities, multi_class="ovr", average="macro"),
        "average_precision": average_precision_score(one_hot, probabilities, average="macro"),
        "brier_score": ((probabilities - one_hot) ** 2).sum(axis=1).mean() / 2,
    }


with open(sys.argv[1]) as file:
    cases = json.load(file)
with open(sys.argv[2], "w") as file:
    json.dump([score(case) for case in cases], file)
