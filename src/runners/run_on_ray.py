"""Runs tasks on a Ray cluster: each a process; one that is killed, alone or with its worker, is started again, three times."""
import json
import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

# A cluster that was started where there is a token asks for it; a driver offers it only when told to. Others do not mind.
token = {"RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"} & os.environ.keys() or (Path.home() / ".ray" / "auth_token").exists()
if token:
    os.environ.setdefault("RAY_AUTH_MODE", "token")
import ray


# Whoever started this is gone when standard input ends: then Ray ends the tasks.
def end_with_standard_input():
    while os.read(0, 4096):
        pass
    os._exit(1)


threading.Thread(target=end_with_standard_input, daemon=True).start()
with open(sys.argv[1]) as file:
    order = json.load(file)
address = os.environ.get("RAY_ADDRESS", "auto")
if re.fullmatch(r"[^/:]+:\d+", address):  # Ray itself would try for minutes
    socket.create_connection(address.split(":"), timeout=20).close()
ray.init(address=address, log_to_driver=False, logging_level="ERROR", namespace="dvc-poison")
variables = {name: value for name, value in os.environ.items() if name.startswith(tuple(order["variables"]))}


class Killed(Exception):
    pass


@ray.remote(max_retries=3, retry_exceptions=[Killed], **order["resources"])
def run(number, variables):
    threads = {"POISON_THREADS": str(order["threads"])} if order["threads"] else {}
    with open(os.path.join(order["folder"], f"task-{number}.log"), "a") as log:
        child = subprocess.Popen(  # it ends when this worker does, for it is tied to a pipe
            [*order["command"], str(number)],
            cwd=order["cwd"], stdin=subprocess.PIPE, stdout=log, stderr=log, env={**os.environ, **variables, **threads},
        )
        if child.wait() < 0:
            raise Killed(f"task {number} was killed by signal {-child.returncode}")


waiting, running = list(range(order["tasks"])), []
while waiting or running:
    while waiting and len(running) < order["at_once"]:
        running.append(run.remote(waiting.pop(0), variables))
    done, running = ray.wait(running)
    for task in done:
        try:
            ray.get(task)
        except Exception as error:  # what was made tells; this says why, if nothing was
            print(f"ray: {str(error).strip().splitlines()[-1]}", file=sys.stderr, flush=True)
