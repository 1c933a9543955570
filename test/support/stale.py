"""Says what `dvc status` says after each of some edits, which are taken back: python stale.py < EDITS.json > ANSWERS.json

EDITS: a list of {"file": path, "append" or "text": text}. One process, for DVC takes a second to start.
"""

import json
import os
import sys

from dvc.repo import Repo

answers = []
for edit in json.load(sys.stdin):
    file = edit["file"]
    before = open(file).read() if os.path.exists(file) else None
    with open(file, "w") as target:
        target.write(edit["text"] if "text" in edit else (before or "") + edit["append"])
    try:
        with Repo() as repo:
            answers.append(sorted(repo.status()))
    finally:
        if before is None:
            os.remove(file)
        else:
            with open(file, "w") as target:
                target.write(before)
json.dump(answers, sys.stdout)
