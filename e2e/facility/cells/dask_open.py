"""Runs in a notebook: starts a scheduler of Dask that has no workers yet, in a process that outlives this cell.

Prints its `host` and `port`.
"""

import json
import subprocess
import time
from pathlib import Path

SECONDS = 60
PROGRAM = """import sys, time
from dask_jobqueue import HTCondorCluster
cluster = HTCondorCluster()
print(cluster.scheduler_address, flush=True)
time.sleep(600)
"""


def main():
    said = Path("dask-scheduler.txt")
    with said.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            ["python3", "-c", PROGRAM], stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    end = time.monotonic() + SECONDS
    while "tls://" not in said.read_text(encoding="utf-8"):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(said.read_text(encoding="utf-8"))
        time.sleep(0.2)
    host, port = said.read_text(encoding="utf-8").split("tls://")[1].split()[0].rsplit(":", 1)
    print(json.dumps({"host": host, "port": int(port)}))


main()
