"""Runs in a notebook: submits a job of the user, waits until it is done, and fetches what it has written.

JOB is put before this text: `script`; the `memory` it asks for; `wait`, whether its end is waited for; and `fetch`, whether its output is fetched.
Prints what the queue has said of it, its `folder`, and `output`.
"""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

SECONDS = 180
ATTRIBUTES = "ClusterId,Owner,JobStatus,ExitCode,HoldReason,HoldReasonCode,QDate,JobCurrentStartDate"
COMPLETED = 4
HELD = 5
# Until the access point has all files of a job that was just submitted.
SPOOLING = 16
DESCRIPTION = """executable = job.sh
output = out
error = err
log = events
should_transfer_files = YES
when_to_transfer_output = ON_EXIT
request_cpus = 1
request_disk = 10MB
"""


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def submit():
    Path("job.sh").write_text(f"#!/bin/sh\n{JOB['script']}\n", encoding="utf-8")
    Path("job.sub").write_text(f"{DESCRIPTION}request_memory = {JOB['memory']}\nqueue\n", encoding="utf-8")
    return run("condor_submit", "-spool", "-terse", "job.sub").split()[0].split(".")[0]


def ad(job, end):
    while True:
        try:
            return json.loads(run("condor_q", job, "-json", "-attributes", ATTRIBUTES) or "[]")[0]
        except RuntimeError:
            # An access point and a negotiator that meet for the first time may wait 20 seconds for each other.
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def has_ended(found):
    held = found["JobStatus"] == HELD and found.get("HoldReasonCode") != SPOOLING
    return held or found["JobStatus"] == COMPLETED


def main():
    os.chdir(tempfile.mkdtemp(prefix="job-", dir="."))
    job = submit()
    end = time.monotonic() + SECONDS
    found = ad(job, end)
    while JOB["wait"] and not has_ended(found) and time.monotonic() < end:
        time.sleep(0.5)
        found = ad(job, end)
    if JOB["fetch"] and found["JobStatus"] == COMPLETED:
        run("condor_transfer_data", job)
        found["output"] = Path("out").read_text(encoding="utf-8")
    print(json.dumps({**found, "folder": os.getcwd()}))


main()
