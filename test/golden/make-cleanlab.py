"""What cleanlab makes of made-up probabilities: test/golden/cleanlab.json, which src/detect/confident-learning.ts is held to.

In an environment with cleanlab 2.9.0: python test/golden/make-cleanlab.py > test/golden/cleanlab.json
"""
import json

import cleanlab
import numpy as np
from cleanlab.count import compute_confident_joint
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

cases = []
for seed, classes, images in [(0, 2, 60), (1, 3, 90), (2, 5, 120)]:
    random = np.random.default_rng(seed)
    truth = np.arange(images) % classes
    logits = random.normal(size=(images, classes))
    logits[np.arange(images), truth] += 1.5
    p = np.exp(logits)
    p = (p / p.sum(1, keepdims=True)).round(6)
    p[:, -1] = 1 - p[:, :-1].sum(1)
    p = p.round(6)
    labels = np.where(random.random(images) < 0.12, (truth + 1) % classes, truth)
    joint, off = compute_confident_joint(labels, p, calibrate=False, return_indices_of_off_diagonals=True)
    issues = find_label_issues(labels, p, filter_by="confident_learning", return_indices_ranked_by="self_confidence")
    score = {m: get_label_quality_scores(labels, p, method=m).round(9).tolist() for m in ["self_confidence", "normalized_margin"]}
    cases.append(dict(labels=labels.tolist(), probabilities=p.tolist(), joint=joint.tolist(), off_diagonal=sorted(map(int, off)), issues=list(map(int, issues)), **score))
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
print(f'{{"cleanlab":"{cleanlab.__version__}","cases":[\n{lines}\n]}}')
