"""Runs in a notebook: submits a job of the user, waits until it is done, and fetches what it has written.

JOB is put before this text: `script`, and `wait`, a number of seconds. Prints what the queue has said of it, and `output`.
"""

import json
import subprocess
import tempfile
import time
from pathlib import Path

DONE = {"4", "5"}
ATTRIBUTES = ["ClusterId", "Owner", "JobStatus", "ExitCode", "HoldReason", "QDate", "JobCurrentStartDate"]
DESCRIPTION = """executable = job.sh
output = out
error = err
log = events
should_transfer_files = YES
when_to_transfer_output = ON_EXIT
request_cpus = 1
request_memory = 64MB
request_disk = 10MB
queue
"""


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def submit():
    Path("job.sh").write_text(f"#!/bin/sh\n{JOB['script']}\n", encoding="utf-8")
    Path("job.sub").write_text(DESCRIPTION, encoding="utf-8")
    return run("condor_submit", "-spool", "-terse", "job.sub").split()[0].split(".")[0]


def ad(job):
    return json.loads(run("condor_q", job, "-json", "-attributes", ",".join(ATTRIBUTES)) or "[]")[0]


def main():
    import os

    os.chdir(tempfile.mkdtemp(prefix="job-", dir="."))
    job = submit()
    end = time.monotonic() + JOB["wait"]
    found = ad(job)
    while str(found["JobStatus"]) not in DONE and time.monotonic() < end:
        time.sleep(0.5)
        found = ad(job)
    if found["JobStatus"] == 4:
        run("condor_transfer_data", job)
        found["output"] = Path("out").read_text(encoding="utf-8")
    print(json.dumps(found))


main()
