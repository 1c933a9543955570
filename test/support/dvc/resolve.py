"""What DVC itself takes names for: python resolve.py NAME… prints a JSON list of commits, null for a name that it refuses."""

import json
import sys

from dvc.exceptions import DvcException
from dvc.repo import Repo
from dvc.scm import RevError, resolve_rev


def commit(scm, name):
    try:
        return resolve_rev(scm, name)
    except (RevError, DvcException):
        return None


with Repo() as repo:
    print(json.dumps([commit(repo.scm, name) for name in sys.argv[1:]]))
