"""Runs a command and writes what it took: python measure.py RESULT.json COMMAND…"""

import json
import os
import signal
import subprocess
import sys
import time

start = time.perf_counter()
child = subprocess.Popen(sys.argv[2:])
signal.signal(signal.SIGTERM, lambda *_: child.terminate())
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
with open(sys.argv[1], "w") as file:
    json.dump({"seconds": seconds, "max_rss_mib": usage.ru_maxrss * unit / 2**20}, file)
sys.exit(os.waitstatus_to_exitcode(status))
